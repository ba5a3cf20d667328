"""Rhythms: an instance that wakes at regular times has a job, however quiet it is in between.

A rhythm is the same hour (one hour more or less) in three successive periods, the last of which is the
latest that is due. Every day, week, second or fourth week; or in successive months or quarters on the same
day of the month, its last day, its last business day (Monday to Friday; holidays are not known) or the same
weekday of it. The second Tuesday is left out: that is when Windows patches come, which is no use.

Only the presence of busy hours counts, never their absence elsewhere, so that more load can add a rhythm
and never remove one. Times are wall-clock times of the zone, so that a change to summer time breaks none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache, partial
from itertools import count, islice, takewhile
from typing import NamedTuple

from plainbill.analyzer.ec2_idle.load import HOUR, Load
from plainbill.model.period import Period

HITS = 3
_DAY = timedelta(days=1)
_SLACK = (timedelta(0), -HOUR, HOUR)
_STEPS = {1: "every day", 7: "every week", 14: "every second week", 28: "every fourth week"}
_MONTH_STEPS = {1: "every month", 3: "every quarter"}
_LONGEST = timedelta(days=94)  # a quarter and a day: what is older is overdue in every way
_TUESDAY = 1

_DayOf = Callable[[int, int], date | None]
_At = Callable[[int], datetime | None]


class _Way(NamedTuple):
    """A rhythm that an hour may belong to: when it was due before it, will be next, and n periods on."""

    name: str
    is_monthly: bool
    before: datetime
    following: datetime
    at: _At


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """When an instance wakes: ``name`` for a sentence, wall-clock times without their zone.

    ``due`` are the times at which it should have woken, latest first, back to the first busy hour;
    the first few of them were met. ``is_monthly`` is for periods of four weeks and more.
    """

    name: str
    due: tuple[datetime, ...]
    next_due: datetime
    is_monthly: bool


def local_hours(load: Load, zone: tzinfo = UTC) -> set[datetime]:
    """Return the wall-clock hours (naive, whole) in which the instance was busy."""
    clock = clock_of(load.period, zone)
    return {clock[hour] for hour in load.busy_hours()}


@lru_cache(maxsize=16)
def clock_of(period: Period, zone: tzinfo) -> Sequence[datetime]:
    """Return the wall-clock hour of every hour of a period: the instances of one reading share it."""
    return tuple(local_hour(period.start + hour * HOUR, zone) for hour in range(period.hours))


def local_hour(instant: datetime, zone: tzinfo) -> datetime:
    """Return the wall-clock hour of an instant, without its zone: 02:00 stays 02:00 across a change."""
    return instant.astimezone(zone).replace(minute=0, second=0, microsecond=0, tzinfo=None)


def rhythms(busy: set[datetime], end: datetime, hits: int = HITS) -> Iterator[Rhythm]:
    """Yield every rhythm of at least ``hits`` among these wall-clock hours before ``end``, latest first."""
    first = min(busy, default=end)
    earliest = first - HOUR
    for anchor in sorted((hour for hour in busy if hour >= end - _LONGEST), reverse=True):
        for way in _ways(anchor, end):
            if way.before < earliest or not hit(way.before, busy):
                continue  # as nearly always: it is no use to look at the rest
            due = takewhile(lambda hour: hour >= earliest, _backwards(anchor, way.at))
            latest = tuple(islice(due, hits))
            if len(latest) == hits and all(hit(hour, busy) for hour in latest):
                every = (*latest, *due)
                yield Rhythm(name=way.name, due=every, next_due=way.following, is_monthly=way.is_monthly)


def explained(events: Iterable[Iterable[datetime]], found: Iterable[Rhythm]) -> int:
    """Count the events that have a busy hour where, within an hour, one of these rhythms was due."""
    due = {hour + slack for rhythm in found for hour in rhythm.due for slack in _SLACK}
    return sum(not due.isdisjoint(event) for event in events)


def hit(hour: datetime, busy: set[datetime]) -> bool:
    """Say whether the hour or one of its neighbours is among these."""
    return hour in busy or hour - HOUR in busy or hour + HOUR in busy


@lru_cache(maxsize=2_500)
def _ways(anchor: datetime, end: datetime) -> Sequence[_Way]:
    """Return the rhythms that this hour may belong to, but those that are overdue: they ended.

    The instances of one reading share them: every hour of the longest look back is kept.
    """
    found = []
    for name, is_monthly, at in _named(anchor):
        before, following = at(-1), at(1)
        if before is not None and following is not None and following + _DAY >= end:
            found.append(_Way(name, is_monthly, before, following, at))
    return found


def _named(anchor: datetime) -> Iterator[tuple[str, bool, _At]]:
    """Yield each rhythm of this hour: its name, whether monthly, the hour n periods on."""
    for days, name in _STEPS.items():
        yield name, days >= 28, partial(_days_on, anchor, days)
    for which, day_of in _days_of_month(anchor.date()):
        for months, name in _MONTH_STEPS.items():
            yield f"{name} on {which}", True, partial(_months_on, anchor, months, day_of)


def _backwards(anchor: datetime, at: _At) -> Iterator[datetime]:
    """Yield the hour and those before it; a month without such a day ends it."""
    hour: datetime | None = anchor
    for n in count(1):
        if hour is None:
            return
        yield hour
        hour = at(-n)


def _days_on(anchor: datetime, days: int, periods: int) -> datetime:
    return anchor + periods * days * _DAY


def _months_on(anchor: datetime, months: int, day_of: _DayOf, periods: int) -> datetime | None:
    ordinal = anchor.year * 12 + anchor.month - 1 + periods * months
    day = day_of(ordinal // 12, ordinal % 12 + 1)
    return None if day is None else datetime.combine(day, time(anchor.hour))


def _days_of_month(day: date) -> Iterator[tuple[str, _DayOf]]:
    """Yield each way of naming this day within its month, with the rule for other months."""
    number, week, weekday = day.day, (day.day - 1) // 7, day.weekday()
    yield f"day {number}", lambda year, month: _day(year, month, number)
    if (day + _DAY).month != day.month:
        yield "the last day", _last_day
    if day == _last_business_day(day.year, day.month):
        yield "the last business day", _last_business_day
    if (week, weekday) != (1, _TUESDAY):
        name = f"{('the first', 'the second', 'the third', 'the fourth', 'the fifth')[week]} {day:%A}"
        yield name, lambda year, month: _nth_weekday(year, month, week, weekday)


def _day(year: int, month: int, number: int) -> date | None:
    last = _last_day(year, month)
    return last.replace(day=number) if number <= last.day else None


def _last_day(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - _DAY


def _last_business_day(year: int, month: int) -> date:
    last = _last_day(year, month)
    return last - max(0, last.weekday() - 4) * _DAY


def _nth_weekday(year: int, month: int, week: int, weekday: int) -> date | None:
    first = date(year, month, 1)
    return _day(year, month, 1 + (weekday - first.weekday()) % 7 + 7 * week)
