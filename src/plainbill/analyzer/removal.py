"""What acting on a finding takes off the hourly bill of compute."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from plainbill.analyzer.compute_usage import Usage, usage_of
from plainbill.analyzer.engine import Finding, Report
from plainbill.analyzer.replacement import TYPE_PROPOSED
from plainbill.analyzer.reserved_units import group_key, key_of
from plainbill.analyzer.waste_check import Context
from plainbill.model.findings import Action
from plainbill.model.money import Money
from plainbill.model.resources import Ec2Instance, Resource
from plainbill.model.resources.autoscaling import AutoScalingGroup
from plainbill.model.resources.ecs import EcsService
from plainbill.model.resources.lambda_concurrency import LambdaProvisionedConcurrency
from plainbill.model.resources.lambda_function import LambdaFunction

_PURCHASES = {Action.PURCHASE_SAVINGS_PLANS, Action.PURCHASE_RESERVED_INSTANCES}
_REPLACEMENTS = {Action.RIGHTSIZE, Action.UPGRADE, Action.MIGRATE_TO_GRAVITON}
_ALSO_UNDER_COMPUTE_PLANS = (EcsService, LambdaFunction, LambdaProvisionedConcurrency)


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """The part of a finding's saving that commitments may keep on billing; all amounts are of a month.

    ``saving`` is at list price. ``leaves`` is the list price of what no longer claims the reservations of
    its group: the saving itself, or all of the old instance where another family takes over its work, so
    that it may be more than the saving. It is ``instances`` of ``usage``, which is None for Fargate and
    Lambda. ``target`` is the type that takes over, None where nothing does or nobody says which.
    """

    finding_id: str
    saving: Money
    leaves: Money
    usage: Usage | None = None
    instances: Decimal = Decimal(0)
    target: str | None = None
    is_replaced: bool = False


def removals_of(findings: Iterable[Finding], report: Report, context: Context) -> list[Removal]:
    """Return what findings of a report together would take off compute, nothing of it twice."""
    found = (removed_by(one, report.counted_parts[one.finding_id], context) for one in findings)
    return [removal for removals in found for removal in removals]


def removed_by(finding: Finding, parts: Mapping[str, Money], context: Context) -> Sequence[Removal]:
    """Return what a finding takes off compute, of those parts of its saving; none for other things.

    A group of instances is each of them: they may be of several types and zones.
    """
    if finding.action in _PURCHASES:
        return ()
    resources = _billed(finding.resource, context)
    found = (_removal(finding, one, parts[one.arn], context) for one in resources if one.arn in parts)
    return [one for one in found if one is not None]


def _billed(resource: Resource, context: Context) -> Iterable[Resource]:
    """Return what is billed of a resource: of an Auto Scaling group its instances."""
    if not isinstance(resource, AutoScalingGroup):
        return (resource,)
    known = context.inventory.beside_by(resource, Ec2Instance, "instance_id") or {}
    return [one for name in resource.instance_ids for one in known.get(name, ())]


def _removal(finding: Finding, resource: Resource, part: Money, context: Context) -> Removal | None:
    if isinstance(resource, _ALSO_UNDER_COMPUTE_PLANS):
        return Removal(finding_id=finding.finding_id, saving=part, leaves=part)
    usage = usage_of(resource, context)
    return None if usage is None or usage.count < 1 else _of_usage(finding, part, usage)


def _of_usage(finding: Finding, part: Money, usage: Usage) -> Removal:
    whole = None if usage.monthly is None else usage.monthly.times(usage.count)
    if whole is not None and whole.currency != part.currency:
        whole = None
    saving = part if whole is None or part < whole else whole  # above it, it is of something else
    is_replaced = finding.action in _REPLACEMENTS
    target = _target(finding) if is_replaced else None
    leaves = saving
    if is_replaced and not (target and _stays(usage, target)):
        leaves = _price_of_the_old(finding, whole, saving)
    instances = Decimal(usage.count)
    if whole is not None and whole.amount > 0:
        instances = min(instances, instances * leaves.amount / whole.amount)
    return Removal(
        finding_id=finding.finding_id,
        saving=saving,
        leaves=leaves,
        usage=usage,
        instances=instances,
        target=target,
        is_replaced=is_replaced,
    )


def _stays(usage: Usage, target: str) -> bool:
    """Say whether the new type claims the same reservations as the old one."""
    return group_key(usage.region, usage.platform, usage.tenancy, target) == key_of(usage)


def _price_of_the_old(finding: Finding, whole: Money | None, saving: Money) -> Money:
    known = [one for one in (whole, finding.waste.monthly_cost) if one and one.currency == saving.currency]
    return max([saving, *known[:1]], key=lambda money: money.amount)


def _target(finding: Finding) -> str | None:
    named = [one.value for one in finding.waste.evidence if one.label == TYPE_PROPOSED]
    return named[0] if named and isinstance(named[0], str) else None
