"""The findings to take up first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from heapq import nsmallest

from plainbill.analyzer.priority import priority
from plainbill.app.views.finding_shapes import FindingRowView
from plainbill.model.findings import Confidence, Effort

SHOWN = 5


def first_findings(rows: Iterable[FindingRowView], currency: str) -> Sequence[FindingRowView]:
    """Return the open findings that weigh most, heaviest first.

    What somebody says is done already, what has no known saving, an alternative that is not counted and
    amounts of another currency have no place among them.
    """
    ranked = (
        (-_weight(row, row.counted_saving), row.check_id, row.arn, row)
        for row in rows
        if row.state == "open" and row.counted_saving and row.currency == currency
    )
    return [row for *_, row in nsmallest(SHOWN, ranked, key=lambda one: one[:3])]


def _weight(row: FindingRowView, counted: Decimal) -> Decimal:
    assert row.confidence is not None  # noqa: S101  only what is gone has none
    return priority(counted, Confidence(row.confidence), Effort(row.effort))
