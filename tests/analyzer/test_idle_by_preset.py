"""Every named rule can fill the idle table: what it calls idle has a CPU to show."""

from __future__ import annotations

from typing import get_args

import pytest

from factories import NOW, instance, utilization
from plainbill.analyzer.ec2_idle import PRESETS
from plainbill.analyzer.idle import IdleRule, idle_report
from plainbill.analyzer.idle_by_preset import SEED, judging_by
from plainbill.app.params import PresetName
from plainbill.model.findings import Ok, Unknown, Waste
from plainbill.prices import PriceBook

BUSY = utilization(average=60, maximum=95, network=1e9, days=63)
QUIET = utilization(average=0.2, maximum=0.5, network=10, days=63)


def test_every_rule_can_be_asked_for_and_no_other() -> None:
    assert get_args(PresetName) == tuple(PRESETS)
    assert SEED in PRESETS


@pytest.mark.parametrize("name", PRESETS)
def test_a_machine_at_work_is_idle_by_no_rule(name: str) -> None:
    found = judging_by(name, NOW)(instance(), BUSY, IdleRule(days=PRESETS[name].days))
    assert isinstance(found.verdict, Ok)


@pytest.mark.parametrize("name", PRESETS)
def test_nothing_is_said_of_a_machine_without_metrics(name: str) -> None:
    found = judging_by(name, NOW)(instance(), None, IdleRule(days=PRESETS[name].days))
    assert isinstance(found.verdict, Unknown)
    assert found.evidence.window is None


def test_the_verdict_is_the_rule_s_own_and_the_evidence_of_its_days() -> None:
    spiky = utilization(average=1, maximum=4, network=10, days=63)
    said = {}
    for name, preset in PRESETS.items():
        found = judging_by(name, NOW)(instance(), spiky, IdleRule(days=preset.days))
        assert found.verdict == preset.verdict(instance(), spiky, 2, NOW)
        assert found.evidence.hours_expected == preset.days * 24
        said[name] = type(found.verdict)
    assert said["seed"] is said["compute-optimizer"] is Waste
    assert said["cost-explorer"] is Ok


def test_a_report_counts_every_instance_once() -> None:
    boxes = [instance(instance_id=f"i-{number:017x}") for number in range(3)]
    usage = {boxes[0].arn: QUIET, boxes[1].arn: BUSY}
    for name, preset in PRESETS.items():
        rule = IdleRule(days=preset.days)
        report = idle_report(boxes, usage, rule, PriceBook.load(), judging=judging_by(name, NOW))
        counts = report.counts
        assert (counts.running, counts.idle, counts.not_idle, counts.could_not_tell) == (3, 1, 1, 1), name
