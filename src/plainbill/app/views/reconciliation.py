"""Whether rows sum to AWS's own total, and what of it may still change."""

from __future__ import annotations

from decimal import Decimal

from plainbill.app.views.cost_shapes import ReconciliationView
from plainbill.app.views.shapes import CostByServiceView
from plainbill.model.exact import exact_sum


def reconciliation(
    costs: CostByServiceView, rows_total: Decimal | None = None, *, is_part: bool = False
) -> ReconciliationView:
    """Hold rows against the control total of the same days and metric, which ``costs`` has.

    ``rows_total`` is what the shown rows sum to, those of ``costs`` itself without it; ``is_part`` says that
    they are only some of the bill, so that ``costs`` is what is held against AWS's total.
    """
    total = costs.total if is_part or rows_total is None else rows_total
    types = exact_sum(row.cost for row in costs.by_record_type) if costs.by_record_type else None
    return ReconciliationView(
        total=total,
        part=rows_total if is_part else None,
        control_total=costs.control_total,
        difference=_difference(costs.control_total, total),
        note=costs.control_note,
        by_record_type=costs.by_record_type,
        record_types_total=types,
        record_types_difference=_difference(total, types),
        estimated_days=costs.estimated_days,
        unsettled_days=len(costs.unsettled_days),
        as_of=costs.as_of,
        may_change=costs.may_change,
        late_days=0 if costs.total is None else len(costs.late_days),
        missing_days=0 if costs.total is None else len(costs.missing_days) - len(costs.late_days),
        missing_total=costs.missing_total,
    )


def _difference(whole: Decimal | None, part: Decimal | None) -> Decimal | None:
    return None if whole is None or part is None else exact_sum((whole, -part))
