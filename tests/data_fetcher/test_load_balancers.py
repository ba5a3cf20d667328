"""What ELB said of its load balancers and targets is kept; names and namespaces are CloudWatch's."""

from __future__ import annotations

from typing import Any

import pytest

from data_fetcher.answers import recorded, recordings
from plainbill.aws_connector import Scope
from plainbill.data_fetcher import classic_load_balancers, load_balancers
from plainbill.data_fetcher.classic_load_balancers import ClassicLoadBalancers
from plainbill.data_fetcher.load_balancers import LoadBalancers
from plainbill.data_fetcher.target_groups import TargetGroups, parse_health
from plainbill.model.resources.load_balancers import LoadBalancer

IRELAND = Scope("111122223333", "eu-west-1")
ARN = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/shop/50dc6c495c0c9188"


def described(**changes: Any) -> dict[str, Any]:
    return {
        "LoadBalancerArn": ARN,
        "LoadBalancerName": "shop",
        "Type": "application",
        "State": {"Code": "active"},
        "CreatedTime": "2026-03-02T08:00:00.000Z",
        **changes,
    }


def parsed(**changes: Any) -> LoadBalancer:
    (balancer,) = LoadBalancers.parse({"LoadBalancers": [described(**changes)]}, IRELAND)
    return balancer


def test_its_name_is_its_own_and_its_dimension_the_end_of_its_arn() -> None:
    balancer = parsed(Scheme="internal", AvailabilityZones=[{"ZoneName": "eu-west-1a"}])
    assert (balancer.name, balancer.arn) == ("shop", ARN)
    assert balancer.dimensions == {"LoadBalancer": "app/shop/50dc6c495c0c9188"}
    assert balancer.availability_zones == ("eu-west-1a",)


@pytest.mark.parametrize(
    ("kind", "namespace"),
    [
        ("application", "AWS/ApplicationELB"),
        ("network", "AWS/NetworkELB"),
        ("gateway", "AWS/GatewayELB"),
    ],
)
def test_each_type_is_asked_for_the_metrics_of_its_own_namespace_only(kind: str, namespace: str) -> None:
    published = [
        one
        for one in ("AWS/ApplicationELB", "AWS/NetworkELB", "AWS/GatewayELB", "AWS/ELB")
        if parsed(Type=kind).publishes(one)
    ]
    assert published == [namespace]


def test_a_type_that_does_not_exist_yet_has_no_metrics() -> None:
    assert not parsed(Type="quantum").publishes("AWS/ApplicationELB")


def test_tags_come_by_arn_or_by_name() -> None:
    hostile = "<img src=x onerror=alert(1)>"
    tags = [{"Key": "team", "Value": hostile}]
    assert load_balancers.TAGGING.parse({"TagDescriptions": [{"ResourceArn": ARN, "Tags": tags}]}) == {
        ARN: {"team": hostile}
    }
    assert classic_load_balancers.TAGGING.parse({"TagDescriptions": [{"LoadBalancerName": "old"}]}) == {
        "old": {}
    }


def test_every_recorded_load_balancer_parses_and_none_is_lost() -> None:
    second = first = 0
    for path in recordings("aws_api_c7n_placebo", "*/elasticloadbalancing.DescribeLoadBalancers_*.json"):
        page = recorded(path)
        parsed_page = list(LoadBalancers.parse(page, IRELAND))
        assert all(one.resource_id.startswith(("app/", "net/")) for one in parsed_page)
        second += len(parsed_page)
        first += len(list(ClassicLoadBalancers.parse(page, IRELAND)))
    assert (second, first) == (41, 31)


def test_a_classic_one_names_its_instances_and_is_known_by_name() -> None:
    path = "test_elb_instance_filter/elasticloadbalancing.DescribeLoadBalancers_1.json"
    (answer,) = recordings("aws_api_c7n_placebo", path)
    balancer = next(iter(ClassicLoadBalancers.parse(recorded(answer), IRELAND)))
    assert (balancer.name, balancer.instance_ids) == ("balanced", ("i-0d6fc89a578546fec",))
    assert balancer.dimensions == {"LoadBalancerName": "balanced"}
    assert balancer.arn == "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/balanced"


def test_a_group_s_targets_are_unknown_until_their_health_was_asked_for() -> None:
    raw = {
        "TargetGroupArn": ARN.replace("loadbalancer/app", "targetgroup"),
        "TargetGroupName": "shop",
        "LoadBalancerArns": [ARN],
        "TargetType": "ip",
    }
    (group,) = TargetGroups.parse({"TargetGroups": [raw]}, IRELAND)
    assert (group.target_ids, group.target_states) == (None, None)
    assert (group.resource_id, group.load_balancer_arns) == ("targetgroup/shop/50dc6c495c0c9188", (ARN,))


def test_a_target_whose_health_aws_does_not_tell_is_neither_healthy_nor_not() -> None:
    described = [
        {"Target": {"Id": "i-1", "Port": 80}, "TargetHealth": {"State": "healthy"}},
        {"Target": {"Id": "10.0.0.7"}},
    ]
    assert parse_health({"TargetHealthDescriptions": described}) == (
        ("i-1", "10.0.0.7"),
        ("healthy", "unknown"),
    )
    assert parse_health({}) == ((), ())


def test_every_recorded_target_parses() -> None:
    paths = recordings("aws_api_c7n_placebo", "*/elasticloadbalancing.DescribeTargetHealth_*.json")
    states = [state for path in paths for state in parse_health(recorded(path))[1]]
    assert len(paths) == 7
    assert set(states) <= {"healthy", "unhealthy", "unused", "initial", "draining", "unavailable", "unknown"}
    assert states
