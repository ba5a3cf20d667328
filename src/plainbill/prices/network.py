"""What addresses, gateways, endpoints and load balancers cost in a month."""

from __future__ import annotations

from decimal import Decimal

from plainbill.model.money import Money
from plainbill.prices import items
from plainbill.prices.items import LoadBalancerKind
from plainbill.prices.monthly import monthly
from plainbill.prices.rate import RateSource

_NOTHING = Decimal(0)


def monthly_public_ipv4(rates: RateSource, region: str, *, in_use: bool, count: int = 1) -> Money | None:
    """Return the monthly cost of public IPv4 addresses: charged in use as well as idle since 2024-02-01."""
    item = items.PUBLIC_IPV4_IN_USE if in_use else items.PUBLIC_IPV4_IDLE
    return monthly(rates, region, (item, count))


def monthly_nat_gateway(
    rates: RateSource, region: str, processed_gib: Decimal | int = _NOTHING
) -> Money | None:
    """Return the monthly cost of a NAT gateway and what it processes; its addresses come besides."""
    return monthly(rates, region, (items.NAT_GATEWAY_HOUR, 1), (items.NAT_GATEWAY_DATA, processed_gib))


def monthly_load_balancer(rates: RateSource, region: str, kind: LoadBalancerKind) -> Money | None:
    """Return the monthly cost of a load balancer; what it passes on and its addresses come besides."""
    return monthly(rates, region, (items.load_balancer(kind), 1))


def monthly_interface_endpoint(rates: RateSource, region: str, zones: int) -> Money | None:
    """Return the monthly cost of an interface endpoint, data aside: each of its zones is charged."""
    return monthly(rates, region, (items.VPC_ENDPOINT_INTERFACE_HOUR, zones))


def monthly_gateway_load_balancer_endpoint(rates: RateSource, region: str, zones: int = 1) -> Money | None:
    """Return the monthly cost of a Gateway Load Balancer endpoint, data aside."""
    return monthly(rates, region, (items.VPC_ENDPOINT_GATEWAY_LB_HOUR, zones))
