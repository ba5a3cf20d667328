"""What is known of an instance besides its load: what nobody measured stays unknown, never 0."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from analyzer.ec2_idle.histories import history, without
from ec2_factories import agent_metric, hours_of, target_group
from factories import NOW, context, days_of, flat_days, gap, instance, last_hours
from plainbill.analyzer.checks.ec2_instance_idle import Ec2InstanceIdle
from plainbill.analyzer.ec2_facts import REQUESTS, Memory, fact_metrics, facts_of, memory_of
from plainbill.analyzer.ec2_idle import InstanceFacts
from plainbill.analyzer.load_balancing import TRAFFIC
from plainbill.analyzer.waste_check import Context, metrics_of
from plainbill.model.metrics import Metric, Series
from plainbill.model.period import Period
from plainbill.model.resources import Ec2Instance, Resource
from plainbill.model.resources.agent_metric import GPU, MEMORY, AgentMetric
from plainbill.model.resources.load_balancers import LoadBalancer, TargetGroup
from plainbill.model.utilization import Utilization
from plainbill.prices.specs import InstanceSpecs

HOURS = 60 * 24
BOX = instance()
GPU_BOX = instance(instance_type="g4dn.xlarge")
LINUX, WINDOWS = MEMORY
CORES, CHIPS = GPU


def known(
    box: Ec2Instance,
    *resources: Resource,
    series: Mapping[tuple[str, Metric], Series] | None = None,
    used: Utilization | None = None,
) -> InstanceFacts:
    found = context(box, *resources, series=series, asked=(AgentMetric, TargetGroup, LoadBalancer))
    return facts_in(box, replace(found, utilization={box.arn: used or history()}))


def facts_in(box: Ec2Instance, found: Context) -> InstanceFacts:
    return facts_of(box, InstanceSpecs.load().of(box.instance_type), found)


def agents(*names: tuple[Ec2Instance, Metric, Series]) -> dict[tuple[str, Metric], Series]:
    return {(agent_metric(box, metric.name).arn, metric): series for box, metric, series in names}


# --- unknown -------------------------------------------------------------------------------


def test_without_an_agent_or_a_load_balancer_nothing_is_known_and_nothing_is_zero() -> None:
    found = known(BOX)
    assert (found.memory_percent, found.gpu_percent, found.credit_usage) == (None, None, None)
    assert (found.healthy_target_requests, found.running) == (None, None)


def test_what_could_not_be_read_is_as_unknown_as_what_is_not_there() -> None:
    refused = context(BOX, gaps=[gap(source="ec2_agent_metrics"), gap(source="target_groups")])
    found = facts_in(BOX, replace(refused, utilization={BOX.arn: history()}))
    assert found.memory_percent is None
    assert found.healthy_target_requests is None


def test_an_agent_that_fell_silent_measured_nothing() -> None:
    series = agents((BOX, LINUX, flat_days(None)), (BOX, CORES, hours_of([None] * HOURS)))
    sent = (agent_metric(BOX), agent_metric(BOX, CORES.name))
    found = known(BOX, *sent, series=series)
    assert found.memory_percent is None
    assert found.gpu_percent is None


def test_the_agent_of_another_instance_says_nothing_of_this_one() -> None:
    other = instance(instance_id="i-0ffffffffffffffff")
    series = agents((other, LINUX, flat_days(90.0)))
    assert known(BOX, agent_metric(other), series=series).memory_percent is None


@pytest.mark.parametrize(
    "group",
    [
        pytest.param(target_group(BOX.instance_id, target_states=("unhealthy",)), id="not healthy"),
        pytest.param(target_group("i-0ffffffffffffffff"), id="another instance"),
        pytest.param(target_group(target_ids=None, target_states=None), id="health not read"),
    ],
)
def test_requests_to_others_are_not_its_own(group: TargetGroup) -> None:
    series = {(group.arn, REQUESTS): flat_days(500.0)}
    assert known(BOX, group, series=series).healthy_target_requests is None


def test_a_steady_instance_spends_no_credits() -> None:
    assert known(instance(instance_type="m5.large")).credit_usage is None


# --- memory --------------------------------------------------------------------------------


def test_memory_is_the_highest_of_four_weeks() -> None:
    series = agents((BOX, LINUX, days_of(95.0, *[30.0] * 27, 41.5)))
    assert known(BOX, agent_metric(BOX), series=series).memory_percent == 41.5


def test_memory_that_was_seen_on_few_days_is_not_known_for_certain() -> None:
    found = context(BOX, agent_metric(BOX), series=agents((BOX, LINUX, days_of(*[None] * 6, *[30.0] * 22))))
    assert memory_of(BOX, found) == Memory(percent=30.0, days_seen=22)
    assert Memory(percent=30.0, days_seen=22).doubt == "was seen on 22 of 28 days only"
    assert Memory(percent=30.0, days_seen=23).doubt is None


def test_windows_has_its_own_name_of_it_and_its_own_dimensions() -> None:
    sent = agent_metric(BOX, WINDOWS.name, objectname="Memory", InstanceType="m5.large")
    series = {(sent.arn, WINDOWS): flat_days(61.0)}
    assert known(BOX, sent, series=series).memory_percent == 61.0
    memory = memory_of(BOX, context(BOX, sent, series=series))
    assert memory is not None
    assert memory.doubt == "is told by Windows together with its page file"


# --- GPUs ----------------------------------------------------------------------------------


def test_of_several_gpus_the_busiest_counts_in_each_hour() -> None:
    first, second = (agent_metric(GPU_BOX, CORES.name, index=number) for number in "01")
    series = {
        (first.arn, CORES): hours_of([0.0, 90.0, None] * (HOURS // 3)),
        (second.arn, CORES): hours_of([3.0, None, None] * (HOURS // 3)),
    }
    gpu = known(GPU_BOX, first, second, series=series).gpu_percent
    assert gpu is not None
    assert list(gpu[:6]) == [3.0, 90.0, None, 3.0, 90.0, None]


@pytest.mark.parametrize("days", [63, 7])
def test_the_hours_are_laid_onto_those_of_the_load(days: int) -> None:
    sent, hours = agent_metric(GPU_BOX, CHIPS.name), days * 24
    series = {(sent.arn, CHIPS): hours_of([float(n) for n in range(hours)])}
    gpu = known(GPU_BOX, sent, series=series).gpu_percent
    assert gpu is not None
    assert (len(gpu), gpu[-1]) == (HOURS, hours - 1.0)
    assert gpu[0] == (72.0 if days == 63 else None)


# --- credits, requests ---------------------------------------------------------------------


def test_credits_follow_from_cpu_and_vcpus() -> None:
    """A t3.large of 2 vCPUs at 30 % spends 36 credits an hour: what it earns (EC2 user guide)."""
    used = without(history(lambda _: True, busy_cpu=30.0), lambda hour: hour.hour == 3)
    credit = known(instance(instance_type="t3.large"), used=used).credit_usage
    assert credit is not None
    assert {None if value is None else round(value, 6) for value in credit} == {36.0, None}


def test_requests_are_those_of_the_target_groups_where_it_is_healthy() -> None:
    group = target_group("i-0ffffffffffffffff", BOX.instance_id)
    found = known(BOX, group, series={(group.arn, REQUESTS): flat_days(2.0)})
    assert found.healthy_target_requests == 56.0


def test_flows_of_a_network_load_balancer_count_too() -> None:
    group = target_group(BOX.instance_id, kind="net")
    balancer = LoadBalancer(
        account_id=BOX.account_id,
        region=BOX.region,
        load_balancer_arn=group.load_balancer_arns[0],
        load_balancer_name="shop",
        load_balancer_type="network",
        state="active",
        created_at=NOW - timedelta(days=400),
    )
    series = {(balancer.arn, TRAFFIC["network"][0]): days_of(*[0.0] * 27, 7.0)}
    assert known(BOX, group, balancer, series=series).healthy_target_requests == 7.0


# --- what is asked for ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        pytest.param(BOX, (), id="an instance: its load is read in any case"),
        pytest.param(instance(instance_type="t3.micro"), (), id="credits are not asked for"),
        pytest.param(target_group(), (), id="no target"),
        pytest.param(target_group("10.0.0.7"), (), id="an address"),
        pytest.param(target_group(BOX.instance_id), (REQUESTS,), id="a healthy instance"),
        pytest.param(agent_metric(BOX), (LINUX,), id="memory"),
        pytest.param(agent_metric(BOX, CORES.name), (CORES,), id="GPU"),
    ],
)
def test_only_what_exists_and_matters_is_asked_for(resource: Resource, expected: Sequence[Metric]) -> None:
    assert tuple(fact_metrics(resource)) == expected
    assert metrics_of([Ec2InstanceIdle()], resource) == frozenset(expected)


def test_network_load_balancers_count_no_requests_by_target_group() -> None:
    assert target_group(BOX.instance_id).publishes(REQUESTS.namespace)
    assert not target_group(BOX.instance_id, kind="net").publishes(REQUESTS.namespace)
    assert not target_group(BOX.instance_id, load_balancer_arns=()).publishes(REQUESTS.namespace)


# --- when it ran ---------------------------------------------------------------------------


def restarted(days_ago: float) -> Ec2Instance:
    return instance(launched_at=NOW - timedelta(days=days_ago))


def test_a_stop_is_the_hours_without_data_right_before_the_last_start() -> None:
    back, gone = NOW - timedelta(days=5), NOW - timedelta(days=9)
    used = without(history(), lambda hour: gone <= hour < back)
    period = last_hours(HOURS)
    assert known(restarted(5), used=used).running == (
        Period(period.start, gone),
        Period(back, period.end),
    )


def test_other_holes_are_holes_in_what_was_seen() -> None:
    hole = NOW - timedelta(days=20)
    used = without(history(), lambda hour: hole <= hour < hole + timedelta(days=3))
    assert known(BOX, used=used).running is None
    running = known(restarted(5), used=used).running
    assert running is not None
    assert sum(span.hours for span in running) == HOURS


def test_the_first_start_is_no_stop() -> None:
    young = instance(
        launched_at=NOW - timedelta(days=5), first_launched_at=NOW - timedelta(days=5, minutes=1)
    )
    assert known(young).running is None
    assert known(replace(young, first_launched_at=None)).running is None


def test_an_instance_that_was_stopped_all_the_time_before_ran_since_its_start_only() -> None:
    back = NOW - timedelta(days=5)
    used = without(history(), lambda hour: hour < back)
    assert known(restarted(5), used=used).running == (Period(back, NOW),)
