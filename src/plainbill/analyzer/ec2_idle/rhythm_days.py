"""Which instances cannot have a rhythm, by the days on which they were busy alone.

Every rhythm of ``periodic.rhythms`` is busy on days a period apart, a day more or less for the hour of slack:
three times, or twice where the period is four weeks or longer. That is asked of all instances at once; what
it leaves is a little more than those that have one.
"""

from __future__ import annotations

import numpy as np

from plainbill.analyzer.ec2_idle.load import Flags

_SHORT = (1, 7, 14)
_MONTHLY = range(27, 37)  # days: four weeks, a month, five weeks between two n-th weekdays; one more or less
_QUARTERLY = range(83, 101)


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
