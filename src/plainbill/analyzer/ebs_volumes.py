"""What EBS volumes cost and what was measured of them: shared by the checks of volumes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, isfinite

from plainbill.analyzer.measured import MIN_COVERAGE
from plainbill.analyzer.waste_check import Context
from plainbill.model.findings import Unknown
from plainbill.model.metrics import Metric, Series
from plainbill.model.money import Money
from plainbill.model.resources import Ec2Instance
from plainbill.model.resources.ebs import EbsVolume
from plainbill.prices.ebs import GP3_FREE_IOPS, GP3_FREE_MIBPS, monthly_ebs_storage, monthly_ebs_volume

READ_OPS = Metric("AWS/EBS", "VolumeReadOps", "Sum", "operations", is_sparse=True)
WRITE_OPS = Metric("AWS/EBS", "VolumeWriteOps", "Sum", "operations", is_sparse=True)
IDLE_TIME = Metric("AWS/EBS", "VolumeIdleTime", "Sum", "seconds")
READ_OPS_PEAK = Metric("AWS/EBS", "VolumeReadOps", "Maximum", "operations a minute")
WRITE_OPS_PEAK = Metric("AWS/EBS", "VolumeWriteOps", "Maximum", "operations a minute")
READ_BYTES_PEAK = Metric("AWS/EBS", "VolumeReadBytes", "Maximum", "bytes a minute")
WRITE_BYTES_PEAK = Metric("AWS/EBS", "VolumeWriteBytes", "Maximum", "bytes a minute")
PEAKS = (READ_OPS_PEAK, WRITE_OPS_PEAK, READ_BYTES_PEAK, WRITE_BYTES_PEAK)
ACTIVITY = (READ_OPS, WRITE_OPS, IDLE_TIME)

SNAPSHOT_STAYS = "the snapshot made beforehand, for the blocks in use"
_SAMPLE_SECONDS = 60  # EBS publishes every minute; of a longer sample this makes too much, never too little
_LARGEST_IO = 256 * 1024  # bytes that an SSD volume counts as one operation
_MIB = 1024 * 1024
_XEN = frozenset(
    (*("c1", "c3", "c4", "cc2", "cg1", "cr1", "d2", "f1", "g2", "g3", "g3s", "h1", "hi1", "hs1", "i2", "i3"),
     *("m1", "m2", "m3", "m4", "p2", "p3", "r3", "r4", "t1", "t2", "x1", "x1e"))
)  # fmt: skip
"""Families that are not built on Nitro; there are no new ones. i3.metal is, and is left out with them."""


@dataclass(frozen=True, slots=True)
class Peak:
    """The most that the busiest minute of any day can have needed; shorter bursts do not show."""

    iops: float
    mibps: float


def volume_cost(
    volume: EbsVolume,
    context: Context,
    volume_type: str | None = None,
    iops: int | None = None,
    throughput_mib: int | None = None,
) -> Money | None:
    """Return what the volume costs in a month, or would with another type, IOPS and throughput.

    Of a magnetic volume that is the storage alone, without its requests. None where a price is not known, as
    on Outposts and in Local Zones (us-east-1-bos-1a), whose prices are not those of their Region.
    """
    if volume.outpost_arn or len(volume.availability_zone) != len(volume.region) + 1:
        return None
    kind = volume_type or volume.volume_type
    if kind == "standard":
        return monthly_ebs_storage(context.rates, volume.region, kind, volume.size_gib)
    return monthly_ebs_volume(
        context.rates,
        volume.region,
        kind,
        volume.size_gib,
        iops if volume_type else volume.iops,
        throughput_mib if volume_type else volume.throughput_mib,
    )


def operations(volume: EbsVolume, context: Context, days: int) -> Series | None:
    """Return the reads and writes of each day together; None where they were not read for so long.

    On Xen instances the two are published only while there are any; the time without any is published
    always. So a day that has the one and not the other is a day without operations; a day that has neither
    was not measured.
    """
    read, written, idle = (context.used(volume, metric, days) for metric in ACTIVITY)
    if read is None or written is None or idle is None:
        return None
    each_day = zip(read.values, written.values, idle.values, strict=True)
    return Series(read.period, read.step, tuple(_of_day(*of_day) for of_day in each_day))


def _of_day(read: float | None, written: float | None, idle: float | None) -> float | None:
    if (read is None or written is None) and (idle is None or not isfinite(idle)):
        return None
    return (read or 0.0) + (written or 0.0)


def last_measured(volume: EbsVolume, context: Context, days: int) -> int | None:
    """Return how many days ago a volume was last measured, and so attached to a running instance.

    ``days`` where that is not within so many days; None where the metrics were not read.
    """
    measured = [context.used(volume, metric, days) for metric in ACTIVITY]
    known = [series for series in measured if series is not None]
    if not known:
        return None
    ago = [_steps_since_known(series.values) for series in known]
    return min(days, *ago)


def _steps_since_known(values: Sequence[float | None]) -> int:
    recent = (steps for steps, value in enumerate(reversed(values)) if value is not None)
    return next(recent, len(values))


def peak_of(volume: EbsVolume, context: Context, days: int) -> Peak | Unknown:
    """Return the highest IOPS and throughput of a volume, or why they are not known."""
    if reason := _unmeasurable(volume, context):
        return Unknown(reason)
    read = [context.used(volume, metric, days) for metric in PEAKS]
    known = [series for series in read if series is not None]
    if len(known) < len(PEAKS):
        return Unknown(f"its highest operations and bytes of {days} days were not read")
    coverage = min(series.coverage for series in known)
    if coverage < MIN_COVERAGE:
        return Unknown(f"measured on {coverage:.0%} of {days} days; {MIN_COVERAGE:.0%} are needed")
    # The busiest minute of reads need not be that of writes: the sum is at least what was needed.
    reads, writes, bytes_read, bytes_written = (series.maximum or 0.0 for series in known)
    each_second = (bytes_read + bytes_written) / _SAMPLE_SECONDS
    iops = max((reads + writes) / _SAMPLE_SECONDS, each_second / _LARGEST_IO)
    return Peak(iops=iops, mibps=each_second / _MIB)


def _unmeasurable(volume: EbsVolume, context: Context) -> str | None:
    """Say why a Maximum is none: only volumes on Nitro instances have it (EBS guide, CloudWatch metrics)."""
    instances = instances_of(volume, context)
    if not instances:
        return "its instance was not read: of some types' volumes CloudWatch has no true maximum"
    for one in instances:
        if one.instance_type.partition(".")[0] in _XEN:
            return (
                f"{one.instance_id} is a {one.instance_type}: CloudWatch has no true maximum of its volumes"
            )
    return None


def instances_of(volume: EbsVolume, context: Context) -> Sequence[Ec2Instance] | None:
    """Return the instances a volume is attached to; None where one of them is not known."""
    known = context.inventory.beside_by(volume, Ec2Instance, "instance_id")
    if known is None or not all(instance_id in known for instance_id in volume.attached_to):
        return None
    return [one for instance_id in volume.attached_to for one in known[instance_id]]


def rounded_up(needed: float, step: int) -> int:
    """Return the next multiple of ``step``."""
    return ceil(needed / step) * step


def gp3_settings(needed_iops: float, needed_mibps: float) -> tuple[int, int]:
    """Return the IOPS and MiB/s of a gp3 volume that fit: its free ones at least, and 4 IOPS for a MiB/s."""
    mibps = max(GP3_FREE_MIBPS, rounded_up(needed_mibps, 5))
    return max(GP3_FREE_IOPS, rounded_up(needed_iops, 100), 4 * mibps), mibps
