"""Half-open spans of UTC time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)


def midnight(day: date) -> datetime:
    """Return the first instant of a UTC day."""
    return datetime.combine(day, time(), tzinfo=UTC)


def month_start(day: date, months: int = 0) -> date:
    """Return the first day of the month of a day, or of so many months later; less than 0 for earlier."""
    number = day.year * 12 + day.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """``[start, end)`` in UTC, never empty; Cost Explorer's ``TimePeriod`` and FOCUS's ``ChargePeriod``.

    Raises ``ValueError`` for naive or non-UTC instants and for an end at or before the start.
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        for instant in (self.start, self.end):
            if instant.utcoffset() != timedelta(0):
                raise ValueError(f"a Period is in UTC, got {instant.isoformat()}")
        if self.end <= self.start:
            raise ValueError(f"a Period ends after it starts, got {self.start} .. {self.end}")

    @classmethod
    def of_days(cls, first: date, end: date) -> Period:
        """Return the whole UTC days from ``first`` up to, not including, ``end``."""
        return cls(midnight(first), midnight(end))

    @classmethod
    def last_days(cls, days: int, before: date) -> Period:
        """Return the ``days`` whole UTC days before the day ``before``."""
        return cls.of_days(before - days * _DAY, before)

    @property
    def first_day(self) -> date:
        """The UTC day of ``start``."""
        return self.start.date()

    @property
    def end_day(self) -> date:
        """The first UTC day that is wholly outside (exclusive, as Cost Explorer's ``End``)."""
        last = (self.end - timedelta(microseconds=1)).date()
        return last + _DAY

    @property
    def days(self) -> int:
        """How many UTC days the span touches."""
        return (self.end_day - self.first_day).days

    @property
    def hours(self) -> int:
        """How many whole hours the span holds."""
        return (self.end - self.start) // _HOUR

    def dates(self) -> Iterator[date]:
        """Yield each UTC day the span touches, in order."""
        return (self.first_day + n * _DAY for n in range(self.days))

    def previous(self) -> Period:
        """Return the span of equal length that ends where this one starts."""
        return Period(self.start - (self.end - self.start), self.start)

    def __contains__(self, instant: datetime) -> bool:
        return self.start <= instant < self.end

    def covers(self, other: Period) -> bool:
        """Say whether ``other`` lies wholly inside."""
        return self.start <= other.start and other.end <= self.end


AHEAD = timedelta(minutes=5)
"""How far in the future something read may seem to lie: clocks are set back by as much without notice."""


def is_of_the_future(age: timedelta) -> bool:
    """Say whether something is younger than it can be: a clock was wrong when it was read, or is now."""
    return age < -AHEAD


def minute(instant: datetime) -> str:
    """Write an instant of UTC for a sentence: ``2026-11-24 09:05 UTC``."""
    return f"{instant:%Y-%m-%d %H:%M} UTC"


def utc_now() -> datetime:
    """Return the present instant; the outermost layers call this and hand the value inwards."""
    return datetime.now(UTC)
