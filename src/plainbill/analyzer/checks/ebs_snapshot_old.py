"""Old EBS snapshots that newer ones have replaced."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from plainbill.analyzer.ebs_snapshots import MANAGER, SHARED_BLOCKS, size_evidence, uncertain
from plainbill.analyzer.waste_check import Context, WasteCheck, threshold
from plainbill.model.findings import Action, Confidence, Effort, Measurement, Ok, Unknown, Verdict, Waste
from plainbill.model.resources.ebs_snapshot import EbsSnapshot
from plainbill.model.resources.ec2_image import Ec2Image


@dataclass(frozen=True)
class EbsSnapshotOld(WasteCheck[EbsSnapshot]):
    """Snapshots that nobody deletes pile up; each keeps the blocks that have changed since.

    Delete those that a newer snapshot of the volume has replaced, and let Data Lifecycle Manager delete the
    next ones. Blocks that the newer ones need stay stored, and billed, with those.
    """

    id, title = "ebs_snapshot_old", "Old EBS snapshot with a newer one"
    resource, action, effort = EbsSnapshot, Action.DELETE, Effort.LOW
    needs = (Ec2Image,)
    rule = (
        "At least {min_age_days} days old, in the standard tier, with a newer snapshot of its volume; no "
        "machine image is made of it, and no backup service manages it."
    )
    source = "Steampipe's aws-thrifty and cloudburn: 90 days. That a newer one must be there is our own."

    min_age_days: int = threshold(90, "Days since it was made.")

    def evaluate(self, resource: EbsSnapshot, context: Context) -> Verdict:
        """Judge one snapshot."""
        if left := self._left_alone(resource, context):
            return left
        if resource.volume_id is None:
            return Unknown("a copy: AWS does not say of which volume, nor so whether a newer one replaces it")
        line = context.inventory.beside_by(resource, EbsSnapshot, "volume_id")
        images = context.inventory.beside_by(resource, Ec2Image, "snapshot_ids")
        newer = [one for one in (line or {}).get(resource.volume_id, ()) if _replaces(one, resource)]
        if line is not None and not newer:
            return Ok("the newest snapshot of its volume")
        if images is not None and (of := images.get(resource.snapshot_id)):
            return Ok(f"the machine image {of[0].image_id} is made of it")
        if line is None or images is None:
            missing = "snapshots" if line is None else "machine images"
            return Unknown(f"the {missing} beside it were not read to the end")
        return self._waste(resource, context, len(newer))

    def _left_alone(self, resource: EbsSnapshot, context: Context) -> Ok | None:
        if resource.state != "completed" or resource.storage_tier != "standard":
            return Ok(f"its state is {resource.state}, its tier {resource.storage_tier}")
        if resource.managed_by:
            return Ok(f"managed by {MANAGER.get(resource.managed_by[0], resource.managed_by[0])}")
        age = context.now - resource.started_at
        if age < timedelta(days=self.min_age_days):
            return Ok(f"made {age.days} days ago")
        return None

    def _waste(self, snapshot: EbsSnapshot, context: Context, newer: int) -> Waste:
        age = (context.now - snapshot.started_at).days
        return Waste(
            f"made {age} days ago (threshold {self.min_age_days}); {newer} newer "
            f"{'snapshot replaces' if newer == 1 else 'snapshots replace'} it",
            monthly_saving=None,  # a newer one of the same line is there: which blocks they share is not told
            confidence=Confidence.REVIEW,
            evidence=(
                Measurement("age", age, "days", self.min_age_days),
                Measurement("newer snapshots of its volume", newer),
                *size_evidence(snapshot, context),
            ),
            keeps_billing=(SHARED_BLOCKS,),
            doubts=("a rule of the company may ask for it to be kept", *uncertain(None)),
            cleared_by="a machine image made of it, or a backup service that manages it",
        )


def _replaces(other: EbsSnapshot, snapshot: EbsSnapshot) -> bool:
    return other.state == "completed" and other.started_at > snapshot.started_at
