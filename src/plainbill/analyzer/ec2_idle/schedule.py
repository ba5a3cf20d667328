"""Off-hours that an instance keeps week after week, tried on weeks that were held out.

That some hours of the week were empty four weeks running says little about the fifth. So each week is
predicted from the others (leave-one-week-out). Even then habits change: on the public trace schedules that
passed were broken more often afterwards than on the weeks held out (docs/idle-accuracy.md), and that
difference is part of the wake-ups to expect.
"""

from __future__ import annotations

from collections.abc import Iterable
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
        return ", ".join(f"{_clock(run[0])} to {_clock(run[-1] + 1)}" for run in _runs(self.off_hours))


def find_schedule(load: Load, zone: tzinfo = UTC) -> Schedule | None:
    """Return the off-hours that held, None where six weeks were not seen or the rule did not hold."""
    return find_schedules(load.busy[None], load.seen[None], load.period, zone)[0]


def find_schedules(busy: Flags, seen: Flags, period: Period, zone: tzinfo = UTC) -> list[Schedule | None]:
    """Return the same for each row of busy and seen hours of a period."""
    schedules: list[Schedule | None] = [None] * len(busy)
    if period.hours < _FEWEST_WEEKS * _FEWEST_SEEN:
        return schedules
    worked, known = _by_week(busy, period, zone), _by_week(busy | seen, period, zone)
    is_seen = known.sum(axis=2) >= _FEWEST_SEEN
    worked &= is_seen[:, :, None]
    known &= is_seen[:, :, None]
    weeks, times_worked, times_known = is_seen.sum(axis=1), worked.sum(axis=1), known.sum(axis=1)
    off = _off_hours(times_worked > 0, times_known > 0)
    rows = np.flatnonzero((weeks >= _FEWEST_WEEKS) & (off.sum(axis=1) >= _FEWEST_OFF_HOURS))
    missed = np.zeros(len(rows), dtype=np.int64)
    for held_out in range(_MOST_WEEKS):
        there, here = worked[rows, held_out], known[rows, held_out]
        predicted = _off_hours(times_worked[rows] > there, times_known[rows] > here)
        missed += (predicted & there).reshape(-1, 7, 24).any(axis=2).sum(axis=1)
    for row, days in zip(rows.tolist(), (missed / weeks[rows]).tolist(), strict=True):
        if days <= _MOST_VIOLATION_DAYS:
            hours = frozenset(np.flatnonzero(off[row]).tolist())
            schedules[row] = Schedule(off_hours=hours, weeks=int(weeks[row]), violation_days=days)
    return schedules


def may_have_schedule(busy: Flags, period: Period, zone: tzinfo = UTC) -> Flags:
    """Return for each row of busy hours whether ``find_schedule`` could find one, were more hours busy.

    Off-hours are free in all weeks that count, six at least: so an hour of the week that is busy in more of
    the weeks than may be left out is none. What is left must come to a quarter of the week.
    """
    ago, _ = _places(period, zone)
    spare = sum(np.count_nonzero(ago == week) >= _FEWEST_SEEN for week in range(_MOST_WEEKS)) - _FEWEST_WEEKS
    if spare < 0 or not len(busy):
        return np.zeros(len(busy), dtype=bool)
    free = _by_week(busy, period, zone).sum(axis=1) <= spare
    left: Flags = _between(free).sum(axis=1) >= _FEWEST_OFF_HOURS
    return left


def _by_week(hours: Flags, period: Period, zone: tzinfo) -> Flags:
    """Return rows of flags by the last weeks before the end, the latest first, and hour of the week.

    False where the period has no such hour. In wall-clock time an hour may come twice: either is enough.
    """
    places, begins, cells = _cells(period, zone)
    weeks: Flags = np.zeros((len(hours), _MOST_WEEKS * _WEEK), dtype=bool)
    if len(cells):
        found = hours.take(places, axis=1)
        weeks[:, cells] = np.logical_or.reduceat(found, begins, axis=1) if len(cells) < len(places) else found
    return weeks.reshape(-1, _MOST_WEEKS, _WEEK)


@lru_cache(maxsize=16)
def _cells(period: Period, zone: tzinfo) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return the hours of the weeks in their order, where each hour of a week begins, and which it is."""
    ago, slot = _places(period, zone)
    hours = np.flatnonzero((ago >= 0) & (ago < _MOST_WEEKS))
    numbers = ago[hours] * _WEEK + slot[hours]
    order = np.argsort(numbers, kind="stable")
    cells, begins = np.unique(numbers[order], return_index=True)
    return hours[order], begins, cells


@lru_cache(maxsize=16)
def _places(period: Period, zone: tzinfo) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return for every hour how many weeks before the end it is, and which hour of its week."""
    clock, end = clock_of(period, zone), local_hour(period.end, zone)
    ago = [(end - local - timedelta(hours=1)) // timedelta(hours=_WEEK) for local in clock]
    return np.array(ago), np.array([local.weekday() * 24 + local.hour for local in clock])


def _off_hours(busy: Flags, seen: Flags) -> Flags:
    """Return the hours of the week that were seen and not busy, in runs of six or more; a row each.

    An hour is kept free on both sides of a run: time to start, and for a change to summer time in a zone
    that nobody told us of.
    """
    free = seen & ~busy
    begins = np.logical_and.reduce([np.roll(free, -hour, axis=1) for hour in range(_SHORTEST_OFF_RUN)])
    in_run = np.logical_or.reduce([np.roll(begins, hour, axis=1) for hour in range(_SHORTEST_OFF_RUN)])
    off: Flags = in_run & _between(free)
    return off


def _between(free: Flags) -> Flags:
    """Return the free hours of the week, which ends where it begins, with a free one on both sides."""
    between: Flags = free & np.roll(free, 1, axis=1) & np.roll(free, -1, axis=1)
    return between


def _runs(hours: Iterable[int]) -> list[list[int]]:
    """Return the runs of hours in a week that ends where it begins; they may pass 168."""
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
    return runs


def _clock(hour: int) -> str:
    return f"{_DAYS[hour // 24 % 7]} {hour % 24:02d}:00"
