"""Daily metrics as evidence: what was measured of a resource, or why that is too little to judge by."""

from __future__ import annotations

from datetime import datetime

from plainbill.analyzer.measured import MIN_COVERAGE
from plainbill.analyzer.waste_check import Context
from plainbill.analyzer.wording import days_text
from plainbill.model.findings import Unknown
from plainbill.model.metrics import Metric, Series
from plainbill.model.resources import Resource


def measured(
    context: Context, resource: Resource, metric: Metric, days: int, min_coverage: float = MIN_COVERAGE
) -> Series | Unknown:
    """Return the last days of a metric, or what is missing of it.

    Not for sparse metrics: a day without a datapoint counts as a day that was not measured.
    """
    series = context.used(resource, metric, days)
    if series is None:
        return Unknown(f"{metric.name} of {resource.resource_id} was not read for the last {days_text(days)}")
    if series.coverage < min_coverage:
        return Unknown(
            f"{metric.name} of {resource.resource_id} was measured on {len(series.known)} of "
            f"{days_text(days)}: too few to judge by"
        )
    return series


def too_young(context: Context, since: datetime | None, days: int) -> Unknown | None:
    """Return why a resource is not old enough to look back so far; None where it is."""
    age = context.age(since)
    if age is None:
        return Unknown("AWS does not say when it was made")
    if age.days < days:
        return Unknown(f"made {days_text(age.days)} ago: a rule over {days_text(days)} says nothing yet")
    return None
