"""Real answers through our serialiser and back through botocore's parser: nothing may change."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest

from data_fetcher.answers import recorded, recordings
from demo.stock import client, known_to_the_model, parsed, paths
from plainbill.aws_connector.service_models import service_model
from plainbill.demo.fleet import DEVELOPMENT, MANAGEMENT, PRODUCTION
from plainbill.demo.server import DemoEndpoint
from plainbill.demo.wire import Asked, write_answer

RECORDED = {
    ("ec2", "DescribeInstances"): "*/ec2.DescribeInstances_*.json",
    ("ec2", "DescribeVolumes"): "*/ec2.DescribeVolumes_*.json",
    ("ec2", "DescribeSnapshots"): "*/ec2.DescribeSnapshots_*.json",
    ("ec2", "DescribeAddresses"): "*/ec2.DescribeAddresses_*.json",
    ("ec2", "DescribeNatGateways"): "*/ec2.DescribeNatGateways_*.json",
    ("cloudwatch", "GetMetricStatistics"): "*/monitoring.GetMetricStatistics_*.json",
    ("rds", "DescribeDBInstances"): "*/rds.DescribeDBInstances_*.json",
    ("autoscaling", "DescribeAutoScalingGroups"): "*/autoscaling.DescribeAutoScalingGroups_*.json",
    ("elasticache", "DescribeCacheClusters"): "*/elasticache.DescribeCacheClusters_*.json",
    ("lambda", "ListFunctions"): "*/lambda.ListFunctions_*.json",
    ("cost-optimization-hub", "ListRecommendations"): "*/cost-optimization-hub.ListRecommendations_*.json",
    ("compute-optimizer", "GetEC2InstanceRecommendations"): "*/compute-optimizer.GetEC2Instance*.json",
}


def through_the_wire(service: str, operation: str, protocol: str, answer: Any) -> Any:
    model = service_model(service)
    asked = Asked(model, model.operation(operation), protocol, {})
    return parsed(service, operation, protocol, write_answer(asked, answer, "an-id").body)


@pytest.mark.parametrize(("service", "operation"), RECORDED)
def test_every_recorded_answer_survives_the_wire(service: str, operation: str) -> None:
    spoken = [
        name
        for name in ("ec2", "query", "json", "rest-json", "rest-xml")
        if name in service_model(service).protocols
    ]
    files = recordings("aws_api_c7n_placebo", RECORDED[service, operation])
    assert spoken
    for file in files:
        answer = known_to_the_model(service, operation, recorded(file))
        for protocol in spoken:
            there = known_to_the_model(
                service, operation, through_the_wire(service, operation, protocol, answer)
            )
            assert there == answer, f"{file.parent.name}/{file.name} by {protocol}"


@pytest.mark.parametrize("name", ["daily_by_service_2024-02.json", "monthly_by_service_6mo.json"])
def test_recorded_costs_survive_the_wire(name: str) -> None:
    (file,) = recordings("ce", name)
    answer = orjson.loads(file.read_bytes())
    assert through_the_wire("ce", "GetCostAndUsage", "json", answer) == answer


def test_the_recordings_are_as_many_as_they_should_be() -> None:
    assert len(recordings("aws_api_c7n_placebo", RECORDED["ec2", "DescribeInstances"])) == 107


def recorded_paths(pattern: str) -> set[tuple[str, str]]:
    files: list[Path] = recordings("aws_api_c7n_placebo", pattern)
    return {found for file in files for found in paths(recorded(file))}


def test_an_instance_has_only_keys_and_types_that_real_ones_have(aws: DemoEndpoint) -> None:
    never_recorded = {  # no Spot instance is among the recordings; both are in AWS's model
        (".Reservations[].Instances[].InstanceLifecycle", "str"),
        (".Reservations[].Instances[].SpotInstanceRequestId", "str"),
    }
    known = recorded_paths(RECORDED["ec2", "DescribeInstances"]) | never_recorded
    for account in (MANAGEMENT, PRODUCTION, DEVELOPMENT):
        answer = client(aws, "ec2", account).describe_instances()
        del answer["ResponseMetadata"]
        assert set(paths(answer)) - known == set()
