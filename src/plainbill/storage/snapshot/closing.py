"""Which days need not be asked again.

A day is closed when it was not Estimated when last read and it was last read when its month was final.
AWS may change a month until about two weeks after its end (Data Exports user guide, "delivery"; support
fees, refunds and credits arrive after the month's end), so a month is final from the 15th of the next.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from plainbill.model.period import Period, month_start
from plainbill.storage.snapshot.manifest import Reading, TableSpan

FINAL_FROM_DAY = 15
_DAY = timedelta(days=1)


def first_day_not_final(on: date) -> date:
    """Return the first day of the earliest month that AWS may still change on the day ``on``."""
    return month_start(on, 0 if on.day >= FINAL_FROM_DAY else -1)


def first_open_day(span: TableSpan, first_estimated: date | None, today: date, kept_from: date) -> date:
    """Return the first day of a table from ``kept_from`` on that must be asked again.

    ``first_estimated`` is the first day from there on that was Estimated when last read. If every day is
    closed, the answer is the first day after them.
    """
    closed = {day for reading in span.readings for day in _closed_in(reading, today)}
    day = kept_from
    while day in closed:
        day += _DAY
    return day if first_estimated is None else min(day, first_estimated)


def _closed_in(reading: Reading, today: date) -> Iterator[date]:
    # A month read on the 3rd and never since may have changed up to the 14th, whatever the date is now. When
    # something of the future was read nobody knows: a clock was wrong.
    if (read_on := reading.as_of.date()) > today:
        return iter(())
    not_final = first_day_not_final(read_on)
    return (day for day in reading.period.dates() if day < not_final)


def add_reading(previous: TableSpan | None, days: Iterable[date], as_of: datetime) -> TableSpan | None:
    """Return the span after ``days`` were read anew at ``as_of``; None while nothing was ever read."""
    last_read: dict[date, datetime] = {}
    for reading in previous.readings if previous else ():
        last_read.update(dict.fromkeys(reading.period.dates(), reading.as_of))
    last_read.update(dict.fromkeys(days, as_of))
    readings = _grouped(last_read)
    if not readings:
        return None
    period = Period(readings[0].period.start, readings[-1].period.end)
    return TableSpan(period, max(reading.as_of for reading in readings), readings)


def _grouped(last_read: dict[date, datetime]) -> tuple[Reading, ...]:
    """Join neighbouring days that were last read at the same time."""
    runs: list[tuple[date, date, datetime]] = []
    for day in sorted(last_read):
        if runs and runs[-1][1] == day and runs[-1][2] == last_read[day]:
            runs[-1] = (runs[-1][0], day + _DAY, last_read[day])
        else:
            runs.append((day, day + _DAY, last_read[day]))
    return tuple(Reading(Period.of_days(first, end), as_of) for first, end, as_of in runs)
