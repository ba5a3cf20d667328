"""Every waste check: what it looks for, its rule and thresholds, and how often it found something."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import Field, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from plainbill.analyzer.registry import Check
from plainbill.analyzer.what_if import allowed_of
from plainbill.app.place_query import PlaceQuery, service_of
from plainbill.app.views.cells import Square
from plainbill.app.views.finding_shapes import (
    CheckCountsView,
    ChecksView,
    CheckView,
    MetricView,
    ThresholdView,
)
from plainbill.app.views.gaps import gap_view
from plainbill.app.views.judged import Judged
from plainbill.app.views.setting import setting_of
from plainbill.app.views.standing import Standing
from plainbill.model.inventory import Gap
from plainbill.model.metrics import Metric


def check_view(check: Check) -> CheckView:
    """Return a check as it is described, without counts."""
    return CheckView(
        id=check.id,
        title=check.title,
        service=service_of(check.id),
        explanation=check.explanation,
        rule=check.rule_text,
        source=check.source,
        resource=check.resource.__name__,
        needs=[kind.__name__ for kind in check.needs],
        action=check.action.value,
        effort=check.effort.value,
        thresholds=[threshold_view(check, one) for one in check.thresholds()],
        metrics=[metric_view(metric) for metric in check.metrics],
        counts=None,
        monthly_saving={},
        precision=None,
        failure=None,
    )


def threshold_view(check: Check, threshold: Field[Any]) -> ThresholdView:
    """Return a threshold: its usual value, the one in force, and what it may be set to."""
    allowed = allowed_of(threshold)
    return ThresholdView(
        name=threshold.name,
        help=str(threshold.metadata["help"]),
        default=setting_of(threshold.default),
        value=setting_of(getattr(check, threshold.name)),
        allowed=None if allowed is None else allowed.text,
        lowest=None if allowed is None else allowed.lowest,
        highest=None if allowed is None else allowed.highest,
    )


def checks_view(
    checks: Sequence[Check], standing: Standing | None, refused: Iterable[Gap] = ()
) -> ChecksView:
    """Return all checks, by service and title, with what each of them said; ``refused`` are no checks."""
    gaps = [gap_view(gap) for gap in refused]
    shown = sorted((check_view(check) for check in checks), key=lambda one: (one.service, one.title, one.id))
    judged = None if standing is None else standing.judged
    if standing is None or judged is None:
        return ChecksView(taken_at=None, checks=shown, refused=gaps)
    counts, savings = _counts(judged), _savings(standing.listed or judged)
    return ChecksView(
        taken_at=judged.context.now,
        checks=[
            replace(
                one,
                counts=counts[one.id],
                monthly_saving=savings.get(one.id, {}),
                precision=standing.precision.get(one.id),
                failure=next((gap.reason for gap in judged.failures.get(one.id, ())), None),
            )
            for one in shown
        ],
        refused=gaps,
    )


def metric_view(metric: Metric) -> MetricView:
    """Return a metric as it is described."""
    return MetricView(
        namespace=metric.namespace,
        name=metric.name,
        statistic=metric.statistic,
        unit=metric.unit,
        step_hours=metric.step / timedelta(hours=1),
        is_sparse=metric.is_sparse,
    )


def _counts(judged: Judged) -> Mapping[str, CheckCountsView]:
    by_check: dict[str, Square] = {check.id: Square() for check in judged.checks}
    for (check_id, _), square in judged.cells.squares(PlaceQuery(), "region").items():
        by_check[check_id].join(square)
    return {
        check_id: CheckCountsView(
            waste=square.waste,
            ok=square.ok,
            could_not_judge=square.could_not_judge,
            could_not_check=len(judged.not_entered) + square.closed,
        )
        for check_id, square in by_check.items()
    }


def _savings(judged: Judged) -> Mapping[str, Mapping[str, Decimal]]:
    found: defaultdict[str, dict[str, Decimal]] = defaultdict(dict)
    for finding_id, money in judged.report.counted.items():
        sums = found[judged.by_id[finding_id].check.id]
        sums[money.currency] = sums.get(money.currency, Decimal(0)) + money.amount
    return found
