"""Whoever is classified together with others is what it is alone, and is judged so."""

from __future__ import annotations

from collections import UserDict
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
from plainbill.analyzer.ec2_idle.in_context import classified, facts_of, look_ahead
from plainbill.analyzer.engine import run_checks, verdict_of
from plainbill.analyzer.registry import Check
from plainbill.analyzer.waste_check import Context
from plainbill.model.findings import Ok, Unknown, Verdict, Waste
from plainbill.model.resources import Ec2Instance
from plainbill.model.utilization import NOT_ASKED, Utilization

CHECKS: tuple[Check, ...] = (
    Ec2InstanceIdle(),
    Ec2InstanceIdle(look_back_days=14, min_coverage=0.5),
    Ec2InstanceIdle(busy_vcpus=1.0, most_busy_percent=60),
    Ec2InstanceOversized(),
    Ec2InstanceSchedulable(),
)
LEVELS = st.lists(st.sampled_from([0.5, 3.0, 12.0, 39.9, 40.0, 95.0]), min_size=1, max_size=9)
KINDS = st.sampled_from(["m5.large", "m5.2xlarge", "t3.micro", "t2.nano", "c5.24xlarge", "x9.odd"])


def by_cpu(used: Utilization) -> Utilization:
    return replace(used, network_in=NOT_ASKED, network_out=NOT_ASKED)


def working(levels: list[float], days: int = 60) -> Utilization:
    """A life of these CPUs in turn, hour after hour."""
    used = by_cpu(history(days=days))
    cpu = tuple(np.resize(levels, used.period.hours).tolist())
    return replace(used, cpu_average=cpu, cpu_maximum=cpu)


def instances_in(known: Context) -> list[Ec2Instance]:
    found = known.inventory.resources[Ec2Instance]
    return [one for one in found if isinstance(one, Ec2Instance)]


def verdicts(check: Check, known: Context) -> list[Verdict]:
    """What it says of each when all of them were looked at before."""
    check.look_ahead(instances_in(known), known)
    return [verdict_of(check, one, known) for one in instances_in(known)]


@st.composite
def mixed(draw: st.DrawFn) -> list[Life]:
    """Lives of all kinds: quiet, working by turns, with and without their network."""
    some: list[Life] = []
    for life in draw(st.lists(lives(), min_size=1, max_size=4)):
        one, used, gpu = life
        if used is not None and draw(st.booleans()):
            used = by_cpu(used)
        some.append((one, used, gpu))
    for levels, days, kind in draw(
        st.lists(st.tuples(LEVELS, st.sampled_from([6, 8, 14, 28, 60]), KINDS), max_size=3)
    ):
        some.append((instance(instance_type=kind), working(levels, days), None))
    return draw(st.permutations(some))


@settings(max_examples=80)
@given(some=mixed())
@example(some=[(instance(), working([95.0]), None), (instance(), history(), None), (instance(), None, None)])
def test_among_others_an_instance_is_what_it_is_alone(some: list[Life]) -> None:
    together, alone = read(some), read(some)
    look_ahead(instances_in(together), together)
    for one in instances_in(together):
        assert facts_of(one, together) == facts_of(one, alone)
        assert classified(one, together) == classified(one, alone)


@settings(max_examples=50)
@given(some=mixed())
def test_the_verdicts_of_all_checks_are_those_of_judging_each_one(some: list[Life]) -> None:
    for check in CHECKS:
        known = read(some)
        anew = [verdict_of(check, one, read(some)) for one in instances_in(known)]
        assert verdicts(check, known) == anew


def test_one_whose_hours_cannot_be_read_spoils_no_other() -> None:
    good, bad = instance(), instance()
    known = read([(good, history(), None), (bad, history(), None)])
    unreadable = instances_in(known)[1].arn

    class Torn(UserDict[str, Utilization]):
        def __getitem__(self, arn: str) -> Utilization:
            if arn == unreadable:
                raise OSError("torn")
            return super().__getitem__(arn)

    report = run_checks([CHECKS[0]], replace(known, utilization=Torn(known.utilization)), [])
    assert len(report.findings) == 1
    assert [one.reason for one in report.undecided] == ["ec2_instance_idle failed with OSError"]


@pytest.mark.parametrize(
    ("used", "kind"),
    [
        (history(), Waste),
        (history(days=5), Unknown),
        (history(end=NOW - timedelta(days=3)), Unknown),
        (working([95.0]), Ok),
        (None, Unknown),
    ],
)
def test_each_is_told_apart_from_its_neighbours(used: Utilization | None, kind: type[Verdict]) -> None:
    others: list[Life] = [(instance(), history(), None), (instance(), working([20.0]), None)]
    found = verdicts(CHECKS[0], read([*others[:1], (instance(), used, None), *others[1:]]))
    assert [type(one) for one in found] == [Waste, kind, Ok]
