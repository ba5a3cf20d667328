"""Numbers of units from CloudWatch: one metric that somebody named, by the day, until the last whole day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from plainbill.aws_connector import Connector, Read, Scope
from plainbill.data_fetcher.cloudwatch import LATENESS, MetricAnswer, fetch, shortfalls
from plainbill.data_fetcher.cloudwatch import parse as parse_pages
from plainbill.data_fetcher.cost_explorer import history_start
from plainbill.data_fetcher.source import Source, as_documented
from plainbill.model.inventory import NO_DATAPOINT, Gap
from plainbill.model.period import Period
from plainbill.model.units import UnitMetric

_DAY = timedelta(days=1)
_LATE_DAYS = 16
"""Older days are closed: CloudWatch takes datapoints of two weeks, and may show them two days later."""
_ID = "q0"
_MOST_NAMED = 5


class UnitMetrics(Source):
    """The metrics that costs are divided by."""

    name = "unit_metrics"
    reads = (Read("cloudwatch", "GetMetricData", "the numbers of units that costs are divided by"),)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitDays:
    """What CloudWatch answered of a metric's days up to ``until``; a day that it lacks is not known."""

    metric: UnitMetric
    values: Mapping[date, Decimal]
    until: date


def open_days(metric: UnitMetric, now: datetime) -> Period:
    """Return the days to ask for: those after the closed ones, to the last that is wholly received."""
    end = (now.astimezone(UTC) - LATENESS).date()
    oldest = history_start(end)
    first = oldest if metric.asked_until is None else metric.asked_until - _LATE_DAYS * _DAY
    return Period.of_days(min(max(first, oldest), end - _DAY), end)


def query(metric: UnitMetric) -> dict[str, Any]:
    """Return the ``MetricDataQuery`` of a metric's days."""
    dimensions = [{"Name": name, "Value": value} for name, value in metric.dimensions]
    named = {"Namespace": metric.namespace, "MetricName": metric.metric, "Dimensions": dimensions}
    stat = {"Metric": named, "Period": int(_DAY.total_seconds()), "Stat": metric.statistic.value}
    return {"Id": _ID, "MetricStat": stat}


def parse(slots: Sequence[float | None], period: Period) -> dict[date, Decimal]:
    """Return the number of each day that has one which costs can be divided by: zero or more."""
    numbers = {day: slot for day, slot in zip(period.dates(), slots, strict=True) if slot is not None}
    exact = {
        day: Decimal(int(number) if float(number).is_integer() else str(number))
        for day, number in numbers.items()
    }
    return {day: number for day, number in exact.items() if number.is_finite() and number >= 0}


def read(
    connector: Connector, metric: UnitMetric, first_known: date | None, now: datetime
) -> tuple[UnitDays | None, list[Gap]]:
    """Return the open days of a metric and what is missing of them; raises ``AwsError``.

    None where CloudWatch did not answer all of them: part of a day's number would be a wrong one. Days
    without a number are not known, and nothing is missing from the reading: they are remarked on from the
    first day on that has one, ``first_known`` if that is earlier.
    """
    scope, period = Scope(metric.account_id, metric.region), open_days(metric, now)
    answer, status = _ask(connector, scope, metric, period)
    gaps = list(shortfalls(UnitMetrics.name, scope, [(scope.account_id, [status])], answer, "metrics"))
    if status != "Complete":
        return None, gaps
    values = parse(answer.hours[_ID], period)
    gaps += _silent(metric, period, values, first_known)
    return UnitDays(metric=metric, values=values, until=period.end_day), gaps


def _ask(connector: Connector, scope: Scope, metric: UnitMetric, period: Period) -> tuple[MetricAnswer, str]:
    """Return the answer and its status; a page that says nothing of the metric leaves days unanswered.

    They could not be told from days before the metric began.
    """
    with as_documented(UnitMetrics.reads[0], scope):
        pages = list(fetch(connector, scope, [query(metric)], period))
        answer = parse_pages(pages, period, int(_DAY.total_seconds()))
        if not all(page["MetricDataResults"] for page in pages):
            return answer, "Unanswered"
    return answer, answer.status.get(_ID, "Unanswered")


def not_entered(metric: UnitMetric) -> Gap:
    """Return the gap of a metric whose account this Plainbill cannot enter."""
    return _gap(
        metric,
        "AccountNotEntered",
        f"The numbers of {metric.name!r} were not asked for: account {metric.account_id} is not among those "
        "that can be entered",
        "Let a role or a profile lead to it (PLAINBILL_ROLE_ARNS, PLAINBILL_ORGANIZATION_ROLE, "
        "PLAINBILL_PROFILES), or name the metric in an account that is read.",
    )


def _silent(
    metric: UnitMetric, period: Period, values: Mapping[date, Decimal], first_known: date | None
) -> list[Gap]:
    if not values:
        since = f"since {period.first_day}" if first_known else "at all"
        reason = f"CloudWatch has no number of {metric.name!r} {since} ({metric.title})"
        remedy = "Check namespace, name, every dimension, account and Region (`aws cloudwatch list-metrics`)."
        return [_gap(metric, NO_DATAPOINT, reason, remedy)]
    first = min([*values, *([first_known] if first_known else [])])
    days = [str(day) for day in period.dates() if day >= first and day not in values]
    if not days:
        return []
    more = f" and {len(days) - _MOST_NAMED} more" if len(days) > _MOST_NAMED else ""
    return [
        _gap(
            metric,
            NO_DATAPOINT,
            f"CloudWatch has no number of {metric.name!r} ({metric.title}) for "
            f"{', '.join(days[:_MOST_NAMED])}{more}",
            "Nothing was published: not known, and not counted. These days are asked for again for two "
            "weeks; where none means zero, let the metric say so.",
        )
    ]


def _gap(metric: UnitMetric, kind: str, reason: str, remedy: str) -> Gap:
    return Gap(
        source=UnitMetrics.name,
        account_id=metric.account_id,
        region=metric.region,
        kind=kind,
        action=None,
        reason=f"{reason}.",
        remedy=remedy,
    )
