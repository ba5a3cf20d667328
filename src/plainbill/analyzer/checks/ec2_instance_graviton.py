"""EC2 instances whose work an AWS Graviton type would do for less."""

from __future__ import annotations

from dataclasses import dataclass

from plainbill.analyzer.replacement import reason_to_leave, replacement
from plainbill.analyzer.waste_check import Context, WasteCheck
from plainbill.model.findings import Action, Confidence, Effort, Ok, Verdict
from plainbill.model.resources import Ec2Instance
from plainbill.prices.specs import InstanceSpecs


@dataclass(frozen=True)
class Ec2InstanceGraviton(WasteCheck[Ec2Instance]):
    """AWS's own arm64 processors cost less than x86 types of the same size.

    The programs must run on arm64: rebuild the image for it, test it beside the old one, then change over.
    Windows does not run on it.
    """

    id, title = "ec2_instance_graviton", "EC2 instance that could run on Graviton"
    resource, action, effort = Ec2Instance, Action.MIGRATE_TO_GRAVITON, Effort.HIGH
    rule = (
        "An x86 type on Linux with a current arm64 type of the same series and vCPUs, nothing less of "
        "anything, at a lower list price in the Region."
    )
    source = "AWS Cost Optimization Hub, MigrateToGraviton"

    def evaluate(self, resource: Ec2Instance, context: Context) -> Verdict:
        """Judge one instance."""
        if left := reason_to_leave(resource, context):
            return left
        if "Windows" in resource.platform:
            return Ok("Windows does not run on arm64")
        kind, region = resource.instance_type, resource.region
        found = context.once(
            (self.id, kind, region), lambda: InstanceSpecs.load().graviton(kind, region, context.prices)
        )
        if found is None:
            return Ok("no Graviton type of the same kind is cheaper")
        return replacement(resource, found, context, Confidence.REVIEW, "x86")
