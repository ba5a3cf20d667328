"""EC2 instances of a type that AWS calls previous generation."""

from __future__ import annotations

from dataclasses import dataclass

from plainbill.analyzer.replacement import reason_to_leave, replacement
from plainbill.analyzer.waste_check import Context, WasteCheck
from plainbill.model.findings import Action, Confidence, Effort, Ok, Verdict
from plainbill.model.resources import Ec2Instance
from plainbill.prices.specs import InstanceSpecs


@dataclass(frozen=True)
class Ec2InstancePreviousGeneration(WasteCheck[Ec2Instance]):
    """AWS sells newer types that do the same work for less.

    Stop the instance, change its type, start it. Very old systems need the ENA and NVMe drivers first; test
    the change on a copy.
    """

    id, title = "ec2_instance_previous_generation", "Previous generation EC2 instance"
    resource, action, effort = Ec2Instance, Action.UPGRADE, Effort.MEDIUM
    rule = (
        "Of a type that AWS marks as previous generation, with a current type of the same series, vCPUs and "
        "architecture, no less memory or local disk, at a lower list price in the Region."
    )
    source = "DescribeInstanceTypes, CurrentGeneration"

    def evaluate(self, resource: Ec2Instance, context: Context) -> Verdict:
        """Judge one instance."""
        if left := reason_to_leave(resource, context):
            return left
        kind, region = resource.instance_type, resource.region
        found = context.once(
            (self.id, kind, region), lambda: InstanceSpecs.load().successors(kind, region, context.prices)
        )
        if not found:
            return Ok("no current type of the same kind is cheaper")
        return replacement(resource, found[0], context, Confidence.MEDIUM, "previous generation")
