"""Public IPv4 addresses: Elastic IPs, and the network interfaces that addresses are on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from plainbill.model.resources.base import Resource, arn_of

AMAZON_POOL = "amazon"
"""The pool whose addresses are billed by the address and hour."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ElasticIp(Resource):
    """One Elastic IP (``DescribeAddresses``); AWS does not say since when it is what it is."""

    source: ClassVar[str] = "elastic_ips"

    public_ip: str
    allocation_id: str | None = None  # None for an address from before VPCs
    association_id: str | None = None
    network_interface_id: str | None = None
    network_interface_owner: str | None = None  # an account id, or a service's name
    instance_id: str | None = None
    pool: str | None = None  # amazon, or the id of a pool of the account's own
    service_managed: str | None = None  # alb | nlb | rnat | rds

    @property
    def resource_id(self) -> str:
        """The allocation id."""
        return self.allocation_id or self.public_ip

    @property
    def arn(self) -> str:
        """The ARN."""
        return elastic_ip_arn(self.region, self.account_id, self.resource_id)

    @property
    def is_associated(self) -> bool:
        """Whether it is on anything."""
        return bool(self.association_id or self.network_interface_id or self.instance_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkInterface(Resource):
    """One network interface that has a public IPv4 address (``DescribeNetworkInterfaces``)."""

    source: ClassVar[str] = "network_interfaces"

    interface_id: str
    interface_type: str  # interface | natGateway | network_load_balancer | lambda | ...
    subnet_id: str | None = None
    vpc_id: str | None = None
    availability_zone: str | None = None
    requester_id: str | None = None  # the service that made it: amazon-elb, amazon-rds ...
    is_service_managed: bool = False
    description: str | None = None  # AWS's own words where a service made it, anybody's otherwise
    instance_id: str | None = None
    is_attached: bool = True  # to an instance, or to what a service runs
    allocation_ids: tuple[str, ...] = ()  # the Elastic IPs on it
    assigned_ips: tuple[str, ...] = ()  # public addresses that AWS lent to it, and no Elastic IPs

    @property
    def resource_id(self) -> str:
        """The network interface id."""
        return self.interface_id

    @property
    def arn(self) -> str:
        """The ARN."""
        return arn_of("ec2", self.region, self.account_id, f"network-interface/{self.interface_id}")


def elastic_ip_arn(region: str, account_id: str, allocation_id: str) -> str:
    """Return the ARN of an Elastic IP by its allocation id."""
    return arn_of("ec2", region, account_id, f"elastic-ip/{allocation_id}")
