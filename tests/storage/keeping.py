"""What the tests of the record put into it: a refresh, said with as little as the test is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from factories import NOW, cost_record
from plainbill.model.cost import CostRecord, CostTable
from plainbill.model.period import Period
from plainbill.storage import Collected, CostSpan, TableSpan

DAY = timedelta(days=1)


def days(first: date, end: date) -> list[date]:
    return list(Period.of_days(first, end).dates())


def never_answered(table: TableSpan) -> list[date]:
    """The holes in what was read of a table."""
    answered = {day for reading in table.readings for day in reading.period.dates()}
    return [day for day in table.period.dates() if day not in answered]


def flat_costs(first: date, end: date, amount: str = "1", **changes: Any) -> dict[Any, CostSpan]:
    """All three tables over ``[first, end)`` with the same amount every day."""
    return {table: span(first, end, records_of(table, first, end, amount, **changes)) for table in CostTable}


def records_of(table: CostTable, first: date, end: date, amount: str, **changes: Any) -> list[CostRecord]:
    key, account = (None, None) if table is CostTable.CONTROL else (f"a {table.value}", "111122223333")
    return [cost_record(day, key, amount, account, **changes) for day in days(first, end)]


def span(first: date, end: date, records: Sequence[CostRecord]) -> CostSpan:
    return CostSpan(Period.of_days(first, end), records)


def collected(
    run_id: str = "run-1",
    costs: Mapping[Any, CostSpan] | None = None,
    taken_at: datetime = NOW,
    **changes: Any,
) -> Collected:
    """A refresh of October and November of one account, without instances."""
    plain = Collected(
        run_id=run_id,
        taken_at=taken_at,
        accounts={"111122223333": "Main"},
        regions=("us-east-1",),
        costs=flat_costs(date(2026, 10, 1), date(2026, 11, 24)) if costs is None else costs,
        instances=(),
        utilization={},
        metrics_period=None,
        gaps=(),
    )
    return replace(plain, **changes)
