"""Application, network and gateway load balancers: ``DescribeLoadBalancers`` of ELBv2, free of charge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from plainbill.aws_connector import Connector, Read, Scope, instant
from plainbill.data_fetcher.balancer_tags import Tagging
from plainbill.data_fetcher.collector import Collector, Page
from plainbill.data_fetcher.source import as_documented
from plainbill.model.inventory import Gap
from plainbill.model.resources import Resource
from plainbill.model.resources.load_balancers import LoadBalancer

_PAGE = 400  # the most the API gives in one page
TAGGING = Tagging(
    Read("elbv2", "DescribeTags", "the tags of the load balancers, so whose they are"),
    parameter="ResourceArns",
    field="ResourceArn",
)


class LoadBalancers(Collector):
    """Every load balancer of the second generation, with its tags."""

    name = "load_balancers"
    kind = LoadBalancer
    reads = (
        Read("elbv2", "DescribeLoadBalancers", "the load balancers, and so none that has nothing to do"),
        TAGGING.read,
    )

    @classmethod
    def fetch(cls, connector: Connector, scope: Scope) -> Iterator[Page]:
        """Yield the pages of ``DescribeLoadBalancers``."""
        return connector.pages(scope, "elbv2", "DescribeLoadBalancers", PageSize=_PAGE)

    @classmethod
    def parse(cls, page: Page, scope: Scope) -> Iterator[LoadBalancer]:
        """Yield the load balancers of a page, without their tags."""
        return (_balancer(raw, scope) for raw in page.get("LoadBalancers", ()))

    @classmethod
    def read(cls, connector: Connector, scope: Scope) -> tuple[list[Resource], list[Gap]]:
        """Return the load balancers with their tags; without them, and a gap, where those were refused."""
        with as_documented(cls.reads[0], scope):
            found = [one for page in cls.fetch(connector, scope) for one in cls.parse(page, scope)]
        tagged, gaps = TAGGING.tagged(connector, scope, cls.name, found, lambda one: one.arn)
        return [*tagged], gaps


def _balancer(raw: Mapping[str, Any], scope: Scope) -> LoadBalancer:
    return LoadBalancer(
        account_id=scope.account_id,
        region=scope.region,
        load_balancer_arn=raw["LoadBalancerArn"],
        load_balancer_name=raw["LoadBalancerName"],
        load_balancer_type=raw["Type"],
        state=raw["State"]["Code"],
        created_at=instant(raw["CreatedTime"]),
        scheme=raw.get("Scheme") or None,
        vpc_id=raw.get("VpcId") or None,
        availability_zones=tuple(zone["ZoneName"] for zone in raw.get("AvailabilityZones", ())),
    )
