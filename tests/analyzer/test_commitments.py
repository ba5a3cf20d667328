"""What would really be saved: all where nothing is committed, nothing where the commitment goes on billing.

List price of m5.large in us-east-1: 0.096 US dollars an hour; each larger size costs twice as much.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from analyzer.committed import (
    ACCOUNT,
    M5_LARGE,
    NOTHING,
    OTHER,
    amount,
    machines,
    one_of,
    price,
    replaced,
    said,
    saves,
    stop,
    usd,
)
from commitment_factories import reserved, savings_plan
from factories import NOW, instance, volume
from plainbill.model.findings import Action
from plainbill.model.resources.autoscaling import AutoScalingGroup
from plainbill.model.resources.capacity import CapacityReservation
from plainbill.model.resources.commitments import ReservedInstance, SavingsPlan


def test_without_commitments_all_of_the_list_saving_is_real() -> None:
    idle, other = machines(2)
    found = said([stop(idle)], idle, other)
    assert found.realisable == found.at_list == {"USD": usd(M5_LARGE)}
    assert (found.not_known, found.not_known_findings, found.is_lower_bound) == ({}, 0, False)
    assert "was found" in found.findings[stop(idle).finding_id].reason


@pytest.mark.parametrize(
    "of",
    [
        pytest.param(reserved(region="eu-west-1"), id="another region"),
        pytest.param(reserved(instance_type="m5a.large"), id="another family"),
        pytest.param(reserved(platform="Windows"), id="another platform"),
        pytest.param(reserved(tenancy="dedicated"), id="another tenancy"),
        pytest.param(reserved(scope="Availability Zone", availability_zone="us-east-1b"), id="another zone"),
        pytest.param(
            reserved(scope="Availability Zone", availability_zone="us-east-1a", instance_type="m5.xlarge"),
            id="a zonal one of another size",
        ),
        pytest.param(reserved(end_at=NOW), id="one that has ended"),
        pytest.param(reserved(state="retired"), id="a retired one"),
    ],
)
def test_a_reservation_of_something_else_takes_nothing(of: ReservedInstance) -> None:
    (idle,) = machines(1)
    assert amount(one_of([stop(idle)], idle, of)) == M5_LARGE


@pytest.mark.parametrize(
    "plan",
    [
        pytest.param(savings_plan(plan_type="SageMaker"), id="of SageMaker"),
        pytest.param(savings_plan(plan_type="Database"), id="of databases"),
        pytest.param(savings_plan(state="retired"), id="a retired one"),
        pytest.param(savings_plan(end_at=NOW), id="one that has ended"),
        pytest.param(
            savings_plan(plan_type="EC2Instance", covered_region="us-east-1", family="c5"),
            id="of another family",
        ),
        pytest.param(
            savings_plan(plan_type="EC2Instance", covered_region="eu-west-1", family="m5"),
            id="of another region",
        ),
    ],
)
def test_a_plan_of_something_else_takes_nothing(plan: SavingsPlan) -> None:
    (idle,) = machines(1)
    assert amount(one_of([stop(idle)], idle, plan)) == M5_LARGE


def test_a_disk_is_saved_whatever_is_committed() -> None:
    disk, (busy,) = volume(), machines(1)
    found = one_of([saves(disk, "8")], disk, busy, reserved(), savings_plan(), covered="0.096")
    assert amount(found) == 8


def test_the_disks_of_a_stopped_instance_are_saved_whatever_is_committed() -> None:
    stopped = instance(state="stopped")
    waste = saves(stopped, "8", parts={volume().arn: usd("8")})
    assert amount(one_of([waste], stopped, reserved(), savings_plan(), covered="0.01")) == 8


def test_spot_and_hosts_are_covered_by_nothing() -> None:
    for kind in ({"lifecycle": "spot"}, {"tenancy": "host"}):
        one = instance(**kind)
        assert amount(one_of([saves(one, "9")], one, reserved(), savings_plan(), covered="1")) == 9


def test_a_reservation_that_covers_another_running_instance_instead_costs_nothing() -> None:
    idle, busy = machines(2)
    found = one_of([stop(idle)], idle, busy, reserved())
    assert amount(found) == M5_LARGE
    assert "moves to another" in found.reason


def test_a_reservation_moves_to_other_sizes_by_normalized_units() -> None:
    (idle,), (busy,) = machines(1, instance_type="m5.xlarge"), machines(1)
    found = one_of([stop(idle)], idle, busy, reserved())  # 8 + 4 units run, 4 are reserved
    assert amount(found) == 2 * M5_LARGE
    larger = one_of([stop(idle)], idle, busy, reserved(count=2))  # of 8 on stopping, 4 remain in use
    assert amount(larger) == M5_LARGE
    assert "a part" in larger.reason


def test_a_reservation_moves_to_another_account_of_the_organization() -> None:
    (idle,), (busy,) = machines(1), machines(1, account_id=OTHER)
    assert amount(one_of([stop(idle)], idle, busy, reserved())) == M5_LARGE


def test_the_last_instance_of_a_reservation_saves_nothing() -> None:
    (idle,) = machines(1)
    found = one_of([stop(idle)], idle, reserved())
    assert amount(found) == NOTHING
    assert "goes on billing" in found.reason
    assert not found.is_lower_bound


def test_a_zonal_reservation_moves_within_its_zone_only() -> None:
    here, there = machines(1)[0], instance(instance_id="i-2", availability_zone="us-east-1b")
    zonal = reserved(scope="Availability Zone", availability_zone="us-east-1a")
    assert amount(one_of([stop(here)], here, there, zonal)) == NOTHING
    assert amount(one_of([stop(there)], here, there, zonal)) == M5_LARGE


@pytest.mark.parametrize(
    "kind", [{"instance_type": "g4dn.xlarge"}, {"tenancy": "dedicated"}, {"platform": "Windows"}]
)
def test_without_size_flexibility_a_reservation_moves_to_its_own_type_only(kind: dict[str, str]) -> None:
    idle = instance(**{"instance_type": "m5.xlarge"} | kind)
    family = idle.instance_type.partition(".")[0]
    larger = replace(idle, instance_id="i-2", instance_type=f"{family}.2xlarge")
    held = reserved(instance_type=idle.instance_type, platform=idle.platform, tenancy=idle.tenancy)
    assert amount(one_of([saves(idle, "100")], idle, larger, held)) == NOTHING
    assert amount(one_of([saves(idle, "100")], idle, replace(idle, instance_id="i-3"), held)) == 100


def test_another_family_in_its_place_leaves_the_reservation_unused() -> None:
    (old,) = machines(1)
    found = one_of([replaced(old, "m7i.large")], old, reserved())
    assert amount(found) == NOTHING  # the old price goes on, the new one comes on top


def test_a_smaller_size_of_the_family_frees_units_that_may_move() -> None:
    (large,), (busy,) = machines(1, instance_type="m5.2xlarge"), machines(2)[:1]
    half = replaced(large, "m5.xlarge", Action.RIGHTSIZE)  # frees 8 of 16 + 4 units
    assert amount(one_of([half], large, busy, reserved(count=3))) == price(large).amount / 2
    assert amount(one_of([half], large, busy, reserved(count=5))) == NOTHING


def test_a_rightsizing_of_unnamed_type_is_taken_to_leave_the_family() -> None:
    (large,) = machines(1, instance_type="m5.2xlarge")
    assert amount(one_of([replaced(large, None, Action.RIGHTSIZE)], large, reserved(count=2))) == NOTHING


def test_stopping_covered_usage_saves_nothing_where_the_plan_covers_all() -> None:
    idle, busy = machines(2)
    found = one_of([stop(idle)], idle, busy, savings_plan(), covered="0.192")
    assert amount(found) == NOTHING
    assert "saves nothing" in found.reason


def test_a_plan_moves_to_uncovered_usage_as_far_as_there_is_any() -> None:
    idle, busy = machines(2)
    assert amount(one_of([stop(idle)], idle, busy, savings_plan(), covered="0.096")) == M5_LARGE
    part = one_of([stop(idle)], idle, busy, savings_plan(), covered="0.12")
    assert part.realisable is not None
    assert part.realisable.rounded() == usd("52.56")  # (0.192 - 0.12) x 730
    assert part.is_lower_bound


def test_what_a_reservation_covers_is_no_usage_that_a_plan_could_move_to() -> None:
    idle, busy = machines(2)
    found = one_of([stop(idle)], idle, busy, reserved(), savings_plan(), covered="0.096")
    assert amount(found) == NOTHING


def test_instances_of_unknown_price_make_it_a_lower_bound() -> None:
    idle, busy = machines(2)
    plan = savings_plan(plan_type="EC2Instance", covered_region="us-east-1", family="m5")
    licensed = instance(instance_id="i-rhel", platform="Red Hat Enterprise Linux")
    exact = one_of([stop(idle)], idle, busy, plan, covered="0.12")
    assert not exact.is_lower_bound
    assert one_of([stop(idle)], idle, busy, licensed, plan, covered="0.12").is_lower_bound


def test_together_savings_do_not_exceed_the_uncovered_usage() -> None:
    idle = machines(3)
    findings = [stop(one) for one in idle]
    found = said(findings, *idle, savings_plan(), covered="0.192")
    assert [amount(one) for one in found.findings.values()] == [M5_LARGE] * 3
    assert found.realisable["USD"].rounded() == usd(M5_LARGE)
    assert found.at_list == {"USD": usd(3 * M5_LARGE)}


def test_together_savings_use_a_freed_reservation_once() -> None:
    idle = machines(2)
    found = said([stop(one) for one in idle], *idle, reserved())
    assert [amount(one) for one in found.findings.values()] == [M5_LARGE] * 2
    assert found.realisable == {"USD": usd(M5_LARGE)}


def test_unused_capacity_is_covered_as_if_it_ran() -> None:
    empty = CapacityReservation(
        account_id=ACCOUNT, region="us-east-1", reservation_id="cr-1", owner_id=ACCOUNT,
        instance_type="m5.large", platform="Linux/UNIX", tenancy="default", state="active",
        total_instances=2, available_instances=2, created_at=NOW,
    )  # fmt: skip
    cut = saves(empty, str(2 * M5_LARGE), Action.SCALE_IN)
    assert amount(one_of([cut], empty, reserved())) == M5_LARGE
    assert amount(one_of([cut], empty, savings_plan(), covered="0.192")) == NOTHING


def test_a_group_is_what_its_instances_are_and_their_reservation_goes_on_billing() -> None:
    first, second = machines(2)
    group = AutoScalingGroup(
        account_id=first.account_id,
        region=first.region,
        group_arn=f"arn:aws:autoscaling:us-east-1:{first.account_id}:autoScalingGroup:1:autoScalingGroupName/a",
        group_name="a",
        min_size=2,
        max_size=2,
        desired_size=2,
        created_at=NOW,
        instance_ids=(first.instance_id, second.instance_id),
    )
    parts = {one.arn: price(one) for one in (first, second)}
    idle = saves(group, str(2 * M5_LARGE), Action.SCALE_IN, parts=parts)
    assert amount(one_of([idle], group, first, second)) == 2 * M5_LARGE
    held = one_of([idle], group, first, second, reserved())
    assert amount(held) == M5_LARGE
    assert "a part of the saving stays" in held.reason
    all_held = one_of([idle], group, first, second, reserved(count=2))
    assert amount(all_held) == NOTHING
    assert "all of the saving stays" in all_held.reason


def test_the_rounding_of_a_division_is_no_part_that_stays_on_the_bill() -> None:
    nights, other = machines(2)
    part = price(nights).times(Decimal(103) / 168)
    found = one_of(
        [saves(nights, str(part.amount.quantize(Decimal("0.01"))), Action.STOP)], nights, other, reserved()
    )
    assert found.realisable == found.at_list
    assert "moves to another running instance" in found.reason
