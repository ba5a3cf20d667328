"""Provisioned concurrency as Lambda lists it: function and alias are in the ARN only."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from data_fetcher.answers import recorded, recordings
from plainbill.aws_connector import Scope
from plainbill.data_fetcher.lambda_provisioned_concurrency import (
    LambdaProvisionedConcurrencies,
    function_names,
)
from plainbill.model.resources.lambda_concurrency import LambdaProvisionedConcurrency

SCOPE = Scope("111122223333", "us-east-1")
MADE = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
LEAST: dict[str, Any] = {
    "FunctionArn": "arn:aws:lambda:us-east-1:111122223333:function:checkout:live",
    "RequestedProvisionedConcurrentExecutions": 10,
    "Status": "READY",
    "LastModified": "2026-03-02T08:00:00+0000",
}


def parsed_of(raw: dict[str, Any]) -> LambdaProvisionedConcurrency:
    (one,) = LambdaProvisionedConcurrencies.parse({"ProvisionedConcurrencyConfigs": [raw]}, SCOPE)
    return one


def parsed(**changes: Any) -> LambdaProvisionedConcurrency:
    return parsed_of(LEAST | changes)


def test_of_what_is_described_with_the_least_no_more_is_known() -> None:
    assert parsed() == LambdaProvisionedConcurrency(
        account_id="111122223333",
        region="us-east-1",
        function_name="checkout",
        qualifier="live",
        requested=10,
        allocated=0,
        status="READY",
        changed_at=MADE,
    )


@pytest.mark.parametrize(
    "absent", ["FunctionArn", "RequestedProvisionedConcurrentExecutions", "Status", "LastModified"]
)
def test_a_field_that_aws_promises_is_never_guessed(absent: str) -> None:
    least = {name: value for name, value in LEAST.items() if name != absent}
    with pytest.raises(KeyError, match=absent):
        parsed_of(least)


def test_cloudwatch_knows_it_by_function_and_alias_and_its_arn_has_both() -> None:
    assert parsed().dimensions == {"FunctionName": "checkout", "Resource": "checkout:live"}
    assert parsed().arn == LEAST["FunctionArn"]


def test_an_arn_without_an_alias_or_version_cannot_be_read() -> None:
    with pytest.raises(ValueError, match="names no alias or version"):
        parsed(FunctionArn="arn:aws:lambda:us-east-1:111122223333:function:checkout")


def test_every_recorded_function_is_asked_about() -> None:
    pages = [recorded(path) for path in recordings("aws_api_c7n_placebo", "*/lambda.ListFunctions_*.json")]
    names = [name for page in pages for name in function_names(page)]
    assert len(names) == sum(len(page["Functions"]) for page in pages) > 20
    assert all(names)
