"""Which instances cannot have a rhythm, by the days on which they were busy alone.

Every rhythm of ``periodic.rhythms`` is busy on days a period apart, a day more or less for the hour of slack:
three times, or twice where the period is four weeks or longer. That is asked of all instances at once; what
it leaves is a little more than those that have one.
"""

from __future__ import annotations

from datetime import UTC, tzinfo
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from plainbill.analyzer.ec2_idle.load import Flags
from plainbill.analyzer.ec2_idle.periodic import clock_of
from plainbill.model.period import Period

_SHORT = (1, 7, 14)
_MONTHLY = range(27, 37)  # days: four weeks, a month, five weeks between two n-th weekdays; one more or less
_QUARTERLY = range(83, 101)


def busy_days(busy: Flags, period: Period, zone: tzinfo = UTC) -> Flags:
    """Return for each row of busy hours which wall-clock days of the period have one, oldest first."""
    days, begins = _days(period, zone)
    found: Flags = np.zeros((len(busy), days[-1] + 1), dtype=bool)
    found[:, days] = np.logical_or.reduceat(busy, begins, axis=1)
    return found


@lru_cache(maxsize=16)
def _days(period: Period, zone: tzinfo) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the days that a period touches, counted from its first, and the hour at which each begins."""
    dates = [local.toordinal() for local in clock_of(period, zone)]
    days, begins = np.unique(dates, return_index=True)
    return days - days[0], begins


def may_have_rhythm(busy: Flags) -> Flags:
    """Return for each row of busy days (oldest first) whether its hours could hold a rhythm."""
    found: Flags = np.zeros(len(busy), dtype=bool)
    near = busy.copy()
    near[:, 1:] |= busy[:, :-1]
    near[:, :-1] |= busy[:, 1:]
    for days in _SHORT:
        found |= (busy & _back(near, days) & _back(near, 2 * days)).any(axis=1)
    for days in (*_MONTHLY, *_QUARTERLY):
        found |= (busy & _back(busy, days)).any(axis=1)
    return found


def _back(busy: Flags, days: int) -> Flags:
    """Return each row as it was so many days before, quiet before the first; a day's slack at that end.

    A time that was due just before the first stored hour is met by the first.
    """
    count = busy.shape[1]
    shifted: Flags = np.zeros_like(busy)
    if days < count:
        shifted[:, days:] = busy[:, : count - days]
    if days <= count:
        shifted[:, days - 1 : days] |= busy[:, :1]
    return shifted
