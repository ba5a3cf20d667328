"""A cluster as EKS describes it; the support of its version is told elsewhere."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from plainbill.aws_connector import Scope
from plainbill.data_fetcher.eks_clusters import EksClusters
from plainbill.model.resources.eks import EksCluster

SCOPE = Scope("111122223333", "us-east-1")
MADE = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
LEAST: dict[str, Any] = {
    "name": "shop",
    "status": "ACTIVE",
    "version": "1.32",
    "createdAt": MADE.timestamp(),
}


def parsed_of(raw: dict[str, Any]) -> EksCluster:
    (one,) = EksClusters.parse({"cluster": raw}, SCOPE)
    return one


def parsed(**changes: Any) -> EksCluster:
    return parsed_of(LEAST | changes)


def test_of_what_is_described_with_the_least_no_more_is_known() -> None:
    assert parsed() == EksCluster(
        account_id="111122223333",
        region="us-east-1",
        cluster_name="shop",
        status="ACTIVE",
        version="1.32",
        created_at=MADE,
    )


@pytest.mark.parametrize("absent", ["name", "status", "version", "createdAt"])
def test_a_field_that_aws_promises_is_never_guessed(absent: str) -> None:
    least = {name: value for name, value in LEAST.items() if name != absent}
    with pytest.raises(KeyError, match=absent):
        parsed_of(least)


def test_support_and_tags_are_kept() -> None:
    one = parsed(upgradePolicy={"supportType": "STANDARD"}, tags={"team": "<b>"})
    assert (one.support_type, one.tags) == ("STANDARD", {"team": "<b>"})
