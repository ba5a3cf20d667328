"""Target groups and the health of their targets: ``DescribeTargetGroups``, ``DescribeTargetHealth``, free."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from plainbill.aws_connector import Connector, Read, Scope
from plainbill.aws_connector.errors import AwsCallError, NotFound, gap_of
from plainbill.data_fetcher.collector import Collector, Page
from plainbill.data_fetcher.source import as_documented
from plainbill.model.inventory import Gap
from plainbill.model.resources import Resource
from plainbill.model.resources.load_balancers import TargetGroup

_PAGE = 400  # the most the API gives in one page


class TargetGroups(Collector):
    """Every target group; AWS tells the health of one group's targets at a time."""

    name = "target_groups"
    kind = TargetGroup
    reads = (
        Read("elbv2", "DescribeTargetGroups", "what the load balancers send their traffic to"),
        Read("elbv2", "DescribeTargetHealth", "whether a load balancer has targets, and healthy ones"),
    )

    @classmethod
    def fetch(cls, connector: Connector, scope: Scope) -> Iterator[Page]:
        """Yield the pages of ``DescribeTargetGroups``."""
        return connector.pages(scope, "elbv2", "DescribeTargetGroups", PageSize=_PAGE)

    @classmethod
    def parse(cls, page: Page, scope: Scope) -> Iterator[TargetGroup]:
        """Yield the target groups of a page, their targets unknown."""
        return (_group(raw, scope) for raw in page.get("TargetGroups", ()))

    @classmethod
    def read(cls, connector: Connector, scope: Scope) -> tuple[list[Resource], list[Gap]]:
        """Return the groups with their targets; a group whose targets were refused keeps them unknown.

        The first refusal is the gap that stands for all, and the rest are not asked in vain. A group that
        was deleted in between is left out.
        """
        with as_documented(cls.reads[0], scope):
            groups = [one for page in cls.fetch(connector, scope) for one in cls.parse(page, scope)]
        known: list[Resource] = []
        for number, group in enumerate(groups):
            try:
                known.append(_with_targets(connector, scope, group))
            except NotFound:
                continue
            except AwsCallError as error:
                return [*known, *groups[number:]], [gap_of(error, cls.name)]
        return known, []


def _with_targets(connector: Connector, scope: Scope, group: TargetGroup) -> TargetGroup:
    answer = connector.call(scope, "elbv2", "DescribeTargetHealth", TargetGroupArn=group.arn)
    with as_documented(TargetGroups.reads[1], scope):
        ids, states = parse_health(answer)
    return replace(group, target_ids=ids, target_states=states)


def parse_health(answer: Mapping[str, Any]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the ids and the states of the targets of one group, in the same order."""
    described = answer.get("TargetHealthDescriptions", ())
    ids = tuple(one["Target"]["Id"] for one in described)
    return ids, tuple((one.get("TargetHealth") or {}).get("State") or "unknown" for one in described)


def _group(raw: Mapping[str, Any], scope: Scope) -> TargetGroup:
    return TargetGroup(
        account_id=scope.account_id,
        region=scope.region,
        target_group_arn=raw["TargetGroupArn"],
        target_group_name=raw["TargetGroupName"],
        target_type=raw.get("TargetType") or None,
        load_balancer_arns=tuple(raw.get("LoadBalancerArns", ())),
    )
