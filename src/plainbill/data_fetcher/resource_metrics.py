"""The metrics that waste checks want of any resource, in batches of ``GetMetricData``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any, TypeVar

from plainbill.aws_connector import Connector, Scope
from plainbill.data_fetcher.cloudwatch import (
    ANSWERED,
    LATENESS,
    MOST_POINTS,
    MOST_QUERIES,
    ask,
    shortfalls,
)
from plainbill.model.inventory import Gap
from plainbill.model.metrics import Metric, Series
from plainbill.model.period import Period
from plainbill.model.resources import Resource

T = TypeVar("T")
SOURCE = "resource_metrics"
"""Their source in gaps and progress: those of instances are ``cloudwatch``'s."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One metric of one resource."""

    resource: Resource
    metric: Metric


def wanted(
    resources: Iterable[Resource], metrics_of: Callable[[Resource], Iterable[Metric]]
) -> Iterator[Wanted]:
    """Yield what is to be asked; the statistics of one metric stay together: they may be billed as one.

    A metric that the resource does not publish is not asked for: each costs, and without dimensions
    CloudWatch would answer for all resources of the account together.
    """
    for resource in resources:
        for metric in sorted(metrics_of(resource)):
            if resource.publishes(metric.namespace):
                yield Wanted(resource, metric)


def window(now: datetime, days: int, step: timedelta) -> Period:
    """Return the whole steps of about ``days`` days that end with the last one wholly received."""
    seconds = int(step.total_seconds())
    received = int((now.astimezone(UTC) - LATENESS).timestamp())
    end = datetime.fromtimestamp(received - received % seconds, UTC)
    return Period(end - timedelta(days=days), end)


def batches(several: Iterable[Wanted], days: int) -> Iterator[tuple[Wanted, ...]]:
    """Group by step, each group for one call: at most 500 queries and 100,800 datapoints."""
    by_step: dict[timedelta, list[Wanted]] = {}
    for one in several:
        by_step.setdefault(one.metric.step, []).append(one)
    for step, of_step in sorted(by_step.items()):
        size = max(1, min(MOST_QUERIES, MOST_POINTS // int(timedelta(days=days) / step)))
        yield from _cut(of_step, size)


def _cut(items: Iterable[T], size: int) -> Iterator[tuple[T, ...]]:
    rest = iter(items)
    while batch := tuple(islice(rest, size)):
        yield batch


def points(batch: Sequence[Wanted], days: int) -> int:
    """Return how many datapoints a batch is counted as."""
    return len(batch) * int(timedelta(days=days) / batch[0].metric.step)


def queries(batch: Sequence[Wanted]) -> list[dict[str, Any]]:
    """Return the ``MetricDataQuery`` list of a batch."""
    return [
        {
            "Id": f"q{number}",
            "MetricStat": {
                "Metric": {
                    "Namespace": one.metric.namespace,
                    "MetricName": one.metric.name,
                    "Dimensions": [
                        {"Name": name, "Value": value} for name, value in one.resource.dimensions.items()
                    ],
                },
                "Period": int(one.metric.step.total_seconds()),
                "Stat": one.metric.statistic,
            },
        }
        for number, one in enumerate(batch)
    ]


def read(
    connector: Connector, scope: Scope, batch: Sequence[Wanted], now: datetime, days: int
) -> tuple[dict[tuple[str, str], Series], list[Gap]]:
    """Return the series of one batch by (ARN, ``Metric.key``), and what is missing; raises ``AwsError``.

    A metric that CloudWatch answered without a datapoint is there, None in every step; one that it failed
    to answer for is not, because nothing is known about it.
    """
    step = batch[0].metric.step
    period = window(now, days, step)
    answer = ask(connector, scope, queries(batch), period, int(step.total_seconds()))
    found = {
        (one.resource.arn, one.metric.key): Series(period, step, tuple(answer.hours[f"q{number}"]))
        for number, one in enumerate(batch)
        if answer.status.get(f"q{number}") in ANSWERED
    }
    statuses = (answer.status.get(f"q{number}", "Unanswered") for number in range(len(batch)))
    counts = Counter(status for status in statuses if status != "Complete")
    return found, list(shortfalls(scope, counts, answer, f"of {len(batch)} metrics", SOURCE))
