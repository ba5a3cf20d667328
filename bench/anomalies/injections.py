"""The protocol: one change of a known kind and size in a bill that is otherwise left as it is.

The change begins on a random day from the 120th on, 40 days before the end at the latest. Sizes are
shares of the median of the 28 days before it. Found is a change that an event of the right direction
overlaps within its days: those of a spike or an outage, 14 days from a shift on, 45 from the beginning of
a ramp of 30 days on. Events that the bill has without the change are its own and count as false alarms
apart; all other events that do not overlap are false.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np

from plainbill.analyzer.daily_series import DailySeries, Floats

FIRST_DAY, LAST_DAYS = 120, 46
RAMP = 30
SIZES = (0.25, 0.5, 1.0, 3.0)
KINDS = ("spike of 1 day", "spike of 3 days", "level shift", "slow ramp")
OUTAGES = (0.5, 1.0)  # of the cost is gone
OUTAGE_DAYS = (1, 3)
GAP_DAYS = 3
FOUND_WITHIN = {"level shift": 14, "slow ramp": 45}


@dataclass(frozen=True, eq=False, slots=True)
class Injected:
    """A bill with a change: its kind and size, its first day and the first day on which it is not found."""

    kind: str
    size: float
    series: DailySeries
    start: int
    end: int
    direction: int


def injected(series: DailySeries, dice: np.random.Generator) -> Iterator[Injected]:
    """Yield the bill once with each kind and size of change, each on another day."""
    for kind, size in product(KINDS, SIZES):
        yield _raised(series, kind, size, _day(series, dice))
    for size, days in product(OUTAGES, OUTAGE_DAYS):
        start = _day(series, dice)
        values = series.values.copy()
        values[start : start + days] *= 1 - size
        made = DailySeries(series.first, values)
        yield Injected(f"outage of {days} day{'s' * (days > 1)}", size, made, start, start + days, -1)


def with_gap(series: DailySeries, dice: np.random.Generator) -> tuple[DailySeries, int]:
    """Return the bill without some days, and the first of them."""
    start = _day(series, dice)
    values = series.values.copy()
    values[start : start + GAP_DAYS] = np.nan
    return DailySeries(series.first, values), start


def _raised(series: DailySeries, kind: str, size: float, start: int) -> Injected:
    values = series.values.copy()
    rise = size * float(np.nanmedian(values[start - 28 : start]))
    days = {"spike of 1 day": 1, "spike of 3 days": 3}.get(kind, len(values) - start)
    values[start : start + days] += rise * (_slope(days) if kind == "slow ramp" else 1.0)
    end = start + FOUND_WITHIN.get(kind, days)
    return Injected(kind, size, DailySeries(series.first, values), start, end, 1)


def _slope(days: int) -> Floats:
    slope: Floats = np.minimum(np.arange(1, days + 1) / RAMP, 1.0)
    return slope


def _day(series: DailySeries, dice: np.random.Generator) -> int:
    """Return a day whose neighbours are known, so that the change is there to be seen."""
    while True:
        day = int(dice.integers(FIRST_DAY, len(series) - LAST_DAYS))
        if (
            not np.isnan(series.values[day : day + 3]).any()
            and np.nanmedian(series.values[day - 28 : day]) > 0
        ):
            return day
