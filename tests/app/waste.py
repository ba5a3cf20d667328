"""A few checks in miniature and resources whose findings, sums and holes are known beforehand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from app.company import ACCOUNTS, PRODUCTION, RESEARCH, collected
from factories import NOW, days_of, gap, instance, volume
from plainbill.analyzer.registry import Check
from plainbill.analyzer.waste_check import Context, WasteCheck, threshold
from plainbill.model.findings import Action, Confidence, Effort, Measurement, Ok, Unknown, Verdict, Waste
from plainbill.model.metrics import Metric, Series
from plainbill.model.money import Money
from plainbill.model.resources import Ec2Instance
from plainbill.model.resources.ebs import EbsVolume
from plainbill.storage import Collected

EAST, WEST, DENIED = "us-east-1", "eu-central-1", "eu-west-3"
PLACES = tuple((account, region) for account in ACCOUNTS for region in (WEST, DENIED, EAST))
OPERATIONS = Metric("AWS/EBS", "VolumeReadOps", "Maximum", "operations")
A_GIB = Decimal("0.1")


def price(volume: EbsVolume) -> Money:
    """The same for every type."""
    return Money(volume.size_gib * A_GIB)


@dataclass(frozen=True)
class EbsVolumeLonely(WasteCheck[EbsVolume]):
    """A volume that nothing is attached to is billed by its size.

    Make a snapshot, then delete it.
    """

    id, title = "ebs_volume_lonely", "Lonely EBS volume"
    resource, action, effort = EbsVolume, Action.DELETE, Effort.VERY_LOW
    metrics = (OPERATIONS,)
    rule = "Attached to nothing and read at most {most_operations} times a day for {days} days."
    source = "Our own."

    days: int = threshold(7, "Days that must be known.")
    most_operations: float = threshold(5.0, "Operations a day that still count as nothing.")

    def evaluate(self, resource: EbsVolume, context: Context) -> Verdict:
        if resource.attached_to:
            return Ok("attached")
        used = context.used(resource, OPERATIONS, self.days)
        if used is None:
            return Unknown(f"fewer than {self.days} days of VolumeReadOps are stored")
        known = resource.volume_type != "standard"
        return Waste(
            f"attached to nothing; at most {used.maximum:g} reads a day in {self.days} days",
            price(resource) if known else None,
            price(resource) if known else None,
            Confidence.HIGH if resource.size_gib > 50 else Confidence.REVIEW,
            (
                Measurement("Highest VolumeReadOps", used.maximum, "operations", self.most_operations),
                Measurement("Size", float(resource.size_gib), "GiB"),
                Measurement("Last attached", None),
            ),
            ("the snapshot made before",),
            ("somebody may want its data",) if resource.tags else (),
            "attaching it to an instance",
        )


@dataclass(frozen=True)
class EbsVolumeLarge(WasteCheck[EbsVolume]):
    """A volume that is larger than its content is billed for air."""

    id, title = "ebs_volume_large", "Too large an EBS volume"
    resource, action, effort = EbsVolume, Action.RIGHTSIZE, Effort.HIGH
    rule = "Larger than {most_gib} GiB."

    most_gib: int = threshold(80, "GiB that everybody may have.")

    def evaluate(self, resource: EbsVolume, context: Context) -> Verdict:
        assert context.now
        if resource.size_gib <= self.most_gib:
            return Ok()
        return Waste(
            f"{resource.size_gib} GiB",
            price(resource).times(Decimal("0.5")),
            price(resource),
            Confidence.MEDIUM,
        )


@dataclass(frozen=True)
class Ec2InstanceParked(WasteCheck[Ec2Instance]):
    """A stopped instance goes on to be billed for its volumes."""

    id, title = "ec2_instance_parked", "Parked EC2 instance"
    resource, action, effort, needs = Ec2Instance, Action.DELETE, Effort.LOW, (EbsVolume,)
    rule = "Stopped, and it has volumes."

    def evaluate(self, resource: Ec2Instance, context: Context) -> Verdict:
        if resource.state != "stopped":
            return Ok("it runs")
        beside = context.inventory.beside(resource, EbsVolume)
        if beside is None:
            return Unknown("its volumes could not be read")
        own = {one.arn: price(one) for one in beside if resource.instance_id in one.attached_to}
        total = Money(sum((money.amount for money in own.values()), Decimal(0)))
        return Waste("stopped", total, total, parts=own)


CHECKS: tuple[Check, ...] = (EbsVolumeLarge(), EbsVolumeLonely(), Ec2InstanceParked())
STOPPED = "i-0000000000000dead"


def volumes(name: str = "volume") -> dict[str, EbsVolume]:
    """Volumes by what is to be found out about them; ``name`` is what people call each of them."""
    tags = {"Name": name}
    return {
        "attached": volume(volume_id="vol-1", size_gib=10, attached_to=("i-1",)),
        "lonely": volume(volume_id="vol-2", size_gib=60, tags=tags),
        "lonely and large": volume(volume_id="vol-3", size_gib=200, tags=tags),
        "lonely elsewhere": volume(
            volume_id="vol-4", size_gib=20, account_id=RESEARCH, region=WEST, availability_zone=f"{WEST}a"
        ),
        "lonely at a price not known": volume(volume_id="vol-5", size_gib=70, volume_type="standard"),
        "without metrics": volume(volume_id="vol-6", size_gib=5),
        "of a stopped instance": volume(volume_id="vol-7", size_gib=100, attached_to=(STOPPED,)),
        "also of it": volume(volume_id="vol-8", size_gib=30, attached_to=(STOPPED,)),
    }


def measured(disks: Iterable[EbsVolume]) -> dict[tuple[str, str], Series]:
    """Thirty days of reads, two of them missing, of every volume but the one without metrics."""
    values = [float(day % 4) for day in range(28)] + [None, 3.0]
    return {
        (disk.arn, OPERATIONS.key): days_of(None, *values[1:]) for disk in disks if disk.volume_id != "vol-6"
    }


def wasteful(name: str = "volume", **changes: Any) -> Collected:
    """The company of ``app.company`` with these volumes and a stopped instance."""
    disks = list(volumes(name).values())
    plain = collected()
    parked = instance(
        instance_id=STOPPED, state="stopped", tags={"Name": name}, launched_at=NOW - timedelta(days=300)
    )
    whole = replace(
        plain,
        instances=[*plain.instances, parked],
        resources={EbsVolume: disks},
        series=measured(disks),
        places=PLACES,
        gaps=(
            gap(
                source="ebs_volumes",
                account_id=PRODUCTION,
                region=DENIED,
                action="ec2:DescribeVolumes",
                reason="the role may not describe volumes",
                remedy="allow ec2:DescribeVolumes",
            ),
        ),
    )
    return replace(whole, **changes)
