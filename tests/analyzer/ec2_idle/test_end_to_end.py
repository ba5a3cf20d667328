"""False alarms that a load alone would raise, from what a refresh holds to what the check says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from analyzer.ec2_idle.histories import history, without
from ec2_factories import agent_metric, hours_of, target_group
from factories import NOW, context, flat_days, instance
from plainbill.analyzer.checks.ec2_instance_idle import Ec2InstanceIdle
from plainbill.analyzer.checks.ec2_instance_oversized import Ec2InstanceOversized
from plainbill.analyzer.ec2_facts import REQUESTS
from plainbill.model.findings import Confidence, Ok, Unknown, Verdict, Waste
from plainbill.model.metrics import Metric, Series
from plainbill.model.resources import Ec2Instance, Resource
from plainbill.model.resources.agent_metric import GPU, MEMORY
from plainbill.model.utilization import Utilization

HOURS = 60 * 24
BORN = NOW - timedelta(days=730)
OLD = instance(launched_at=BORN, first_launched_at=BORN)


def judge(
    box: Ec2Instance,
    used: Utilization,
    *others: Resource,
    series: Mapping[tuple[str, Metric], Series] | None = None,
    check: Ec2InstanceIdle | Ec2InstanceOversized | None = None,
) -> Verdict:
    known = replace(context(box, *others, series=series), utilization={box.arn: used})
    return (check or Ec2InstanceIdle()).evaluate(box, known)


def confidence(verdict: Verdict) -> Confidence:
    assert isinstance(verdict, Waste)
    return verdict.confidence


# --- not idle ------------------------------------------------------------------------------


def test_a_gpu_that_trains_at_night_is_at_work() -> None:
    box = replace(OLD, instance_type="g5.xlarge")
    sent = agent_metric(box, GPU[0].name, index="0")
    night = hours_of([90.0 if hour % 24 < 6 else 0.0 for hour in range(HOURS)])
    assert isinstance(judge(box, history(), sent, series={(sent.arn, GPU[0]): night}), Ok)
    assert confidence(judge(box, history())) is Confidence.REVIEW


@pytest.mark.parametrize("cpu", [2.0, 4.0])
def test_a_burstable_instance_that_spends_a_quarter_of_what_it_earns_is_at_work(cpu: float) -> None:
    """A t3.nano earns 6 credits an hour; its 2 vCPUs at 2 % spend 2.4, under every threshold of CPU."""
    assert isinstance(judge(replace(OLD, instance_type="t3.nano"), history(quiet_cpu=cpu)), Ok)
    assert confidence(judge(OLD, history(quiet_cpu=cpu))) is Confidence.HIGH


def test_a_burstable_instance_that_spends_next_to_nothing_is_idle() -> None:
    found = judge(replace(OLD, instance_type="t3.nano"), history(quiet_cpu=1.0))
    assert confidence(found) is Confidence.HIGH


def test_ninety_six_vcpus_at_four_percent_are_at_work() -> None:
    assert isinstance(judge(replace(OLD, instance_type="m5.24xlarge"), history(quiet_cpu=4.0)), Ok)


# --- less sure -----------------------------------------------------------------------------


def test_a_cache_in_memory_is_less_surely_idle() -> None:
    sent = agent_metric(OLD)
    found = judge(OLD, history(), sent, series={(sent.arn, MEMORY[0]): flat_days(83.0)})
    assert confidence(found) is Confidence.MEDIUM
    assert isinstance(found, Waste)
    assert "83 % of its memory is in use: possible cache" in found.doubts
    assert "Disk space is not seen by CloudWatch: ask the owner." in found.doubts


def test_memory_that_is_hardly_used_leaves_the_grade_as_it_is() -> None:
    sent = agent_metric(OLD)
    found = judge(OLD, history(), sent, series={(sent.arn, MEMORY[0]): flat_days(12.0)})
    assert confidence(found) is Confidence.HIGH


def test_an_instance_that_serves_is_less_surely_idle() -> None:
    group = target_group(OLD.instance_id)
    asked = judge(OLD, history(), group, series={(group.arn, REQUESTS): flat_days(3.0)})
    unasked = judge(OLD, history(), group, series={(group.arn, REQUESTS): flat_days(0.0)})
    silent = judge(OLD, history(), group, series={(group.arn, REQUESTS): flat_days(None)})
    assert confidence(asked) is Confidence.MEDIUM
    assert confidence(unasked) is confidence(silent) is Confidence.HIGH


@pytest.mark.parametrize("name", ["orders-standby", "bastion-1", "prod-NAT", "etcd2", "license server"])
def test_what_is_quiet_by_design_is_less_surely_idle(name: str) -> None:
    assert confidence(judge(replace(OLD, tags={"Name": name}), history())) is Confidence.MEDIUM


def test_an_instance_that_routes_is_less_surely_idle() -> None:
    assert confidence(judge(replace(OLD, source_dest_check=False), history())) is Confidence.MEDIUM


# --- stops ---------------------------------------------------------------------------------


def test_days_of_a_stop_are_no_days_of_idleness() -> None:
    """Stopped for ten of 28 days: 18 days are judged, not 28 with holes and not 28 idle ones."""
    back = NOW - timedelta(days=5)
    used = without(history(), lambda hour: back - timedelta(days=10) <= hour < back)
    found = judge(replace(OLD, launched_at=back), used)
    assert confidence(found) is Confidence.MEDIUM
    assert isinstance(found, Waste)
    assert "0 busy hours in 18 days (432 of 432 hours seen)" in found.reason


def test_holes_without_a_start_after_them_are_missing_and_not_a_stop() -> None:
    gone = NOW - timedelta(days=15)
    used = without(history(), lambda hour: gone <= hour < gone + timedelta(days=10))
    assert isinstance(judge(OLD, used), Unknown)


def test_an_instance_started_again_a_few_days_ago_is_too_young_to_be_judged() -> None:
    back = NOW - timedelta(days=5)
    used = without(history(), lambda hour: hour < back)
    assert isinstance(judge(replace(OLD, launched_at=back), used), Unknown)


# --- too large -----------------------------------------------------------------------------


@pytest.mark.parametrize(("memory", "is_advised"), [(39.0, True), (41.0, False)])
def test_half_the_vcpus_are_advised_only_where_half_the_memory_is_enough(
    memory: float, is_advised: bool
) -> None:
    box = replace(OLD, instance_type="m5.xlarge")
    sent = agent_metric(box)
    used = history(lambda _: True, busy_cpu=20.0)
    found = judge(
        box, used, sent, series={(sent.arn, MEMORY[0]): flat_days(memory)}, check=Ec2InstanceOversized()
    )
    assert isinstance(found, Waste) is is_advised
