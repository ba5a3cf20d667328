"""The state file: SQLite in WAL mode, checked when opened, brought up to date one step at a time."""

from __future__ import annotations

import fcntl
import logging
import os
import sqlite3
import threading
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

from plainbill.errors import StorageError
from plainbill.storage.files import PRIVATE_FILE, cannot, private_file
from plainbill.storage.state import copies
from plainbill.storage.state.migrations import Migration, all_migrations
from plainbill.storage.state.soundness import connect, connect_to_read, damage_of, is_damage

_TRY_TO_WRITE_EVERY = 30.0  # seconds, after it could only be read
_BOOKKEEPING = (
    "CREATE TABLE IF NOT EXISTS migrations "
    "(version INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at TEXT NOT NULL)"
)
_log = logging.getLogger(__name__)


class NewerStateError(StorageError):
    """A newer Plainbill has written the file."""


class Database:
    """One connection, shared by the threads of this process, one of them at a time.

    A damaged file is renamed aside and its last copy, or a new one, takes its place, whoever finds it
    first; ``problems`` says so. A file that cannot be written can still be read. Raises ``StorageError``
    for a file that cannot be opened at all or that a newer Plainbill has written.
    """

    def __init__(self, path: Path, steps: Sequence[Migration] | None = None) -> None:
        self.path = path
        self._steps = all_migrations() if steps is None else steps
        self._mutex = threading.RLock()
        self._only_read: str | None = None  # why it cannot be written
        self._tried = 0.0
        self._open()

    @property
    def problems(self) -> tuple[str, ...]:
        """What was damaged and what cannot be done, in sentences."""
        told, why = copies.told(self.path), self._only_read
        unwritable = f"{self.path.name} can be read, not written, so no decision can be kept now: {why}"
        return told if why is None else (*told, unwritable)

    def close(self) -> None:
        """Let go of the file."""
        with self._mutex:
            self._close()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Give the connection inside one transaction: all of it is kept, or nothing.

        Meanwhile nobody sets the file aside, so that what is kept is kept in the file that is in use.
        """
        with self._mutex:
            if self._only_read:
                self._open()
            if self._only_read:
                raise StorageError(f"nothing can be kept now: {self._only_read}")
            with _gate(self.path, fcntl.LOCK_SH) as gate, self._named():
                if self._is_another():
                    fcntl.flock(gate, fcntl.LOCK_UN)
                    self._open()
                    fcntl.flock(gate, fcntl.LOCK_SH)
                with _transaction(self._connection):
                    yield self._connection

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Give the connection for questions."""
        with self._mutex:
            is_time = self._only_read and monotonic() - self._tried > _TRY_TO_WRITE_EVERY
            if is_time or self._is_another():
                self._open()
            with self._named():
                yield self._connection

    def keep_copy(self) -> None:
        """Copy the file now and then; what hinders it is only logged: the file itself is in order."""
        now = datetime.now(UTC)
        with self._mutex:
            try:
                if not self._only_read and copies.is_copy_due(self.path, now):
                    copies.keep_copy(self._connection, self.path, now)
            except (OSError, sqlite3.Error, StorageError) as error:
                _log.warning("%s could not be copied: %s", self.path, error)

    def _open(self) -> None:
        self._tried = monotonic()
        if "_close" in vars(self):
            self._close()
        try:
            with _gate(self.path, fcntl.LOCK_EX), _said(self.path):
                self._use(_sound(self.path))
                _migrate(self._connection, self._steps, self.path)
            self._only_read = None
        except NewerStateError:
            raise
        except StorageError as error:
            self._use(_readable(self.path, self._steps, error))
            self._only_read = str(error)
            _log.warning("%s", error)

    def _use(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._close = weakref.finalize(self, connection.close)
        self._file = identity(self.path)

    def _is_another(self) -> bool:
        """Say whether another process put another file in the place of the opened one, or none is open."""
        if not self._close.alive:  # it could not be opened the last time: the disk was away
            return True
        return not self._connection.in_transaction and identity(self.path) != self._file

    @contextmanager
    def _named(self) -> Iterator[None]:
        """Turn SQLite's errors into one that names the file; after damage it is opened anew."""
        try:
            with _said(self.path):
                yield
        except StorageError as error:
            if isinstance(error.__cause__, sqlite3.Error) and is_damage(error.__cause__):
                self._file = None
            raise


class Watch:
    """A connection that only notices: what any other connection of any process commits.

    SQLite's ``data_version`` stays the same for a connection's own commits, so this one has none.
    Raises ``StorageError`` as ``Database`` does.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._opened = 0
        self._open()

    def version(self) -> int:
        """Return a number that is another one after every commit; it means nothing to other watches."""
        if not self._close.alive or identity(self.path) != self._file:
            self._close()
            self._open()
        with _said(self.path):
            try:
                seen = int(self._connection.execute("PRAGMA data_version").fetchone()[0])
            except sqlite3.OperationalError:
                seen = 0  # where the disk does not even let it be opened for writing, nobody commits
        return (self._opened << 32) + seen

    def close(self) -> None:
        """Let go of the file."""
        self._close()

    def _open(self) -> None:
        self._opened += 1
        self._file = identity(self.path)
        with _said(self.path):
            self._connection = connect(self.path)
            self._close = weakref.finalize(self, self._connection.close)


def identity(path: Path) -> tuple[int, int] | None:
    """Return what tells a file from another of the same name; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _sound(path: Path) -> sqlite3.Connection:
    """Open the file, or what takes its place where it is damaged or lost."""
    damage = None
    if path.is_file() and path.stat().st_size:
        connection = connect(path)
        damage = damage_of(connection)
        if damage is None:
            return _configured(connection)
        connection.close()
        damage = f"was damaged ({damage})"
    elif copies.sound_copy(path):
        damage = "was empty" if path.exists() else "was gone"
    if damage is not None:
        copies.replace_damaged(path, damage)
        _log.warning("%s", copies.told(path)[-1])
    private_file(path)
    return _configured(connect(path))


def _readable(path: Path, steps: Sequence[Migration], error: StorageError) -> sqlite3.Connection:
    """Open what can only be read, else the copy of it; raises ``error`` where neither will do."""
    newest = max((step.version for step in steps), default=0)
    for one in (path, copies.copy_of(path)):
        try:
            connection = connect_to_read(one)
            version = connection.execute("SELECT max(version) FROM migrations").fetchone()[0]
        except (OSError, sqlite3.Error):
            continue
        if version == newest:
            return connection
        connection.close()
    raise error


def _configured(connection: sqlite3.Connection) -> sqlite3.Connection:
    connection.row_factory = sqlite3.Row
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _migrate(connection: sqlite3.Connection, steps: Sequence[Migration], path: Path) -> None:
    connection.execute(_BOOKKEEPING)
    version = connection.execute("SELECT coalesce(max(version), 0) FROM migrations").fetchone()[0]
    newest = max((step.version for step in steps), default=0)
    if version > newest:
        raise NewerStateError(
            f"{path} is from a newer Plainbill (version {version}, this one knows {newest}); upgrade it"
        )
    if 0 < version < newest:
        copies.back_up(connection, path.with_name(f"{path.name}.before-{newest:04}"))
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
def _said(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into one that names the file."""
    try:
        yield
    except sqlite3.Error as error:
        raise StorageError(
            f"{path}: {error}; check the disk's free space and the file's permissions"
        ) from error


@contextmanager
def _gate(path: Path, how: int) -> Iterator[int]:
    """Let one process at a time check, set aside and migrate the file, and nobody write to it meanwhile.

    ``how`` is ``LOCK_EX`` for that, ``LOCK_SH`` to write to the file.
    """
    lock = path.with_name(f"{path.name}.opening")
    try:
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, PRIVATE_FILE)
    except OSError as error:
        raise cannot("open the state in", path.parent, error) from error
    try:
        fcntl.flock(descriptor, how)
        yield descriptor
    finally:
        os.close(descriptor)
