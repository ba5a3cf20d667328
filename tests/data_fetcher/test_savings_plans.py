"""Savings Plans as AWS describes them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from plainbill.aws_connector import Scope
from plainbill.data_fetcher.savings_plans import SavingsPlans
from plainbill.model.resources.commitments import SavingsPlan

SCOPE = Scope("111122223333", "us-east-1")
ARN = "arn:aws:savingsplans::111122223333:savingsplan/plan-1"
LEAST: dict[str, Any] = {
    "savingsPlanId": "plan-1",
    "savingsPlanArn": ARN,
    "savingsPlanType": "Compute",
    "state": "active",
    "commitment": "3.96000000",
    "currency": "USD",
}
MORE = {
    "savingsPlanType": "EC2Instance",
    "region": "eu-west-1",
    "ec2InstanceFamily": "m5",
    "start": "2026-03-02T08:00:00.000Z",
    "end": "2027-03-02T07:59:59.000Z",
    "tags": {"team": '"><script>alert(1)</script>'},
}


def parsed(raw: dict[str, Any]) -> SavingsPlan:
    (one,) = SavingsPlans.parse({"savingsPlans": [raw]}, SCOPE)
    return one


def test_no_plans_are_an_empty_page() -> None:
    assert list(SavingsPlans.parse({"savingsPlans": []}, SCOPE)) == []
    assert list(SavingsPlans.parse({}, SCOPE)) == []


def test_a_compute_plan_is_of_no_region_and_no_family() -> None:
    plan = parsed(LEAST | {"region": "", "ec2InstanceFamily": ""})
    assert (plan.covered_region, plan.family, plan.start_at, plan.end_at) == (None, None, None, None)
    assert (plan.region, plan.arn, plan.commitment) == ("us-east-1", ARN, "3.96000000")


def test_an_instance_plan_says_of_which_region_and_family() -> None:
    plan = parsed(LEAST | MORE)
    assert (plan.plan_type, plan.covered_region, plan.family) == ("EC2Instance", "eu-west-1", "m5")
    assert plan.start_at == datetime(2026, 3, 2, 8, tzinfo=UTC)
    assert plan.end_at == datetime(2027, 3, 2, 7, 59, 59, tzinfo=UTC)
    assert plan.tags == MORE["tags"]


@pytest.mark.parametrize("absent", sorted(LEAST))
def test_a_field_that_aws_promises_is_never_guessed(absent: str) -> None:
    with pytest.raises(KeyError, match=absent):
        parsed({name: value for name, value in LEAST.items() if name != absent})
