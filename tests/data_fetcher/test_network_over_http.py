"""Targets and tags are asked for one by one or in twenties: what is refused of them is a gap, not a zero."""

from __future__ import annotations

import pytest

from faults import FaultProxy
from plainbill.aws_connector import Connector, Scope
from plainbill.aws_connector.errors import AccessDenied
from plainbill.data_fetcher.classic_load_balancers import ClassicLoadBalancers
from plainbill.data_fetcher.collector import Collector
from plainbill.data_fetcher.load_balancers import LoadBalancers
from plainbill.data_fetcher.target_groups import TargetGroups
from plainbill.demo.call import Fault
from plainbill.demo.server import DemoEndpoint
from plainbill.model.resources.load_balancers import TargetGroup

PRODUCTION = "444455556666"
VIRGINIA = Scope(PRODUCTION, "us-east-1")


def refused(action: str) -> frozenset[tuple[str, str, str]]:
    return frozenset({(PRODUCTION, "*", action)})


def groups(connector: Connector) -> list[TargetGroup]:
    found, _ = TargetGroups.read(connector, VIRGINIA)
    return [one for one in found if isinstance(one, TargetGroup)]


def test_every_group_is_asked_for_its_targets(connector: Connector, proxy: FaultProxy) -> None:
    found = groups(connector)
    assert len(found) == proxy.count("DescribeTargetHealth") > 5
    assert all(one.target_states is not None for one in found)
    assert {len(one.target_ids or ()) == len(one.target_states or ()) for one in found} == {True}


def test_targets_that_are_refused_stay_unknown_and_are_not_asked_for_again_and_again(
    demo: DemoEndpoint, connector: Connector, proxy: FaultProxy
) -> None:
    demo.change(denied=refused("elasticloadbalancing:DescribeTargetHealth"))
    found, (gap,) = TargetGroups.read(connector, VIRGINIA)
    assert {one.target_states for one in found if isinstance(one, TargetGroup)} == {None}
    assert (gap.source, gap.kind) == ("target_groups", "AccessDenied")
    assert gap.action == "elasticloadbalancing:DescribeTargetHealth"
    assert (gap.account_id, gap.region) == (PRODUCTION, "us-east-1")
    assert proxy.count("DescribeTargetHealth") == 1


def test_a_group_that_was_deleted_in_between_is_left_out(demo: DemoEndpoint, connector: Connector) -> None:
    gone = Fault("TargetGroupNotFound", "One or more target groups not found")
    demo.change(faults={(PRODUCTION, "*", "elbv2:DescribeTargetHealth"): gone})
    assert TargetGroups.read(connector, VIRGINIA) == ([], [])


@pytest.mark.parametrize("collector", [LoadBalancers, ClassicLoadBalancers])
def test_load_balancers_whose_tags_are_refused_are_kept_with_a_gap(
    demo: DemoEndpoint, connector: Connector, collector: type[Collector]
) -> None:
    tagged, none = collector.read(connector, VIRGINIA)
    assert none == []
    assert any(one.tags for one in tagged)
    demo.change(denied=refused("elasticloadbalancing:DescribeTags"))
    found, (gap,) = collector.read(connector, VIRGINIA)
    assert [one.arn for one in found] == [one.arn for one in tagged]
    assert not any(one.tags for one in found)
    assert (gap.source, gap.action) == (collector.name, "elasticloadbalancing:DescribeTags")


def test_no_tags_are_asked_for_where_there_is_nothing(connector: Connector, proxy: FaultProxy) -> None:
    assert LoadBalancers.read(connector, Scope(PRODUCTION, "ap-southeast-2")) == ([], [])
    assert proxy.count("DescribeTags") == 0


@pytest.mark.parametrize("collector", [LoadBalancers, ClassicLoadBalancers, TargetGroups])
def test_a_list_that_is_refused_is_no_empty_list(
    demo: DemoEndpoint, connector: Connector, collector: type[Collector]
) -> None:
    demo.change(denied=refused(collector.reads[0].iam_action))
    with pytest.raises(AccessDenied):
        collector.read(connector, VIRGINIA)
