"""The variants of an endpoint as SageMaker describes them: each is measured and billed apart."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from plainbill.aws_connector import Scope
from plainbill.data_fetcher.sagemaker_endpoints import SageMakerEndpoints

SCOPE = Scope("111122223333", "us-east-1")
MADE = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
ENDPOINT: dict[str, Any] = {
    "EndpointName": "ranking",
    "EndpointStatus": "InService",
    "CreationTime": MADE.timestamp(),
}


def test_each_variant_is_one_with_its_own_dimensions() -> None:
    variants = [
        {"VariantName": "blue", "CurrentInstanceCount": 2},
        {"VariantName": "green", "CurrentServerlessConfig": {"MemorySizeInMB": 2048}},
    ]
    blue, green = SageMakerEndpoints.parse(ENDPOINT | {"ProductionVariants": variants}, SCOPE)
    assert (blue.instance_count, blue.is_serverless, blue.variants, blue.created_at) == (2, None, 2, MADE)
    assert (green.instance_count, green.is_serverless) == (None, True)
    assert blue.dimensions == {"EndpointName": "ranking", "VariantName": "blue"}
    assert {blue.name, green.name} == {"ranking/blue", "ranking/green"}
    assert blue.arn != green.arn


def test_the_only_variant_goes_by_the_name_of_its_endpoint() -> None:
    (one,) = SageMakerEndpoints.parse(
        ENDPOINT | {"ProductionVariants": [{"VariantName": "AllTraffic"}]}, SCOPE
    )
    assert one.name == "ranking"
    assert one.instance_count is None


def test_an_endpoint_that_failed_before_it_had_a_variant_has_none() -> None:
    assert list(SageMakerEndpoints.parse(ENDPOINT | {"EndpointStatus": "Failed"}, SCOPE)) == []


@pytest.mark.parametrize("absent", ["EndpointName", "EndpointStatus", "CreationTime"])
def test_a_field_that_aws_promises_is_never_guessed(absent: str) -> None:
    least = {name: value for name, value in ENDPOINT.items() if name != absent}
    with pytest.raises(KeyError, match=absent):
        list(SageMakerEndpoints.parse(least | {"ProductionVariants": [{"VariantName": "a"}]}, SCOPE))
