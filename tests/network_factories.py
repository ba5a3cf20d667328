"""Generated network resources for tests: say only what the test is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from factories import flat_days
from plainbill.analyzer.load_balancing import PULSE, TRAFFIC
from plainbill.model.metrics import Metric, Series
from plainbill.model.resources.addresses import ElasticIp, NetworkInterface
from plainbill.model.resources.load_balancers import ClassicLoadBalancer, LoadBalancer, TargetGroup
from plainbill.model.resources.vpc import NatGateway, RouteTable, Subnet, VpcEndpoint

PLACE: dict[str, Any] = {"account_id": "111122223333", "region": "us-east-1"}
MADE = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
_ELB = "arn:aws:elasticloadbalancing:us-east-1:111122223333"

AllSeries = Mapping[tuple[str, Metric], Series]


def address(**changes: Any) -> ElasticIp:
    """An Elastic IP of Amazon's pool, on nothing."""
    plain = ElasticIp(**PLACE, public_ip="203.0.113.7", allocation_id="eipalloc-1", pool="amazon")
    return replace(plain, **changes)


def interface(**changes: Any) -> NetworkInterface:
    """A network interface of nobody in particular, with one address that AWS lent it."""
    plain = NetworkInterface(
        **PLACE,
        interface_id="eni-1",
        interface_type="interface",
        subnet_id="subnet-a",
        vpc_id="vpc-1",
        assigned_ips=("203.0.113.9",),
    )
    return replace(plain, **changes)


def nat_gateway(**changes: Any) -> NatGateway:
    """A public NAT gateway in one zone, made months ago."""
    plain = NatGateway(
        **PLACE,
        nat_gateway_id="nat-1",
        state="available",
        vpc_id="vpc-1",
        created_at=MADE,
        subnet_id="subnet-a",
        public_ips=("203.0.113.8",),
        allocation_ids=("eipalloc-8",),
    )
    return replace(plain, **changes)


def route_table(**changes: Any) -> RouteTable:
    """A route table that leads to no NAT gateway."""
    return replace(RouteTable(**PLACE, route_table_id="rtb-1", vpc_id="vpc-1"), **changes)


def subnet(**changes: Any) -> Subnet:
    """A subnet in zone a."""
    plain = Subnet(**PLACE, subnet_id="subnet-a", vpc_id="vpc-1", availability_zone="us-east-1a")
    return replace(plain, **changes)


def endpoint(**changes: Any) -> VpcEndpoint:
    """An interface endpoint in two zones, made months ago."""
    plain = VpcEndpoint(
        **PLACE,
        endpoint_id="vpce-1",
        endpoint_type="Interface",
        service_name="com.amazonaws.us-east-1.sqs",
        state="available",
        vpc_id="vpc-1",
        created_at=MADE,
        subnet_ids=("subnet-a", "subnet-b"),
    )
    return replace(plain, **changes)


def load_balancer(**changes: Any) -> LoadBalancer:
    """An internal application load balancer, made months ago."""
    plain = LoadBalancer(
        **PLACE,
        load_balancer_arn=f"{_ELB}:loadbalancer/app/shop/50dc6c495c0c9188",
        load_balancer_name="shop",
        load_balancer_type="application",
        state="active",
        created_at=MADE,
        scheme="internal",
        vpc_id="vpc-1",
        availability_zones=("us-east-1a", "us-east-1b"),
    )
    return replace(plain, **changes)


def network_load_balancer(**changes: Any) -> LoadBalancer:
    """An internal network load balancer."""
    arn = f"{_ELB}:loadbalancer/net/feed/60dc6c495c0c9188"
    return load_balancer(load_balancer_arn=arn, load_balancer_type="network", **changes)


def target_group(*states: str, **changes: Any) -> TargetGroup:
    """The target group of ``load_balancer()``, with a target for each state."""
    plain = TargetGroup(
        **PLACE,
        target_group_arn=f"{_ELB}:targetgroup/shop/73e2d6bc24d8a067",
        target_group_name="shop",
        target_type="instance",
        load_balancer_arns=(load_balancer().arn,),
        target_ids=tuple(f"i-{number}" for number in range(len(states))),
        target_states=states,
    )
    return replace(plain, **changes)


def classic(**changes: Any) -> ClassicLoadBalancer:
    """An internal Classic Load Balancer with two instances, made months ago."""
    plain = ClassicLoadBalancer(
        **PLACE,
        load_balancer_name="old-shop",
        created_at=MADE,
        scheme="internal",
        instance_ids=("i-1", "i-2"),
    )
    return replace(plain, **changes)


def traffic(
    balancer: LoadBalancer,
    requests: float | None = None,
    volume: float | None = None,
    pulse: float | None = 0.0,
    days: int = 63,
) -> AllSeries:
    """The metrics of a load balancer, the same on every day; ``pulse`` is what is reported always."""
    first, second = TRAFFIC[balancer.load_balancer_type]
    return {
        (balancer.arn, first): flat_days(requests, days),
        (balancer.arn, second): flat_days(volume, days),
        (balancer.arn, PULSE[balancer.load_balancer_type]): flat_days(pulse, days),
    }
