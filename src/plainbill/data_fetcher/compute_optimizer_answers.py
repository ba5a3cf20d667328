"""Compute Optimizer's answers, one list a kind of resource, in one vocabulary: Cost Optimization Hub's."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from plainbill.aws_connector import Scope, instant_or_none
from plainbill.data_fetcher.collector import decimals, tags_of
from plainbill.model.findings import Action
from plainbill.model.resources.aws_advice import KEEP, ComputeOptimizerRecommendation

Raw = Mapping[str, Any]
_STOPS = frozenset({"EC2Instance", "RDSDBInstance"})
_GRAVITON = re.compile(r"db\.[a-z]+[0-9]+g")
_DATABASE_TYPES = ("RdsDbInstance", "RdsDbInstanceStorage")
_IDLE_TYPES = {
    "EC2Instance": "Ec2Instance",
    "EBSVolume": "EbsVolume",
    "ECSService": "EcsService",
    "RDSDBInstance": "RdsDbInstance",
}
"""Cost Optimization Hub's names of kinds that idle recommendations write in other letters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Subject:
    """What an answer is about, and what AWS found; ``size`` words stand for its configuration."""

    arn: str
    kind: str
    finding: str
    size: str | None = None
    reasons: Sequence[str] = ()


def _of_instance(raw: Raw, scope: Scope) -> Iterator[ComputeOptimizerRecommendation]:
    option = _best(raw.get("recommendationOptions"))
    subject = _Subject(
        arn=raw["instanceArn"],
        kind="Ec2Instance",
        finding=raw["finding"],
        size=raw.get("currentInstanceType"),
        reasons=raw.get("findingReasonCodes") or (),
    )
    action = _sized(raw["finding"], {"NotOptimized": Action.UPGRADE})
    if action and "Architecture" in (option.get("platformDifferences") or ()):
        action = Action.MIGRATE_TO_GRAVITON
    yield _said(raw, scope, subject, action, option, option.get("instanceType"))


def _of_volume(raw: Raw, scope: Scope) -> Iterator[ComputeOptimizerRecommendation]:
    option = _best(raw.get("volumeRecommendationOptions"))
    now, then = raw.get("currentConfiguration") or {}, option.get("configuration") or {}
    subject = _Subject(arn=raw["volumeArn"], kind="EbsVolume", finding=raw["finding"], size=_volume(now))
    is_other = now.get("volumeType") != then.get("volumeType")
    action = _sized(raw["finding"], {"NotOptimized": Action.UPGRADE if is_other else Action.RIGHTSIZE})
    yield _said(raw, scope, subject, action, option, _volume(then))


def _of_function(raw: Raw, scope: Scope) -> Iterator[ComputeOptimizerRecommendation]:
    option = _best(raw.get("memorySizeRecommendationOptions"))
    now, then = raw.get("currentMemorySize"), option.get("memorySize")
    subject = _Subject(
        arn=":".join(raw["functionArn"].split(":")[:7]),  # without the version that AWS appends
        kind="LambdaFunction",
        finding=raw["finding"],
        size=_mib(now),
        reasons=raw.get("findingReasonCodes") or (),
    )
    is_less = now is not None and then is not None and then < now
    action = _sized(raw["finding"], {"NotOptimized": Action.RIGHTSIZE}) if is_less else None
    yield _said(raw, scope, subject, action, option, _mib(then))


def _of_service(raw: Raw, scope: Scope) -> Iterator[ComputeOptimizerRecommendation]:
    option = _best(raw.get("serviceRecommendationOptions"))
    subject = _Subject(
        arn=raw["serviceArn"],
        kind="EcsService",
        finding=raw["finding"],
        size=_task(raw.get("currentServiceConfiguration") or {}),
        reasons=raw.get("findingReasonCodes") or (),
    )
    yield _said(raw, scope, subject, _sized(raw["finding"]), option, _task(option))


def _of_database(raw: Raw, scope: Scope) -> Iterator[ComputeOptimizerRecommendation]:
    """Yield what is said of a database's class, and apart from it what is said of its storage."""
    for words, kind, size in (
        ("instance", _DATABASE_TYPES[0], raw.get("currentDBInstanceClass")),
        ("storage", _DATABASE_TYPES[1], _storage(raw.get("currentStorageConfiguration") or {})),
    ):
        if finding := raw.get(f"{words}Finding"):
            reasons = raw.get(f"{words}FindingReasonCodes") or ()
            option = _best(raw.get(f"{words}RecommendationOptions"))
            subject = _Subject(arn=raw["resourceArn"], kind=kind, finding=finding, size=size, reasons=reasons)
            action = _sized(finding, {"NotOptimized": Action.UPGRADE})
            if action and _is_graviton(option.get("dbInstanceClass")) and not _is_graviton(size):
                action = Action.MIGRATE_TO_GRAVITON
            then = option.get("dbInstanceClass") or _storage(option.get("storageConfiguration") or {})
            yield _said(raw, scope, subject, action, option, then)


def _of_group(raw: Raw, scope: Scope) -> Iterator[ComputeOptimizerRecommendation]:
    option = _best(raw.get("recommendationOptions"))
    subject = _Subject(
        arn=raw["autoScalingGroupArn"],
        kind="AutoScalingGroup",
        finding=raw["finding"],
        size=_group(raw.get("currentConfiguration") or {}),
    )
    action = _sized(raw["finding"], {"NotOptimized": Action.UPGRADE})
    yield _said(raw, scope, subject, action, option, _group(option.get("configuration") or {}))


