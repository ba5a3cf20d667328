"""One collector at a time."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from plainbill.errors import RefreshRunningError, StorageError
from plainbill.storage.files import PRIVATE_FILE, cannot

_PATIENCE_SECONDS = 0.25  # is_held() holds the lock for an instant; that must not refuse a collector
_PAUSE_SECONDS = 0.01


class CollectorLock:
    """An advisory lock (``flock``) on a file that holds the owner's process id.

    The kernel lets go of it when the process ends, however it ends. The file itself stays: removing it
    would let two processes lock two different files of the same name.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    def __enter__(self) -> Self:
        descriptor = self._open()
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while not _try_lock(descriptor):
            if time.monotonic() > deadline:
                owner = os.pread(descriptor, 20, 0).decode("ascii", "replace").strip() or "unknown"
                os.close(descriptor)
                raise RefreshRunningError(
                    f"another refresh is running (process {owner}, lock {self.path}); wait until it is done"
                )
            time.sleep(_PAUSE_SECONDS)
        self._descriptor = descriptor
        self._say(f"{os.getpid()}\n")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._descriptor is not None:
            self._say("")
            os.close(self._descriptor)
            self._descriptor = None

    def is_held(self) -> bool:
        """Say whether any process, this one included, holds the lock at this moment."""
        if not self.path.exists():
            return False
        try:
            descriptor = self._open()
        except StorageError:  # on a read-only disk; who holds it began before
            descriptor = self._open(os.O_RDONLY)
        try:
            return not _try_lock(descriptor)
        finally:
            os.close(descriptor)

    def _open(self, how: int = os.O_RDWR | os.O_CREAT) -> int:
        try:
            return os.open(self.path, how | os.O_CLOEXEC, PRIVATE_FILE)
        except OSError as error:
            raise cannot("open the lock", self.path, error) from error

    def _say(self, text: str) -> None:
        if self._descriptor is None:
            raise StorageError(f"the lock {self.path} is not held")
        try:
            os.ftruncate(self._descriptor, 0)
            os.pwrite(self._descriptor, text.encode("ascii"), 0)
        except OSError:
            return  # the process id is a courtesy to the reader of an error; the lock holds without it


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
