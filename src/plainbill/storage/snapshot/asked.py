"""Which tables of the bill were asked for today: AWS changes them a few times a day, at a cent a question."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from plainbill.model.billing import BillTable, UsageTable, asked_on, bill_source
from plainbill.model.cost import AnyTable, CostTable, NamedTable
from plainbill.model.inventory import Gap
from plainbill.model.period import minute
from plainbill.storage.snapshot.manifest import Manifest

BASE_TABLES = (CostTable.SERVICE, CostTable.CONTROL, CostTable.RECORD_TYPE)
"""What costs are always asked for, in the order of what it is worth: the totals by service and account, AWS's
own total to prove them by, then what of them is credit or tax."""
_OF_THE_DATA = frozenset({"HistoryUnavailable", "DaysMissing"})
"""Kinds of gaps that go on for as long as the figures that they are of."""
_ASK_AGAIN = frozenset({"DaysMissing"})


def wanted_tables(details: Iterable[AnyTable]) -> tuple[BillTable, ...]:
    """Return the tables that a refresh asks for; ``details`` are the further tables of costs."""
    return (*BASE_TABLES, *UsageTable, *details)


def day_asked(manifest: Manifest | None, table: BillTable) -> date | None:
    """Return the UTC day on which the stored figures of a table were asked for; None where there are none."""
    if manifest is None:
        return None
    if not isinstance(table, UsageTable):
        span = manifest.span(table)
        return span.as_of.date() if span else None
    period = manifest.usage.get(table)
    return asked_on(period) if period else None


def _was_asked_on(manifest: Manifest | None, table: BillTable, day: date) -> bool:
    """Say whether anything stored of a table is of that day: what else there is may be of a wrong clock."""
    span = manifest.span(table) if manifest and not isinstance(table, UsageTable) else None
    if span is not None:
        return any(reading.as_of.date() == day for reading in span.readings)
    return day_asked(manifest, table) == day


def when_asked(manifest: Manifest | None, table: BillTable) -> str | None:
    """Say when the stored figures of a table were asked for, as exactly as it is known."""
    if manifest and not isinstance(table, UsageTable) and (span := manifest.span(table)):
        return f"at {minute(span.as_of)}"
    day = day_asked(manifest, table)
    return f"on {day}" if day else None


def gaps_of_figures(manifest: Manifest | None, *tables: BillTable) -> Iterator[Gap]:
    """Yield the gaps that stored figures of these tables go on having."""
    sources = set(map(bill_source, tables))
    for gap in manifest.gaps if manifest else ():
        if gap.kind in _OF_THE_DATA and gap.source in sources:
            yield gap


def asked_today(manifest: Manifest | None, today: date) -> tuple[BillTable, ...]:
    """Return the tables that were asked for on the UTC day ``today``, and of which no day is missing."""
    named = map(NamedTable.of, manifest.named if manifest else ())
    return tuple(
        table
        for table in (*CostTable, *UsageTable, *named)
        if _was_asked_on(manifest, table, today)
        and not any(gap.kind in _ASK_AGAIN for gap in gaps_of_figures(manifest, table))
    )
