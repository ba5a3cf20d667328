"""How often Python looks for cyclic garbage while a refresh goes on."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_OBJECTS = 100_000
"""New objects between two looks; Python's own 700 take a fifth of the time to judge a large fleet."""


@contextmanager
def rarely_collected() -> Iterator[None]:
    """Look for cyclic garbage rarely: millions of resources and datapoints are none, and are walked in vain.

    What is not in a cycle, which is nearly all, goes at once as ever.
    """
    usual = gc.get_threshold()
    gc.set_threshold(_OBJECTS, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)
