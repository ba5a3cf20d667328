"""What the network is billed for: NAT gateways, endpoints, load balancers and public addresses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from plainbill.demo.company import Company
from plainbill.demo.estate_addresses import addresses
from plainbill.demo.estate_balancers import balancers, classics
from plainbill.demo.estate_network import ZONES, endpoints, gateways
from plainbill.demo.running import HOURS, Family, Running, Usage, list_price, running
from plainbill.demo.services import ELB, OTHER, VPC
from plainbill.prices import items
from plainbill.prices.items import LoadBalancerKind

_NAT_HOURS = Usage(
    service=OTHER, name="NatGateway-Hours", operation="NatGateway", unit=HOURS,
    price=list_price(items.NAT_GATEWAY_HOUR),
)  # fmt: skip
_NAT_BYTES = Usage(
    service=OTHER, name="NatGateway-Bytes", operation="NatGateway", unit="GB",
    price=list_price(items.NAT_GATEWAY_DATA), is_steady=False,
)  # fmt: skip
_ENDPOINT_HOURS = Usage(
    service=VPC, name="VpcEndpoint-Hours", operation="VpcEndpoint", unit=HOURS,
    price=list_price(items.VPC_ENDPOINT_INTERFACE_HOUR),
)  # fmt: skip
_ENDPOINT_BYTES = Usage(
    service=VPC, name="VpcEndpoint-Bytes", operation="VpcEndpoint", unit="GB",
    price=list_price(items.VPC_ENDPOINT_INTERFACE_DATA), is_steady=False,
)  # fmt: skip
_ADDRESS_PRICE = list_price(items.PUBLIC_IPV4_IN_USE)
_IN_USE = Usage(
    service=VPC, name="PublicIPv4:InUseAddress", operation="AssociateAddressVPC", unit=HOURS,
    price=_ADDRESS_PRICE,
)  # fmt: skip
_IDLE = Usage(
    service=VPC, name="PublicIPv4:IdleAddress", operation="AllocateAddressVPC", unit=HOURS,
    price=_ADDRESS_PRICE,
)  # fmt: skip
_OPERATIONS = {"application": "LoadBalancing:Application", "network": "LoadBalancing:Network"}
_CLASSIC_HOURS = Usage(
    service=ELB, name="LoadBalancerUsage", operation="LoadBalancing", unit=HOURS,
    price=list_price(items.load_balancer(LoadBalancerKind.CLASSIC)),
)  # fmt: skip
_CLASSIC_BYTES = Usage(
    service=ELB, name="DataProcessing-Bytes", operation="LoadBalancing", unit="GB",
    price=list_price(items.ELB_CLASSIC_DATA), is_steady=False,
)  # fmt: skip
_REQUESTS_AN_LCU = 60_000
_GB_A_REQUEST = Decimal("0.00003")


def _hours(kind: str) -> Usage:
    price = list_price(items.load_balancer(LoadBalancerKind(kind)))
    return Usage(service=ELB, name="LoadBalancerUsage", operation=_OPERATIONS[kind], unit=HOURS, price=price)


def _capacity(kind: str) -> Usage:
    price = list_price(items.load_balancer_capacity(LoadBalancerKind(kind)))
    return Usage(
        service=ELB,
        name="LCUUsage",
        operation=_OPERATIONS[kind],
        unit="LCU-Hrs",
        price=price,
        is_steady=False,
    )


def _gateways(company: Company) -> Iterator[Running]:
    for one in gateways(company).all:
        yield running(one, _NAT_HOURS)
        yield running(one, _NAT_BYTES, Decimal(str(one.gb_per_day)) / 24)


def _endpoints(company: Company) -> Iterator[Running]:
    for one in endpoints(company).all:
        if one.endpoint_type == "Interface":
            yield running(one, _ENDPOINT_HOURS, len(one.zones))
            yield running(one, _ENDPOINT_BYTES, Decimal(str(one.mb_per_day or 0)) / 24_000)


def _balancers(company: Company) -> Iterator[Running]:
    for one in balancers(company).all:
        yield running(one, _hours(one.kind))
        yield running(one, _capacity(one.kind), Decimal(str(one.requests)) / _REQUESTS_AN_LCU)
    for classic in classics(company).all:
        yield running(classic, _CLASSIC_HOURS)
        yield running(classic, _CLASSIC_BYTES, Decimal(str(classic.requests)) * _GB_A_REQUEST)


def _addresses(company: Company) -> Iterator[Running]:
    """Yield Elastic IPs, idle on nothing and on what is stopped, and the addresses that AWS lends."""
    for one in addresses(company).all:
        is_used = one.gateway or (one.instance and one.instance.state == "running")
        if one.pool == "amazon":  # one's own ranges cost nothing
            yield running(one, _IN_USE if is_used else _IDLE)
    for balancer in balancers(company).all:
        if balancer.is_public:
            yield running(balancer, _IN_USE, len(ZONES))
    elastic = {one.instance.instance_id for one in addresses(company).all if one.instance}
    for instance in company.instances:
        is_lent = instance.fleet.is_public and instance.instance_id not in elastic
        if is_lent and instance.state == "running":
            yield Running(
                account_id=instance.account_id,
                region=instance.region,
                usage=_IN_USE,
                quantity=Decimal(1),
                since=instance.launched_at,
            )


RUNNING: Mapping[str, Family] = {
    "NAT gateways": _gateways,
    "endpoints": _endpoints,
    "load balancers": _balancers,
    "addresses": _addresses,
}
