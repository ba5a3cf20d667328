"""A repository as ECR describes it; policy and images are told elsewhere."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from plainbill.aws_connector import Scope
from plainbill.data_fetcher.ecr_repositories import EcrRepositories
from plainbill.model.resources.ecr import EcrRepository

SCOPE = Scope("111122223333", "us-east-1")
MADE = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
LEAST: dict[str, Any] = {"repositoryName": "shop/api", "createdAt": MADE.timestamp()}


def parsed_of(raw: dict[str, Any]) -> EcrRepository:
    (one,) = EcrRepositories.parse({"repositories": [raw]}, SCOPE)
    return one


def parsed(**changes: Any) -> EcrRepository:
    return parsed_of(LEAST | changes)


def test_of_what_is_described_with_the_least_no_more_is_known() -> None:
    assert parsed() == EcrRepository(
        account_id="111122223333",
        region="us-east-1",
        repository_name="shop/api",
        created_at=MADE,
    )


@pytest.mark.parametrize("absent", ["repositoryName", "createdAt"])
def test_a_field_that_aws_promises_is_never_guessed(absent: str) -> None:
    least = {name: value for name, value in LEAST.items() if name != absent}
    with pytest.raises(KeyError, match=absent):
        parsed_of(least)


def test_its_arn_has_the_whole_name() -> None:
    assert parsed().arn == "arn:aws:ecr:us-east-1:111122223333:repository/shop/api"
