"""Machine images that nothing launches."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from plainbill.analyzer.ebs_snapshots import MANAGER, SHARED_BLOCKS, snapshot_saving, uncertain
from plainbill.analyzer.waste_check import Context, WasteCheck, threshold
from plainbill.model.findings import Action, Confidence, Effort, Measurement, Ok, Unknown, Verdict, Waste
from plainbill.model.money import Money, total
from plainbill.model.resources import Ec2Instance
from plainbill.model.resources.ebs_snapshot import EbsSnapshot
from plainbill.model.resources.ec2_image import Ec2Image, Ec2LaunchTemplateVersion


@dataclass(frozen=True)
class Ec2ImageUnused(WasteCheck[Ec2Image]):
    """A machine image costs nothing itself; the snapshots it is made of are billed as long as it is there.

    Deregister it, then delete its snapshots: without the second step nothing is saved. Blocks that other
    snapshots share stay billed with those.
    """

    id, title = "ec2_image_unused", "Machine image that nothing uses"
    resource, action, effort = Ec2Image, Action.DELETE, Effort.LOW
    needs = (Ec2Instance, EbsSnapshot, Ec2LaunchTemplateVersion)
    rule = (
        "Made and last launched at least {min_unused_days} days ago; not public, no instance was launched "
        "from it, no launch template's default or latest version names it, no backup service manages it."
    )
    source = "aws-doctor: 90 days; the time of the last launch and the launch templates are our own."

    min_unused_days: int = threshold(90, "Days since it was made and since an instance was launched from it.")

    def evaluate(self, resource: Ec2Image, context: Context) -> Verdict:
        """Judge one image."""
        if left := self._left_alone(resource, context):
            return left
        instances = context.inventory.beside_by(resource, Ec2Instance, "image_id")
        if instances is not None and (of := instances.get(resource.image_id)):
            return Ok(f"the instance {of[0].instance_id} was launched from it")
        templates = context.inventory.beside_by(resource, Ec2LaunchTemplateVersion, "image_id")
        if templates is not None and (by := templates.get(resource.image_id)):
            return Ok(f"the launch template {by[0].launch_template_id} names it")
        if instances is None or templates is None:
            missing = "instances" if instances is None else "launch templates"
            return Unknown(f"the {missing} beside it were not read to the end")
        return self._waste(resource, context)

    def _left_alone(self, resource: Ec2Image, context: Context) -> Ok | None:
        if resource.state not in {"available", "disabled"} or not resource.snapshot_ids:
            return Ok("nothing of it is billed by the snapshot")
        if resource.is_public:
            return Ok("public: anybody may use it")
        if resource.managed_by:
            return Ok(f"managed by {MANAGER.get(resource.managed_by[0], resource.managed_by[0])}")
        unused = context.now - _last_use(resource)
        if unused < timedelta(days=self.min_unused_days):
            return Ok(f"made or launched {unused.days} days ago")
        return None

    def _waste(self, image: Ec2Image, context: Context) -> Waste:
        unused = (context.now - _last_use(image)).days
        parts = _savings(image, context)
        saving = None if parts is None else total(parts.values())
        launched = image.last_launched_at
        ever = f"last launched {launched:%Y-%m-%d}" if launched else "no launch known"
        return Waste(
            f"{ever}, made {image.created_at:%Y-%m-%d}: not used for {unused} days (threshold "
            f"{self.min_unused_days}); no instance and no launch template names it",
            monthly_saving=saving,
            monthly_cost=saving,
            parts=parts or {},
            confidence=Confidence.REVIEW,
            evidence=(
                Measurement("not used", unused, "days", self.min_unused_days),
                Measurement("snapshots", len(image.snapshot_ids)),
            ),
            keeps_billing=("its snapshots, until they are deleted as well", SHARED_BLOCKS),
            doubts=(
                "another account, an older version of a launch template or a parameter may name it",
                *uncertain(saving),
            ),
            cleared_by="launching an instance from it",
        )


def _last_use(image: Ec2Image) -> datetime:
    return max(image.created_at, image.last_launched_at or image.created_at)


def _savings(image: Ec2Image, context: Context) -> dict[str, Money] | None:
    """Return what stops being billed, by snapshot; None unless that is known of each that can be deleted."""
    snapshots = context.inventory.beside_by(image, EbsSnapshot, "snapshot_id")
    images = context.inventory.beside_by(image, Ec2Image, "snapshot_ids")
    if snapshots is None or images is None:
        return None
    savings: dict[str, Money] = {}
    for snapshot_id in image.snapshot_ids:
        if len(images[snapshot_id]) > 1:
            continue  # another image is made of it as well: it cannot be deleted
        for snapshot in snapshots.get(snapshot_id, ()):
            saving = snapshot_saving(snapshot, context)
            if saving is None:
                return None
            savings[snapshot.arn] = saving
    return savings or None
