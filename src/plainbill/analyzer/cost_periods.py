"""The period that costs are compared with, and calendar months: months have different lengths."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from enum import StrEnum

from plainbill.model.period import Period, month_start

_DAY = timedelta(days=1)
_YEAR = 12


class Compare(StrEnum):
    """What a period is held against."""

    PREVIOUS = "previous"
    LAST_YEAR = "last_year"
    NOTHING = "nothing"


def compared_period(period: Period, compare: Compare) -> Period | None:
    """Return the period to compare with, None for ``NOTHING``; last year the same days of the year before."""
    if compare is Compare.NOTHING:
        return None
    if compare is Compare.LAST_YEAR:
        return _months_before(period, _YEAR)
    return period_before(period)


def period_before(period: Period) -> Period:
    """Return the period before, wherever nothing else is asked for.

    Of whole calendar months as many whole months before; of the first days of one month the same days of the
    month before, as far as it has them; of other days as many days before.
    """
    if period.first_day.day != 1:
        return period.previous()
    last = period.end_day - _DAY
    months = _month_number(last) - _month_number(period.first_day) + 1
    if months == 1 or period.end_day.day == 1:
        return _months_before(period, months)
    return period.previous()


def months_of(period: Period) -> Iterator[Period]:
    """Yield the calendar months of a period, cut at its ends."""
    first = period.first_day
    while first < period.end_day:
        end = min(month_start(first, 1), period.end_day)
        yield Period.of_days(first, end)
        first = end


def _months_before(period: Period, months: int) -> Period:
    """Move a period back by whole months; whole months stay whole, and no month gets days it has not."""
    first = _moved(period.first_day, -months)
    if period.first_day.day == period.end_day.day == 1:
        return Period.of_days(first, _moved(period.end_day, -months))
    return Period.of_days(first, _moved(period.end_day - _DAY, -months) + _DAY)


def _moved(day: date, months: int) -> date:
    first = month_start(day, months)
    return first.replace(day=min(day.day, monthrange(first.year, first.month)[1]))


def _month_number(day: date) -> int:
    return day.year * 12 + day.month - 1
