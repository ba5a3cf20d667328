"""Classic Load Balancers: ``DescribeLoadBalancers`` of the first ELB, free of charge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from plainbill.aws_connector import Connector, Read, Scope, instant
from plainbill.data_fetcher.balancer_tags import Tagging
from plainbill.data_fetcher.collector import Collector, Page
from plainbill.data_fetcher.source import as_documented
from plainbill.model.inventory import Gap
from plainbill.model.resources import Resource
from plainbill.model.resources.load_balancers import ClassicLoadBalancer

_PAGE = 400  # the most the API gives in one page
TAGGING = Tagging(
    Read("elb", "DescribeTags", "the tags of the Classic Load Balancers, so whose they are"),
    parameter="LoadBalancerNames",
    field="LoadBalancerName",
)


class ClassicLoadBalancers(Collector):
    """Every Classic Load Balancer, with its tags."""

    name = "classic_load_balancers"
    kind = ClassicLoadBalancer
    reads = (
        Read("elb", "DescribeLoadBalancers", "the Classic Load Balancers, and so none that is unused"),
        TAGGING.read,
    )

    @classmethod
    def fetch(cls, connector: Connector, scope: Scope) -> Iterator[Page]:
        """Yield the pages of ``DescribeLoadBalancers``."""
        return connector.pages(scope, "elb", "DescribeLoadBalancers", PageSize=_PAGE)

    @classmethod
    def parse(cls, page: Page, scope: Scope) -> Iterator[ClassicLoadBalancer]:
        """Yield the load balancers of a page, without their tags."""
        return (_balancer(raw, scope) for raw in page.get("LoadBalancerDescriptions", ()))

    @classmethod
    def read(cls, connector: Connector, scope: Scope) -> tuple[list[Resource], list[Gap]]:
        """Return the load balancers with their tags; without them, and a gap, where those were refused."""
        with as_documented(cls.reads[0], scope):
            found = [one for page in cls.fetch(connector, scope) for one in cls.parse(page, scope)]
        tagged, gaps = TAGGING.tagged(connector, scope, cls.name, found, lambda one: one.load_balancer_name)
        return [*tagged], gaps


def _balancer(raw: Mapping[str, Any], scope: Scope) -> ClassicLoadBalancer:
    return ClassicLoadBalancer(
        account_id=scope.account_id,
        region=scope.region,
        load_balancer_name=raw["LoadBalancerName"],
        created_at=instant(raw["CreatedTime"]),
        scheme=raw.get("Scheme") or None,
        vpc_id=raw.get("VPCId") or None,
        availability_zones=tuple(raw.get("AvailabilityZones", ())),
        instance_ids=tuple(one["InstanceId"] for one in raw.get("Instances", ())),
    )
