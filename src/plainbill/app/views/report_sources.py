"""What the monthly report is made from, and what its parts share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from plainbill.app.formats import (
    plural,
)
from plainbill.app.views.changes_shapes import ChangesView
from plainbill.app.views.cost_shapes import ReconciliationView
from plainbill.app.views.finding_shapes import CouldNotCheckView, FindingRowView, SavingTotalsView
from plainbill.app.views.outlook import AnomaliesView, SeriesForecastView
from plainbill.app.views.report_shapes import ReportTableView
from plainbill.app.views.shapes import CostByServiceView, StatusView
from plainbill.app.views.showback_shapes import ShowbackView

SHOWN = 10
"""Rows of a table of the report; the pages have them all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSources:
    """The views that the report is made from: costs and changes of the month, the rest as of now."""

    month: date
    is_whole: bool
    status: StatusView
    costs: CostByServiceView
    proof: ReconciliationView
    owners: ShowbackView
    changes: ChangesView
    forecast: SeriesForecastView
    anomalies: AnomaliesView
    rows: Sequence[FindingRowView]
    first: Sequence[FindingRowView]
    totals: SavingTotalsView
    by_confidence: Mapping[str, Mapping[str, Decimal]]
    unread: CouldNotCheckView


def more(count: int, noun: str, none: str) -> list[str]:
    """Say how many rows are left out, or that there is none."""
    if not count:
        return [none] if none else []
    return [f"The first {SHOWN} of {plural(count, noun)}."] if count > SHOWN else []


def table(
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    numbers: Sequence[str] = (),
    links: Sequence[str | None] = (),
) -> ReportTableView | None:
    """Return a table, None where there is no row."""
    if not rows:
        return None
    return ReportTableView(head=head, rows=rows, numbers=numbers, links=links or [None] * len(rows))
