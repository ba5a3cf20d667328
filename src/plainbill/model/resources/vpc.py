"""What leads traffic out of a VPC: NAT gateways and endpoints, with their route tables and subnets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from plainbill.model.resources.base import Resource, arn_of


@dataclass(frozen=True, slots=True, kw_only=True)
class NatGateway(Resource):
    """One NAT gateway (``DescribeNatGateways``)."""

    source: ClassVar[str] = "nat_gateways"

    nat_gateway_id: str
    state: str  # pending | failed | available | deleting | deleted
    vpc_id: str
    created_at: datetime
    subnet_id: str | None = None  # None for a regional one
    connectivity: str = "public"  # public | private
    is_regional: bool = False  # one over all zones, billed for each
    public_ips: tuple[str, ...] = ()
    allocation_ids: tuple[str, ...] = ()  # its Elastic IPs

    @property
    def resource_id(self) -> str:
        """The NAT gateway id."""
        return self.nat_gateway_id

    @property
    def arn(self) -> str:
        """The ARN."""
        return arn_of("ec2", self.region, self.account_id, f"natgateway/{self.nat_gateway_id}")

    @property
    def dimensions(self) -> Mapping[str, str]:
        """``AWS/NATGateway``'s dimension; a regional one has metrics by zone only, so none as a whole."""
        return {} if self.is_regional else {"NatGatewayId": self.nat_gateway_id}


@dataclass(frozen=True, slots=True, kw_only=True)
class VpcEndpoint(Resource):
    """One VPC endpoint (``DescribeVpcEndpoints``)."""

    source: ClassVar[str] = "vpc_endpoints"

    endpoint_id: str
    endpoint_type: str  # Interface | Gateway | GatewayLoadBalancer | Resource | ServiceNetwork
    service_name: str  # com.amazonaws.us-east-1.s3
    state: str  # available | pendingAcceptance | rejected | ..., in any case of letters
    vpc_id: str
    created_at: datetime | None = None
    subnet_ids: tuple[str, ...] = ()  # one in each zone; none for a gateway endpoint
    route_table_ids: tuple[str, ...] = ()  # of a gateway endpoint
    is_service_managed: bool = False  # an AWS service made it and deletes it
    service_region: str | None = None  # where the service is; None where AWS does not say
    is_paid_by_service: bool = False

    @property
    def resource_id(self) -> str:
        """The endpoint id."""
        return self.endpoint_id

    @property
    def arn(self) -> str:
        """The ARN."""
        return arn_of("ec2", self.region, self.account_id, f"vpc-endpoint/{self.endpoint_id}")

    @property
    def is_cross_region(self) -> bool:
        """Whether the service is in another region; such endpoints have no metrics."""
        return self.service_region not in {None, self.region}

    @property
    def dimensions(self) -> Mapping[str, str]:
        """``AWS/PrivateLinkEndpoints``'s dimensions, with the spaces that AWS writes them with."""
        return {
            "Endpoint Type": self.endpoint_type,
            "Service Name": self.service_name,
            "VPC Endpoint Id": self.endpoint_id,
            "VPC Id": self.vpc_id,
        }

    def publishes(self, namespace: str) -> bool:
        """Whether CloudWatch has metrics of it: not of gateway endpoints, nor of those to another region."""
        is_measured = self.endpoint_type in {"Interface", "GatewayLoadBalancer"} and not self.is_cross_region
        return is_measured and namespace == "AWS/PrivateLinkEndpoints"


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteTable(Resource):
    """One route table (``DescribeRouteTables``), free of charge: where traffic is sent to."""

    source: ClassVar[str] = "route_tables"

    route_table_id: str
    vpc_id: str
    nat_gateway_ids: tuple[str, ...] = ()  # that its routes lead to
    subnet_ids: tuple[str, ...] = ()  # that use it by name
    is_main: bool = False  # used by every subnet of the VPC that names no other

    @property
    def resource_id(self) -> str:
        """The route table id."""
        return self.route_table_id

    @property
    def arn(self) -> str:
        """The ARN."""
        return arn_of("ec2", self.region, self.account_id, f"route-table/{self.route_table_id}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Subnet(Resource):
    """One subnet (``DescribeSubnets``), free of charge: which zone what is in it is in."""

    source: ClassVar[str] = "subnets"

    subnet_id: str
    vpc_id: str
    availability_zone: str

    @property
    def resource_id(self) -> str:
        """The subnet id."""
        return self.subnet_id

    @property
    def arn(self) -> str:
        """The ARN."""
        return arn_of("ec2", self.region, self.account_id, f"subnet/{self.subnet_id}")
