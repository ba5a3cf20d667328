"""Load balancers of both generations, and the targets they hand traffic to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from plainbill.model.resources.base import Resource, arn_of

NAMESPACES: Mapping[str, str] = {
    "application": "AWS/ApplicationELB",
    "network": "AWS/NetworkELB",
    "gateway": "AWS/GatewayELB",
}
"""CloudWatch's namespace by the type of a load balancer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadBalancer(Resource):
    """One application, network or gateway load balancer (``elbv2 DescribeLoadBalancers``)."""

    source: ClassVar[str] = "load_balancers"

    load_balancer_arn: str
    load_balancer_name: str
    load_balancer_type: str  # application | network | gateway
    state: str  # provisioning | active | active_impaired | failed
    created_at: datetime
    scheme: str | None = None  # internet-facing | internal; None for a gateway one
    vpc_id: str | None = None
    availability_zones: tuple[str, ...] = ()

    @property
    def resource_id(self) -> str:
        """The name and id as CloudWatch writes them: ``app/shop/50dc6c495c0c9188``."""
        return self.load_balancer_arn.partition(":loadbalancer/")[2]

    @property
    def arn(self) -> str:
        """The ARN."""
        return self.load_balancer_arn

    @property
    def name(self) -> str | None:
        """Its own name."""
        return self.load_balancer_name

    @property
    def dimensions(self) -> Mapping[str, str]:
        """The dimension of a load balancer as a whole."""
        return {"LoadBalancer": self.resource_id}

    def publishes(self, namespace: str) -> bool:
        """Whether the namespace is that of its type."""
        return namespace == NAMESPACES.get(self.load_balancer_type)


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetGroup(Resource):
    """One target group with the health of its targets (``DescribeTargetGroups``, ``DescribeTargetHealth``).

    It costs nothing. ``target_ids`` and ``target_states`` belong together; both are None where the health
    of the targets could not be read.
    """

    source: ClassVar[str] = "target_groups"

    target_group_arn: str
    target_group_name: str
    target_type: str | None = None  # instance | ip | lambda | alb
    load_balancer_arns: tuple[str, ...] = ()  # that send traffic to it
    target_ids: tuple[str, ...] | None = None  # instance ids, addresses, ARNs
    target_states: tuple[str, ...] | None = None  # healthy | unhealthy | draining | ...

    @property
    def resource_id(self) -> str:
        """The name and id as CloudWatch writes them: ``targetgroup/shop/73e2d6bc24d8a067``."""
        return self.target_group_arn.rpartition(":")[2]

    @property
    def arn(self) -> str:
        """The ARN."""
        return self.target_group_arn

    @property
    def name(self) -> str | None:
        """Its own name."""
        return self.target_group_name

    @property
    def dimensions(self) -> Mapping[str, str]:
        """The dimension of a target group as a whole, whichever load balancer sends it traffic."""
        return {"TargetGroup": self.resource_id}

    def publishes(self, namespace: str) -> bool:
        """Whether an application load balancer counts its requests: the others count by load balancer."""
        is_asked = any(":loadbalancer/app/" in arn for arn in self.load_balancer_arns)
        return is_asked and namespace == NAMESPACES["application"]

    @property
    def healthy_ids(self) -> tuple[str, ...]:
        """The ids of the healthy targets; none where the health could not be read."""
        pairs = zip(self.target_ids or (), self.target_states or (), strict=True)
        return tuple(target for target, state in pairs if state == "healthy")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassicLoadBalancer(Resource):
    """One Classic Load Balancer (``elb DescribeLoadBalancers``)."""

    source: ClassVar[str] = "classic_load_balancers"

    load_balancer_name: str
    created_at: datetime
    scheme: str | None = None  # internet-facing | internal
    vpc_id: str | None = None
    availability_zones: tuple[str, ...] = ()
    instance_ids: tuple[str, ...] = ()

    @property
    def resource_id(self) -> str:
        """The name."""
        return self.load_balancer_name

    @property
    def arn(self) -> str:
        """The ARN."""
        rest = f"loadbalancer/{self.load_balancer_name}"
        return arn_of("elasticloadbalancing", self.region, self.account_id, rest)

    @property
    def name(self) -> str | None:
        """Its own name."""
        return self.load_balancer_name

    @property
    def dimensions(self) -> Mapping[str, str]:
        """``AWS/ELB``'s dimension."""
        return {"LoadBalancerName": self.load_balancer_name}
