"""Load balancers whose targets are all down: a hint, and only where AWS tells the health of each."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from factories import NOW, context, gap
from network_factories import load_balancer, target_group
from plainbill.analyzer.checks.elb_load_balancer_without_healthy_targets import (
    ElbLoadBalancerWithoutHealthyTargets,
)
from plainbill.model.findings import Confidence, Ok, Unknown, Verdict, Waste
from plainbill.model.resources.addresses import NetworkInterface
from plainbill.model.resources.load_balancers import LoadBalancer, TargetGroup

SHOP = load_balancer()
SECOND = "arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/second/83e2d6bc24d8a067"


def judge(*groups: TargetGroup, balancer: LoadBalancer = SHOP, **changes: Any) -> Verdict:
    known = context(balancer, *groups, asked=[TargetGroup, NetworkInterface], **changes)
    return ElbLoadBalancerWithoutHealthyTargets().evaluate(balancer, known)


@pytest.mark.parametrize(
    "groups",
    [
        pytest.param((target_group("unhealthy", "healthy"),), id="one of two is healthy"),
        pytest.param(
            (target_group("unhealthy"), target_group("healthy", target_group_arn=SECOND)), id="in the second"
        ),
        pytest.param((), id="no group: another check's"),
        pytest.param((target_group(),), id="no target: another check's"),
        pytest.param((target_group("draining"),), id="the last target is leaving: another check's"),
    ],
)
def test_one_with_a_healthy_target_or_with_none_is_left_alone(groups: tuple[TargetGroup, ...]) -> None:
    assert isinstance(judge(*groups), Ok)


@pytest.mark.parametrize("state", ["initial", "unavailable", "unknown", "a state of the future"])
def test_a_target_that_is_not_shown_to_be_down_is_not_down(state: str) -> None:
    verdict = judge(target_group("unhealthy", state))
    assert isinstance(verdict, Unknown)
    assert state in verdict.reason


def test_what_was_not_read_is_not_down() -> None:
    assert isinstance(judge(target_group("unhealthy"), gaps=[gap(source="target_groups")]), Unknown)
    assert isinstance(judge(target_group(target_states=None, target_ids=None)), Unknown)


def test_a_young_one_may_not_be_up_yet() -> None:
    young = load_balancer(created_at=NOW - timedelta(days=6))
    assert isinstance(judge(target_group("unhealthy"), balancer=young), Unknown)


def test_one_whose_targets_are_all_down_is_a_hint() -> None:
    found = judge(target_group("unhealthy", "unused", "unhealthy"))
    assert isinstance(found, Waste)
    assert found.confidence is Confidence.REVIEW
    assert found.reason == "None of its 3 targets is healthy: 2 unhealthy, 1 unused."
    assert found.monthly_saving is not None
    assert found.monthly_saving.amount.quantize(Decimal("0.001")) == Decimal("16.425")  # $0.0225 x 730 h
    assert found.keeps_billing == ("what its targets are",)
