"""Auto Scaling groups: ``DescribeAutoScalingGroups`` in every enabled Region, free of charge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from plainbill.aws_connector import Connector, Read, Scope, instant
from plainbill.data_fetcher.collector import Collector, Page, tags_of
from plainbill.model.resources.autoscaling import AutoScalingGroup

_PAGE = 100  # the most the API gives in one page


class AutoScalingGroups(Collector):
    """Every Auto Scaling group with its sizes and its instances."""

    name = "autoscaling_groups"
    kind = AutoScalingGroup
    reads = (
        Read("autoscaling", "DescribeAutoScalingGroups", "groups of instances that are idle as a whole"),
    )

    @classmethod
    def fetch(cls, connector: Connector, scope: Scope) -> Iterator[Page]:
        """Yield the pages of ``DescribeAutoScalingGroups``."""
        return connector.pages(scope, "autoscaling", "DescribeAutoScalingGroups", MaxRecords=_PAGE)

    @classmethod
    def parse(cls, page: Page, scope: Scope) -> Iterator[AutoScalingGroup]:
        """Yield the groups of a page."""
        return (_group(raw, scope) for raw in page.get("AutoScalingGroups", ()))


def _group(raw: Mapping[str, Any], scope: Scope) -> AutoScalingGroup:
    return AutoScalingGroup(
        account_id=scope.account_id,
        region=scope.region,
        tags=tags_of(raw),
        group_arn=raw["AutoScalingGroupARN"],
        group_name=raw["AutoScalingGroupName"],
        min_size=int(raw["MinSize"]),
        max_size=int(raw["MaxSize"]),
        desired_size=int(raw["DesiredCapacity"]),
        created_at=instant(raw["CreatedTime"]),
        instance_ids=tuple(one["InstanceId"] for one in raw.get("Instances", ())),
    )
