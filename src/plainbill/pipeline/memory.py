"""How much memory a refresh holds that it does not need, and how often Python looks for garbage meanwhile."""

from __future__ import annotations

import ctypes
import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_OBJECTS = 100_000
"""New objects between two looks; with Python's own 700 they take a fifth of the time to judge a fleet."""
_ARENA_MAX, _ARENAS = -8, 2  # M_ARENA_MAX of glibc's malloc.h


@contextmanager
def sparing_memory() -> Iterator[None]:
    """Look for cyclic garbage rarely, and let threads share the memory that they allocate.

    Millions of resources and datapoints are in no cycle, and are walked in vain; what is in none goes at once
    as ever. glibc gives each of the first threads memory of its own, and what one freed no other uses.
    """
    _tell_glibc("mallopt", _ARENA_MAX, _ARENAS)
    usual = gc.get_threshold()
    gc.set_threshold(_OBJECTS, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def give_back() -> None:
    """Give the system what is free, before the next phase takes memory of another shape."""
    _tell_glibc("malloc_trim", 0)


def _tell_glibc(function: str, *numbers: int) -> None:
    """Call a function of glibc; nothing happens where the C library is another one and has none."""
    if sys.platform == "linux" and (told := getattr(ctypes.CDLL(None), function, None)):
        told(*numbers)
