"""Volumes of stopped instances: not before the instance has been stopped for a month, by EC2's own word."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ebs_factories import attached, days_ago
from factories import context, gap, instance, volume
from plainbill.analyzer.checks.ebs_volume_on_stopped_instance import EbsVolumeOnStoppedInstance
from plainbill.analyzer.checks.ec2_instance_stopped import Ec2InstanceStopped
from plainbill.analyzer.engine import run_checks
from plainbill.analyzer.registry import Check
from plainbill.model.findings import Confidence, Ok, Unknown, Verdict, Waste
from plainbill.model.money import Money
from plainbill.model.resources import Ec2Instance
from plainbill.model.resources.ebs import EbsVolume

STOPPED = instance(state="stopped", stopped_at=days_ago(97))


def judge(one: EbsVolume, *instances: Ec2Instance) -> Verdict:
    return EbsVolumeOnStoppedInstance().evaluate(one, context(one, *instances, asked=[Ec2Instance]))


@pytest.mark.parametrize(
    ("one", "box"),
    [
        pytest.param(volume(), STOPPED, id="attached to nothing"),
        pytest.param(attached(), instance(), id="the instance runs"),
        pytest.param(attached(), instance(state="stopping"), id="the instance is stopping"),
        pytest.param(attached(), instance(state="stopped", stopped_at=days_ago(29.9)), id="stopped lately"),
        pytest.param(
            attached(), instance(state="stopped", launched_at=days_ago(29)), id="started within the month"
        ),
        pytest.param(
            attached(),
            instance(state="stopped", stopped_at=days_ago(97), managed_by=("autoscaling",)),
            id="in the warm pool of a group",
        ),
    ],
)
def test_a_volume_that_is_used_or_was_a_month_ago_is_left_alone(one: EbsVolume, box: Ec2Instance) -> None:
    assert isinstance(judge(one, box), Ok)


def test_a_volume_of_several_instances_is_left_alone_while_one_of_them_runs() -> None:
    shared = attached(attached_to=("i-1", STOPPED.instance_id))
    assert isinstance(judge(shared, STOPPED, instance(instance_id="i-1")), Ok)
    lately = instance(instance_id="i-1", state="stopped", stopped_at=days_ago(3))
    assert isinstance(judge(shared, STOPPED, lately), Ok)


def test_the_last_start_is_not_the_time_it_was_stopped() -> None:
    forgotten = instance(state="stopped", launched_at=days_ago(300))
    assert isinstance(judge(attached(), forgotten), Unknown)


def test_instances_that_were_not_read_are_not_stopped() -> None:
    check, one = EbsVolumeOnStoppedInstance(), attached()
    assert isinstance(check.evaluate(one, context(one)), Unknown)
    denied = context(one, STOPPED, gaps=[gap(source="ec2_instances")])
    assert isinstance(check.evaluate(one, denied), Unknown)
    assert isinstance(judge(one, instance(instance_id="i-other", state="stopped")), Unknown)


def test_a_volume_of_an_instance_that_is_stopped_for_long_is_waste() -> None:
    verdict = judge(attached(size_gib=60), STOPPED)
    assert isinstance(verdict, Waste)
    assert verdict.monthly_saving == Money(Decimal("4.8"))
    assert verdict.confidence is Confidence.MEDIUM
    assert "stopped for 97 days (threshold 30)" in verdict.reason
    unpriced = judge(
        attached(region="mx-central-1", availability_zone="mx-central-1a"),
        instance(**{"region": "mx-central-1"} | _stopped()),
    )
    assert isinstance(unpriced, Waste)
    assert unpriced.monthly_saving is None


def _stopped() -> dict[str, object]:
    return {"state": "stopped", "stopped_at": days_ago(97)}


def test_the_instance_and_its_volumes_count_once() -> None:
    both = [attached(volume_id="vol-1"), attached(volume_id="vol-2")]
    checks: list[Check] = [Ec2InstanceStopped(), EbsVolumeOnStoppedInstance()]
    report = run_checks(checks, context(STOPPED, *both), [])
    assert len(report.findings) == 3
    assert report.monthly_saving == {"USD": Money(Decimal(16))}
