"""Route tables: ``DescribeRouteTables`` in every enabled Region, free of charge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from plainbill.aws_connector import Connector, Read, Scope
from plainbill.data_fetcher.collector import Collector, Page, tags_of
from plainbill.model.resources.vpc import RouteTable

_PAGE = 100  # the most the API gives in one page


class RouteTables(Collector):
    """Every route table."""

    name = "route_tables"
    kind = RouteTable
    reads = (Read("ec2", "DescribeRouteTables", "whether a NAT gateway is in any route table"),)

    @classmethod
    def fetch(cls, connector: Connector, scope: Scope) -> Iterator[Page]:
        """Yield the pages of ``DescribeRouteTables``."""
        return connector.pages(scope, "ec2", "DescribeRouteTables", MaxResults=_PAGE)

    @classmethod
    def parse(cls, page: Page, scope: Scope) -> Iterator[RouteTable]:
        """Yield the route tables of a page."""
        return (_table(raw, scope) for raw in page.get("RouteTables", ()))


def _table(raw: Mapping[str, Any], scope: Scope) -> RouteTable:
    routes = raw.get("Routes", ())
    associations = raw.get("Associations", ())
    gateways = (route["NatGatewayId"] for route in routes if route.get("NatGatewayId"))
    return RouteTable(
        account_id=scope.account_id,
        region=scope.region,
        tags=tags_of(raw),
        route_table_id=raw["RouteTableId"],
        vpc_id=raw["VpcId"],
        nat_gateway_ids=tuple(dict.fromkeys(gateways)),
        subnet_ids=tuple(one["SubnetId"] for one in associations if one.get("SubnetId")),
        is_main=any(one.get("Main") for one in associations),
    )
