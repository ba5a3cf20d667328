"""Whether a state file can be trusted, and a way to read one that cannot be written."""

from __future__ import annotations

import sqlite3
from pathlib import Path

_DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_PRIMARY = 0xFF  # SQLite's extended error codes keep the primary one in the low byte


def connect(path: Path) -> sqlite3.Connection:
    """Open a file, or make one; any thread may use the connection."""
    return sqlite3.connect(path, timeout=10, isolation_level=None, check_same_thread=False)


def connect_to_read(path: Path) -> sqlite3.Connection:
    """Open a sound file for reading only: on a disk that is full or read-only.

    Without a log nobody has written to it since, so it can be taken as unchangeable; SQLite would need to
    make a log otherwise. Raises ``sqlite3.Error``.
    """
    address = path.absolute().as_uri()
    log = path.with_name(f"{path.name}-wal")
    how = "mode=ro" if log.exists() and log.stat().st_size else "immutable=1"
    connection = sqlite3.connect(f"{address}?{how}", uri=True, isolation_level=None, check_same_thread=False)
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
