"""What checks ask of a metric before they believe it: was it read, for how long, on how many days."""

from __future__ import annotations

from datetime import datetime, timedelta

from plainbill.analyzer.waste_check import Context
from plainbill.analyzer.wording import days_text
from plainbill.model.findings import Unknown
from plainbill.model.metrics import Metric, Series
from plainbill.model.resources import Resource

MIN_COVERAGE = 0.8
"""The share of days with data below which nothing is judged (measured on public traces of instances)."""


def read_for(context: Context, resource: Resource, metric: Metric, days: int) -> Series | Unknown:
    """Return the last ``days`` days of a metric, with holes; Unknown where not so many were read."""
    series = context.used(resource, metric, days)
    return Unknown(f"{metric.name} was not read for {days_text(days)}") if series is None else series


def covered(context: Context, resource: Resource, metric: Metric, days: int) -> Series | Unknown:
    """Return the last ``days`` days of a metric that was measured on nearly all of them, else Unknown."""
    series = read_for(context, resource, metric, days)
    if isinstance(series, Series) and series.coverage < MIN_COVERAGE:
        known = len(series.known)
        return Unknown(f"{metric.name} was measured on {known} of {days_text(days)}, too few to judge")
    return series


def is_published(context: Context, resource: Resource, metric: Metric) -> bool:
    """Say whether CloudWatch has the metric of any resource of the kind in the same account and Region.

    Then one without a datapoint had no event: the service does publish there.
    """
    there = context.inventory.beside(resource, type(resource)) or ()
    found = (context.series.get((one.arn, metric.key)) for one in there)
    return any(series is not None and series.known for series in found)


def too_young(context: Context, since: datetime | None, days: int) -> Unknown | None:
    """Return Unknown for what is younger than ``days`` days, or of unknown age; None for the rest."""
    age = context.age(since)
    if age is None:
        return Unknown("AWS does not say when it was made")
    if age < timedelta(days=days):
        return Unknown(f"it is {days_text(age.days)} old, too young to be judged over {days_text(days)}")
    return None


def gib(size: float) -> str:
    """Write a number of bytes in GiB."""
    return f"{size / 2**30:,.1f} GiB"
