"""EBS volumes that no instance uses."""

from __future__ import annotations

from dataclasses import dataclass

from plainbill.analyzer.waste_check import Context, WasteCheck, threshold
from plainbill.model.findings import Action, Effort, Ok, Unknown, Verdict
from plainbill.model.resources.ebs import EbsVolume


@dataclass(frozen=True)
class EbsVolumeUnattached(WasteCheck[EbsVolume]):
    """A volume is billed by its size whether or not an instance uses it.

    Make a snapshot, then delete the volume. The snapshot is billed for the used blocks only.
    """

    id, title = "ebs_volume_unattached", "Unattached EBS volume"
    resource, action, effort = EbsVolume, Action.DELETE, Effort.VERY_LOW
    rule = "Attached to no instance, and made at least {min_age_days} days ago."

    min_age_days: int = threshold(7, "Days since it was made; younger ones may be about to be used.")

    def evaluate(self, resource: EbsVolume, context: Context) -> Verdict:
        """Judge one volume."""
        if resource.attached_to:
            return Ok("attached")
        return Unknown("no price yet")
