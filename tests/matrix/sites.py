"""What a refresh reads, source by source, as units of work whose values can be compared item by item."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from factories import NOW, TODAY
from matrix.site import Brought, Items, Site, Truth, again, one_unit
from matrix.sites_of_the_bill import sites_of_the_bill
from plainbill.analyzer.registry import all_checks
from plainbill.aws_connector import Connector, Scope
from plainbill.data_fetcher import (
    all_reads,
    cloudwatch,
    ec2_instances,
    ec2_load,
    price_list,
)
from plainbill.data_fetcher.collector import Collector, all_collectors
from plainbill.data_fetcher.crew import Reading, Unit
from plainbill.data_fetcher.metric_statistics import FreeMetrics, MetricStatistics
from plainbill.data_fetcher.resource_metrics import SOURCE as METRICS
from plainbill.data_fetcher.unit_metrics import UnitDays, UnitMetrics
from plainbill.demo.company import EXTERNAL_ID, ROLE
from plainbill.demo.estate_balancers import path_of
from plainbill.demo.fleet import IRELAND, PRODUCTION, VIRGINIA
from plainbill.demo.price_list import price_list as sold_by_the_demo
from plainbill.demo.units import requests
from plainbill.model.load_block import LoadBlock
from plainbill.model.period import Period
from plainbill.model.resources import Ec2Instance
from plainbill.model.units import Grain, UnitKind, UnitSeries
from plainbill.pipeline import REGIONS
from plainbill.pipeline.expected import Expected
from plainbill.pipeline.resources import AllSeries, Resources, metric_units, resource_units
from plainbill.pipeline.units import unit_metric_units

ACCOUNTS = "accounts"
READ_TIMEOUT, LONGER_TIMEOUT, PATIENCE = 0.4, 4.0, 30.0
"""Seconds that an answer is waited for: where the endpoint is told to say nothing, where it was told to and
others may have been slow as well, and where it is not."""
HASTE = 10_000.0
"""How many times shorter than for AWS every other wait is: all attempts are made, all buckets are kept."""
_PRICES_ASKED = 40
_MEASURED_KINDS = frozenset({"nat_gateways", "load_balancers", "rds_instances"})
_INSTANCES_A_PLACE, _RESOURCES_A_KIND = 3, 2


def all_sites() -> tuple[Site, ...]:
    """Every source a refresh reads: none is left out when one is added."""
    collected = (Site(one.name, partial(_collected, one)) for one in all_collectors())
    return (
        *collected,
        *sites_of_the_bill(),
        Site(ACCOUNTS, _accounts),
        Site(REGIONS, _regions),
        Site(ec2_instances.Ec2Instances.name, _instances),
        Site(cloudwatch.CloudWatch.name, partial(_load, _load_of)),
        Site(METRICS, _series),
        Site(UnitMetrics.name, _units),
        Site(MetricStatistics.name, partial(_load, _load_for_free), gaps_of=cloudwatch.CloudWatch.name),
        Site(price_list.PriceList.name, _prices),
    )


def before_anything(connector: Connector) -> Truth:
    """Read what other sources are asked about; nothing may go wrong."""
    scopes = [
        Scope(one.account_id, region)
        for one in connector.accounts
        for region in connector.regions(one.account_id)
    ]
    instances = [
        one
        for scope in scopes
        for one in [each for each in ec2_instances.read(connector, scope)[0] if each.state == "running"][
            :_INSTANCES_A_PLACE
        ]
    ]
    kinds = [one for one in all_collectors() if one.name in _MEASURED_KINDS]
    readings = [unit.read().value for unit in resource_units(connector, kinds, scopes, Expected(None))]
    measured = [(kind, some[:_RESOURCES_A_KIND]) for kind, some in filter(None, readings)]
    return Truth(scopes, instances, measured)


def _collected(collector: type[Collector], connector: Connector, truth: Truth) -> Iterator[Unit[Brought]]:
    for unit in resource_units(connector, [collector], truth.scopes, Expected(None)):
        yield again(unit, _resources)


def _resources(value: Resources) -> Items:
    return {one.arn: one for one in value[1]}


def _accounts(connector: Connector, _: Truth) -> Iterator[Unit[Brought]]:
    """Sign in anew, as every refresh does: whose credentials, which accounts, which of them can be read."""
    payer = connector.accounts[0].account_id

    def read() -> Reading[Any]:
        with Connector.open(
            all_reads(),
            external_id=EXTERNAL_ID,
            organization_role=ROLE,
            read_timeout=READ_TIMEOUT,
            haste=HASTE,
        ) as opened:
            return Reading(opened.accounts, len(opened.accounts), opened.account_gaps)

    yield replace(
        one_unit(ACCOUNTS, (payer, None), read, lambda some: {one.account_id: one for one in some}),
        account_id=None,
    )


def _regions(connector: Connector, _: Truth) -> Iterator[Unit[Brought]]:
    for account in connector.accounts:
        read = partial(_regions_of, connector, account.account_id)
        yield one_unit(REGIONS, (account.account_id, None), read, dict.fromkeys)


def _regions_of(connector: Connector, account_id: str) -> Reading[Any]:
    regions = connector.regions(account_id)
    return Reading(regions, len(regions))


def _instances(connector: Connector, truth: Truth) -> Iterator[Unit[Brought]]:
    for scope in truth.scopes:
        read = partial(_instances_of, connector, scope)
        place = (scope.account_id, scope.region)
        yield one_unit(
            ec2_instances.Ec2Instances.name, place, read, lambda some: {one.arn: one for one in some}
        )


def _instances_of(connector: Connector, scope: Scope) -> Reading[Any]:
    instances, gaps = ec2_instances.read(connector, scope)
    return Reading(instances, len(instances), gaps)


def _load(
    read_by: Callable[..., Reading[Any]], connector: Connector, truth: Truth
) -> Iterator[Unit[Brought]]:
    window = cloudwatch.window(NOW, 2)
    for scope in truth.scopes:
        here = [one for one in truth.instances if (one.account_id, one.region) == _place(scope)]
        for chunk in ec2_load.chunks(here, window):
            read = partial(read_by, connector, scope, chunk, window)
            yield one_unit(cloudwatch.CloudWatch.name, _place(scope), read, _hours)


def _load_of(
    connector: Connector,
    scope: Scope,
    chunk: Sequence[Ec2Instance],
    window: Period,
    ask: cloudwatch.Ask = cloudwatch.ask,
) -> Reading[Any]:
    blocks, gaps = ec2_load.read(connector, scope, chunk, window, _network_of_all, ask)
    return Reading(blocks, sum(map(len, blocks)), gaps)


def _load_for_free(
    connector: Connector, scope: Scope, chunk: Sequence[Ec2Instance], window: Period
) -> Reading[Any]:
    """Ask for each metric by itself; what that does not give, ``GetMetricData`` does, and a note says so."""
    with FreeMetrics(room=None) as free:
        reading = _load_of(connector, scope, chunk, window, free.ask)
    return replace(reading, gaps=[*reading.gaps, *free.notes])


def _network_of_all(instances: Sequence[Ec2Instance], *_: object) -> ec2_load.Flags:
    return np.ones(len(instances), dtype=np.bool_)


def _hours(blocks: Sequence[LoadBlock]) -> Items:
    return {arn: one.row(row) for one in blocks for row, arn in enumerate(one.arns)}


def _place(scope: Scope) -> tuple[str, str]:
    return scope.account_id, scope.region


def _series(connector: Connector, truth: Truth) -> Iterator[Unit[Brought]]:
    units: Iterable[Unit[AllSeries]] = metric_units(connector, all_checks(), truth.measured, NOW)
    return (again(unit, dict) for unit in units)


def _units(connector: Connector, _: Truth) -> Iterator[Unit[Brought]]:
    """Ask for the requests to a load balancer in each of two places; their days, for each is had or not."""
    named = [
        replace(requests(NOW), name=name, account_id=account, region=region, dimensions=dimensions)
        for name, account, region, dimensions in (
            ("requests", PRODUCTION, VIRGINIA, requests(NOW).dimensions),
            ("eu", PRODUCTION, IRELAND, (("LoadBalancer", path_of("application", "storefront-eu")),)),
        )
    ]
    series = [
        UnitSeries(
            name=one.name,
            kind=UnitKind.FLOW,
            grain=Grain.DAY,
            source=one.title,
            saved_at=NOW,
            values={},
            metric=one,
        )
        for one in named
    ]
    return (again(unit, _numbers) for unit in unit_metric_units(connector, series, NOW))


def _numbers(days: UnitDays) -> Items:
    return dict(days.values.items())


def _prices(connector: Connector, _: Truth) -> Iterator[Unit[Brought]]:
    keys = [(one.key, one.unit) for some in sold_by_the_demo().values() for one in some]
    payer = connector.accounts[0].account_id
    for batch in price_list.batches(dict(keys[:_PRICES_ASKED])):
        read = partial(_prices_of, connector, payer, batch)
        named = lambda some: {one.key: one for one in some}  # noqa: E731 - shorter than a name for it
        yield one_unit(price_list.PriceList.name, (payer, batch.region), read, named)


def _prices_of(connector: Connector, account_id: str, batch: price_list.Batch) -> Reading[Any]:
    listed = price_list.read(connector, account_id, batch, TODAY)
    return Reading(listed, len(listed))
