"""Asking the network only where CPU does not acquit changes no verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from math import nan

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analyzer.ec2_idle.histories import history, without
from factories import NOW, context, instance, last_hours
from plainbill.analyzer.checks.autoscaling_group_idle import AutoscalingGroupIdle
from plainbill.analyzer.checks.ec2_instance_idle import Ec2InstanceIdle
from plainbill.analyzer.checks.ec2_instance_oversized import Ec2InstanceOversized
from plainbill.analyzer.checks.ec2_instance_schedulable import Ec2InstanceSchedulable
from plainbill.analyzer.ec2_idle.presets import PRESETS
from plainbill.analyzer.ec2_idle.second_phase import second_phase
from plainbill.analyzer.evidence import gather
from plainbill.analyzer.idle import IdleRule, judge
from plainbill.analyzer.registry import Check
from plainbill.analyzer.waste_check import Context
from plainbill.model.findings import Head, Ok, Unknown, Waste
from plainbill.model.resources import Ec2Instance
from plainbill.model.resources.autoscaling import AutoScalingGroup
from plainbill.model.utilization import NOT_ASKED, Hours, NotAsked, Utilization

USUAL = (Ec2InstanceIdle(), Ec2InstanceOversized(), Ec2InstanceSchedulable())
STRICTEST = Ec2InstanceIdle(
    look_back_days=60, min_coverage=1.0, busy_vcpus=0.001, least_busy_percent=0.01, busy_network_mb=0.001
)
MOST_GENEROUS = Ec2InstanceIdle(
    look_back_days=7, min_coverage=0.01, busy_vcpus=1000.0, least_busy_percent=99.0, most_busy_percent=100.0
)
MB = 1e6


def without_network(used: Utilization) -> Utilization:
    return replace(used, network_in=NOT_ASKED, network_out=NOT_ASKED)


def is_wanted(box: Ec2Instance, used: Utilization, checks: Sequence[Check] = USUAL) -> bool:
    cpu, peak = (np.array([hours], dtype=np.float64) for hours in (used.cpu_average, used.cpu_maximum))
    return bool(second_phase(checks, IdleRule(), NOW).wanted([box], used.period, cpu, peak)[0])


def group_of(box: Ec2Instance) -> AutoScalingGroup:
    return AutoScalingGroup(
        account_id=box.account_id, region=box.region, group_name="web", group_arn="arn:web", min_size=1,
        max_size=1, desired_size=1, created_at=box.launched_at, instance_ids=(box.instance_id,),
    )  # fmt: skip


def known(box: Ec2Instance, used: Utilization) -> Context:
    return context(box, group_of(box), utilization={box.arn: used})


def answers(box: Ec2Instance, used: Utilization, idle: Ec2InstanceIdle) -> list[object]:
    """What every check comes to: which verdict, how sure, what is saved; and the row of the idle table."""
    seen = known(box, used)
    said = [check.evaluate(box, seen) for check in (*USUAL, idle)]
    said.append(AutoscalingGroupIdle().evaluate(group_of(box), seen))
    worth = [
        (Waste, one.confidence, one.monthly_saving) if isinstance(one, Waste) else type(one) for one in said
    ]
    row = judge(box, used, IdleRule())
    shown = row.evidence if isinstance(row.verdict, Waste) else None
    return [*worth, *idle.heads(seen), row.verdict, shown]


@st.composite
def hours_of_cpu(draw: st.DrawFn, hours: int) -> list[float | None]:
    """A level by night, by day and at weekends, with bursts and holes."""
    night, day, weekend = (draw(st.sampled_from([0.3, 1.9, 4.0, 6.0, 12.0, 45.0, 80.0])) for _ in range(3))
    start = last_hours(hours).start
    cpu: list[float | None] = []
    for hour in range(hours):
        at = start + timedelta(hours=hour)
        level = weekend if at.weekday() > 4 else day if 8 <= at.hour < 18 else night
        cpu.append(level)
    for first, length, value in draw(
        st.lists(
            st.tuples(
                st.integers(0, hours), st.integers(1, 600), st.sampled_from([None, nan, 0.1, 7.0, 50.0])
            ),
            max_size=3,
        )
    ):
        cpu[first : first + length] = [value] * len(cpu[first : first + length])
    return cpu


@st.composite
def hours_of_network(draw: st.DrawFn, hours: int) -> tuple[Hours, Hours]:
    """Quiet, busy all the time, by night, on some days, or with holes, also before CPU was seen."""
    quiet = [draw(st.sampled_from([None, 1000.0, 15 * MB]))] * hours
    coming: list[float | None] = list(quiet)
    for first, length, step, value in draw(
        st.lists(
            st.tuples(
                st.integers(0, hours), st.integers(1, 1500), st.sampled_from([1, 3, 24, 168]),
                st.sampled_from([None, 1000.0, 30 * MB]),
            ),
            max_size=4,
        )
    ):  # fmt: skip
        for hour in range(first, min(first + length, hours), step):
            coming[hour] = value
    going = coming if draw(st.booleans()) else [draw(st.sampled_from([None, 0.0, 10.0]))] * hours
    return tuple(coming), tuple(going)


@st.composite
def lives(draw: st.DrawFn) -> tuple[Ec2Instance, Utilization]:
    """An instance of some kind and age, perhaps restarted, and all that CloudWatch has of it."""
    box = instance(
        instance_type=draw(st.sampled_from(["m5.large", "t3.micro", "c5.24xlarge", "t3.2xlarge", "x9.odd"])),
        managed_by=draw(st.sampled_from([(), ("autoscaling",)])),
        lifecycle=draw(st.sampled_from(["on-demand", "on-demand", "spot"])),
    )
    if draw(st.integers(0, 3)) == 0:
        since = NOW - timedelta(hours=draw(st.integers(1, 24 * 65)))
        born = draw(st.sampled_from([since, None, since - timedelta(days=50)]))
        box = replace(box, launched_at=since, first_launched_at=born)
    hours = draw(st.sampled_from([5, 14, 28, 43, 60, 63])) * 24
    cpu = tuple(draw(hours_of_cpu(hours)))
    coming, going = draw(hours_of_network(hours))
    used = Utilization(
        period=last_hours(hours), cpu_average=cpu, cpu_maximum=cpu, network_in=coming, network_out=going
    )
    return box, used


POLICIES = st.one_of(
    st.sampled_from([Ec2InstanceIdle(), STRICTEST, MOST_GENEROUS]),
    st.builds(
        Ec2InstanceIdle,
        look_back_days=st.sampled_from([7, 14, 28, 45, 60]),
        min_coverage=st.sampled_from([0.01, 0.5, 0.8, 1.0]),
        busy_vcpus=st.sampled_from([0.0, 0.02, 0.1, 1.0]),
        busy_network_mb=st.sampled_from([0.0, 1.0, 20.0, 100.0]),
    ),
)


@settings(max_examples=400)
@given(lives(), POLICIES)
@example((instance(), history(lambda _: True)), Ec2InstanceIdle())
@example((instance(), history(lambda hour: hour.hour < 18)), MOST_GENEROUS)
def test_no_verdict_differs_from_that_with_everything_asked(
    life: tuple[Ec2Instance, Utilization], idle: Ec2InstanceIdle
) -> None:
    box, used = life
    if not is_wanted(box, used, (*USUAL, idle)):
        assert answers(box, without_network(used), idle) == answers(box, used, idle)


@given(lives(), POLICIES)
def test_what_was_not_asked_is_never_idle_under_any_other_thresholds(
    life: tuple[Ec2Instance, Utilization], other: Ec2InstanceIdle
) -> None:
    box, used = life
    unasked = known(box, without_network(used))
    said = [check.evaluate(box, unasked) for check in (*USUAL, other)]
    assert not isinstance(said[0], Waste)
    assert not isinstance(said[-1], Waste)
    assert [one.kind for one in other.heads(unasked)] == [type(said[-1])]


@given(lives())
def test_rules_of_vendors_say_the_same_or_that_they_cannot_tell(
    life: tuple[Ec2Instance, Utilization],
) -> None:
    box, used = life
    for name, preset in PRESETS.items():
        whole, part = (preset.verdict(box, one, 2, NOW) for one in (used, without_network(used)))
        assert type(part) in {type(whole), Unknown}, name


@pytest.mark.parametrize("idle", [Ec2InstanceIdle(), STRICTEST])
def test_a_machine_that_works_day_and_night_is_not_asked_for_its_network(idle: Ec2InstanceIdle) -> None:
    assert not is_wanted(instance(), history(lambda _: True), (*USUAL, idle))


def test_a_machine_that_is_quiet_by_night_is_asked_for_its_night_may_be_busy() -> None:
    assert is_wanted(instance(), history(lambda hour: 8 <= hour.hour < 18))


def test_an_idle_machine_is_asked() -> None:
    assert is_wanted(instance(), history())
    assert is_wanted(instance(lifecycle="spot"), history()), "the idle table shows it"


def test_under_thresholds_that_call_it_quiet_it_is_asked() -> None:
    steady = history(lambda _: True, busy_cpu=15.0)
    assert not is_wanted(instance(), steady)
    assert is_wanted(instance(), steady, (*USUAL, MOST_GENEROUS))


def test_a_machine_that_was_restarted_is_asked_for_its_network_tells_when_it_ran() -> None:
    box = instance(launched_at=NOW - timedelta(days=20))
    assert is_wanted(box, history(lambda _: True))


def test_a_young_machine_is_asked_for_a_datapoint_of_its_network_may_make_it_older() -> None:
    """By its network it runs for 60 days: then too little of its CPU was seen to call it too large."""
    since = NOW - timedelta(days=20)
    box = instance(instance_type="m5.xlarge", launched_at=since, first_launched_at=since)
    working = history(lambda _: True, busy_cpu=20.0)
    seen = without(working, lambda hour: hour < since)
    older = replace(seen, network_in=working.network_in, network_out=working.network_out)
    by_cpu, whole = (Ec2InstanceOversized().evaluate(box, known(box, one)) for one in (seen, older))
    assert isinstance(by_cpu, Waste)
    assert isinstance(whole, Unknown)
    assert is_wanted(box, older)


def test_a_what_if_that_needs_the_network_says_so_and_when_it_will_be_read() -> None:
    box, steady = instance(), history(lambda _: True, busy_cpu=15.0)
    verdict = MOST_GENEROUS.evaluate(box, known(box, without_network(steady)))
    assert isinstance(verdict, Unknown)
    assert "its network was not asked" in verdict.reason
    assert "the next refresh under a policy of them reads it" in verdict.reason


def test_a_what_if_that_cpu_alone_answers_is_answered() -> None:
    box = instance()
    steady = without_network(history(lambda _: True, busy_cpu=15.0))
    stricter = Ec2InstanceIdle(most_busy_percent=12.0, least_busy_percent=12.0)
    assert isinstance(stricter.evaluate(box, known(box, steady)), Ok)
    assert list(stricter.heads(known(box, steady))) == [Head(Ok)]


def test_a_machine_in_use_is_not_unknown_for_holes_in_its_network() -> None:
    """It was busy on more days than idleness allows: what the network did cannot undo that."""
    working = history(lambda _: True)
    holes = without(working, lambda hour: hour.hour < 12)
    patchy = replace(working, network_in=holes.network_in, network_out=holes.network_out)
    assert isinstance(Ec2InstanceIdle().evaluate(instance(), known(instance(), patchy)), Ok)


def test_a_finding_by_cpu_alone_says_that_the_network_was_not_asked() -> None:
    box = instance(instance_type="m5.xlarge")
    waste = Ec2InstanceOversized().evaluate(
        box, known(box, without_network(history(lambda _: True, busy_cpu=20.0)))
    )
    assert isinstance(waste, Waste)
    told = {one.label: one.value for one in waste.evidence}
    assert told["network"] == "not asked: CPU alone shows that it is used"


def test_what_was_not_asked_is_no_gap_no_zero_and_no_hole() -> None:
    unasked = without_network(history(lambda _: True))
    assert isinstance(unasked.network_in, NotAsked)
    assert unasked.network is None
    assert gather(unasked, 14, 0.9).network_bytes_per_day is None
    assert gather(unasked, 14, 0.9).coverage == 1.0


def test_one_direction_cannot_be_asked_alone() -> None:
    with pytest.raises(ValueError, match="asked together"):
        replace(history(), network_in=NOT_ASKED)
