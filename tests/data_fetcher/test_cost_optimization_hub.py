"""AWS's advice is kept as AWS gives it, to the digit; what it does not say is not known."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from data_fetcher.answers import recorded, recordings
from plainbill.aws_connector import Scope
from plainbill.data_fetcher.cost_optimization_hub import CostOptimizationHub
from plainbill.data_fetcher.ec2_instances import parse as instances_of
from plainbill.model.findings import Action, Effort
from plainbill.model.money import Money
from plainbill.model.resources.recommendation import AwsRecommendation

PAYER = Scope("111122223333", "us-east-1")
VOLUME = "arn:aws:ec2:eu-west-1:444455556666:volume/vol-0a1b2c3d4e5f60718"
LEAST: dict[str, Any] = {
    "recommendationId": "NDQ0NDU1NTU2NjY2X2Fi",
    "accountId": "444455556666",
    "actionType": "Delete",
}
WHOLE: dict[str, Any] = LEAST | {
    "region": "eu-west-1",
    "resourceId": "vol-0a1b2c3d4e5f60718",
    "resourceArn": VOLUME,
    "currentResourceType": "EbsVolume",
    "recommendedResourceType": "EbsVolume",
    "estimatedMonthlySavings": 12.345,
    "estimatedSavingsPercentage": 100.0,
    "estimatedMonthlyCost": 12.345,
    "currencyCode": "EUR",
    "implementationEffort": "VeryLow",
    "restartNeeded": False,
    "rollbackPossible": True,
    "currentResourceSummary": "100 GB gp2",
    "recommendedResourceSummary": "Snapshot and delete",
    "lastRefreshTimestamp": 1795500000.5,
    "recommendationLookbackPeriodInDays": 32,
    "source": "ComputeOptimizer",
    "tags": [{"key": "Name", "value": "old"}],
}


def parsed(raw: dict[str, Any]) -> AwsRecommendation:
    (found,) = CostOptimizationHub.parse({"items": [raw]}, PAYER)
    return found


def test_an_account_without_any_advice_has_none() -> None:
    assert list(CostOptimizationHub.parse({"items": []}, PAYER)) == []
    assert list(CostOptimizationHub.parse({}, PAYER)) == []


def test_what_aws_does_not_say_is_none_and_never_zero_or_empty() -> None:
    found = parsed(LEAST)
    assert (found.saving, found.cost, found.currency, found.lookback_days) == (None, None, None, None)
    assert (found.subject_arn, found.subject_id, found.refreshed_at, found.effort) == (None, None, None, None)
    assert (found.current_type, found.needs_restart, found.can_be_undone, found.tags) == (
        None,
        None,
        None,
        {},
    )
    assert found.region == "global"
    assert parsed(LEAST | {"resourceArn": "", "resourceId": "", "region": ""}) == found


def test_an_amount_without_a_currency_is_no_money() -> None:
    assert parsed(LEAST | {"estimatedMonthlySavings": 3.5}).saving is None


@pytest.mark.parametrize("field", sorted(LEAST))
def test_what_aws_always_says_is_asked_for_by_name(field: str) -> None:
    with pytest.raises(KeyError, match=field):
        parsed({key: value for key, value in LEAST.items() if key != field})


def test_a_word_that_is_newer_than_ours_is_kept_and_means_nothing() -> None:
    found = parsed(LEAST | {"actionType": "Hibernate", "implementationEffort": "Herculean"})
    assert (found.action, found.action_type) == (None, "Hibernate")
    assert (found.effort, found.effort_level) == (None, "Herculean")


def test_all_that_aws_says_is_kept_as_it_says_it() -> None:
    found = parsed(WHOLE)
    assert (found.account_id, found.region, found.name) == ("444455556666", "eu-west-1", "old")
    assert (found.subject_arn, found.subject_id) == (VOLUME, "vol-0a1b2c3d4e5f60718")
    assert (found.action, found.effort, found.origin) == (Action.DELETE, Effort.VERY_LOW, "ComputeOptimizer")
    assert found.saving == found.cost == Money(Decimal("12.345"), "EUR")
    assert (found.lookback_days, found.needs_restart, found.can_be_undone) == (32, False, True)
    assert (found.current_type, found.current_summary) == ("EbsVolume", "100 GB gp2")
    assert found.recommended_summary == "Snapshot and delete"
    assert found.refreshed_at is not None
    assert found.refreshed_at.isoformat() == "2026-11-24T06:00:00.500000+00:00"


@pytest.mark.parametrize(
    ("amount", "digits"), [(0.1, "0.10"), (1e-07, "0.0000001"), (1234567.89, "1234567.89"), (7, "7.00")]
)
def test_an_amount_keeps_its_digits(amount: float, digits: str) -> None:
    assert parsed(LEAST | {"estimatedMonthlySavings": amount}).monthly_saving == digits


def test_an_amount_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="not an amount"):
        parsed(LEAST | {"estimatedMonthlySavings": float("inf")})


def test_a_recommendation_never_passes_for_the_resource_it_is_about() -> None:
    found = parsed(WHOLE)
    assert found.arn != found.subject_arn
    assert found.resource_id == "NDQ0NDU1NTU2NjY2X2Fi"


def test_advice_on_a_recorded_instance_finds_the_instance_by_its_arn() -> None:
    """There is no recording of the hub; Compute Optimizer, which it repeats, names instances the same."""
    folder = "test_ec2_compute_optimizer_no_params"
    (advice,) = recordings("aws_api_c7n_placebo", f"{folder}/compute-optimizer.*.json")
    (described,) = recordings("aws_api_c7n_placebo", f"{folder}/ec2.DescribeInstances_1.json")
    read = {one.arn for one in instances_of(recorded(described), Scope("644160558196", "us-east-1"))}
    told = [one["instanceArn"] for one in recorded(advice)["instanceRecommendations"]]
    assert len(told) == 2
    assert {parsed(WHOLE | {"resourceArn": arn}).subject_arn for arn in told} <= read
