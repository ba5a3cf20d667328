"""Daily metrics as evidence: is there enough of them, is a silence a zero, is a resource old enough."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from plainbill.analyzer.measured import MIN_COVERAGE
from plainbill.analyzer.waste_check import Context
from plainbill.analyzer.wording import days_text
from plainbill.model.metrics import Metric, Series
from plainbill.model.resources import Resource

GB = 10**9


def use(resource: Resource, metrics: Iterable[Metric], days: int, context: Context) -> float | None:
    """Return the sum of what metrics measured above zero, whatever is missing; None where nothing was.

    Only good to acquit: what was measured was there, but a sum of 0 says nothing of the days between.
    """
    read = (context.used(resource, metric, days) for metric in metrics)
    totals = [series.total for series in read if series is not None and series.total is not None]
    return sum(totals) if totals else None


def shortfall(resource: Resource, metrics: Iterable[Metric], days: int, context: Context) -> str | None:
    """Return what is missing of metrics that are always published, as a sentence; None where it is enough."""
    for metric in metrics:
        series = context.used(resource, metric, days)
        if series is None:
            return f"CloudWatch's {metric.name} was not read for {days_text(days)}"
        if series.coverage < MIN_COVERAGE:
            known = len(series.known)
            return f"CloudWatch has {metric.name} for {known} of {days_text(days)} only"
    return None


def is_measured(series: Series | None) -> bool:
    """Whether a metric was published on enough days."""
    return series is not None and series.coverage >= MIN_COVERAGE


def too_young(since: datetime | None, days: int, context: Context) -> str | None:
    """Return why a resource cannot have been watched for so long, as a sentence; None where it can."""
    age = context.age(since)
    if age is None:
        return "AWS does not say how old it is"
    if age < timedelta(days=days):
        return f"it is {days_text(age.days)} old, younger than the {days_text(days)} to look back on"
    return None