def _of_idle(raw: Raw, scope: Scope) -> Iterator[ComputeOptimizerRecommendation]:
    kind = str(raw["resourceType"])
    subject = _Subject(arn=raw["resourceArn"], kind=_IDLE_TYPES.get(kind, kind), finding=raw["finding"])
    yield _said(raw, scope, subject, Action.STOP if kind in _STOPS else Action.DELETE, raw, None)


PARSERS: Mapping[str, Callable[[Raw, Scope], Iterator[ComputeOptimizerRecommendation]]] = {
    "instanceRecommendations": _of_instance,
    "volumeRecommendations": _of_volume,
    "lambdaFunctionRecommendations": _of_function,
    "ecsServiceRecommendations": _of_service,
    "rdsDBRecommendations": _of_database,
    "autoScalingGroupRecommendations": _of_group,
    "idleRecommendations": _of_idle,
}
"""How to read each of the lists, by its name in the answer."""


def _sized(finding: str, further: Mapping[str, Action] | None = None) -> Action | None:
    """Return what a finding about a size asks for; None where it asks for nothing that saves."""
    return {"Overprovisioned": Action.RIGHTSIZE, **(further or {})}.get(finding)


def _is_graviton(db_class: str | None) -> bool:
    """Say whether a class is of AWS's own processors; of databases AWS does not name the architecture."""
    return db_class is not None and _GRAVITON.match(db_class) is not None


def _best(options: Sequence[Raw] | None) -> Raw:
    """Return the option that AWS ranks first, the first one where it gives no ranks; empty for none."""
    return min(options or ({},), key=lambda one: one.get("rank") or 0)


def _said(
    raw: Raw, scope: Scope, subject: _Subject, action: Action | None, option: Raw, then: str | None
) -> ComputeOptimizerRecommendation:
    listed = (option.get("savingsOpportunity") or {}).get("estimatedMonthlySavings") or {}
    after = (option.get("savingsOpportunityAfterDiscounts") or {}).get("estimatedMonthlySavings") or {}
    saving = decimals(listed.get("value"))
    costs_more = saving is not None and Decimal(saving) <= 0
    word = action.value if action is not None and option and not costs_more else KEEP
    lookback = raw.get("lookBackPeriodInDays", raw.get("lookbackPeriodInDays"))
    return ComputeOptimizerRecommendation(
        account_id=raw.get("accountId") or scope.account_id,
        region=scope.region,
        tags=tags_of(raw, "tags"),
        recommendation_id=f"{subject.kind}/{word}/{subject.arn.rpartition(':')[2]}",
        action_type=word,
        subject_arn=subject.arn,
        subject_id=raw.get("resourceId") or subject.arn.rpartition(":")[2].rpartition("/")[2],
        effort_level=option.get("migrationEffort") or None,
        monthly_saving=None if word == KEEP else saving,
        currency=listed.get("currency") or after.get("currency") or None,
        lookback_days=None if lookback is None else round(lookback),
        origin="ComputeOptimizer",
        refreshed_at=instant_or_none(raw.get("lastRefreshTimestamp")),
        current_type=subject.kind,
        current_summary=subject.size,
        recommended_type=None if word == KEEP else subject.kind,
        recommended_summary=None if word == KEEP else then,
        finding=subject.finding,
        reason_codes=tuple(map(str, subject.reasons)),
        measured=_measured(raw.get("utilizationMetrics") or ()),
        performance_risk=decimals(option.get("performanceRisk")),
        saving_after_discounts=None if word == KEEP else decimals(after.get("value")),
    )


def _measured(metrics: Sequence[Raw]) -> dict[str, str]:
    """Return measurements by name and statistic, ``Cpu Maximum``, as AWS's own digits."""
    told = (one for one in metrics if one.get("value") is not None)
    return {
        f"{one['name']} {one.get('statistic') or ''}".strip(): str(decimals(one["value"])) for one in told
    }


def _volume(size: Raw) -> str | None:
    iops, throughput = size.get("volumeBaselineIOPS"), size.get("volumeBaselineThroughput")
    words = (
        f"{size['volumeSize']} GB" if size.get("volumeSize") is not None else None,
        size.get("volumeType"),
        f"{iops} IOPS" if iops is not None else None,
        f"{throughput} MB/s" if throughput is not None else None,
    )
    return " ".join(filter(None, words)) or None


def _storage(size: Raw) -> str | None:
    gb = size.get("allocatedStorage")
    return " ".join(filter(None, (None if gb is None else f"{gb} GB", size.get("storageType")))) or None


def _mib(memory: int | None) -> str | None:
    return None if memory is None else f"{memory} MB"


def _task(size: Raw) -> str | None:
    cpu, memory = size.get("cpu"), size.get("memory")
    words = (None if cpu is None else f"{cpu} CPU units", _mib(memory))
    return ", ".join(filter(None, words)) or None


def _group(size: Raw) -> str | None:
    count = size.get("desiredCapacity")
    return " ".join(filter(None, (None if count is None else f"{count} x", size.get("instanceType")))) or None
