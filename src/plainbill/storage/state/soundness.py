"""Whether a state file can be trusted, and a way to read one that cannot be written."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

_DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_PRIMARY = 0xFF  # SQLite's extended error codes keep the primary one in the low byte


def connect(path: Path) -> sqlite3.Connection:
    """Open a file, or make one; any thread may use the connection."""
    return sqlite3.connect(path, timeout=10, isolation_level=None, check_same_thread=False)


def connect_to_read(path: Path) -> sqlite3.Connection:
    """Open a sound file for reading only: on a disk that is full or read-only.

    Without a log nobody has written to it since, so it can be taken as unchangeable; SQLite would need to
    make a log otherwise. Raises ``sqlite3.Error`` and ``OSError``.
    """
    log = path.with_name(f"{path.name}-wal")
    if not (log.exists() and log.stat().st_size):
        return _sound(_connect_as(path, "mode=ro&immutable=1"))
    try:
        return _sound(_connect_as(path, "mode=ro"))
    except sqlite3.OperationalError:  # after a power cut the log has no index, and none can be made there
        return _sound(_in_memory(path, log))


def _connect_as(path: Path, how: str) -> sqlite3.Connection:
    address = f"{path.absolute().as_uri()}?{how}"
    return sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False)


def _in_memory(path: Path, log: Path) -> sqlite3.Connection:
    """Read a file and its log into memory, by way of the folder for temporary files."""
    with TemporaryDirectory(prefix="plainbill-") as folder:
        for one in (path, log):
            shutil.copyfile(one, Path(folder) / one.name)
        memory = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        with closing(sqlite3.connect(Path(folder) / path.name)) as copy:
            copy.backup(memory)
    memory.execute("PRAGMA query_only = ON")
    return memory


def _sound(connection: sqlite3.Connection) -> sqlite3.Connection:
    """Return the connection if its file is sound; closes it otherwise."""
    try:
        if damage := damage_of(connection):
            raise sqlite3.DatabaseError(damage)
    except sqlite3.Error:
        connection.close()
        raise
    connection.row_factory = sqlite3.Row
    return connection


def is_damage(error: sqlite3.Error) -> bool:
    """Say whether an error tells of a damaged file; a locked or unreadable one is not damaged."""
    return getattr(error, "sqlite_errorcode", 0) & _PRIMARY in _DAMAGE


def damage_of(connection: sqlite3.Connection) -> str | None:
    """Return what is wrong with the file itself, None where nothing is."""
    try:
        found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise
        return str(error)
    return None if found == "ok" else str(found)
