"""What EC2's own metrics do not show: read over HTTP, judged as each instance of the demo was made for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest

from aws import connected
from demo.stock import client
from factories import NOW, context
from load import read_load
from plainbill.analyzer.checks.autoscaling_group_idle import AutoscalingGroupIdle
from plainbill.analyzer.checks.ec2_instance_idle import Ec2InstanceIdle
from plainbill.analyzer.checks.ec2_instance_oversized import Ec2InstanceOversized
from plainbill.analyzer.checks.ec2_instance_surplus_credits import Ec2InstanceSurplusCredits
from plainbill.analyzer.registry import Check
from plainbill.analyzer.waste_check import Context, metrics_of
from plainbill.aws_connector import Connector, Scope
from plainbill.data_fetcher import cloudwatch, ec2_instances, resource_metrics
from plainbill.data_fetcher.autoscaling_groups import AutoScalingGroups
from plainbill.data_fetcher.collector import Collector
from plainbill.data_fetcher.ec2_agent_metrics import Ec2AgentMetrics
from plainbill.data_fetcher.load_balancers import LoadBalancers
from plainbill.data_fetcher.target_groups import TargetGroups
from plainbill.demo.estate_groups import groups
from plainbill.demo.fleet import DEVELOPMENT, OREGON, PRODUCTION, VIRGINIA
from plainbill.demo.server import DemoEndpoint
from plainbill.model.findings import Confidence, Ok, Unknown, Verdict, Waste
from plainbill.model.metrics import Series
from plainbill.model.resources import Ec2Instance, Resource
from plainbill.model.resources.agent_metric import AgentMetric
from plainbill.model.resources.autoscaling import AutoScalingGroup
from plainbill.model.utilization import Utilization

CHECKS: Sequence[Check] = (
    Ec2InstanceIdle(),
    Ec2InstanceOversized(),
    Ec2InstanceSurplusCredits(),
    AutoscalingGroupIdle(),
)
COLLECTORS: Sequence[type[Collector]] = (Ec2AgentMetrics, TargetGroups, LoadBalancers, AutoScalingGroups)
DAYS = 63


@pytest.fixture
def connector(aws: DemoEndpoint) -> Iterator[Connector]:
    with connected(aws.environment, aws.url) as connector:
        yield connector


def everything(connector: Connector, account: str, region: str = VIRGINIA) -> Context:
    """What a refresh would know of one place, read the way it reads."""
    scope = Scope(account, region)
    instances, _ = ec2_instances.read(connector, scope)
    found: list[Resource] = [one for each in COLLECTORS for one in each.read(connector, scope)[0]]
    window = cloudwatch.window(NOW, 60)
    used: dict[str, Utilization] = {}
    for batch in cloudwatch.batches((one for one in instances if one.state == "running"), window):
        used |= read_load(connector, scope, batch, window)[0]
    kinds = [each.kind for each in COLLECTORS]
    known = context(*instances, *found, asked=[*kinds, Ec2Instance])
    return replace(known, utilization=used, series=measured(connector, scope, [*instances, *found]))


def measured(
    connector: Connector, scope: Scope, resources: Sequence[Resource]
) -> dict[tuple[str, str], Series]:
    asked = resource_metrics.wanted(resources, lambda one: metrics_of(CHECKS, one))
    series: dict[tuple[str, str], Series] = {}
    for batch in resource_metrics.batches(asked, DAYS):
        series |= resource_metrics.read(connector, scope, batch, NOW, DAYS)[0]
    return series


def named(known: Context, name: str) -> Ec2Instance:
    found = (one for one in known.inventory.resources[Ec2Instance] if one.name == name)
    return next(one for one in found if isinstance(one, Ec2Instance))


def said(known: Context, name: str, check: Check) -> Verdict:
    return check.evaluate(named(known, name), known)


def test_a_stock_client_sees_agents_and_groups(aws: DemoEndpoint) -> None:
    listed = client(aws, "cloudwatch", PRODUCTION).list_metrics(Namespace="CWAgent")["Metrics"]
    assert {one["MetricName"] for one in listed} > {"mem_used_percent", "swap_used_percent"}
    told = client(aws, "autoscaling", DEVELOPMENT).describe_auto_scaling_groups()["AutoScalingGroups"]
    truth = groups(aws.company).at(DEVELOPMENT, VIRGINIA)
    assert [one["AutoScalingGroupName"] for one in told] == [one.name for one in truth]
    assert [len(one["Instances"]) for one in told] == [len(one.instances) for one in truth]


def test_memory_gpus_and_credits_speak_for_what_cpu_and_traffic_would_condemn(connector: Connector) -> None:
    known = everything(connector, PRODUCTION)
    trainer = said(known, "embedding-trainer", Ec2InstanceIdle())
    assert isinstance(trainer, Ok)
    cache = said(known, "session-cache", Ec2InstanceIdle())
    assert isinstance(cache, Waste)
    assert cache.confidence is Confidence.MEDIUM
    assert "possible cache" in " ".join(cache.doubts)
    report = said(known, "report-cache", Ec2InstanceOversized())
    assert isinstance(report, Ok)


def test_without_what_the_agent_says_they_would_be_condemned(connector: Connector) -> None:
    known = everything(connector, PRODUCTION)
    blind = replace(known, series={}, inventory=context(*known.inventory.resources[Ec2Instance]).inventory)
    trainer, cache = (said(blind, name, Ec2InstanceIdle()) for name in ("embedding-trainer", "session-cache"))
    assert isinstance(trainer, Waste)
    assert trainer.confidence is Confidence.REVIEW
    assert isinstance(cache, Waste)
    assert cache.confidence is Confidence.HIGH
    report = said(blind, "report-cache", Ec2InstanceOversized())
    assert isinstance(report, Waste)
    assert report.doubts[0] == "Memory unknown: check that half of it is enough."


def test_memory_that_would_fit_makes_a_smaller_size_surer(connector: Connector) -> None:
    found = said(everything(connector, DEVELOPMENT), "notebook", Ec2InstanceOversized())
    assert isinstance(found, Waste)
    assert found.confidence is Confidence.MEDIUM
    memory = next(one for one in found.evidence if one.label.startswith("memory in use"))
    assert isinstance(memory.value, float)
    assert 20 < memory.value < 26


def test_memory_that_windows_tells_with_its_page_file_does_not(connector: Connector) -> None:
    found = said(everything(connector, PRODUCTION), "erp-01", Ec2InstanceOversized())
    assert isinstance(found, Waste)
    assert found.confidence is Confidence.REVIEW
    assert found.doubts[0].startswith("Memory is told by Windows together with its page file")


def test_surplus_credits_are_waste_only_where_a_steady_type_is_cheaper(connector: Connector) -> None:
    known = everything(connector, PRODUCTION)
    pegged = said(known, "thumbnailer", Ec2InstanceSurplusCredits())
    assert isinstance(pegged, Waste)
    assert pegged.monthly_saving is not None
    assert 10 < pegged.monthly_saving.amount < 25
    assert isinstance(said(known, "webhook-sender", Ec2InstanceSurplusCredits()), Ok)
    assert isinstance(said(known, "bastion", Ec2InstanceSurplusCredits()), Ok)


@pytest.mark.parametrize("account", [DEVELOPMENT, PRODUCTION])
def test_each_group_is_judged_as_a_whole_and_as_the_company_says(
    aws: DemoEndpoint, connector: Connector, account: str
) -> None:
    known = everything(connector, account)
    check = AutoscalingGroupIdle()
    verdicts = {
        one.resource_id: check.evaluate(one, known)
        for one in known.inventory.resources[AutoScalingGroup]
        if isinstance(one, AutoScalingGroup)
    }
    truth = groups(aws.company).at(account, VIRGINIA)
    assert {name: isinstance(verdict, Waste) for name, verdict in verdicts.items()} == {
        one.name: one.is_expected for one in truth
    }
    assert not any(isinstance(verdict, Unknown) for verdict in verdicts.values())


def test_the_agents_metrics_are_asked_for_once_each(connector: Connector) -> None:
    found, gaps = Ec2AgentMetrics.read(connector, Scope(PRODUCTION, VIRGINIA))
    assert gaps == []
    metrics = [one for one in found if isinstance(one, AgentMetric)]
    assert sorted((one.metric_name, len(one.labels)) for one in metrics) == [
        ("Memory % Committed Bytes In Use", 3),
        ("Memory % Committed Bytes In Use", 3),
        ("mem_used_percent", 1),
        ("mem_used_percent", 1),
        ("mem_used_percent", 1),
        ("nvidia_smi_utilization_gpu", 5),
        ("nvidia_smi_utilization_memory", 5),
    ]
    assert Ec2AgentMetrics.read(connector, Scope(DEVELOPMENT, OREGON)) == ([], [])
