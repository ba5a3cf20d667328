"""VPC endpoints: ``DescribeVpcEndpoints`` in every enabled Region, free of charge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from plainbill.aws_connector import Connector, Read, Scope, instant
from plainbill.data_fetcher.collector import Collector, Page, tags_of
from plainbill.model.resources.vpc import VpcEndpoint

_PAGE = 1000  # the most the API gives in one page
_CHARGES, _PAID_BY_SERVICE = "vpc-endpoint-charges", "vpc-endpoint-service-account"


class VpcEndpoints(Collector):
    """Every VPC endpoint of whatever type."""

    name = "vpc_endpoints"
    kind = VpcEndpoint
    reads = (Read("ec2", "DescribeVpcEndpoints", "the VPC endpoints, and so none that nothing goes through"),)

    @classmethod
    def fetch(cls, connector: Connector, scope: Scope) -> Iterator[Page]:
        """Yield the pages of ``DescribeVpcEndpoints``."""
        return connector.pages(scope, "ec2", "DescribeVpcEndpoints", MaxResults=_PAGE)

    @classmethod
    def parse(cls, page: Page, scope: Scope) -> Iterator[VpcEndpoint]:
        """Yield the endpoints of a page."""
        return (_endpoint(raw, scope) for raw in page.get("VpcEndpoints", ()))


def _endpoint(raw: Mapping[str, Any], scope: Scope) -> VpcEndpoint:
    created = raw.get("CreationTimestamp")
    return VpcEndpoint(
        account_id=scope.account_id,
        region=scope.region,
        tags=tags_of(raw),
        endpoint_id=raw["VpcEndpointId"],
        endpoint_type=raw.get("VpcEndpointType") or "Gateway",  # answers from before there were others
        service_name=raw.get("ServiceName") or "",  # a service network has none
        state=raw["State"],
        vpc_id=raw["VpcId"],
        created_at=instant(created) if created else None,
        subnet_ids=tuple(raw.get("SubnetIds", ())),
        route_table_ids=tuple(raw.get("RouteTableIds", ())),
        is_service_managed=bool(raw.get("RequesterManaged")),
        service_region=raw.get("ServiceRegion") or None,
        is_paid_by_service=any(
            one.get("Scope") == _CHARGES and one.get("PayerResponsibilityType") == _PAID_BY_SERVICE
            for one in raw.get("PayerResponsibilities", ())
        ),
    )
