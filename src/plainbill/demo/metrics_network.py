"""AWS/NATGateway and AWS/PrivateLinkEndpoints: traffic, as zeros of the one and as silence of the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from plainbill.demo.company import Company
from plainbill.demo.estate_network import Endpoint, Gateway, endpoints, gateways, vpc_id
from plainbill.demo.load import SAMPLES
from plainbill.demo.measure import Listed, Provider, Wanted, daily, since, zero
from plainbill.demo.series import Series

_GB, _MB = 1e9, 1e6
_A_DAY = SAMPLES * 24
_PACKET = 900
_SHARES: Mapping[str, tuple[float, str]] = {  # of the bytes of a day, both ways; a day of 24 equal hours
    "BytesInFromSource": (0.2, "Bytes"),
    "BytesOutToDestination": (0.2, "Bytes"),
    "BytesInFromDestination": (0.8, "Bytes"),
    "BytesOutToSource": (0.8, "Bytes"),
    "PacketsInFromSource": (0.2 / _PACKET, "Count"),
    "PacketsOutToDestination": (0.2 / _PACKET, "Count"),
    "PacketsInFromDestination": (0.8 / _PACKET, "Count"),
    "PacketsOutToSource": (0.8 / _PACKET, "Count"),
    "ActiveConnectionCount": (1e-6, "Count"),
}


def _around(sample: float, unit: str, seed: int) -> Series:
    """Return a series that is so much on average, more by day than by night."""
    return daily(0.6 * sample, 1.56 * sample, unit=unit, seed=seed) if sample else zero(unit)


def _of_gateway(one: Gateway, metric: str) -> Series | None:
    if metric not in _SHARES:
        return None
    share, unit = _SHARES[metric]
    series = _around(one.gb_per_day * _GB * share / _A_DAY, unit, one.seed)
    return replace(series, spans=since(one.created_at))


def _find_gateway(wanted: Wanted) -> Series | None:
    known = gateways(wanted.company)
    one = known.named(wanted.account, wanted.region, wanted.only("NatGatewayId"))
    return None if one is None else _of_gateway(one, wanted.metric)


def _gateways_listed(company: Company, account: str, region: str) -> Listed:
    for one in gateways(company).at(account, region):
        for name in _SHARES:
            yield name, {"NatGatewayId": one.name}


def _dimensions(one: Endpoint) -> dict[str, str]:
    return {
        "Endpoint Type": one.endpoint_type,
        "Service Name": one.service,
        "VPC Endpoint Id": one.name,
        "VPC Id": vpc_id(one.account_id, one.region),
    }


def _find_endpoint(wanted: Wanted) -> Series | None:
    known = endpoints(wanted.company)
    one = known.named(wanted.account, wanted.region, wanted.dimensions.get("VPC Endpoint Id"))
    if one is None or one.mb_per_day is None or wanted.dimensions != _dimensions(one):
        return None  # nothing is reported of an endpoint without traffic
    if wanted.metric != "BytesProcessed":
        return None
    series = _around(one.mb_per_day * _MB / _A_DAY, "Bytes", one.seed)
    return replace(series, spans=since(one.created_at))


def _endpoints_listed(company: Company, account: str, region: str) -> Listed:
    for one in endpoints(company).at(account, region):
        if one.mb_per_day is not None:
            yield "BytesProcessed", _dimensions(one)


METRICS: Mapping[str, Provider] = {
    "AWS/NATGateway": Provider(_find_gateway, _gateways_listed),
    "AWS/PrivateLinkEndpoints": Provider(_find_endpoint, _endpoints_listed),
}
