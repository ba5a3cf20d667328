"""AWS/ApplicationELB, AWS/NetworkELB and AWS/ELB: requests, flows and bytes, and who reports zeros."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from plainbill.demo.company import Company
from plainbill.demo.estate_balancers import Balancer, Classic, balancers, classics
from plainbill.demo.load import SAMPLES
from plainbill.demo.measure import Listed, Provider, Wanted, daily, flat, since, zero
from plainbill.demo.series import Series

PER_TARGET = "RequestCountPerTarget"
_BYTES_PER_REQUEST = 18_000
_REQUESTS_PER_LCU = 90_000
"""An LCU holds 25 new connections a second; a request is about one."""


def _busy(an_hour: float, seed: int, unit: str = "Count", *, is_whole: bool = True) -> Series:
    """Return a series of so many an hour while it is busy; requests, flows and bytes come in ones."""
    sample = an_hour / SAMPLES
    return daily(0.3 * sample, 1.6 * sample, (9, 23), unit=unit, seed=seed, is_whole=is_whole)


def _requests(one: Balancer) -> Series | None:
    """Return the requests that got a target: zeros with targets, nothing where none is registered."""
    if one.group is None or not one.group.targets:
        return None
    return _busy(one.requests, one.seed) if one.requests else zero()


def _bytes(one: Balancer) -> Series | None:
    """Return all bytes; an application one reports none where there are none, a network one zeros."""
    if one.requests:
        return _busy(one.requests * _BYTES_PER_REQUEST, one.seed, "Bytes")
    return zero("Bytes") if one.kind == "network" else None


def _units(one: Balancer) -> Series:
    if not one.requests:
        return zero()
    return _busy(one.requests / _REQUESTS_PER_LCU, one.seed, is_whole=False)


def _flows(one: Balancer) -> Series:
    return _busy(one.requests / 10, one.seed) if one.requests else zero()


_OF_KIND: Mapping[str, Mapping[str, Callable[[Balancer], Series | None]]] = {
    "application": {"RequestCount": _requests, "ProcessedBytes": _bytes, "ConsumedLCUs": _units},
    "network": {"ActiveFlowCount": _flows, "ProcessedBytes": _bytes, "ConsumedLCUs": _units},
}


def _find(wanted: Wanted, kind: str) -> Series | None:
    if wanted.metric == PER_TARGET and kind == "application":
        return _per_target(wanted)
    path = wanted.only("LoadBalancer")
    here = balancers(wanted.company).at(wanted.account, wanted.region)
    one = next((each for each in here if each.kind == kind and each.path == path), None)
    if one is None or wanted.metric not in _OF_KIND[kind]:
        return None
    series = _OF_KIND[kind][wanted.metric](one)
    return None if series is None else replace(series, spans=since(one.created_at))


def _per_target(wanted: Wanted) -> Series | None:
    """Return the requests of an application load balancer's target group, by target."""
    path = wanted.only("TargetGroup")
    here = balancers(wanted.company).at(wanted.account, wanted.region)
    for one in here:
        if one.kind == "application" and one.group and one.group.arn.rpartition(":")[2] == path:
            targets = len(one.group.targets)
            return _busy(one.requests / targets, one.seed) if one.requests and targets else None
    return None


def _listed(company: Company, account: str, region: str, kind: str) -> Listed:
    for one in balancers(company).at(account, region):
        if one.kind == kind:
            for name in _OF_KIND[kind]:
                yield name, {"LoadBalancer": one.path}
            if kind == "application" and one.group:
                yield PER_TARGET, {"TargetGroup": one.group.arn.rpartition(":")[2]}


def _of_classic(one: Classic, metric: str) -> Series | None:
    """Return a metric of a Classic one: requests where there are some, health where there are instances."""
    if metric == "RequestCount":
        return _busy(one.requests, one.seed) if one.requests else None
    return flat(one.healthy) if metric == "HealthyHostCount" and one.instances else None


def _find_classic(wanted: Wanted) -> Series | None:
    known = classics(wanted.company)
    one = known.named(wanted.account, wanted.region, wanted.only("LoadBalancerName"))
    series = None if one is None else _of_classic(one, wanted.metric)
    return replace(series, spans=since(one.created_at)) if one and series else None


def _classics_listed(company: Company, account: str, region: str) -> Listed:
    for one in classics(company).at(account, region):
        for name in ("RequestCount", "HealthyHostCount"):
            yield name, {"LoadBalancerName": one.name}


METRICS: Mapping[str, Provider] = {
    "AWS/ApplicationELB": Provider(partial(_find, kind="application"), partial(_listed, kind="application")),
    "AWS/NetworkELB": Provider(partial(_find, kind="network"), partial(_listed, kind="network")),
    "AWS/ELB": Provider(_find_classic, _classics_listed),
}
