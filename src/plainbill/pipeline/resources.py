"""The part of a refresh that waste checks live on: every kind of resource they look at, and its metrics."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from itertools import chain

from plainbill.analyzer.registry import Check
from plainbill.analyzer.waste_check import metrics_of
from plainbill.aws_connector import Connector, Scope
from plainbill.data_fetcher import resource_metrics
from plainbill.data_fetcher.cloudwatch import Ask
from plainbill.data_fetcher.collector import Collector, all_collectors
from plainbill.data_fetcher.crew import Reading, Unit
from plainbill.data_fetcher.monitoring_account import Asking
from plainbill.data_fetcher.resource_metrics import SOURCE
from plainbill.model.inventory import Gap
from plainbill.model.metrics import Series
from plainbill.model.resources import Resource
from plainbill.pipeline.expected import Expected

METRIC_DAYS = 63
"""Days of metrics that are read: the longest look-back of a check. CloudWatch bills metrics, not days."""
BY_ITSELF = Asking()
"""Each account is asked for its own metrics."""
Resources = tuple[type[Resource], Sequence[Resource]]
Asks = Callable[[Connector, Scope], tuple[list[Resource], list[Gap]]]
"""Reads one place: what is there, and what is missing of it."""
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
    connector: Connector,
    collectors: Iterable[type[Collector]],
    scopes: Sequence[Scope],
    expected: Expected,
    ask: Asks | None = None,
) -> Iterator[Unit[Resources]]:
    """One unit a collector, account and Region; once an account for what has no Regions.

    Each is read as it reads by itself, or as ``ask`` does.
    """
    accounts = {scope.account_id for scope in scopes}
    for collector in collectors:
        places = [Scope(one, connector.home) for one in sorted(accounts)] if collector.is_global else scopes
        for scope in places:
            read = partial(_read, collector.kind, ask or collector.read, connector, scope)
            region = None if collector.is_global else scope.region
            yield Unit(
                collector.name,
                scope.account_id,
                region,
                read,
                expected.things(collector.kind, scope.account_id, region),
            )


def _read(kind: type[Resource], ask: Asks, connector: Connector, scope: Scope) -> Reading[Resources]:
    resources, gaps = ask(connector, scope)
    return Reading((kind, resources), len(resources), gaps)


def metric_units(
    connector: Connector,
    checks: Iterable[Check],
    found: Iterable[Resources],
    now: datetime,
    asking: Asking = BY_ITSELF,
) -> Iterator[Unit[AllSeries]]:
    """One unit a batch that ``GetMetricData`` takes at once; a step of the progress is all of a Region.

    ``asking`` says which accounts' metrics may be in one batch. A unit weighs what is left to read where it
    reads, in batches: the place with most left goes first.
    """
    metrics = partial(metrics_of, tuple(checks))
    by_place: dict[Scope, list[Resource]] = {}
    for _, resources in found:
        for one in resources:
            by_place.setdefault(Scope(one.account_id, one.region), []).append(one)
    for scope, lists in asking.together(by_place.items()).items():
        wanted = resource_metrics.wanted(chain.from_iterable(lists), metrics)
        several = list(resource_metrics.batches(wanted, METRIC_DAYS))
        for number, batch in enumerate(several):
            read = partial(_read_series, connector, scope, batch, now, asking.ask)
            about = tuple(dict.fromkeys(one.resource.account_id for one in batch))
            yield Unit(SOURCE, scope.account_id, scope.region, read, len(several) - number, about)


def _read_series(
    connector: Connector,
    scope: Scope,
    batch: tuple[resource_metrics.Wanted, ...],
    now: datetime,
    ask: Ask,
) -> Reading[AllSeries]:
    series, gaps = resource_metrics.read(connector, scope, batch, now, METRIC_DAYS, ask)
    return Reading(series, len(series), gaps)


def by_kind(
    collectors: Iterable[type[Collector]], found: Iterable[Resources]
) -> dict[type[Resource], list[Resource]]:
    """Join what the units brought; a kind that was asked for and has nothing is an empty list."""
    joined: dict[type[Resource], list[Resource]] = {collector.kind: [] for collector in collectors}
    for kind, resources in found:
        joined[kind].extend(resources)
    return joined
