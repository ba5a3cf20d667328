"""Generated values for tests of EBS volumes, snapshots and images: say only what the test is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from factories import NOW, days_of, flat_days, instance, volume
from plainbill.analyzer import ebs_volumes
from plainbill.model.metrics import Metric, Series
from plainbill.model.resources.ebs import EbsVolume
from plainbill.model.resources.ebs_snapshot import EbsSnapshot
from plainbill.model.resources.ec2_image import Ec2Image, Ec2LaunchTemplateVersion

GIB = 1024**3
MIB = 1024**2
RUNNING = instance()


def days_ago(days: float) -> datetime:
    """That many days before the present of the tests."""
    return NOW - timedelta(days=days)


def attached(**changes: Any) -> EbsVolume:
    """A gp3 data volume of 100 GiB at its baseline, attached to the plain instance."""
    plain = volume(
        state="in-use", attached_to=(RUNNING.instance_id,), delete_on_termination=False, is_root=False
    )
    return replace(plain, **changes)


def measured(
    one: EbsVolume,
    read: Sequence[float | None] | float | None = 0.0,
    written: Sequence[float | None] | float | None = 0.0,
    idle: Sequence[float | None] | float | None = 86_400.0,
) -> dict[tuple[str, Metric], Series]:
    """A volume's reads, writes and idle seconds of each day: the same on all 63, or one by one."""
    values = zip(ebs_volumes.ACTIVITY, (read, written, idle), strict=True)
    return {(one.arn, metric): _series(value) for metric, value in values}


def peaks(
    one: EbsVolume,
    read_iops: float = 0.0,
    write_iops: float = 0.0,
    read_mibps: float = 0.0,
    write_mibps: float = 0.0,
    *,
    days: int = 63,
) -> dict[tuple[str, Metric], Series]:
    """The busiest minute of every day, measured on the last ``days`` of them."""
    amounts = (read_iops, write_iops, read_mibps * MIB, write_mibps * MIB)
    return {
        (one.arn, metric): days_of(*[None] * (63 - days), *[amount * 60] * days)
        for metric, amount in zip(ebs_volumes.PEAKS, amounts, strict=True)
    }


def without(series: Mapping[tuple[str, Metric], Series], metric: Metric) -> dict[tuple[str, Metric], Series]:
    """The series but those of one metric: it was not read."""
    return {key: value for key, value in series.items() if key[1] != metric}


def _series(value: Sequence[float | None] | float | None) -> Series:
    return flat_days(value) if value is None or isinstance(value, float | int) else days_of(*value)


def snapshot(**changes: Any) -> EbsSnapshot:
    """A plain snapshot of half a year ago, of a volume of 100 GiB with 20 GiB written."""
    plain = EbsSnapshot(
        account_id="111122223333",
        region="us-east-1",
        snapshot_id="snap-0a1b2c3d4e5f60718",
        started_at=days_ago(180),
        state="completed",
        volume_size_gib=100,
        volume_id="vol-0fedcba9876543210",
        full_size_bytes=20 * GIB,
    )
    return replace(plain, **changes)


def image(**changes: Any) -> Ec2Image:
    """A private image of last year, made of one snapshot, that nothing was launched from since spring."""
    plain = Ec2Image(
        account_id="111122223333",
        region="us-east-1",
        image_id="ami-0a1b2c3d4e5f60718",
        image_name="storefront-2025-10",
        created_at=days_ago(400),
        state="available",
        is_public=False,
        snapshot_ids=("snap-0a1b2c3d4e5f60718",),
        last_launched_at=days_ago(200),
    )
    return replace(plain, **changes)


def template(**changes: Any) -> Ec2LaunchTemplateVersion:
    """A launch template of another image."""
    plain = Ec2LaunchTemplateVersion(
        account_id="111122223333",
        region="us-east-1",
        launch_template_id="lt-0a1b2c3d4e5f60718",
        template_name="storefront",
        version=3,
        image_id="ami-0123456789abcdef0",
    )
    return replace(plain, **changes)
