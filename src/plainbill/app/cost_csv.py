"""Costs and what changed them as tables for spreadsheets: exactly what is shown."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from plainbill.app.csv import Cell, table_csv
from plainbill.app.views.changes_shapes import ChangesView
from plainbill.app.views.cost_shapes import CostExplorerView, CostRowView, CostSpanView

_COLUMNS = (
    "name", "cost", "currency", "share", "per_day", "previous_cost", "previous_per_day", "change",
    "change_per_day", "start", "end", "metric",
)  # fmt: skip
_CHANGE_COLUMNS = (
    "cause", "title", "key", "account_id", "account_name", "amount", "currency", "before", "after", "unit",
    "rate_before", "rate_after", "start", "end", "compared_start", "compared_end", "metric",
)  # fmt: skip


def explorer_csv(view: CostExplorerView) -> bytes:
    """Return one row for each service, account or record type, with a column for each day or month.

    A day that is not known is an empty cell; one without a cost is 0.00.
    """
    spans = [str(span.start) if view.granularity == "daily" else f"{span.start:%Y-%m}" for span in view.spans]
    return table_csv((view.group, *_COLUMNS, *spans), (list(_cells(view, row)) for row in view.rows))


def _cells(view: CostExplorerView, row: CostRowView) -> Iterator[Cell]:
    yield from (row.key, row.name, row.cost, view.currency, row.share, row.per_day)
    yield from (row.previous_cost, row.previous_per_day, row.change, row.change_per_day)
    yield from (view.period.start, view.period.end, view.metric)
    yield from (_cost(span, row.key) for span in view.spans)


def _cost(span: CostSpanView, key: str) -> Decimal | None:
    return None if span.total is None else span.costs.get(key, Decimal(0))


def changes_csv(view: ChangesView) -> bytes:
    """Return one row for each part of each cause; the amounts sum to the change."""
    days = (view.period.start, view.period.end, view.compared.start, view.compared.end, view.metric)
    rows = (
        (
            *(step.cause, step.title, part.key, part.account_id, part.account_name, part.amount),
            *(view.currency, part.before, part.after, part.unit, part.rate_before, part.rate_after),
            *days,
        )
        for step in view.steps
        for part in step.parts
    )
    return table_csv(_CHANGE_COLUMNS, rows)
