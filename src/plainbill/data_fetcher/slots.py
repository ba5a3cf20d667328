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

    def empty(self) -> Floats:
        """Return a row in which no step has a datapoint: nan in each."""
        return np.full(self._count, np.nan)

    def fill(self, row: Floats, stamps: Stamps, values: ArrayLike) -> None:
        """Put each value where its timestamp says; those of no step are left out."""
        _, is_within, places = self._known.get(id(stamps)) or self._look_at(stamps)
        told = np.asarray(values, dtype=np.float64)[: len(stamps)]
        is_within = is_within[: len(told)]
        row[places[: len(told)][is_within]] = told[is_within]

    def _look_at(self, stamps: Stamps) -> tuple[Stamps, Flags, Places]:
        seconds = [one if isinstance(one, int | float) else instant(one).timestamp() for one in stamps]
        steps = (np.array(seconds, dtype=np.float64) - self._start) // self._step
        is_within = (steps >= 0) & (steps < self._count)
        places = np.where(is_within, steps, 0).astype(np.int64)
        self._known[id(stamps)] = found = (
            stamps,
            is_within,
            places,
        )  # with them, so that the id stays theirs
        return found
