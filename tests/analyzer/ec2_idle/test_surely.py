"""Whoever is said to be surely Ok is Ok when judged, whatever else is known of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analyzer.ec2_idle.histories import history
from analyzer.fleets import Life, lives, read
from factories import NOW, instance
from plainbill.analyzer.checks.ec2_instance_idle import Ec2InstanceIdle
from plainbill.analyzer.checks.ec2_instance_oversized import Ec2InstanceOversized
from plainbill.analyzer.checks.ec2_instance_schedulable import Ec2InstanceSchedulable
from plainbill.analyzer.ec2_idle.in_context import classified
from plainbill.analyzer.ec2_idle.surely import surely
from plainbill.analyzer.engine import pairs, run_checks
from plainbill.analyzer.registry import Check
from plainbill.analyzer.waste_check import Context, WasteCheck
from plainbill.model.findings import Ok
from plainbill.model.resources import Ec2Instance
from plainbill.model.utilization import NOT_ASKED, Utilization
from plainbill.prices import RateLadder

CHECKS: tuple[Check, ...] = (
    Ec2InstanceIdle(),
    Ec2InstanceIdle(look_back_days=14, min_coverage=0.5),
    Ec2InstanceIdle(busy_vcpus=1.0, most_busy_percent=60),
    Ec2InstanceOversized(),
    Ec2InstanceSchedulable(),
)
LEVELS = st.lists(st.sampled_from([0.5, 3.0, 12.0, 39.9, 40.0, 95.0]), min_size=1, max_size=9)


def by_cpu(used: Utilization) -> Utilization:
    return replace(used, network_in=NOT_ASKED, network_out=NOT_ASKED)


def working(levels: list[float], days: int = 60) -> Utilization:
    """A life of these CPUs in turn, hour after hour."""
    used = by_cpu(history(days=days))
    cpu = tuple(np.resize(levels, used.period.hours).tolist())
    return replace(used, cpu_average=cpu, cpu_maximum=cpu)


def holds(known: Context) -> None:
    for check, resource in pairs(CHECKS, known):
        if check.is_surely_ok(resource, known):
            assert isinstance(check.evaluate(resource, known), Ok)


# --- of whom nothing is said --------------------------------------------------------------------


@pytest.mark.parametrize("days", [5, 60])
def test_of_a_quiet_instance_nothing_is_sure(days: int) -> None:
    known = read([(instance(), history(days=days), None)])
    assert (surely(known).used, surely(known).full) == (frozenset(), frozenset())


def test_of_one_without_metrics_or_with_old_ones_nothing_is_sure() -> None:
    old = history(lambda _: True, end=NOW - timedelta(days=3))
    known = read([(instance(), None, None), (instance(), old, None)])
    assert surely(known).used == frozenset()


def test_of_one_that_would_do_with_half_the_size_that_is_not_said() -> None:
    known = read([(instance(instance_type="m5.xlarge"), working([20.0]), None)])
    assert (len(surely(known).used), len(surely(known).full)) == (1, 0)


def test_of_the_smallest_size_of_a_family_it_is_sure_that_half_of_it_is_not_to_be_had() -> None:
    known = read([(instance(instance_type="m5.large"), working([20.0]), None)])
    assert (len(surely(known).used), len(surely(known).full)) == (1, 1)


def test_where_no_price_is_known_a_smaller_size_cannot_be_ruled_out() -> None:
    known = read([(instance(), working([80.0]), None)])
    (one,) = (resource for _, resource in pairs([CHECKS[3]], known))
    assert CHECKS[3].is_surely_ok(one, known)
    assert not CHECKS[3].is_surely_ok(one, replace(known, rates=RateLadder([])))


# --- what holds of whom something is said -------------------------------------------------------


@settings(max_examples=80)
@given(some=st.lists(lives(), min_size=1, max_size=4), has_network=st.booleans())
def test_no_life_that_is_surely_ok_is_judged_otherwise(some: list[Life], has_network: bool) -> None:
    holds(
        read([(one, used if has_network or used is None else by_cpu(used), gpu) for one, used, gpu in some])
    )


@settings(max_examples=80)
@given(
    levels=LEVELS,
    days=st.sampled_from([6, 8, 14, 28, 60]),
    kind=st.sampled_from(["m5.large", "m5.2xlarge", "t3.micro", "t2.nano", "c5.24xlarge", "x9.odd"]),
)
@example(levels=[95.0], days=60, kind="m5.large")
def test_no_machine_that_works_and_is_surely_ok_is_judged_otherwise(
    levels: list[float], days: int, kind: str
) -> None:
    holds(read([(instance(instance_type=kind), working(levels, days), None)]))


class Judging(Ec2InstanceIdle):
    """The same check, which judges each one."""

    is_surely_ok = WasteCheck.is_surely_ok


@settings(max_examples=60, deadline=None)
@given(levels=LEVELS, days=st.sampled_from([8, 14, 60]), kind=st.sampled_from(["m5.2xlarge", "t3.micro"]))
def test_who_is_known_to_be_acquitted_is_classified_as_by_looking_again(
    levels: list[float], days: int, kind: str
) -> None:
    some: list[Life] = [(instance(instance_type=kind), working(levels, days), None)]
    hinted, alone = read(some), read(some)
    (one,) = (resource for _, resource in pairs([CHECKS[3]], hinted))
    assert isinstance(one, Ec2Instance)
    surely(hinted)
    assert classified(one, hinted) == classified(one, alone)


def test_the_report_is_that_of_judging_each_one() -> None:
    some: list[Life] = [
        (instance(), working([80.0]), None),
        (instance(), history(), None),
        (instance(), None, None),
    ]
    quick, slow = (run_checks([check], read(some), []) for check in (Ec2InstanceIdle(), Judging()))
    assert quick.tallies == slow.tallies
    assert [one.waste for one in quick.findings] == [one.waste for one in slow.findings]
    assert [one.reason for one in quick.undecided] == [one.reason for one in slow.undecided]
