"""EBS volumes whose instance is stopped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from plainbill.analyzer.ebs_volumes import SNAPSHOT_STAYS, instances_of, volume_cost
from plainbill.analyzer.waste_check import Context, WasteCheck, threshold
from plainbill.model.findings import Action, Confidence, Effort, Measurement, Ok, Unknown, Verdict, Waste
from plainbill.model.resources import Ec2Instance
from plainbill.model.resources.ebs import EbsVolume


@dataclass(frozen=True)
class EbsVolumeOnStoppedInstance(WasteCheck[EbsVolume]):
    """A stopped instance costs nothing by the hour, but its volumes are billed as before.

    Make an image of the instance, or a snapshot of each volume, and terminate it. What was made is billed
    for the used blocks only, and the instance can be launched from it again.
    """

    id, title = "ebs_volume_on_stopped_instance", "EBS volume of a stopped instance"
    resource, action, effort = EbsVolume, Action.DELETE, Effort.LOW
    needs = (Ec2Instance,)
    rule = "Attached to instances that are all stopped, for at least {min_stopped_days} days."
    source = "AWS Trusted Advisor, EC2 instances stopped: 30 days."

    min_stopped_days: int = threshold(30, "Days that its instance must have been stopped.")

    def evaluate(self, resource: EbsVolume, context: Context) -> Verdict:
        """Judge one volume."""
        if not resource.attached_to:
            return Ok("attached to no instance")
        own = instances_of(resource, context)
        if own is None:
            return Unknown("its instance is not among those that were read")
        if any(one.state != "stopped" for one in own):
            return Ok("its instance is not stopped")
        if managers := sorted({manager for one in own for manager in one.managed_by}):
            return Ok(f"its instance belongs to {managers[0]}, which may start it again")
        return self._by_time(resource, own, context)

    def _by_time(self, volume: EbsVolume, own: Sequence[Ec2Instance], context: Context) -> Verdict:
        enough = timedelta(days=self.min_stopped_days)
        # It was running when it was last started: it is stopped for less than that.
        if any(context.now - one.launched_at < enough for one in own):
            return Ok(f"its instance was started within {self.min_stopped_days} days")
        since = [one.stopped_at for one in own if one.stopped_at is not None]
        if any(context.now - when < enough for when in since):
            return Ok(f"its instance is stopped for less than {self.min_stopped_days} days")
        if len(since) < len(own):
            return Unknown("EC2 does not say since when its instance is stopped")
        days = (context.now - max(since)).days
        cost = volume_cost(volume, context)
        return Waste(
            f"attached to {', '.join(one.instance_id for one in own)}, which is stopped for {days} days "
            f"(threshold {self.min_stopped_days})",
            monthly_saving=cost,
            monthly_cost=cost,
            confidence=Confidence.MEDIUM,
            evidence=(Measurement("stopped", days, "days", self.min_stopped_days),),
            keeps_billing=(SNAPSHOT_STAYS,),
            doubts=("the instance may be kept for a rare occasion",),
            cleared_by="starting the instance",
        )
