"""A group is idle where every one of its instances is; one that works, or is not known, speaks for all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from analyzer.ec2_idle.histories import history
from ec2_factories import agent_metric, target_group
from factories import NOW, context, flat_days, gap, instance
from plainbill.analyzer.checks.autoscaling_group_idle import AutoscalingGroupIdle
from plainbill.analyzer.checks.ec2_instance_idle import Ec2InstanceIdle
from plainbill.analyzer.ec2_facts import REQUESTS
from plainbill.analyzer.waste_check import Context
from plainbill.model.findings import Confidence, Ok, Unknown, Verdict, Waste
from plainbill.model.metrics import Metric, Series
from plainbill.model.resources import Ec2Instance, Resource
from plainbill.model.resources.agent_metric import MEMORY
from plainbill.model.resources.autoscaling import AutoScalingGroup
from plainbill.model.utilization import Utilization

FIRST, SECOND = (
    instance(instance_id=f"i-0{number}", managed_by=("autoscaling",)) for number in ("1" * 16, "2" * 16)
)
PAIR = (FIRST, SECOND)
IDLE, BUSY = history(), history(lambda hour: hour.hour % 2 == 0)


def group(**changes: Any) -> AutoScalingGroup:
    """A group of two that holds two."""
    plain = AutoScalingGroup(
        account_id="111122223333",
        region="us-east-1",
        group_arn="arn:aws:autoscaling:us-east-1:111122223333:autoScalingGroup:1:autoScalingGroupName/web",
        group_name="web",
        min_size=2,
        max_size=6,
        desired_size=2,
        created_at=datetime(2026, 3, 2, tzinfo=UTC),
        instance_ids=tuple(one.instance_id for one in PAIR),
    )
    return replace(plain, **changes)


def known(
    members: Sequence[Ec2Instance],
    loads: Sequence[Utilization | None],
    *others: Resource,
    series: Mapping[tuple[str, Metric], Series] | None = None,
) -> Context:
    used = {one.arn: load for one, load in zip(members, loads, strict=True) if load is not None}
    found = context(*members, *others, series=series, asked=(Ec2Instance,))
    return replace(found, utilization=used)


def judge(members: Sequence[Ec2Instance], *loads: Utilization | None, **changes: Any) -> Verdict:
    return AutoscalingGroupIdle().evaluate(group(**changes), known(members, loads))


@pytest.mark.parametrize(
    ("members", "loads"),
    [
        pytest.param(PAIR, (BUSY, BUSY), id="both work"),
        pytest.param(PAIR, (IDLE, BUSY), id="one works"),
        pytest.param(PAIR, (None, BUSY), id="one works, the other was not measured"),
        pytest.param(PAIR, (IDLE, history(lambda hour: hour.weekday() == 6 and hour.hour == 3)), id="a job"),
        pytest.param((FIRST, replace(SECOND, lifecycle="spot")), (IDLE, IDLE), id="Spot"),
        pytest.param(
            (FIRST, replace(SECOND, tags={"plainbill:keep": "yes"})), (IDLE, IDLE), id="tagged to be kept"
        ),
    ],
)
def test_a_group_with_an_instance_that_works_is_left_alone(
    members: Sequence[Ec2Instance], loads: Sequence[Utilization | None]
) -> None:
    assert isinstance(judge(members, *loads), Ok)


def test_a_group_without_instances_costs_nothing() -> None:
    assert judge((), instance_ids=(), min_size=0, desired_size=0) == Ok("it has no instances")


@pytest.mark.parametrize(
    ("members", "loads"),
    [
        pytest.param((FIRST,), (IDLE,), id="an instance was not read"),
        pytest.param(PAIR, (IDLE, None), id="not measured"),
        pytest.param(PAIR, (IDLE, history(days=5)), id="replaced five days ago"),
    ],
)
def test_an_instance_of_which_too_little_is_known_leaves_the_group_unknown(
    members: Sequence[Ec2Instance], loads: Sequence[Utilization | None]
) -> None:
    young = [
        one if load is None or load.period.hours > 240 else replace(one, launched_at=NOW)
        for one, load in zip(members, loads, strict=True)
    ]
    assert isinstance(judge(young, *loads), Unknown)


def test_instances_that_were_refused_leave_it_unknown() -> None:
    refused = replace(
        context(*PAIR, gaps=[gap(source="ec2_instances")]), utilization=dict.fromkeys(map(_arn, PAIR), IDLE)
    )
    found = AutoscalingGroupIdle().evaluate(group(), refused)
    assert found == Unknown("the EC2 instances of its Region were not read to the end")


def test_a_group_of_idle_instances_costs_what_they_cost() -> None:
    found = judge(PAIR, IDLE, IDLE)
    assert isinstance(found, Waste)
    assert found.confidence is Confidence.HIGH
    assert found.monthly_saving is not None
    assert found.monthly_saving.amount == 2 * Decimal("0.096") * 730
    assert found.parts.keys() == {FIRST.arn, SECOND.arn}
    assert found.reason.startswith("All 2 instances of the group are idle (sizes 2 to 6, 2 desired).")


def test_it_is_as_sure_as_the_least_sure_instance() -> None:
    once = history(lambda hour: hour.date() == (NOW.replace(day=10)).date() and hour.hour == 4)
    found = judge(PAIR, IDLE, once)
    assert isinstance(found, Waste)
    assert found.confidence is Confidence.MEDIUM


def test_what_another_service_manages_is_for_its_owner_to_review() -> None:
    nodes = [replace(one, managed_by=("autoscaling", "eks")) for one in PAIR]
    found = judge(nodes, IDLE, IDLE)
    assert isinstance(found, Waste)
    assert found.confidence is Confidence.REVIEW
    assert "EKS manages it: change its sizes there." in found.doubts


def test_requests_and_memory_speak_for_the_group() -> None:
    targets, memory = target_group(*group().instance_ids), agent_metric(SECOND)
    series = {(targets.arn, REQUESTS): flat_days(5.0), (memory.arn, MEMORY[0]): flat_days(75.0)}
    found = AutoscalingGroupIdle().evaluate(
        group(), known(PAIR, (IDLE, IDLE), targets, memory, series=series)
    )
    assert isinstance(found, Waste)
    assert found.confidence is Confidence.MEDIUM


def test_an_unknown_price_leaves_the_saving_unknown() -> None:
    found = judge([replace(one, platform="Windows") for one in PAIR], IDLE, IDLE)
    assert isinstance(found, Waste)
    assert found.monthly_saving is None
    assert found.parts == {}


def test_its_instances_are_still_not_judged_singly() -> None:
    everything = known(PAIR, (IDLE, IDLE))
    assert isinstance(AutoscalingGroupIdle().evaluate(group(), everything), Waste)
    assert all(isinstance(Ec2InstanceIdle().evaluate(one, everything), Ok) for one in PAIR)


def _arn(box: Ec2Instance) -> str:
    return box.arn
