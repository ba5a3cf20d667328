"""Showback and unit costs as tables for spreadsheets: exactly what is shown."""

from __future__ import annotations

from collections.abc import Iterator

from plainbill.app.csv import Cell, table_csv
from plainbill.app.views.showback_shapes import ShowbackView, UnitCostView

_ROWS = (
    "owner", "name", "part", "direct", "share", "charged", "currency", "share_of_total", "cost", "rule",
    "start", "end", "metric",
)  # fmt: skip
_UNITS = (
    "unit", "owner", "start", "end", "cost", "currency", "units", "unit_cost", "counted", "of",
    "without_units", "without_cost", "zero", "is_estimated", "metric", "row", "divided", "period_cost",
)  # fmt: skip


def showback_csv(view: ShowbackView) -> bytes:
    """Return one row for each owner, for what is shared and for what has no owner; they sum to the total."""
    days = (view.period.start, view.period.end, view.metric)
    rows = (
        (
            *(row.owner, row.name, row.part, row.direct, row.share, row.charged, view.currency),
            *(row.share_of_total, row.cost, view.rule_used or "none", *days),
        )
        for row in view.rows
    )
    return table_csv(_ROWS, rows)


def units_csv(view: ShowbackView) -> bytes:
    """Return one row for each day or month, then the period of all and of each owner."""
    return table_csv(_UNITS, _unit_rows(view))


def _unit_rows(view: ShowbackView) -> Iterator[tuple[Cell, ...]]:
    if view.units is not None:
        for row in (*view.units.rows, view.units.whole):
            yield (*_unit_row(view, view.units.name, None, row), None, None, None)
        for one in view.units.owners:
            of_row = (one.name, view.units.divided, one.cost)
            yield (*_unit_row(view, view.units.name, one.owner, one.whole), *of_row)


def _unit_row(view: ShowbackView, name: str, owner: str | None, row: UnitCostView) -> tuple[Cell, ...]:
    cost = row.cost if row.counted else None
    figures = (row.counted, row.spans, row.without_units, row.without_cost, row.zero, str(row.is_estimated))
    sums = (cost, view.currency, row.units, row.unit_cost)
    return (name, owner, row.start, row.end, *sums, *figures, view.metric)
