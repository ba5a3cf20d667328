"""The preloaded library: built with the machine's C compiler, armed from inside the process it is in."""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import subprocess
from dataclasses import dataclass
from enum import IntEnum, IntFlag
from pathlib import Path

SOURCE = Path(__file__).with_name("shim.c")


class Strike(IntEnum):
    """What happens at the chosen call; the numbers are those of ``shim.c``."""

    COUNT = 1
    FAIL_ONCE = 2
    FAIL_ON = 3
    KILL_BEFORE = 4
    KILL_AFTER = 5
    TEAR = 6


class Calls(IntFlag):
    """Which calls count."""

    OPEN = 1
    WRITE = 2
    SYNC = 4
    RENAME = 8
    UNLINK = 16
    ALL = 31


ERRORS = {
    Calls.OPEN: (errno.EIO, errno.ENOSPC, errno.EROFS, errno.EMFILE),
    Calls.WRITE: (errno.EIO, errno.ENOSPC, errno.EROFS, errno.EBADF),
    Calls.SYNC: (errno.EIO, errno.ENOSPC, errno.EBADF),
    Calls.RENAME: (errno.EIO, errno.ENOSPC, errno.EROFS),
    Calls.UNLINK: (errno.EIO, errno.EROFS),
}
"""What each kind of call may fail with."""


@dataclass(frozen=True, slots=True)
class Fault:
    """The ``nth`` call of ``calls`` below a folder fails with ``error``, is torn, or ends the process."""

    strike: Strike
    nth: int
    calls: Calls = Calls.ALL
    error: int = 0

    def __str__(self) -> str:
        what = f" with {errno.errorcode[self.error]}" if self.error else ""
        return f"{self.strike.name} at call {self.nth} of {self.calls!r}{what}"


def why_not() -> str | None:
    """Say why the library cannot be built or preloaded here; None where it can."""
    if os.uname().sysname != "Linux":
        return "injecting errors into system calls needs Linux (LD_PRELOAD and /proc)"
    return None if compiler() else "injecting errors into system calls needs a C compiler (cc)"


def compiler() -> str | None:
    """Return the machine's C compiler."""
    return shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")


def build(into: Path) -> Path:
    """Compile the library."""
    cc, library = compiler(), into / "shim.so"
    assert cc is not None
    flags = ("-shared", "-fPIC", "-O2", "-Wall", "-Werror")
    subprocess.run([cc, *flags, "-o", str(library), str(SOURCE), "-ldl"], check=True)
    return library


def arm(fault: Fault, folder: Path) -> None:
    """From now on, in this process and below ``folder``."""
    _library().shim_arm(os.fsencode(folder), fault.strike, ctypes.c_long(fault.nth), fault.error, fault.calls)


def report(to: int, answers: int) -> None:
    """Write the path of every file that is synced to one pipe; go on after a byte from the other."""
    _library().shim_report(to, answers)


def made() -> dict[Calls, int]:
    """Return how many calls of each kind were made since the arming, and of all."""
    library = _library()
    library.shim_made.restype = ctypes.c_long
    counts = {kind: int(library.shim_made(kind)) for kind in ERRORS}
    return {Calls.ALL: sum(counts.values()), **counts}


def _library() -> ctypes.CDLL:
    return ctypes.CDLL(None)  # preloaded: its functions are among the process's own
