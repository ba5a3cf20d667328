"""EC2 instances that were stopped long ago and still have disks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from plainbill.analyzer.waste_check import Context, WasteCheck, threshold
from plainbill.model.findings import Action, Confidence, Effort, Measurement, Ok, Unknown, Verdict, Waste
from plainbill.model.money import Money, total
from plainbill.model.resources import Ec2Instance
from plainbill.model.resources.ebs import EbsVolume
from plainbill.prices.ebs import monthly_ebs_volume


@dataclass(frozen=True)
class Ec2InstanceStopped(WasteCheck[Ec2Instance]):
    """A stopped instance costs nothing by itself; its disks are billed as before.

    Make an image of it, then terminate it and delete the disks. The snapshots of the image are billed for
    the blocks in use, which is usually a part of the disks' price.
    """

    id, title = "ec2_instance_stopped", "EC2 instance stopped long ago"
    resource, needs = Ec2Instance, (EbsVolume,)
    action, effort = Action.DELETE, Effort.LOW
    rule = "Stopped for {min_days} days or longer, with disks."
    source = "AWS Trusted Advisor, EC2 instances stopped: 30 days"

    min_days: int = threshold(30, "Days an instance may be stopped.")

    def evaluate(self, resource: Ec2Instance, context: Context) -> Verdict:
        """Judge one instance."""
        if resource.state != "stopped":
            return Ok("it is not stopped")
        stopped_for = context.age(resource.stopped_at)
        if stopped_for is None:
            return Unknown("AWS does not say since when it is stopped")
        if stopped_for.days < self.min_days:
            return Ok(f"stopped for {stopped_for.days} days")
        volumes = context.inventory.beside(resource, EbsVolume)
        if volumes is None:
            return Unknown("the EBS volumes of its Region were not read to the end")
        disks = [volume for volume in volumes if resource.instance_id in volume.attached_to]
        return self._waste(resource, stopped_for.days, disks, context) if disks else Ok("it has no disks")

    def _waste(self, resource: Ec2Instance, days: int, disks: Sequence[EbsVolume], context: Context) -> Waste:
        parts = _priced(disks, context)
        known = total(parts.values()) if len(parts) == len(disks) else None
        size = sum(disk.size_gib for disk in disks)
        return Waste(
            reason=f"Stopped for {days} days (since {resource.stopped_at:%Y-%m-%d}; {self.min_days} are "
            f"allowed); its {_disks(disks, size)} billed all the same.",
            monthly_saving=known,
            monthly_cost=known,
            confidence=Confidence.MEDIUM if resource.managed_by else Confidence.HIGH,
            evidence=(
                Measurement("stopped for", days, "days", self.min_days),
                Measurement("disks", size, "GiB"),
            ),
            keeps_billing=(
                "the snapshots of an image that you keep of it",
                "Elastic IP addresses until they are released",
            ),
            doubts=_doubts(resource),
            cleared_by="Start it, or terminate it and delete its disks.",
            parts=parts if known else {},
        )


def _disks(disks: Sequence[EbsVolume], size: int) -> str:
    return (
        f"disk of {size:,} GiB is" if len(disks) == 1 else f"{len(disks)} disks of {size:,} GiB together are"
    )


def _priced(disks: Sequence[EbsVolume], context: Context) -> dict[str, Money]:
    priced = (
        (disk.arn, monthly_ebs_volume(context.rates, disk.region, disk.volume_type, disk.size_gib, disk.iops,
                                      disk.throughput_mib))
        for disk in disks
    )  # fmt: skip
    return {arn: cost for arn, cost in priced if cost is not None}


def _doubts(resource: Ec2Instance) -> tuple[str, ...]:
    if resource.managed_by:
        return (f"It belongs to {' and '.join(resource.managed_by)}, which may start it again.",)
    return ("It may be kept for an occasion such as a yearly peak or a disaster.",)
