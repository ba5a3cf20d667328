"""Off-hours that an instance keeps week after week, tried on weeks that were held out.

That some hours of the week were empty four weeks running says little about the fifth. So each week is
predicted from the others (leave-one-week-out). Even then habits change: on the public trace schedules that
passed were broken more often afterwards than on the weeks held out (docs/idle-accuracy.md), and that
difference is part of the wake-ups to expect.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, timedelta, tzinfo
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from plainbill.analyzer.ec2_idle.load import Flags, Load
from plainbill.analyzer.ec2_idle.periodic import clock_of, local_hour
from plainbill.model.period import Period

_WEEK = 168
_FEWEST_WEEKS, _MOST_WEEKS = 6, 8
_SHORTEST_OFF_RUN = 6
_FEWEST_OFF_HOURS = 0.25 * _WEEK
_MOST_VIOLATION_DAYS = 0.25  # per held-out week
_FEWEST_SEEN = 0.8 * _WEEK
_DRIFT_DAYS = 0.7  # per week; measured by bench/idle.py: 3.2 days in four weeks, 0.4 of them foreseen
_WEEKS_A_MONTH = 365 / 12 / 7
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """The hours of the week (0 = Monday 00:00, wall clock) in which an instance can be off.

    ``violation_days`` is how many days a held-out week had work in hours predicted off, on average.
    """

    off_hours: frozenset[int]
    weeks: int
    violation_days: float

    @property
    def violations_a_month(self) -> float:
        """On how many days of a month somebody will probably miss the instance."""
        return (self.violation_days + _DRIFT_DAYS) * _WEEKS_A_MONTH

    @property
    def spans(self) -> str:
        """The runs of off-hours, such as "Mon 18:00 to Tue 08:00"."""
        return ", ".join(f"{_clock(run[0])} to {_clock(run[-1] + 1)}" for run in _runs(self.off_hours, 1))


@dataclass(frozen=True, slots=True)
class _Week:
    busy: frozenset[int]
    seen: frozenset[int]


def find_schedule(load: Load, zone: tzinfo = UTC) -> Schedule | None:
    """Return the off-hours that held, None where six weeks were not seen or the rule did not hold."""
    if len(load.busy) < _FEWEST_WEEKS * _FEWEST_SEEN:
        return None
    weeks = [week for week in _weeks(load, zone) if len(week.seen) >= _FEWEST_SEEN]
    if len(weeks) < _FEWEST_WEEKS:
        return None
    off = _off_hours(weeks)
    if len(off) < _FEWEST_OFF_HOURS:
        return None
    missed = 0
    for held_out in weeks:
        predicted = _off_hours(week for week in weeks if week is not held_out)
        missed += len({hour // 24 for hour in predicted & held_out.busy})
    violation_days = missed / len(weeks)
    if violation_days > _MOST_VIOLATION_DAYS:
        return None
    return Schedule(off_hours=off, weeks=len(weeks), violation_days=violation_days)


def may_have_schedule(busy: Flags, period: Period, zone: tzinfo = UTC) -> Flags:
    """Return for each row of busy hours whether ``find_schedule`` could find one, were more hours busy.

    Off-hours are free in all weeks that count, six at least: so an hour of the week that is busy in more of
    the weeks than may be left out is none. What is left must come to a quarter of the week.
    """
    ago, slot = _places(period, zone)
    spare = sum(np.count_nonzero(ago == week) >= _FEWEST_SEEN for week in range(_MOST_WEEKS)) - _FEWEST_WEEKS
    if spare < 0 or not len(busy):
        return np.zeros(len(busy), dtype=bool)
    weeks = np.zeros((len(busy), _WEEK), dtype=np.uint8)
    for week in range(_MOST_WEEKS):
        hours = np.flatnonzero(ago == week)
        if len(hours):
            hours = hours[np.argsort(slot[hours], kind="stable")]
            slots, begins = np.unique(slot[hours], return_index=True)  # an hour may come twice
            weeks[:, slots] += np.logical_or.reduceat(busy[:, hours], begins, axis=1)
    free = weeks <= spare
    inside = free & np.roll(free, 1, axis=1) & np.roll(free, -1, axis=1)  # an hour is kept free on both sides
    left: Flags = inside.sum(axis=1) >= _FEWEST_OFF_HOURS
    return left


def _weeks(load: Load, zone: tzinfo) -> Iterator[_Week]:
    """Yield the last whole weeks before the end, each by its hours of the week in wall-clock time."""
    ago, slot = _places(load.period, zone)
    known = load.busy | load.seen
    for week in range(_MOST_WEEKS):
        here = ago == week
        yield _Week(
            busy=frozenset(slot[here & load.busy].tolist()), seen=frozenset(slot[here & known].tolist())
        )


@lru_cache(maxsize=16)
def _places(period: Period, zone: tzinfo) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return for every hour how many weeks before the end it is, and which hour of its week."""
    clock, end = clock_of(period, zone), local_hour(period.end, zone)
    ago = [(end - local - timedelta(hours=1)) // timedelta(hours=_WEEK) for local in clock]
    return np.array(ago), np.array([local.weekday() * 24 + local.hour for local in clock])


def _off_hours(weeks: Iterable[_Week]) -> frozenset[int]:
    """Return the hours seen at least once and busy in none of these weeks, in runs of six or more.

    An hour is kept free on both sides of a run: time to start, and for a change to summer time in a zone
    that nobody told us of.
    """
    busy: set[int] = set()
    seen: set[int] = set()
    for week in weeks:
        busy |= week.busy
        seen |= week.seen
    return frozenset(slot % _WEEK for run in _runs(seen - busy) for slot in _trimmed(run))


def _runs(hours: Iterable[int], shortest: int = _SHORTEST_OFF_RUN) -> list[list[int]]:
    """Return the runs of so many hours in a week that ends where it begins; hours may pass 168."""
    free = set(hours)
    if len(free) == _WEEK:
        return [list(range(_WEEK))]
    starts = sorted(hour for hour in free if (hour - 1) % _WEEK not in free)
    runs = []
    for start in starts:
        run = [start]
        while (run[-1] + 1) % _WEEK in free:
            run.append(run[-1] + 1)
        runs.append(run)
    return [run for run in runs if len(run) >= shortest]


def _trimmed(run: list[int]) -> list[int]:
    return run if len(run) == _WEEK else run[1:-1]


def _clock(hour: int) -> str:
    return f"{_DAYS[hour // 24 % 7]} {hour % 24:02d}:00"
