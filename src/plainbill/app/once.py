"""Values that are made once, however many threads ask for them at the same time."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class _Made(Generic[V]):
    """A value, or the lock of the thread that makes it."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.values: list[V] = []  # none yet, or one


class Once(Generic[K, V]):
    """Remembers the values of the last ``size`` keys.

    Whoever asks for a key first makes its value; others wait for that key only. An error is passed on and not
    remembered.
    """

    def __init__(self, size: int, make: Callable[[K], V]) -> None:
        self._size, self._make = size, make
        self._mutex = threading.Lock()
        self._made: OrderedDict[K, _Made[V]] = OrderedDict()

    def __call__(self, key: K) -> V:
        """Return the value of a key."""
        with self._mutex:
            made = self._made.setdefault(key, _Made())
            self._made.move_to_end(key)
            while len(self._made) > self._size:
                self._made.popitem(last=False)
        with made.lock:
            if not made.values:
                made.values.append(self._make(key))
        return made.values[0]

    def __len__(self) -> int:
        return len(self._made)

    def clear(self) -> None:
        """Forget all values; one that is being made is given to those who wait for it, and not remembered."""
        with self._mutex:
            self._made.clear()

    def keep(self, wanted: Callable[[K], bool]) -> None:
        """Forget the values of all other keys."""
        with self._mutex:
            for key in [key for key in self._made if not wanted(key)]:
                del self._made[key]
