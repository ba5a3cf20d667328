"""Compute Optimizer's answers, kind by kind, in the words of our findings; what it does not say is None."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from data_fetcher.answers import recorded, recordings
from plainbill.aws_connector import Scope
from plainbill.data_fetcher.compute_optimizer import ComputeOptimizer
from plainbill.data_fetcher.compute_optimizer_answers import PARSERS
from plainbill.model.findings import Action, Effort
from plainbill.model.money import Money
from plainbill.model.resources.aws_advice import KEEP, ComputeOptimizerRecommendation

HERE = Scope("111122223333", "eu-west-1")
PLACE = f"{HERE.region}:{HERE.account_id}"
INSTANCE: dict[str, Any] = {
    "instanceArn": f"arn:aws:ec2:{PLACE}:instance/i-1",
    "accountId": HERE.account_id,
    "currentInstanceType": "m5.xlarge",
    "finding": "Overprovisioned",
    "findingReasonCodes": ["CPUOverprovisioned"],
    "utilizationMetrics": [{"name": "Cpu", "statistic": "Maximum", "value": 12.5}],
    "lookBackPeriodInDays": 14.0,
    "lastRefreshTimestamp": 1795500000.5,
    "tags": [{"key": "Name", "value": "<b>web</b>"}],
    "recommendationOptions": [
        {"instanceType": "m5.2xlarge", "rank": 2},
        {
            "instanceType": "m5.large",
            "rank": 1,
            "performanceRisk": 1.0,
            "migrationEffort": "VeryLow",
            "savingsOpportunity": {"estimatedMonthlySavings": {"currency": "USD", "value": 70.08}},
            "savingsOpportunityAfterDiscounts": {
                "estimatedMonthlySavings": {"currency": "USD", "value": 40.5}
            },
        },
    ],
}
VOLUME: dict[str, Any] = {
    "volumeArn": f"arn:aws:ec2:{PLACE}:volume/vol-1",
    "finding": "NotOptimized",
    "currentConfiguration": {"volumeType": "gp2", "volumeSize": 100},
    "volumeRecommendationOptions": [{"configuration": {"volumeType": "gp3", "volumeSize": 100}, "rank": 1}],
}
FUNCTION: dict[str, Any] = {
    "functionArn": f"arn:aws:lambda:{PLACE}:function:resize:$LATEST",
    "currentMemorySize": 1024,
    "finding": "NotOptimized",
    "lookbackPeriodInDays": 14.0,
    "memorySizeRecommendationOptions": [{"memorySize": 512, "rank": 1}],
}
DATABASE: dict[str, Any] = {
    "resourceArn": f"arn:aws:rds:{PLACE}:db:orders",
    "currentDBInstanceClass": "db.m5.xlarge",
    "currentStorageConfiguration": {"storageType": "gp2", "allocatedStorage": 200},
    "instanceFinding": "Overprovisioned",
    "storageFinding": "NotOptimized",
    "instanceRecommendationOptions": [{"dbInstanceClass": "db.m5.large", "rank": 1}],
    "storageRecommendationOptions": [
        {"storageConfiguration": {"storageType": "gp3", "allocatedStorage": 200}, "rank": 1}
    ],
}
IDLE: dict[str, Any] = {
    "resourceArn": f"arn:aws:ecs:{PLACE}:service/shop/old",
    "resourceId": "old",
    "resourceType": "ECSService",
    "finding": "Idle",
    "lookBackPeriodInDays": 14.0,
}


def parsed(key: str, raw: dict[str, Any]) -> list[ComputeOptimizerRecommendation]:
    return list(ComputeOptimizer.parse({key: [raw], "errors": []}, HERE))


def one(key: str, raw: dict[str, Any]) -> ComputeOptimizerRecommendation:
    (found,) = parsed(key, raw)
    return found


@pytest.mark.parametrize("key", sorted(PARSERS))
def test_an_empty_list_says_nothing(key: str) -> None:
    assert list(ComputeOptimizer.parse({key: []}, HERE)) == []
    assert list(ComputeOptimizer.parse({}, HERE)) == []


@pytest.mark.parametrize("finding", ["Optimized", "Underprovisioned", "SomethingNewer"])
def test_what_is_to_stay_or_to_grow_is_no_advice_to_save(finding: str) -> None:
    found = one("instanceRecommendations", INSTANCE | {"finding": finding})
    assert (found.action_type, found.action, found.saving) == (KEEP, None, None)
    assert (found.recommended_type, found.recommended_summary, found.discounted_saving) == (None, None, None)
    assert found.measured == {"Cpu Maximum": "12.50"}


@pytest.mark.parametrize("saving", [0.0, -3.5])
def test_what_would_save_nothing_is_no_advice(saving: float) -> None:
    money = {"estimatedMonthlySavings": {"currency": "USD", "value": saving}}
    option = {"instanceType": "m6i.xlarge", "savingsOpportunity": money}
    raw = INSTANCE | {"finding": "NotOptimized", "recommendationOptions": [option]}
    assert one("instanceRecommendations", raw).action_type == KEEP


def test_advice_without_an_option_is_no_advice() -> None:
    assert one("instanceRecommendations", INSTANCE | {"recommendationOptions": []}).action_type == KEEP


def test_what_aws_does_not_say_is_none_and_never_zero() -> None:
    found = one("idleRecommendations", IDLE)
    assert (found.saving, found.discounted_saving, found.currency, found.refreshed_at) == (None,) * 4
    assert (found.performance_risk, found.effort, found.measured, found.reason_codes) == (None, None, {}, ())


def test_the_option_that_aws_ranks_first_is_what_it_would_do() -> None:
    found = one("instanceRecommendations", INSTANCE)
    assert (found.action, found.effort) == (Action.RIGHTSIZE, Effort.VERY_LOW)
    assert (found.current_summary, found.recommended_summary) == ("m5.xlarge", "m5.large")
    assert found.saving == Money(Decimal("70.08"), "USD")
    assert found.discounted_saving == Money(Decimal("40.50"), "USD")
    assert (found.lookback_days, found.performance_risk) == (14, "1.00")
    assert (found.finding, found.reason_codes) == ("Overprovisioned", ("CPUOverprovisioned",))
    assert (found.subject_arn, found.subject_id) == (INSTANCE["instanceArn"], "i-1")
    assert found.name == "<b>web</b>", "as AWS gives it: what shows it escapes it"
    assert found.arn != found.subject_arn


def test_another_processor_is_a_move_to_graviton() -> None:
    option = {"instanceType": "m6g.large", "platformDifferences": ["Architecture"]}
    raw = INSTANCE | {"recommendationOptions": [option]}
    assert one("instanceRecommendations", raw).action is Action.MIGRATE_TO_GRAVITON
    option = {"dbInstanceClass": "db.m6g.large"}
    raw = DATABASE | {"instanceRecommendationOptions": [option]}
    assert parsed("rdsDBRecommendations", raw)[0].action is Action.MIGRATE_TO_GRAVITON


@pytest.mark.parametrize(("kind", "action"), [("gp3", Action.UPGRADE), ("gp2", Action.RIGHTSIZE)])
def test_a_volume_of_another_type_is_an_upgrade_and_a_smaller_one_a_smaller_one(
    kind: str, action: Action
) -> None:
    option = {"configuration": {"volumeType": kind, "volumeSize": 50, "volumeBaselineIOPS": 3000}}
    found = one("volumeRecommendations", VOLUME | {"volumeRecommendationOptions": [option]})
    assert (found.action, found.current_summary) == (action, "100 GB gp2")
    assert found.recommended_summary == f"50 GB {kind} 3000 IOPS"


def test_a_function_is_named_without_its_version_and_more_memory_is_no_saving() -> None:
    found = one("lambdaFunctionRecommendations", FUNCTION)
    assert found.subject_arn == f"arn:aws:lambda:{PLACE}:function:resize"
    assert (found.subject_id, found.action, found.lookback_days) == ("resize", Action.RIGHTSIZE, 14)
    more = FUNCTION | {"memorySizeRecommendationOptions": [{"memorySize": 2048}]}
    assert one("lambdaFunctionRecommendations", more).action_type == KEEP


def test_a_database_and_its_storage_are_two_things() -> None:
    instance, storage = parsed("rdsDBRecommendations", DATABASE)
    assert (instance.action, instance.recommended_summary) == (Action.RIGHTSIZE, "db.m5.large")
    assert (storage.action, storage.recommended_summary) == (Action.UPGRADE, "200 GB gp3")
    assert instance.arn != storage.arn


@pytest.mark.parametrize(
    ("kind", "action", "named"),
    [
        ("EC2Instance", Action.STOP, "Ec2Instance"),
        ("RDSDBInstance", Action.STOP, "RdsDbInstance"),
        ("EBSVolume", Action.DELETE, "EbsVolume"),
        ("ECSService", Action.DELETE, "EcsService"),
        ("NatGateway", Action.DELETE, "NatGateway"),
        ("SomethingNewer", Action.DELETE, "SomethingNewer"),
    ],
)
def test_what_does_nothing_is_stopped_or_deleted_in_the_hub_s_words(
    kind: str, action: Action, named: str
) -> None:
    found = one("idleRecommendations", IDLE | {"resourceType": kind})
    assert (found.action, found.current_type) == (action, named)


@pytest.mark.parametrize(
    ("key", "raw", "field"),
    [
        ("instanceRecommendations", INSTANCE, "instanceArn"),
        ("volumeRecommendations", VOLUME, "finding"),
        ("lambdaFunctionRecommendations", FUNCTION, "functionArn"),
        ("rdsDBRecommendations", DATABASE, "resourceArn"),
        ("idleRecommendations", IDLE, "resourceType"),
    ],
)
def test_what_aws_always_says_is_asked_for_by_name(key: str, raw: dict[str, Any], field: str) -> None:
    with pytest.raises(KeyError, match=field):
        parsed(key, {name: value for name, value in raw.items() if name != field})


def test_an_amount_that_is_none_is_refused() -> None:
    money = {"estimatedMonthlySavings": {"currency": "USD", "value": float("nan")}}
    with pytest.raises(ValueError, match="not an amount"):
        parsed("idleRecommendations", IDLE | {"savingsOpportunity": money})


def test_a_recorded_answer_without_findings_is_refused_and_not_taken_for_silence() -> None:
    """The recording is trimmed to ARNs: what AWS documents as always there is missing from it."""
    (advice,) = recordings(
        "aws_api_c7n_placebo", "test_ec2_compute_optimizer_no_params/compute-optimizer.*.json"
    )
    with pytest.raises(KeyError, match="finding"):
        list(ComputeOptimizer.parse(recorded(advice), HERE))
