"""EBS snapshots whose volume is gone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from plainbill.analyzer.ebs_snapshots import MANAGER, SHARED_BLOCKS, size_evidence, snapshot_saving, uncertain
from plainbill.analyzer.waste_check import Context, WasteCheck, threshold
from plainbill.model.findings import Action, Confidence, Effort, Measurement, Ok, Unknown, Verdict, Waste
from plainbill.model.resources.ebs import EbsVolume
from plainbill.model.resources.ebs_snapshot import EbsSnapshot
from plainbill.model.resources.ec2_image import Ec2Image


@dataclass(frozen=True)
class EbsSnapshotOrphaned(WasteCheck[EbsSnapshot]):
    """A snapshot outlives its volume, and is billed for its blocks until somebody deletes it.

    It may be all that is left of the data on purpose: look before deleting, and move what must be kept for
    years to the archive tier. Blocks that other snapshots share stay billed with those.
    """

    id, title = "ebs_snapshot_orphaned", "EBS snapshot of a deleted volume"
    resource, action, effort = EbsSnapshot, Action.DELETE, Effort.LOW
    needs = (EbsVolume, Ec2Image)
    rule = (
        "Its volume is gone, no machine image is made of it, no backup service manages it, and it is at "
        "least {min_age_days} days old."
    )
    source = "aws-doctor's rule; the age is our own."

    min_age_days: int = threshold(30, "Days since it was made.")

    def evaluate(self, resource: EbsSnapshot, context: Context) -> Verdict:
        """Judge one snapshot."""
        if left := self._left_alone(resource, context):
            return left
        volumes = context.inventory.beside_by(resource, EbsVolume, "volume_id")
        if volumes is not None and resource.volume_id in volumes:
            return Ok("its volume is there")
        images = context.inventory.beside_by(resource, Ec2Image, "snapshot_ids")
        if images is not None and (of := images.get(resource.snapshot_id)):
            return Ok(f"the machine image {of[0].image_id} is made of it")
        if volumes is None or images is None:
            missing = "volumes" if volumes is None else "machine images"
            return Unknown(f"the {missing} beside it were not read to the end")
        if resource.volume_id is None:
            return Unknown("a copy: AWS does not say of which volume")
        return self._waste(resource, context)

    def _left_alone(self, resource: EbsSnapshot, context: Context) -> Ok | None:
        if resource.state != "completed":
            return Ok(f"its state is {resource.state}")
        if resource.managed_by:
            return Ok(f"managed by {MANAGER.get(resource.managed_by[0], resource.managed_by[0])}")
        age = context.now - resource.started_at
        if age < timedelta(days=self.min_age_days):
            return Ok(f"made {age.days} days ago")
        return None

    def _waste(self, snapshot: EbsSnapshot, context: Context) -> Waste:
        age = (context.now - snapshot.started_at).days
        saving = snapshot_saving(snapshot, context)
        return Waste(
            f"its volume {snapshot.volume_id} is gone, and no machine image is made of it; made {age} days "
            f"ago (threshold {self.min_age_days})",
            monthly_saving=saving,
            monthly_cost=saving,
            confidence=Confidence.REVIEW,
            evidence=(
                Measurement("age", age, "days", self.min_age_days),
                *size_evidence(snapshot, context),
            ),
            keeps_billing=(SHARED_BLOCKS,) if saving is None else (),
            doubts=(
                "it may be kept as the last copy of the data, or be shared with another account",
                *uncertain(saving),
            ),
            cleared_by="a machine image made of it",
        )
