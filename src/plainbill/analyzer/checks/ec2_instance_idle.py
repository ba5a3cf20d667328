"""Running EC2 instances that do no work."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from plainbill.analyzer.ec2_facts import FACT_KINDS, fact_metrics, memory_of
from plainbill.analyzer.ec2_idle.in_context import ADDRESSES_STAY, DISKS_STAY, classified, evidence_of
from plainbill.analyzer.ec2_idle.verdict import Classification, IdlePolicy
from plainbill.analyzer.waste_check import Context, WasteCheck, threshold
from plainbill.model.findings import Action, Confidence, Effort, Ok, Unknown, Verdict, Waste
from plainbill.model.metrics import Metric
from plainbill.model.resources import Ec2Instance, Resource


@dataclass(frozen=True)
class Ec2InstanceIdle(WasteCheck[Ec2Instance]):
    """An instance that does no work is billed by the hour for waiting.

    Stop it; if nobody misses it for two weeks, make a snapshot and terminate it. Its disks are billed
    until they are deleted. Memory in use, busy GPUs, spent CPU credits and requests that a load balancer
    hands to it speak for it, where they are measured.
    """

    id, title = "ec2_instance_idle", "Idle EC2 instance"
    resource, needs = Ec2Instance, FACT_KINDS
    action, effort = Action.STOP, Effort.MEDIUM
    rule = (
        "A busy hour has a mean CPU of 0.1 vCPU or more (2 to 10 %), or 20 MB of traffic. Of the last "
        "{look_back_days} days, high: 28 and no busy day. Medium: one, or none in 14. Review: two, or none "
        "in 7. Jobs that come at regular times are not idle. At least {min_coverage:.0%} of the hours must "
        "have been seen."
    )
    source = "Measured on a public trace of 500 machines: docs/idle-accuracy.md"

    look_back_days: int = threshold(28, "Days in which busy days are counted.")
    min_coverage: float = threshold(0.8, "Share of the running hours that must have CPU and network.")

    def metrics_for(self, resource: Resource) -> Iterable[Metric]:
        """Return what facts about its load need of other kinds."""
        return fact_metrics(resource)

    def evaluate(self, resource: Ec2Instance, context: Context) -> Verdict:
        """Judge one instance."""
        policy = IdlePolicy(look_back_days=self.look_back_days, min_coverage=self.min_coverage)
        found = classified(resource, context, policy)
        if isinstance(found, Ok | Unknown):
            return found
        if not found.is_idle or found.grade is None:
            return Ok(found.reason)
        return _waste(resource, found, Confidence(found.grade.value), context)


def _waste(resource: Ec2Instance, found: Classification, confidence: Confidence, context: Context) -> Waste:
    monthly = context.prices.monthly(resource)
    return Waste(
        reason=found.reason,
        monthly_saving=monthly,
        monthly_cost=monthly,
        confidence=confidence,
        evidence=evidence_of(found),
        keeps_billing=(DISKS_STAY, ADDRESSES_STAY),
        doubts=(
            *(guard.reason for guard in found.guards),
            *found.notes,
            "Disk space is not seen by CloudWatch: ask the owner."
            if memory_of(resource, context)
            else "Memory and disk space are not seen by CloudWatch: ask the owner.",
            "A Savings Plan or reservation would go on being billed.",
        ),
        cleared_by="Two or more busy days, or a job at regular times.",
    )
