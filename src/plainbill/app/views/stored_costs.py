"""Which days' costs are known, when they were read, what may still change, and AWS's own total of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from plainbill.app.formats import day as day_text
from plainbill.app.formats import plural
from plainbill.model.cost import AnyTable, CostColumn, CostMetric, CostTable
from plainbill.model.exact import exact_sum
from plainbill.model.period import Period, month_start
from plainbill.storage import Snapshot
from plainbill.storage.snapshot.closing import FINAL_FROM_DAY, first_day_not_final

_LATE = timedelta(days=2)
"""Cost Explorer fills a day within about 24 hours of its end (its user guide): a day that ended less than
that before it was read and has no row at all is not known yet; an older one cost nothing."""
_SUPPORT_BILLED = 7
"""Day of the next month on which a month's support fee is in its bill (CUR user guide, "finalized")."""
_DAY = timedelta(days=1)
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
Known = Mapping[date, datetime]
"""The moment each known day was read."""


def read_at(snapshot: Snapshot, table: AnyTable) -> Known:
    """Return when each day of a table was last read, for the days that were."""
    span = snapshot.manifest.span(table)
    readings = () if span is None else span.readings
    return {day: reading.as_of for reading in readings for day in reading.period.dates()}


def known_days(snapshot: Snapshot, table: AnyTable, period: Period) -> Known:
    """Return the days of the period whose cost is known, with the moment each was read."""
    read = read_at(snapshot, table)
    asked = [day for day in period.dates() if day in read]
    late = [day for day in asked if day >= read[day].date() - _LATE]
    filled: set[date] = set()
    if late:  # whatever is asked for: one row of any account shows that AWS has filled the day
        around = Period.of_days(late[0], late[-1] + _DAY)
        rows = snapshot.grouped_costs(table, around, CostMetric.UNBLENDED, CostColumn.ACCOUNT)
        filled = {row.day for row in rows}
    unfilled = set(late) - filled
    return {day: read[day] for day in asked if day not in unfilled}


def is_same_reading(one: Known, other: Known) -> bool:
    """Say whether two tables know the same days, each from the same reading or from ones that were final."""
    return one.keys() == other.keys() and all(
        at == other[day] or day < min(first_day_not_final(at.date()), first_day_not_final(other[day].date()))
        for day, at in one.items()
    )


def control_total(
    snapshot: Snapshot, period: Period, metric: CostMetric, account: str | None, known: Known
) -> tuple[Decimal | None, str | None]:
    """Return AWS's own total of the known days, and how it was come by or why there is none."""
    table = CostTable.CONTROL if account is None else CostTable.RECORD_TYPE
    read = read_at(snapshot, table)
    if not known.keys() <= read.keys():
        return None, "AWS's own total of these days could not be read"
    if any(read[day] != at for day, at in known.items()):
        return None, "AWS's own total of these days is of another reading, so it is not compared"
    rows = snapshot.daily_costs(table, period, metric, account)
    note = None
    if account is not None:
        note = "AWS gives no total of its own for one account: this is the sum of its record types"
    return exact_sum(row.cost for row in rows if row.day in known), note


def total_of_days(
    snapshot: Snapshot, period: Period, metric: CostMetric, account: str | None, days: Collection[date]
) -> Decimal | None:
    """Return AWS's own total of some days of a period; None for none, and where one was not read."""
    table = CostTable.CONTROL if account is None else CostTable.RECORD_TYPE
    if not days or not set(days) <= read_at(snapshot, table).keys():
        return None
    return exact_sum(
        row.cost for row in snapshot.daily_costs(table, period, metric, account) if row.day in days
    )


def unsettled_days(known: Known) -> list[date]:
    """Return the days whose month was not final when they were read: AWS may still change them."""
    return [day for day, at in known.items() if day >= first_day_not_final(at.date())]


NOT_COMPARED = "and a part is not compared with a whole"


def part_of_a_day(known: Known) -> str | None:
    """Say that the last day is known in part, None where every day was over when it was read."""
    begun = max((day for day, at in known.items() if day >= at.date()), default=None)
    return None if begun is None else f"{day_text(begun)} was not over when it was read"


def may_change(known: Known, estimated: int) -> Sequence[str]:
    """Say what may still change of the known days, ``estimated`` of which AWS marks so; nothing: no words.

    Support fees of a month come on the 6th or 7th of the next, corrections until about two weeks into it
    (Data Exports user guide, "delivery" and "finalized").
    """
    part = part_of_a_day(known)
    said = [f"{part}: the rest of its costs is not in these figures."] if part else []
    if estimated:
        are = "is" if estimated == 1 else "are"
        said.append(
            f"{plural(estimated, 'day')} {are} estimated: not invoiced yet, and usage that is reported late "
            "still changes them."
        )
    months: dict[date, datetime] = {}
    for day in unsettled_days(known):
        month = month_start(day)
        months[month] = max(known[day], months.get(month, known[day]))
    said.extend(_month_sentence(month, at.date()) for month, at in sorted(months.items()))
    return said


def _month_sentence(month: date, read: date) -> str:
    following = month_start(month, 1)
    name = f"{_MONTHS[month.month - 1]} {month.year}"
    support = ""
    if read <= following.replace(day=_SUPPORT_BILLED):
        support = f" its support fee, which comes on the 6th or 7th of {_MONTHS[following.month - 1]},"
    final = day_text(following.replace(day=FINAL_FROM_DAY))
    return (
        f"{name} was not final when it was read:{support} refunds, credits and corrections may come until "
        f"about {final}."
    )
