"""Datapoints put into the steps of a period, whatever order they came in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np
from numpy.typing import ArrayLike, NDArray

from plainbill.aws_connector import instant
from plainbill.model.load_block import Floats

Stamps = Sequence[float | str | datetime]
"""Epoch seconds, or any other way AWS writes an instant."""
Flags = NDArray[np.bool_]
Places = NDArray[np.int64]


class Slots:
    """The ``count`` steps, of ``step`` seconds each, from ``start`` on (seconds since 1970).

    Where they are is worked out once for timestamps that several metrics share.
    """

    def __init__(self, start: int, step: int, count: int) -> None:
        self._start, self._step, self._count = start, step, count
        self._known: dict[int, tuple[Stamps, Flags, Places]] = {}

    def empty(self, rows: int) -> Floats:
        """Return rows in which no step has a datapoint: nan in each."""
        return np.full((rows, self._count), np.nan)

    def fill(self, rows: Floats, stamps: Stamps, values: ArrayLike) -> None:
        """Put the values of each row where their timestamps, which the rows share, say.

        Those of no step are left out, and so is what has no timestamp or no value.
        """
        _, is_within, places = self._known.get(id(stamps)) or self._look_at(stamps)
        told = np.asarray(values, dtype=np.float64)[:, : len(stamps)]
        count = told.shape[1]
        if is_within[:count].all():
            rows[:, places[:count]] = told
        else:
            rows[:, places[:count][is_within[:count]]] = told[:, is_within[:count]]

    def _look_at(self, stamps: Stamps) -> tuple[Stamps, Flags, Places]:
        is_seconds = set(map(type, stamps)) <= {int, float}
        seconds = stamps if is_seconds else [seconds_of(one) for one in stamps]
        steps = (np.array(seconds, dtype=np.float64) - self._start) // self._step
        is_within = (steps >= 0) & (steps < self._count)
        places = np.where(is_within, steps, 0).astype(np.int64)
        self._known[id(stamps)] = found = (
            stamps,
            is_within,
            places,
        )  # with them, so that the id stays theirs
        return found


def seconds_of(stamp: float | str | datetime) -> float:
    """Return an instant as seconds since 1970."""
    return stamp if isinstance(stamp, int | float) else instant(stamp).timestamp()
