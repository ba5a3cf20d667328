"""Waiting without being in the way: who must wait for AWS lets somebody else work meanwhile."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar

Aside = Callable[[], AbstractContextManager[object]]
"""Makes a context in which its caller only waits."""

_aside: ContextVar[Aside] = ContextVar("aside", default=nullcontext)


@contextmanager
def stepping(aside: Aside) -> Iterator[None]:
    """Let ``wait`` enter ``aside`` for as long as it waits (in this thread or task only)."""
    token = _aside.set(aside)
    try:
        yield
    finally:
        _aside.reset(token)


def wait(seconds: float) -> None:
    """Sleep; whoever gave this thread its work learns that it does, and when it is over."""
    with _aside.get()():
        time.sleep(seconds)
