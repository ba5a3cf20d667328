"""EBS volumes that no instance uses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from plainbill.analyzer.ebs_volumes import ACTIVITY, SNAPSHOT_STAYS, last_measured, volume_cost
from plainbill.analyzer.waste_check import Context, WasteCheck, threshold
from plainbill.model.findings import Action, Confidence, Effort, Measurement, Ok, Verdict, Waste
from plainbill.model.resources.ebs import EbsVolume

_KUBERNETES = ("kubernetes.io/", "ebs.csi.aws.com/", "CSIVolumeName", "KubernetesCluster")


@dataclass(frozen=True)
class EbsVolumeUnattached(WasteCheck[EbsVolume]):
    """A volume is billed by its size whether or not an instance uses it.

    Make a snapshot, then delete the volume. The snapshot is billed for the used blocks only. EC2 does not
    say when a volume was detached; that CloudWatch measured it is proof that it was attached then.
    """

    id, title = "ebs_volume_unattached", "Unattached EBS volume"
    resource, action, effort = EbsVolume, Action.DELETE, Effort.VERY_LOW
    metrics = ACTIVITY
    rule = (
        "Attached to nothing, made at least {min_age_days} days ago, and not measured by CloudWatch in "
        "the last {min_age_days} days. Sure where it was not for {sure_days} days."
    )
    source = "AWS Compute Optimizer, idle resources: unattached for 32 days; the shorter wait is our own."

    min_age_days: int = threshold(7, "Days since it was made, and since it was last seen in use.")
    sure_days: int = threshold(32, "Days without a sign of use after which there is little doubt.")

    def measures(self, resource: EbsVolume) -> bool:
        """Only what is attached to nothing: was it of late?"""
        return resource.state == "available" and not resource.attached_to

    def evaluate(self, resource: EbsVolume, context: Context) -> Verdict:
        """Judge one volume."""
        if resource.state != "available" or resource.attached_to:
            return Ok(f"its state is {resource.state}")
        if resource.operator:
            return Ok(f"managed by {resource.operator}")
        age = context.now - resource.created_at
        if age < timedelta(days=self.min_age_days):
            return Ok(f"made {age.days} days ago: it may be about to be used")
        quiet = last_measured(resource, context, self.sure_days)
        if quiet is not None and quiet < self.min_age_days:
            return Ok(f"in use {quiet} days ago")
        return self._waste(resource, context, quiet, age.days)

    def _waste(self, volume: EbsVolume, context: Context, quiet: int | None, age: int) -> Waste:
        cost = volume_cost(volume, context)
        is_sure = quiet is not None and min(quiet, age) >= self.sure_days
        confidence = Confidence.HIGH if is_sure else Confidence.MEDIUM
        doubts = [] if is_sure else ["EC2 does not say since when it is unattached"]
        if any(key.startswith(_KUBERNETES) for key in volume.tags):
            confidence = Confidence.REVIEW
            doubts.append("Kubernetes made it, and attaches it again when a pod claims it")
        unused = "" if quiet is None else f", and not used in the last {min(quiet, age)} of them"
        return Waste(
            f"{volume.size_gib} GiB of {volume.volume_type} attached to nothing; made {age} days ago{unused} "
            f"(threshold {self.min_age_days})",
            monthly_saving=cost,
            monthly_cost=cost,
            confidence=confidence,
            evidence=(
                Measurement("age", age, "days", self.min_age_days),
                Measurement("days without a sign of use", quiet, "days", self.min_age_days),
            ),
            keeps_billing=(SNAPSHOT_STAYS,),
            doubts=tuple(doubts),
            cleared_by="attaching it to an instance",
        )
