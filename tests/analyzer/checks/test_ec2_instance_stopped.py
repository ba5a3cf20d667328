"""Stopped instances: the disks are the waste, and only when the instance has been stopped for long."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from factories import NOW, context, gap, instance, volume
from plainbill.analyzer.checks.ec2_instance_stopped import Ec2InstanceStopped
from plainbill.model.findings import Confidence, Ok, Unknown, Verdict, Waste
from plainbill.model.inventory import Gap
from plainbill.model.resources import Ec2Instance
from plainbill.model.resources.ebs import EbsVolume

DAY = timedelta(days=1)
STOPPED = instance(state="stopped", stopped_at=NOW - 97 * DAY)
DISKS = (
    volume(volume_id="vol-1", attached_to=(STOPPED.instance_id,)),
    volume(volume_id="vol-2", attached_to=(STOPPED.instance_id,), size_gib=50),
)


def judge(box: Ec2Instance, *disks: EbsVolume, gaps: tuple[Gap, ...] = ()) -> Verdict:
    return Ec2InstanceStopped().evaluate(box, context(box, *disks, gaps=gaps, asked=[EbsVolume]))


@pytest.mark.parametrize(
    ("box", "disks"),
    [
        pytest.param(instance(), DISKS, id="running"),
        pytest.param(instance(state="stopping"), DISKS, id="stopping"),
        pytest.param(instance(state="stopped", stopped_at=NOW - 29 * DAY), DISKS, id="stopped for 29 days"),
        pytest.param(STOPPED, (), id="without disks"),
        pytest.param(STOPPED, (volume(attached_to=("i-other",)),), id="the disks are another one's"),
        pytest.param(
            STOPPED, (volume(attached_to=(STOPPED.instance_id,), region="eu-west-1"),), id="elsewhere"
        ),
    ],
)
def test_what_costs_nothing_or_is_not_stopped_for_long_is_left_alone(
    box: Ec2Instance, disks: tuple[EbsVolume, ...]
) -> None:
    assert isinstance(judge(box, *disks), Ok)


def test_without_the_day_it_was_stopped_nothing_is_said() -> None:
    assert isinstance(judge(instance(state="stopped"), *DISKS), Unknown)


def test_without_all_disks_of_the_region_nothing_is_said() -> None:
    assert isinstance(judge(STOPPED, *DISKS, gaps=(gap(source="ebs_volumes"),)), Unknown)


def test_the_disks_are_what_is_saved() -> None:
    found = judge(STOPPED, *DISKS)
    assert isinstance(found, Waste)
    assert found.monthly_saving is not None
    assert found.monthly_saving.amount == Decimal("12.00")  # 150 GiB of gp3 at $0.08
    assert {arn: part.amount for arn, part in found.parts.items()} == {
        DISKS[0].arn: Decimal("8.00"),
        DISKS[1].arn: Decimal("4.00"),
    }
    assert found.reason == (
        "Stopped for 97 days (since 2026-08-19; 30 are allowed); "
        "its 2 disks of 150 GiB together are billed all the same."
    )


def test_one_disk_of_unknown_price_makes_the_saving_unknown() -> None:
    found = judge(STOPPED, DISKS[0], volume(attached_to=(STOPPED.instance_id,), volume_type="standard"))
    assert isinstance(found, Waste)
    assert found.monthly_saving is None
    assert found.parts == {}


def test_what_a_group_manages_is_said_with_less_confidence() -> None:
    box = instance(state="stopped", stopped_at=STOPPED.stopped_at, managed_by=("autoscaling",))
    found = judge(box, *DISKS)
    assert isinstance(found, Waste)
    assert found.confidence is Confidence.MEDIUM
    assert "autoscaling" in found.doubts[0]
