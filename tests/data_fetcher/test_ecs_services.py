"""A service as ECS describes it; what it runs on is the launch type or its capacity providers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from plainbill.aws_connector import Scope
from plainbill.data_fetcher.ecs_services import EcsServices
from plainbill.model.resources.ecs import EcsService

SCOPE = Scope("111122223333", "us-east-1")
MADE = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
LEAST: dict[str, Any] = {
    "serviceName": "api",
    "serviceArn": "arn:aws:ecs:us-east-1:111122223333:service/shop/api",
    "clusterArn": "arn:aws:ecs:us-east-1:111122223333:cluster/shop",
    "status": "ACTIVE",
    "createdAt": MADE.timestamp(),
    "desiredCount": 2,
    "runningCount": 1,
}


def parsed_of(raw: dict[str, Any]) -> EcsService:
    (one,) = EcsServices.parse({"services": [raw]}, SCOPE)
    return one


def parsed(**changes: Any) -> EcsService:
    return parsed_of(LEAST | changes)


def test_of_what_is_described_with_the_least_no_more_is_known() -> None:
    assert parsed() == EcsService(
        account_id="111122223333",
        region="us-east-1",
        service_name="api",
        cluster_name="shop",
        service_arn="arn:aws:ecs:us-east-1:111122223333:service/shop/api",
        status="ACTIVE",
        created_at=MADE,
        desired_count=2,
        running_count=1,
        runs_on=(),
    )


@pytest.mark.parametrize(
    "absent",
    ["serviceName", "serviceArn", "clusterArn", "status", "createdAt", "desiredCount", "runningCount"],
)
def test_a_field_that_aws_promises_is_never_guessed(absent: str) -> None:
    least = {name: value for name, value in LEAST.items() if name != absent}
    with pytest.raises(KeyError, match=absent):
        parsed_of(least)


@pytest.mark.parametrize(
    ("fields", "runs_on"),
    [
        ({"launchType": "FARGATE"}, ("FARGATE",)),
        ({"launchType": "EC2", "capacityProviderStrategy": []}, ("EC2",)),
        (
            {
                "capacityProviderStrategy": [
                    {"capacityProvider": "FARGATE"},
                    {"capacityProvider": "FARGATE_SPOT"},
                ]
            },
            ("FARGATE", "FARGATE_SPOT"),
        ),
    ],
)
def test_what_it_runs_on_is_kept(fields: dict[str, Any], runs_on: tuple[str, ...]) -> None:
    assert parsed(**fields).runs_on == runs_on


def test_tags_are_kept_as_they_are_even_hostile_ones() -> None:
    assert parsed(tags=[{"key": "team", "value": "{{7*7}}"}]).tags == {"team": "{{7*7}}"}
