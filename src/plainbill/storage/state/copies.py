"""The copy of the state file that takes its place when it is damaged, and what is said of that.

Beside ``state.db`` lie ``state.db.copy``, and for each time that it was replaced the damaged file as
``state.db.corrupt-<timestamp>`` with a note of the same name that ends in ``.txt``.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from plainbill.model.period import minute
from plainbill.storage.files import (
    CORRUPT_MARK,
    cannot,
    private_file,
    publish,
    set_aside,
    sync_folder,
    written_at,
)
from plainbill.storage.state.soundness import damage_of

COPY_EVERY = timedelta(hours=1)
"""How much younger than the file its copy may be: what was decided since is lost with a damaged file."""
TOLD_FOR = timedelta(days=30)
"""How long a replacement is told and the damaged file is kept."""

_NOTE = ".txt"
_LOGS = ("-shm", "-wal")  # in this order: a log must not be taken for that of another file


def copy_of(path: Path) -> Path:
    """Return where the copy lies."""
    return path.with_name(f"{path.name}.copy")


def is_copy_due(path: Path, now: datetime) -> bool:
    """Say whether there is no copy or it is too old; one from the future counts as old."""
    copied = written_at(copy_of(path))
    return copied is None or abs(now - copied) >= COPY_EVERY


def keep_copy(connection: sqlite3.Connection, path: Path, now: datetime) -> None:
    """Copy the file in use; the copy before it stays until the new one is whole and on the disk.

    Raises ``sqlite3.Error`` and ``OSError``; the copy before it then stays.
    """
    writing = path.with_name(f"{path.name}.copy-writing")
    writing.unlink(missing_ok=True)
    back_up(connection, writing)
    writing.replace(copy_of(path))
    sync_folder(path.parent)
    for aside in _set_aside_before(path, now - TOLD_FOR):
        aside.unlink(missing_ok=True)


def back_up(connection: sqlite3.Connection, to: Path) -> None:
    """Copy what is in use to another file, on the disk when this returns."""
    private_file(to)
    with closing(sqlite3.connect(to)) as copy:
        connection.backup(copy)


def replace_damaged(path: Path, damage: str) -> None:
    """Set the damaged file aside, put its copy in its place where there is a sound one, and note it.

    Ended at any point, the next one goes on: without a file, the copy is still there. Raises
    ``StorageError``.
    """
    now = datetime.now(UTC)
    try:
        restored = _prepared(path)
        aside = _new_name(path, now)
        note = _note(path, damage, aside if path.exists() else None, restored)
        publish(aside.with_name(aside.name + _NOTE), f"{note}\n".encode())
        for log in (path.with_name(path.name + suffix) for suffix in _LOGS):
            if log.exists():
                log.rename(aside.with_name(aside.name + log.name.removeprefix(path.name)))
        if path.exists():
            set_aside(path, now)
        if restored is not None:
            restored[0].rename(path)
        sync_folder(path.parent)
    except OSError as error:
        raise cannot("set aside the damaged file", path, error) from error


def told(path: Path) -> tuple[str, ...]:
    """Return the notes of the last days, oldest first; the newest replacements are the last."""
    notes = sorted(one for one in _asides(path) if one.name.endswith(_NOTE))
    since = datetime.now(UTC) - TOLD_FOR
    try:
        recent = [note for note in notes if (written := written_at(note)) is not None and written > since]
        return tuple(note.read_text(encoding="utf-8").strip() for note in recent)
    except OSError as error:
        raise cannot("read the notes beside", path, error) from error


def sound_copy(path: Path) -> Path | None:
    """Return the copy if it is there and sound."""
    copy = copy_of(path)
    try:
        if not copy.is_file() or copy.stat().st_size == 0:
            return None
        with closing(sqlite3.connect(f"{copy.absolute().as_uri()}?immutable=1", uri=True)) as connection:
            return None if damage_of(connection) else copy
    except (OSError, sqlite3.Error):
        return None  # as good as none


def _prepared(path: Path) -> tuple[Path, datetime] | None:
    """Make a second copy ready to be renamed; return it with the time that it is of."""
    copy = sound_copy(path)
    if copy is None:
        return None
    copied, restoring = written_at(copy), path.with_name(f"{path.name}.restoring")
    private_file(restoring)
    shutil.copyfile(copy, restoring)
    sync_folder(restoring)  # a file can be brought to the disk as a folder can
    return restoring, copied or datetime.fromtimestamp(0, UTC)


def _note(path: Path, damage: str, aside: Path | None, restored: tuple[Path, datetime] | None) -> str:
    where = "" if aside is None else f" and was set aside as {aside.name}"
    then = (
        "; there was no copy: the history of runs, decisions, policies and settings begin anew"
        if restored is None
        else f"; the copy of {minute(restored[1])} took its place: runs, decisions and policies "
        "of later are missing"
    )
    return f"{path.name} {damage}{where}{then}. The cost data are not touched"


def _new_name(path: Path, now: datetime) -> Path:
    stamp = now.strftime("%Y%m%dT%H%M%S.%fZ")
    return path.with_name(f"{path.name}{CORRUPT_MARK}{stamp}")


def _asides(path: Path) -> Iterator[Path]:
    try:
        names = os.listdir(path.parent)  # noqa: PTH208 - a list of names, thrice as fast as of paths
    except OSError as error:
        raise cannot("list", path.parent, error) from error
    return (path.with_name(name) for name in names if name.startswith(path.name + CORRUPT_MARK))


def _set_aside_before(path: Path, moment: datetime) -> list[Path]:
    """Return what was set aside before a moment, by the time in its name: a rename changes no other."""
    oldest = _new_name(path, moment).name
    return [one for one in _asides(path) if one.name < oldest]
