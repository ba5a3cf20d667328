"""Files that are private, durable and, once published, never changed."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from plainbill.errors import StorageError

PRIVATE_FOLDER = 0o700
PRIVATE_FILE = 0o600
PUBLISHED_FILE = 0o400
CORRUPT_MARK = ".corrupt-"


def private_folder(path: Path) -> None:
    """Make ``path`` a folder that only its owner may enter, whatever the umask says."""
    try:
        if not path.is_dir():
            path.mkdir(parents=True, exist_ok=True)
            sync_folder(path.parent)
        _only_for_owner(path, PRIVATE_FOLDER)
    except OSError as error:
        raise cannot("create the folder", path, error) from error


def private_file(path: Path) -> None:
    """Make sure that the file exists and that only its owner may read it, from its first instant."""
    try:
        if not path.is_file():
            os.close(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_CLOEXEC, PRIVATE_FILE))
        _only_for_owner(path, PRIVATE_FILE)
    except OSError as error:
        raise cannot("create the file", path, error) from error


def _only_for_owner(path: Path, mode: int) -> None:
    # Only where it is another one: a disk that cannot be written can be read all the same.
    if path.stat().st_mode & 0o777 != mode:
        path.chmod(mode)


def written_at(path: Path) -> datetime | None:
    """Return when a file was last written, None where there is none; raises ``OSError``."""
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except FileNotFoundError:
        return None


def publish(path: Path, content: bytes) -> None:
    """Write a new file that is on the disk when this returns and read-only for everybody.

    Raises ``OSError``; the caller knows what the file was for.
    """
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, PUBLISHED_FILE)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fchmod(descriptor, PUBLISHED_FILE)
        os.fsync(descriptor)


def sync_folder(path: Path) -> None:
    """Bring the names in a folder to the disk."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def set_aside(path: Path, now: datetime | None = None) -> Path:
    """Rename something damaged to ``<name>.corrupt-<timestamp>``: out of the way, still there to look at.

    Returns the new name; raises ``OSError`` where renaming is not possible.
    """
    stamp = (now or datetime.now(UTC)).strftime("%Y%m%dT%H%M%S.%fZ")
    aside = path.with_name(f"{path.name}{CORRUPT_MARK}{stamp}")
    path.rename(aside)
    return aside


def cannot(do_what: str, path: Path, error: OSError) -> StorageError:
    """Return the error that says what could not be done, where and why."""
    return StorageError(f"cannot {do_what} {path}: {error.strerror or error}; check space and permissions")
