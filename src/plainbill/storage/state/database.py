"""The state file: SQLite in WAL mode, checked when opened, brought up to date one step at a time."""

from __future__ import annotations

import fcntl
import os
import sqlite3
import threading
import weakref
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from plainbill.errors import StorageError
from plainbill.storage.files import PRIVATE_FILE, cannot, private_file, set_aside
from plainbill.storage.state.migrations import Migration, all_migrations

_DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_PRIMARY = 0xFF  # SQLite's extended error codes keep the primary one in the low byte
_BOOKKEEPING = (
    "CREATE TABLE IF NOT EXISTS migrations "
    "(version INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at TEXT NOT NULL)"
)


class Database:
    """One connection, shared by the threads of this process, one of them at a time.

    A damaged file is renamed aside and a new one begun; ``problems`` says so. Raises ``StorageError``
    for a file that cannot be opened or that a newer plainbill has written.
    """

    def __init__(self, path: Path, steps: Sequence[Migration] | None = None) -> None:
        self.path = path
        self.problems: tuple[str, ...] = ()
        self._mutex = threading.RLock()
        with _one_opener(path), _named(path):
            self._connection = self._open_sound()
            self._close = weakref.finalize(self, self._connection.close)
            _migrate(self._connection, all_migrations() if steps is None else steps, path)

    def close(self) -> None:
        """Let go of the file."""
        with self._mutex:
            self._close()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Give the connection inside one transaction: all of it is kept, or nothing."""
        with self._mutex, _named(self.path), _transaction(self._connection):
            yield self._connection

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Give the connection for questions."""
        with self._mutex, _named(self.path):
            yield self._connection

    def _open_sound(self) -> sqlite3.Connection:
        private_file(self.path)
        connection = _connect(self.path)
        damage = _damage(connection)
        if damage is None:
            return _configured(connection)
        connection.close()
        self.problems = (_begin_anew(self.path, damage),)
        private_file(self.path)
        return _configured(_connect(self.path))


class Watch:
    """A connection that only notices: what any other connection of any process commits.

    SQLite's ``data_version`` stays the same for a connection's own commits, so this one has none.
    Raises ``StorageError`` as ``Database`` does.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with _named(path):
            self._connection = _connect(path)
            self._close = weakref.finalize(self, self._connection.close)

    def version(self) -> int:
        """Return a number that is another one after every commit; it means nothing to other watches."""
        with _named(self.path):
            return int(self._connection.execute("PRAGMA data_version").fetchone()[0])

    def close(self) -> None:
        """Let go of the file."""
        self._close()


def _connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=10, isolation_level=None, check_same_thread=False)


def _configured(connection: sqlite3.Connection) -> sqlite3.Connection:
    connection.row_factory = sqlite3.Row
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _damage(connection: sqlite3.Connection) -> str | None:
    """Return what is wrong with the file itself; a locked or unreadable one is not damaged."""
    try:
        found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & _PRIMARY not in _DAMAGE:
            raise
        return str(error)
    return None if found == "ok" else str(found)


def _begin_anew(path: Path, damage: str) -> str:
    try:
        aside = set_aside(path)
        for suffix in ("-wal", "-shm"):
            log = path.with_name(path.name + suffix)
            if log.exists():
                log.rename(aside.with_name(aside.name + suffix))
    except OSError as error:
        raise cannot("set aside the damaged file", path, error) from error
    return (
        f"{path.name} was damaged ({damage}) and was set aside as {aside.name}; "
        "the history of runs and the settings begin anew, the cost data are not touched"
    )


def _migrate(connection: sqlite3.Connection, steps: Sequence[Migration], path: Path) -> None:
    connection.execute(_BOOKKEEPING)
    version = connection.execute("SELECT coalesce(max(version), 0) FROM migrations").fetchone()[0]
    newest = max((step.version for step in steps), default=0)
    if version > newest:
        raise StorageError(
            f"{path} is from a newer plainbill (version {version}, this one knows {newest}); upgrade it"
        )
    if 0 < version < newest:
        _back_up(connection, path.with_name(f"{path.name}.before-{newest:04}"))
    for step in steps:
        if step.version > version:
            _apply(connection, step)


def _apply(connection: sqlite3.Connection, step: Migration) -> None:
    with _transaction(connection):
        for statement in _statements(step.sql):
            connection.execute(statement)
        row = (step.version, step.name, datetime.now(UTC).isoformat())
        connection.execute("INSERT INTO migrations VALUES (?, ?, ?)", row)


def _statements(sql: str) -> Iterator[str]:
    """Cut a script into statements; ``executescript`` would commit before its first one."""
    pending = ""
    for line in sql.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            yield pending
            pending = ""
    if pending.strip():
        yield pending


def _back_up(connection: sqlite3.Connection, to: Path) -> None:
    private_file(to)
    with closing(sqlite3.connect(to)) as copy:
        connection.backup(copy)


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # after a COMMIT that failed on a full disk there may be none
            connection.execute("ROLLBACK")
        raise


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into one that names the file."""
    try:
        yield
    except sqlite3.Error as error:
        raise StorageError(
            f"{path}: {error}; check the disk's free space and the file's permissions"
        ) from error


@contextmanager
def _one_opener(path: Path) -> Iterator[None]:
    """Let one process at a time check, set aside and migrate the file."""
    lock = path.with_name(f"{path.name}.opening")
    try:
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, PRIVATE_FILE)
    except OSError as error:
        raise cannot("open the state in", path.parent, error) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
