"""Subnets: ``DescribeSubnets`` in every enabled Region, free of charge."""

from __future__ import annotations

from collections.abc import Iterator

from plainbill.aws_connector import Connector, Read, Scope
from plainbill.data_fetcher.collector import Collector, Page, tags_of
from plainbill.model.resources.vpc import Subnet

_PAGE = 1000  # the most the API gives in one page


class Subnets(Collector):
    """Every subnet, also those that another account shares."""

    name = "subnets"
    kind = Subnet
    reads = (Read("ec2", "DescribeSubnets", "which zone a NAT gateway is in"),)

    @classmethod
    def fetch(cls, connector: Connector, scope: Scope) -> Iterator[Page]:
        """Yield the pages of ``DescribeSubnets``."""
        return connector.pages(scope, "ec2", "DescribeSubnets", MaxResults=_PAGE)

    @classmethod
    def parse(cls, page: Page, scope: Scope) -> Iterator[Subnet]:
        """Yield the subnets of a page."""
        for raw in page.get("Subnets", ()):
            yield Subnet(
                account_id=scope.account_id,
                region=scope.region,
                tags=tags_of(raw),
                subnet_id=raw["SubnetId"],
                vpc_id=raw["VpcId"],
                availability_zone=raw["AvailabilityZone"],
            )
