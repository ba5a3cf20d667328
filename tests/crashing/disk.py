"""A small disk of one's own that can be filled, freed and made read-only."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_BLOCK = 4096


class Disk:
    """A mounted tmpfs."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._filler = root / "filler"

    @property
    def free(self) -> int:
        """How many bytes can still be written."""
        found = os.statvfs(self.root)
        return found.f_bavail * found.f_frsize

    def fill(self, leave: int = 0) -> None:
        """Take all space but ``leave`` bytes."""
        with self._filler.open("ab", buffering=0) as file:
            try:
                while (much := min(self.free - leave, 1 << 20)) >= _BLOCK:
                    file.write(bytes(much // _BLOCK * _BLOCK))
            except OSError:
                return  # full

    def empty(self) -> None:
        """Give the space back."""
        self._filler.unlink(missing_ok=True)

    def only_read(self) -> None:
        """Let nobody write to it any more; waits for those who have files open."""
        subprocess.run(["mount", "-o", "remount,ro", str(self.root)], check=True)

    def write_again(self) -> None:
        subprocess.run(["mount", "-o", "remount,rw", str(self.root)], check=True)


@contextmanager
def mounted(at: Path, mebibytes: int = 16) -> Iterator[Disk]:
    """Mount a disk of a few MiB for the time of the block."""
    at.mkdir(exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={mebibytes}m", "tmpfs", str(at)], check=True)
    try:
        yield Disk(at)
    finally:
        subprocess.run(["umount", "-l", str(at)], check=True)


def why_no_mount() -> str | None:
    """Say why no disk can be mounted here; None where one can."""
    if os.uname().sysname != "Linux" or os.geteuid() != 0:
        return "mounting a small disk needs root on Linux"
    with tempfile.TemporaryDirectory() as folder:
        command = ["mount", "-t", "tmpfs", "tmpfs", folder]
        if subprocess.run(command, capture_output=True, check=False).returncode:
            return "this machine lets nobody mount a disk"
        subprocess.run(["umount", folder], check=True)
    return None
