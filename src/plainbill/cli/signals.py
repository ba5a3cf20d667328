"""SIGTERM and a closed terminal as orderly ends."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def terminable() -> Iterator[None]:
    """Let SIGTERM raise ``KeyboardInterrupt`` in the block: what is open is closed, a run is recorded.

    A terminal that goes away (SIGHUP) ends the block as SIGTERM does, whoever handles that inside of it;
    under ``nohup`` it does not.
    """
    before = signal.signal(signal.SIGTERM, _interrupt)
    hangup = signal.getsignal(signal.SIGHUP)
    if hangup is signal.SIG_DFL:
        signal.signal(signal.SIGHUP, _terminate)
    try:
        yield
    finally:
        signal.signal(signal.SIGHUP, hangup)
        signal.signal(signal.SIGTERM, before)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _terminate(_signal: int, _frame: FrameType | None) -> None:
    signal.raise_signal(signal.SIGTERM)
