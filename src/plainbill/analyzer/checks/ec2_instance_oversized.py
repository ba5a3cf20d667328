"""EC2 instances for which one size down would do."""

from __future__ import annotations

from dataclasses import dataclass

from plainbill.analyzer.ec2_idle.in_context import classified, evidence_of
from plainbill.analyzer.replacement import reason_to_leave, replacement
from plainbill.analyzer.waste_check import Context, WasteCheck
from plainbill.model.findings import Action, Confidence, Effort, Measurement, Ok, Unknown, Verdict, Waste
from plainbill.model.resources import Ec2Instance
from plainbill.prices.specs import InstanceSpecs


@dataclass(frozen=True)
class Ec2InstanceOversized(WasteCheck[Ec2Instance]):
    """An instance is billed for the size it has, not for what it uses.

    Stop it, change its type to one size down, start it. CloudWatch does not see memory: make sure that half
    of it is enough before the change.
    """

    id, title = "ec2_instance_oversized", "EC2 instance larger than its work"
    resource, action, effort = Ec2Instance, Action.RIGHTSIZE, Effort.MEDIUM
    rule = (
        "In use, and in 28 days no hour had a mean CPU of 40 % or more (safe), or 99.5 % of the hours had "
        "less (balanced): half the vCPUs would have been enough."
    )
    source = (
        "Measured on a public trace: the safe rule was regretted in 0.8 % of the cases, the balanced in 3.5 %"
    )

    def evaluate(self, resource: Ec2Instance, context: Context) -> Verdict:
        """Judge one instance."""
        if left := reason_to_leave(resource, context):
            return left
        found = classified(resource, context)
        if isinstance(found, Ok | Unknown):
            return found
        if (advice := found.rightsizing) is None:
            return Ok(found.reason)
        smaller = InstanceSpecs.load().one_size_down(resource.instance_type)
        if smaller is None:
            return Ok("there is no smaller size of its family")
        change = replacement(resource, smaller, context, Confidence.REVIEW, "larger than its work")
        return Waste(
            reason=f"{found.reason} {change.reason}",
            monthly_saving=change.monthly_saving,
            monthly_cost=change.monthly_cost,
            confidence=Confidence.REVIEW if advice.memory_percent is None else Confidence.MEDIUM,
            evidence=(
                *change.evidence,
                Measurement("CPU of the highest hours", round(advice.cpu_percent, 1), "%", 40),
                *evidence_of(found),
            ),
            keeps_billing=change.keeps_billing,
            doubts=(advice.memory[0].upper() + advice.memory[1:] + ".", *change.doubts, *found.notes),
            cleared_by="An hour with a mean CPU of 40 % or more.",
        )
