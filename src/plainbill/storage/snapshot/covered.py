"""What Savings Plans covered, from the bill by record type."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from plainbill.model.billing import LATE
from plainbill.model.cost import CostMetric, CostTable
from plainbill.model.money import Money
from plainbill.model.period import Period
from plainbill.storage.snapshot.reader import Snapshot

DAYS = 14
"""Days the average is of, so that weekdays and weekends count as they come."""
_HOURS_PER_DAY = 24
_COVERED = "savingsplancoveredusage"
_DAY = timedelta(days=1)


def covered_list_per_hour(snapshot: Snapshot, since: date | None = None) -> Money | None:
    """Return the list value of what Savings Plans covered in an average hour of the last 14 closed days.

    Closed are whole UTC days that ended a day or more before the reading. Record type
    ``SavingsPlanCoveredUsage``, unblended: that is the on-demand price of the covered usage. ``since`` is
    the first day on which all plans of today were active, where that is later: only days from then on
    count. None where a day of these was not read, or there is none.
    """
    end = snapshot.manifest.taken_at.date() - LATE * _DAY
    first = max(end - DAYS * _DAY, since or date.min)
    span = snapshot.manifest.tables.get(CostTable.RECORD_TYPE)
    if span is None or first >= end:
        return None
    read = {day for reading in span.readings for day in reading.period.dates()}
    period = Period.of_days(first, end)
    if not read.issuperset(period.dates()):
        return None
    days = snapshot.daily_costs(CostTable.RECORD_TYPE, period, CostMetric.UNBLENDED)
    covered = sum((day.cost for day in days if _is_covered(day.key)), Decimal(0))
    return Money(covered / (period.days * _HOURS_PER_DAY), snapshot.manifest.currency)


def _is_covered(record_type: str | None) -> bool:
    """Say whether it is the record type, in Cost Explorer's spelling or with spaces as on AWS's pages."""
    return (record_type or "").replace(" ", "").lower() == _COVERED
