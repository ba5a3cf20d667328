"""Compute Optimizer: who is enrolled, and what it says of each kind of resource in a Region."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from plainbill.demo.call import Answer, Call, Fault, paged
from plainbill.demo.estate_measured import UNENROLLED, Measured, measured
from plainbill.demo.wire_scope import WireError
from plainbill.model.period import midnight

NOT_OPTED_IN = Fault("OptInRequiredException", "The account must be opted in to the service", 400)
"""What an account hears that asks for recommendations without being enrolled."""
_READY = timedelta(hours=4)
_IDLE = {
    "ec2:instance": "EC2Instance",
    "ec2:volume": "EBSVolume",
    "rds:db": "RDSDBInstance",
    "ecs:service": "ECSService",
}
Told = Callable[[Measured], dict[str, Any]]


def get_enrollment_status(call: Call) -> Mapping[str, Any]:
    """Say whether the account is enrolled."""
    is_off = call.account in UNENROLLED
    return {
        "status": "Inactive" if is_off else "Active",
        "statusReason": "" if is_off else "Account is opted in",
        "memberAccountsEnrolled": False,
        "lastUpdatedTimestamp": midnight(call.company.today) + _READY,
    }


def _listed(kind: str, key: str, told: Told, most: int, call: Call) -> Mapping[str, Any]:
    """Answer one of the lists, a page of at most ``most`` at a time."""
    if call.account in UNENROLLED:
        raise WireError(NOT_OPTED_IN.code, NOT_OPTED_IN.message, NOT_OPTED_IN.status)
    here = (one for one in measured(call.company) if one.kind == kind)
    mine = [one for one in here if (one.account_id, one.region) == (call.account, call.region)]
    items = [_common(call, one) | told(one) for one in mine]
    token = ("nextToken", "nextToken")
    refusal = "InvalidParameterValueException"
    page = paged(call, key, items, limit="maxResults", token=token, most=most, default=100, refusal=refusal)
    return page if kind == "function" else page | {"errors": []}


def _common(call: Call, one: Measured) -> dict[str, Any]:
    lookback = "lookbackPeriodInDays" if one.kind in _LATE_SPELLING else "lookBackPeriodInDays"
    return {
        "accountId": one.account_id,
        "utilizationMetrics": [
            {"name": name, "statistic": statistic, "value": value} for name, statistic, value in one.metrics
        ],
        lookback: one.days,
        "lastRefreshTimestamp": midnight(call.company.today) + _READY,
        "tags": [],
    }


_LATE_SPELLING = frozenset({"function", "service", "database"})
"""Kinds whose answers write ``lookback`` as one word."""


def _saving(one: Measured) -> dict[str, Any]:
    def money(part: float) -> dict[str, Any]:
        amount = {"currency": "USD", "value": round(one.saving * part, 2)}
        return {"savingsOpportunityPercentage": 50.0, "estimatedMonthlySavings": amount}

    return {"savingsOpportunity": money(1.0), "savingsOpportunityAfterDiscounts": money(0.9)}


def _options(one: Measured, option: Mapping[str, Any], *, is_ranked: bool = True) -> list[dict[str, Any]]:
    if one.then is None:
        return []
    return [{**option, **_saving(one), **({"rank": 1} if is_ranked else {})}]


def _instance(one: Measured) -> dict[str, Any]:
    is_other = one.then is not None and "g." in one.then
    option = {
        "instanceType": one.then,
        "platformDifferences": ["Architecture"] if is_other else [],
        "performanceRisk": 1.0,
        "migrationEffort": "High" if is_other else "VeryLow",
    }
    return {
        "instanceArn": one.arn,
        "currentInstanceType": one.now,
        "finding": one.finding,
        "findingReasonCodes": list(one.reasons),
        "instanceState": "running",
        "recommendationOptions": _options(one, option),
    }


def _volume(one: Measured) -> dict[str, Any]:
    def size(text: str) -> dict[str, Any]:
        gb, _, kind = text.split()
        return {"volumeSize": int(gb), "volumeType": kind, "rootVolume": False}

    then = size(one.then) if one.then else {}
    return {
        "volumeArn": one.arn,
        "currentConfiguration": size(one.now),
        "finding": one.finding,
        "volumeRecommendationOptions": _options(one, {"configuration": then, "performanceRisk": 1.0}),
    }


def _function(one: Measured) -> dict[str, Any]:
    then = int(one.then.split()[0]) if one.then else None
    return {
        "functionArn": f"{one.arn}:$LATEST",
        "functionVersion": "$LATEST",
        "currentMemorySize": int(one.now.split()[0]),
        "numberOfInvocations": 40_000 if one.finding != "Unavailable" else 12,
        "finding": one.finding,
        "findingReasonCodes": list(one.reasons),
        "memorySizeRecommendationOptions": _options(one, {"memorySize": then}),
    }


def _service(one: Measured) -> dict[str, Any]:
    def size(text: str) -> dict[str, Any]:
        cpu, memory = map(int, text.split("/"))
        return {"cpu": cpu, "memory": memory}

    option = size(one.then) if one.then else {}
    return {
        "serviceArn": one.arn,
        "currentServiceConfiguration": size(one.now),
        "launchType": "Fargate",
        "finding": one.finding,
        "findingReasonCodes": list(one.reasons),
        "serviceRecommendationOptions": _options(one, option, is_ranked=False),
    }


def _database(one: Measured) -> dict[str, Any]:
    return {
        "resourceArn": one.arn,
        "engine": "mysql",
        "currentDBInstanceClass": one.now,
        "instanceFinding": one.finding,
        "instanceFindingReasonCodes": list(one.reasons),
        "storageFinding": "Optimized",
        "instanceRecommendationOptions": _options(one, {"dbInstanceClass": one.then, "performanceRisk": 1.0}),
    }


def _group(one: Measured) -> dict[str, Any]:
    return {
        "autoScalingGroupArn": one.arn,
        "autoScalingGroupName": one.arn.rpartition("/")[2],
        "finding": one.finding,
        "currentConfiguration": {"desiredCapacity": 8, "instanceType": one.now},
        "recommendationOptions": _options(
            one, {"configuration": {"desiredCapacity": 8, "instanceType": one.then}}
        ),
    }


def _idle(one: Measured) -> dict[str, Any]:
    service, rest = one.arn.split(":")[2], one.arn.split(":", 5)[5]
    kind = f"{service}:{rest.replace(':', '/').partition('/')[0]}"
    return {
        "resourceArn": one.arn,
        "resourceId": rest.rpartition(":")[2].rpartition("/")[2],
        "resourceType": _IDLE[kind],
        "finding": one.finding,
        **_saving(one),
    }


ANSWERS: Mapping[str, Answer] = {
    "compute-optimizer:GetEnrollmentStatus": get_enrollment_status,
    **{
        f"compute-optimizer:{operation}": partial(_listed, kind, key, told, most)
        for operation, kind, key, told, most in (
            ("GetEC2InstanceRecommendations", "instance", "instanceRecommendations", _instance, 1000),
            ("GetEBSVolumeRecommendations", "volume", "volumeRecommendations", _volume, 1000),
            (
                "GetLambdaFunctionRecommendations",
                "function",
                "lambdaFunctionRecommendations",
                _function,
                1000,
            ),
            ("GetECSServiceRecommendations", "service", "ecsServiceRecommendations", _service, 1000),
            ("GetRDSDatabaseRecommendations", "database", "rdsDBRecommendations", _database, 1000),
            ("GetAutoScalingGroupRecommendations", "group", "autoScalingGroupRecommendations", _group, 1000),
            ("GetIdleRecommendations", "idle", "idleRecommendations", _idle, 100),
        )
    },
}
