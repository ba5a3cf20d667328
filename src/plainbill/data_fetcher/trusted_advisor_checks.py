"""Trusted Advisor's cost checks: what each is about, and what its columns say of a flagged resource."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from plainbill.aws_connector import Scope, instant
from plainbill.model.findings import Action
from plainbill.model.money import plain
from plainbill.model.resources.aws_advice import TrustedAdvisorRecommendation
from plainbill.model.resources.base import arn_of
from plainbill.model.resources.recommendation import NO_REGION

FEED_OF_THE_HUB = "c1z7kmr"
"""How the ids of checks begin that repeat Cost Optimization Hub (AWS Support, "Check reference")."""
_AMOUNT = re.compile(r"\$?\s?([0-9][0-9,]*(?:\.[0-9]+)?)")
_ISO = re.compile(r"[A-Z]{3}")
_SAVINGS = (
    "Estimated Monthly Savings",
    "Estimated Monthly Savings (On Demand)",
    "Monthly Storage Cost",
)
_CURRENCY = "Estimated Monthly Savings Currency"
_ANY_ID = ("Resource ARN", "Resource Arn", "Resource ID", "Resource")


@dataclass(frozen=True, slots=True)
class _About:
    """What a check is about: its kind in Cost Optimization Hub's words where it has one, what AWS wants
    done, how many days it looks back on, which columns name the resource, and the ARN's service and rest.
    """

    kind: str
    action: Action
    days: int | None
    columns: tuple[str, ...]
    arn: tuple[str, str] | None = None


_KNOWN: Mapping[str, _About] = {
    "Qch7DwouX1": _About("Ec2Instance", Action.STOP, 14, ("Instance ID",), ("ec2", "instance/{}")),
    "c18d2gz150": _About("Ec2Instance", Action.DELETE, 30, (), ("ec2", "instance/{}")),
    "hjLMh88uM8": _About(
        "ElbClassic", Action.DELETE, 7, ("Load Balancer Name",), ("elasticloadbalancing", "loadbalancer/{}")
    ),
    "Ti39halfu8": _About("RdsDbInstance", Action.STOP, 7, ("DB Instance Name",), ("rds", "db:{}")),
    "DAvU99Dc4C": _About("EbsVolume", Action.DELETE, 7, ("Volume ID",), ("ec2", "volume/{}")),
    "COr6dfpM03": _About("EbsVolume", Action.RIGHTSIZE, None, ("Volume ID",), ("ec2", "volume/{}")),
    "Z4AUBRNSmz": _About("ElasticIp", Action.DELETE, None, ("IP Address",)),
    "G31sQ1E9U": _About("RedshiftCluster", Action.STOP, 7, ("Cluster",), ("redshift", "cluster:{}")),
    "c2vlfg022t": _About("NatGateway", Action.DELETE, 30, ("NAT Gateway ID",), ("ec2", "natgateway/{}")),
    "c2vlfg0jp6": _About(
        "VpcEndpoint", Action.DELETE, 30, ("VPC Endpoint Id", "VPC Endpoint ID"), ("ec2", "vpc-endpoint/{}")
    ),
    "COr6dfpM05": _About(
        "LambdaFunction", Action.RIGHTSIZE, None, ("Function Name",), ("lambda", "function:{}")
    ),
}
"""By the check's id: AWS Support User Guide, "Cost optimization checks"."""


def flagged(
    check: Mapping[str, Any], result: Mapping[str, Any], scope: Scope
) -> Iterator[TrustedAdvisorRecommendation]:
    """Yield what a check flags, without what people told Trusted Advisor to leave out.

    A check without a place among those known keeps its name as what is to be done.
    """
    about, columns = _KNOWN.get(check["id"]), [str(one) for one in check["metadata"]]
    for raw in result.get("flaggedResources") or ():
        if raw.get("isSuppressed") or raw["status"] == "ok":
            continue
        cells = dict(zip(columns, raw.get("metadata") or (), strict=False))
        told = {name: str(value) for name, value in cells.items() if value is not None}
        yield _said(check, about, raw, told, result, scope)


def _said(
    check: Mapping[str, Any],
    about: _About | None,
    raw: Mapping[str, Any],
    told: Mapping[str, str],
    result: Mapping[str, Any],
    scope: Scope,
) -> TrustedAdvisorRecommendation:
    region = (raw.get("region") or NO_REGION).strip()
    subject = _first(told, (*(about.columns if about else ()), *_ANY_ID))
    saving = _amount(_first(told, _SAVINGS))
    days = _amount(told.get("Lookback Period (Days)"))
    known_days = about.days if about else None
    return TrustedAdvisorRecommendation(
        account_id=scope.account_id,
        region=region,
        recommendation_id=f"{check['id']}/{raw['resourceId']}",
        action_type=about.action.value if about else check["name"],
        subject_arn=_arn(about, subject, region, scope),
        subject_id=None if subject is None else subject.rpartition("/")[2],
        monthly_saving=saving,
        currency=_currency(told) if saving is not None else None,
        lookback_days=known_days if days is None else round(Decimal(days)),
        origin="TrustedAdvisor",
        refreshed_at=instant(result["timestamp"]) if result.get("timestamp") else None,
        current_type=about.kind if about else None,
        check_id=check["id"],
        finding=check["name"],
        status=raw["status"],
        measured=told,
    )


def _arn(about: _About | None, subject: str | None, region: str, scope: Scope) -> str | None:
    if subject is None:
        return None
    if subject.startswith("arn:"):
        return subject
    if about is None or about.arn is None:
        return None
    service, rest = about.arn
    return arn_of(service, region, scope.account_id, rest.format(subject))


def _first(told: Mapping[str, str], names: tuple[str, ...]) -> str | None:
    return next((told[name].strip() for name in names if told.get(name, "").strip()), None)


def _currency(told: Mapping[str, str]) -> str | None:
    """Return the column's currency; dollars where the check has no such column, None for no currency."""
    word = told.get(_CURRENCY, "USD")
    return word if _ISO.fullmatch(word) else None


def _amount(text: str | None) -> str | None:
    """Return the decimals of ``$1,234.50``; None for what is no amount."""
    found = None if text is None else _AMOUNT.fullmatch(text.strip())
    return None if found is None else plain(Decimal(found[1].replace(",", "")))
