"""The part of a refresh that waste checks live on: every kind of resource they look at, and its metrics."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial

from plainbill.analyzer.registry import Check
from plainbill.analyzer.waste_check import metrics_of
from plainbill.aws_connector import Connector, Scope
from plainbill.data_fetcher import resource_metrics
from plainbill.data_fetcher.collector import Collector, all_collectors
from plainbill.data_fetcher.crew import Reading, Unit
from plainbill.data_fetcher.pace import Pace
from plainbill.data_fetcher.resource_metrics import SOURCE
from plainbill.model.metrics import Series
from plainbill.model.resources import Resource

METRIC_DAYS = 63
"""Days of metrics that are read: the longest look-back of a check. CloudWatch bills metrics, not days."""
Resources = tuple[type[Resource], Sequence[Resource]]
AllSeries = Mapping[tuple[str, str], Series]


def wanted_collectors(checks: Iterable[Check]) -> tuple[type[Collector], ...]:
    """Return the collectors of all kinds that checks look at.

    Beside them those that are always read and AWS's advice, which say more of what checks find; without a
    check there is nothing that they could be held against.
    """
    kinds = {kind for check in checks for kind in check.kinds()}
    return tuple(
        one for one in all_collectors() if one.kind in kinds or (kinds and (one.always or one.is_advice))
    )


def resource_units(
    connector: Connector, collectors: Iterable[type[Collector]], scopes: Sequence[Scope]
) -> Iterator[Unit[Resources]]:
    """One unit a collector, account and Region; once an account for what has no Regions."""
    accounts = {scope.account_id for scope in scopes}
    for collector in collectors:
        places = [Scope(one, connector.home) for one in sorted(accounts)] if collector.is_global else scopes
        for scope in places:
            read = partial(_read, connector, collector, scope)
            yield Unit(collector.name, scope.account_id, None if collector.is_global else scope.region, read)


def _read(connector: Connector, collector: type[Collector], scope: Scope) -> Reading[Resources]:
    resources, gaps = collector.read(connector, scope)
    return Reading((collector.kind, resources), len(resources), gaps)


def metric_units(
    connector: Connector, checks: Iterable[Check], found: Iterable[Resources], now: datetime, pace: Pace
) -> Iterator[Unit[AllSeries]]:
    """One unit a call of ``GetMetricData``; a step of the progress is all of one account and Region."""
    metrics = partial(metrics_of, tuple(checks))
    by_place: dict[Scope, list[Resource]] = {}
    for _, resources in found:
        for one in resources:
            by_place.setdefault(Scope(one.account_id, one.region), []).append(one)
    for scope, resources in by_place.items():
        for batch in resource_metrics.batches(resource_metrics.wanted(resources, metrics), METRIC_DAYS):
            read = partial(_read_series, connector, pace, scope, batch, now)
            yield Unit(SOURCE, scope.account_id, scope.region, read)


def _read_series(
    connector: Connector,
    pace: Pace,
    scope: Scope,
    batch: tuple[resource_metrics.Wanted, ...],
    now: datetime,
) -> Reading[AllSeries]:
    pace.wait(scope, resource_metrics.points(batch, METRIC_DAYS))
    series, gaps = resource_metrics.read(connector, scope, batch, now, METRIC_DAYS)
    return Reading(series, len(series), gaps)


def by_kind(
    collectors: Iterable[type[Collector]], found: Iterable[Resources]
) -> dict[type[Resource], list[Resource]]:
    """Join what the units brought; a kind that was asked for and has nothing is an empty list."""
    joined: dict[type[Resource], list[Resource]] = {collector.kind: [] for collector in collectors}
    for kind, resources in found:
        joined[kind].extend(resources)
    return joined
