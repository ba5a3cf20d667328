"""Load balancers without targets: whatever its groups are made of, one registered target acquits."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from factories import NOW, context, gap
from network_factories import AllSeries, load_balancer, target_group, traffic
from plainbill.analyzer.checks.elb_load_balancer_without_targets import ElbLoadBalancerWithoutTargets
from plainbill.model.findings import Confidence, Ok, Unknown, Verdict, Waste
from plainbill.model.resources.addresses import NetworkInterface
from plainbill.model.resources.load_balancers import LoadBalancer, TargetGroup

SHOP = load_balancer()
SECOND = "arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/second/83e2d6bc24d8a067"


def judge(
    balancer: LoadBalancer, *groups: TargetGroup, series: AllSeries | None = None, **changes: Any
) -> Verdict:
    known = context(balancer, *groups, asked=[TargetGroup, NetworkInterface], series=series or {}, **changes)
    return ElbLoadBalancerWithoutTargets().evaluate(balancer, known)


@pytest.mark.parametrize(
    "groups",
    [
        pytest.param((target_group("healthy"),), id="a healthy target"),
        pytest.param((target_group("unhealthy"),), id="an unhealthy one is registered all the same"),
        pytest.param((target_group("unhealthy.draining"),), id="unhealthy, and being drained"),
        pytest.param((target_group("initial"),), id="being registered"),
        pytest.param((target_group("unavailable", target_type="lambda"),), id="a function"),
        pytest.param((target_group("healthy", target_type="ip"),), id="an address"),
        pytest.param((target_group(), target_group("healthy", target_group_arn=SECOND)), id="in the second"),
    ],
)
def test_one_that_has_a_target_anywhere_is_left_alone(groups: tuple[TargetGroup, ...]) -> None:
    assert isinstance(judge(SHOP, *groups, series=traffic(SHOP)), Ok)


def test_one_that_redirects_needs_no_target_group() -> None:
    assert isinstance(judge(SHOP, series=traffic(SHOP, requests=0.0, volume=900.0)), Ok)


def test_targets_of_another_load_balancer_are_none_of_its_own() -> None:
    other = target_group("healthy", load_balancer_arns=("arn:other",))
    assert isinstance(judge(SHOP, other, series=traffic(SHOP)), Waste)
    unused = target_group("unused", load_balancer_arns=())
    assert isinstance(judge(SHOP, unused, series=traffic(SHOP)), Waste)


@pytest.mark.parametrize(
    ("balancer", "groups", "gaps"),
    [
        pytest.param(SHOP, (target_group(),), [gap(source="target_groups")], id="groups not read"),
        pytest.param(SHOP, (target_group(target_states=None, target_ids=None),), [], id="targets not read"),
        pytest.param(load_balancer(created_at=NOW - timedelta(days=6)), (), [], id="6 days old"),
        pytest.param(load_balancer(state="provisioning"), (), [], id="being made"),
        pytest.param(load_balancer(state="failed"), (), [], id="failed"),
    ],
)
def test_what_is_not_known_is_not_nothing(
    balancer: LoadBalancer, groups: tuple[TargetGroup, ...], gaps: list[Any]
) -> None:
    assert isinstance(judge(balancer, *groups, series=traffic(balancer), gaps=gaps), Unknown)


@pytest.mark.parametrize(
    ("groups", "reason"),
    [
        ((), "It sends traffic to no target group."),
        ((target_group(),), "No target is registered in its target group."),
        (
            (target_group(), target_group(target_group_arn=SECOND)),
            "No target is registered in 2 target groups.",
        ),
        ((target_group("draining"),), "No target is registered in its target group."),
    ],
    ids=["no group", "an empty group", "two empty groups", "the last target is leaving"],
)
def test_one_without_targets_costs_its_hours(groups: tuple[TargetGroup, ...], reason: str) -> None:
    found = judge(SHOP, *groups, series=traffic(SHOP))
    assert isinstance(found, Waste)
    assert found.reason == reason
    assert found.monthly_saving is not None
    assert found.monthly_saving.amount.quantize(Decimal("0.001")) == Decimal("16.425")  # $0.0225 x 730 h


@pytest.mark.parametrize(
    ("series", "confidence"),
    [
        pytest.param(traffic(SHOP), Confidence.HIGH, id="shown to be silent"),
        pytest.param({}, Confidence.MEDIUM, id="not measured"),
        pytest.param(traffic(SHOP, pulse=None), Confidence.MEDIUM, id="not shown to be measured"),
        pytest.param(traffic(SHOP, volume=900.0), Confidence.REVIEW, id="clients come, and get errors"),
    ],
)
def test_how_sure_it_is_follows_from_the_traffic(series: AllSeries, confidence: Confidence) -> None:
    found = judge(SHOP, target_group(), series=series)
    assert isinstance(found, Waste)
    assert found.confidence is confidence


def test_one_that_kubernetes_made_is_less_certain() -> None:
    made = load_balancer(tags={"kubernetes.io/service-name": "web/shop"})
    found = judge(made, target_group(), series=traffic(made))
    assert isinstance(found, Waste)
    assert found.confidence is Confidence.MEDIUM
