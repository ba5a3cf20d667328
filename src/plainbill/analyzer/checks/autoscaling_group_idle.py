"""Auto Scaling groups of which no instance does any work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from plainbill.analyzer.ec2_facts import FACT_KINDS, fact_metrics
from plainbill.analyzer.ec2_idle.in_context import ADDRESSES_STAY, DISKS_STAY, classified_alone, evidence_of
from plainbill.analyzer.ec2_idle.verdict import STEPS, Classification, IdleClass
from plainbill.analyzer.waste_check import Context, WasteCheck
from plainbill.model.findings import Action, Confidence, Effort, Measurement, Ok, Unknown, Verdict, Waste
from plainbill.model.metrics import Metric
from plainbill.model.money import Money, total
from plainbill.model.resources import Ec2Instance, Resource
from plainbill.model.resources.autoscaling import AutoScalingGroup

Judged = Mapping[str, tuple[Ec2Instance, Classification]]
"""Members and their classes, by ARN."""


@dataclass(frozen=True)
class AutoscalingGroupIdle(WasteCheck[AutoScalingGroup]):
    """A group keeps its smallest number of instances running whether there is work or not.

    Set its sizes to 0, or the desired one to what one instance can carry, and delete it when nobody misses
    it. It may then start instances again by its policies and schedules.
    """

    id, title = "autoscaling_group_idle", "Idle Auto Scaling group"
    resource, needs = AutoScalingGroup, (Ec2Instance, *FACT_KINDS)
    action, effort = Action.SCALE_IN, Effort.LOW
    rule = (
        "Every instance of the group is idle by the rule of ec2_instance_idle over its 28 days. As sure as "
        "the least sure of them; review where EKS, ECS, Batch or another service manages the group."
    )
    source = "AWS Compute Optimizer, idle Auto Scaling groups: no instance of it works"

    def metrics_for(self, resource: Resource) -> Iterable[Metric]:
        """Return what facts about the load of its instances need of other kinds."""
        return fact_metrics(resource)

    def evaluate(self, resource: AutoScalingGroup, context: Context) -> Verdict:
        """Judge one group."""
        if not resource.instance_ids:
            return Ok("it has no instances")
        known = context.inventory.beside_by(resource, Ec2Instance, "instance_id")
        if known is None:
            return Unknown("the EC2 instances of its Region were not read to the end")
        members = [one for name in resource.instance_ids for one in known.get(name, ())]
        if len(members) < len(resource.instance_ids):
            return Unknown(f"{len(members)} of its {len(resource.instance_ids)} instances were read")
        judged = {one.arn: (one, classified_alone(one, context)) for one in members}
        return _not_idle(judged) or _waste(resource, judged, context)


def _not_idle(judged: Judged) -> Ok | Unknown | None:
    """Return the answer where an instance works or is not known; None where all are idle.

    One that works acquits the group, whatever is known of the others.
    """
    others = [found for _, found in judged.values() if not found.is_idle]
    for found in others:
        if found.kind is not IdleClass.INSUFFICIENT_DATA:
            return Ok(f"one of its {len(judged)} instances is not idle: {found.reason}")
    return (
        Unknown(f"one of its {len(judged)} instances cannot be judged: {others[0].reason}")
        if others
        else None
    )


def _waste(group: AutoScalingGroup, judged: Judged, context: Context) -> Waste:
    least = max((found for _, found in judged.values()), key=lambda found: STEPS.index(found.grade))
    managers = sorted({one for member, _ in judged.values() for one in member.managed_by} - {"autoscaling"})
    parts = _priced([member for member, _ in judged.values()], context)
    cost = total(parts.values()) if len(parts) == len(judged) else None
    return Waste(
        reason=f"All {len(judged)} instances of the group are idle (sizes {group.min_size} to "
        f"{group.max_size}, {group.desired_size} desired). The least sure of them: {least.reason}",
        monthly_saving=cost,
        monthly_cost=cost,
        confidence=Confidence.REVIEW if managers or least.grade is None else Confidence(least.grade.value),
        evidence=(
            Measurement("instances, all idle", len(judged)),
            Measurement("smallest size", group.min_size),
            *evidence_of(least),
        ),
        keeps_billing=(DISKS_STAY, ADDRESSES_STAY, "a load balancer before it"),
        doubts=(
            *(f"{manager.upper()} manages it: change its sizes there." for manager in managers),
            *(guard.reason for guard in least.guards),
            "It may be kept warm for a failover: ask its owner.",
            "A Savings Plan or reservation would go on being billed.",
        ),
        cleared_by="An instance of it that works, or a desired size of 0.",
        parts={} if cost is None else parts,
    )


def _priced(members: Sequence[Ec2Instance], context: Context) -> dict[str, Money]:
    priced = {one.arn: context.prices.monthly(one) for one in members}
    return {arn: price for arn, price in priced.items() if price is not None}
