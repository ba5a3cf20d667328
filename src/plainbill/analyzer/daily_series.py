"""A cost by UTC day as an array: what is not known is NaN, which is never the same as free."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class DailySeries:
    """``values[i]`` is the cost of the day ``first + i``, in one currency; NaN where it is not known."""

    first: date
    values: Floats

    @classmethod
    def of(cls, costs: Mapping[date, float]) -> DailySeries:
        """Return the days from the first to the last that is given; days between that are not are unknown.

        Raises ``ValueError`` where no day is given.
        """
        if not costs:
            raise ValueError("a series has at least one day")
        first, last = min(costs), max(costs)
        values = np.full((last - first).days + 1, np.nan)
        for day, cost in costs.items():
            values[(day - first).days] = cost
        return cls(first, values)

    def __len__(self) -> int:
        return len(self.values)

    @property
    def end(self) -> date:
        """The first day after the series."""
        return self.first + timedelta(days=len(self.values))

    @cached_property
    def calendar(self) -> Calendar:
        """The weekday and the day of the month of each day."""
        return Calendar.of(self.first, len(self.values))

    def before(self, end: date) -> DailySeries:
        """Return the days before ``end``; raises ``ValueError`` where there is none."""
        days = (end - self.first).days
        if days < 1:
            raise ValueError(f"no day of the series is before {end}")
        return DailySeries(self.first, self.values[:days])


@dataclass(frozen=True, eq=False, slots=True)
class Calendar:
    """``weekday`` (0 is Monday) and ``day_of_month`` of consecutive days."""

    weekday: Ints
    day_of_month: Ints

    @classmethod
    def of(cls, first: date, days: int) -> Calendar:
        """Return the calendar of so many days from ``first`` on."""
        start = np.datetime64(first, "D")
        each = start + np.arange(days)
        months = each.astype("datetime64[M]")
        in_month = (each - months.astype("datetime64[D]")).astype(np.int64) + 1
        return cls((each.astype(np.int64) + 3) % 7, in_month)  # the epoch was a Thursday

    def __getitem__(self, part: slice) -> Calendar:
        return Calendar(self.weekday[part], self.day_of_month[part])
