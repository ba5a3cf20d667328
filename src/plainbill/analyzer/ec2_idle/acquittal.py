"""Which instances CPU alone acquits, whatever their network did: it need not be asked, and is not paid for.

Exact means that no verdict of any check could be another one with the network known. An hour that is busy by
CPU stays busy, so more data can only add busy hours, and of these three things none can come back:

- idle: more busy days than any grade allows (``grading.grade_of``);
- periodic: more busy hours than a job has (``classify``), so that no rhythm is looked for;
- off-hours: too few hours of the week are left free, whichever weeks were seen (``schedule``).

What remains (in use, too large) rests on CPU alone, if enough of it was seen. How long an instance is known
to run may depend on its first datapoint of any kind: coverage must suffice for the shortest and the longest.
"""

from __future__ import annotations

from datetime import UTC, tzinfo

import numpy as np
from numpy.typing import NDArray

from plainbill.analyzer.ec2_idle.load import MOST_BUSY_DAYS, Flags, Floats, days_with
from plainbill.analyzer.ec2_idle.schedule import may_have_schedule
from plainbill.model.period import Period

FEWEST_DAYS = 7
MOST_BURST = 0.125
"""Of the hours: beyond three hours a day it is no burst but a working day."""


def acquitted(
    busy: Flags,
    seen: Flags,
    begin: NDArray[np.int64],
    period: Period,
    look_back_days: int,
    min_coverage: float,
    zone: tzinfo = UTC,
) -> Flags:
    """Return for each row whether CPU alone acquits an instance.

    ``busy`` and ``seen`` are by instance and hour of the period, by what is known without the network;
    ``begin`` is the first hour in which each is known to exist. One that was restarted in the period is not
    for here: when it ran depends on its network (``ec2_facts.has_restarted``).
    """
    hours = period.hours
    first = max(0, hours - look_back_days * 24)
    recent, longest = busy[:, first:], hours - first
    in_use = days_with(recent, period.start.hour + first) > MOST_BUSY_DAYS
    working = np.count_nonzero(recent, axis=1) > MOST_BURST * longest
    enough = _is_enough(seen, begin, first, hours, min_coverage)
    found: Flags = in_use & working & enough
    rows = np.flatnonzero(found)
    found[rows] = ~may_have_schedule(busy[rows], period, zone)
    return found


def _is_enough(seen: Flags, begin: NDArray[np.int64], first: int, hours: int, min_coverage: float) -> Flags:
    """Say whether enough CPU was seen since an instance is known to exist, and of the whole look-back."""
    known = np.count_nonzero(seen[:, first:], axis=1)
    longest = hours - first
    shortest = np.maximum(hours - np.maximum(begin, first), 1)
    in_short = np.array(
        [np.count_nonzero(row[max(first, int(at)) :]) for row, at in zip(seen, begin, strict=True)]
    )
    long: Flags = known >= min_coverage * longest
    short: Flags = (in_short >= min_coverage * shortest) & (shortest >= FEWEST_DAYS * 24)
    return long & short & (longest >= FEWEST_DAYS * 24)


def running_since(since: Floats, first: int, hours: int) -> NDArray[np.int64]:
    """Return the first hour, from ``first`` on, of instances that exist ``since`` that hour of the period.

    As ``load.first_running`` for one: the hour in which it began may be cut short.
    """
    begin = np.where(since <= first + 1, first, np.minimum(hours, np.ceil(since)))
    return begin.astype(np.int64)
