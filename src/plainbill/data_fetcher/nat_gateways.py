"""NAT gateways: ``DescribeNatGateways`` in every enabled Region, free of charge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from plainbill.aws_connector import Connector, Read, Scope, instant
from plainbill.data_fetcher.collector import Collector, Page, tags_of
from plainbill.model.resources.vpc import NatGateway

_PAGE = 1000  # the most the API gives in one page


class NatGateways(Collector):
    """Every NAT gateway, also those that were deleted within the hour."""

    name = "nat_gateways"
    kind = NatGateway
    reads = (Read("ec2", "DescribeNatGateways", "the NAT gateways, and so none that nothing goes through"),)

    @classmethod
    def fetch(cls, connector: Connector, scope: Scope) -> Iterator[Page]:
        """Yield the pages of ``DescribeNatGateways``."""
        return connector.pages(scope, "ec2", "DescribeNatGateways", MaxResults=_PAGE)

    @classmethod
    def parse(cls, page: Page, scope: Scope) -> Iterator[NatGateway]:
        """Yield the NAT gateways of a page."""
        return (_gateway(raw, scope) for raw in page.get("NatGateways", ()))


def _gateway(raw: Mapping[str, Any], scope: Scope) -> NatGateway:
    addresses = raw.get("NatGatewayAddresses", ())
    return NatGateway(
        account_id=scope.account_id,
        region=scope.region,
        tags=tags_of(raw),
        nat_gateway_id=raw["NatGatewayId"],
        state=raw["State"],
        vpc_id=raw["VpcId"],
        created_at=instant(raw["CreateTime"]),
        subnet_id=raw.get("SubnetId") or None,
        connectivity=raw.get("ConnectivityType") or "public",
        is_regional=raw.get("AvailabilityMode") == "regional",
        public_ips=tuple(one["PublicIp"] for one in addresses if one.get("PublicIp")),
        allocation_ids=tuple(one["AllocationId"] for one in addresses if one.get("AllocationId")),
    )
