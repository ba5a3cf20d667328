"""A Dedicated Host is waste where this account pays for it by the hour and nothing is on it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from factories import NOW, context
from plainbill.analyzer.checks.ec2_host_empty import Ec2HostEmpty
from plainbill.model.findings import Confidence, Ok, Verdict, Waste
from plainbill.model.resources.ec2_host import DedicatedHost

MINE, THEIRS = "111122223333", "444455556666"


def judge(days_ago: float = 100, **changes: Any) -> Verdict:
    plain = {
        "account_id": MINE,
        "region": "us-east-1",
        "host_id": "h-0a1b2c3d4e5f60718",
        "state": "available",
        "allocated_at": NOW - timedelta(days=days_ago),
        "owner_id": MINE,
        "instance_family": "r5",
    }
    host = DedicatedHost(**{**plain, **changes})
    return Ec2HostEmpty().evaluate(host, context(host))


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"instance_ids": ("i-01",)}, id="an instance is on it"),
        pytest.param({"state": "under-assessment"}, id="AWS examines it"),
        pytest.param({"state": "permanent-failure"}, id="broken"),
        pytest.param({"owner_id": THEIRS}, id="billed to the account that shares it"),
        pytest.param({"reservation_id": "hr-01"}, id="paid for by a reservation"),
        pytest.param({"days_ago": 6.9}, id="allocated this week"),
    ],
)
def test_what_is_used_or_is_paid_for_in_any_case_is_left_alone(changes: dict[str, Any]) -> None:
    assert isinstance(judge(**changes), Ok)


@pytest.mark.parametrize("owner", [MINE, None])
def test_an_empty_host_is_waste_of_a_price_that_is_not_known(owner: str | None) -> None:
    found = judge(owner_id=owner)
    assert isinstance(found, Waste)
    assert found.confidence is Confidence.MEDIUM
    assert found.monthly_saving is None
    assert found.reason == (
        "The host for r5 holds no instance; it was allocated 100 days ago (7 are allowed)."
    )


def test_a_host_of_no_known_family_is_named_without_one() -> None:
    found = judge(instance_family=None)
    assert isinstance(found, Waste)
    assert found.reason.startswith("The host holds no instance")
