"""What disks and copies of disks are billed for: volumes, snapshots, file systems, images of containers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from plainbill.demo.company import Company
from plainbill.demo.estate_snapshots import Snapshot, snapshots
from plainbill.demo.estate_stores import file_systems, repositories
from plainbill.demo.estate_volumes import Volume, volumes
from plainbill.demo.running import GB_MONTH, NO_OPERATION, Family, Running, Usage, list_price, running
from plainbill.demo.services import ECR, EFS, OTHER
from plainbill.prices import items

_FREE_IOPS, _FREE_THROUGHPUT = 3000, 125
"""Of a gp3 volume."""
_NAMES = {  # of each volume type: the end of its usage types, its operation
    "gp2": ("gp2", "CreateVolume-Gp2"),
    "gp3": ("gp3", "CreateVolume-Gp3"),
    "io1": ("piops", "CreateVolume-P-IOPS"),
    "io2": ("io2", "CreateVolume-Io2"),
    "st1": ("st1", "CreateVolume-ST1"),
}


def _storage(volume_type: str) -> Usage:
    ending, operation = _NAMES[volume_type]
    return Usage(
        service=OTHER,
        name=f"EBS:VolumeUsage.{ending}",
        operation=operation,
        unit=GB_MONTH,
        price=list_price(items.ebs_storage(volume_type)),
        is_by_month=True,
    )


def _iops(volume_type: str) -> Usage:
    ending, operation = _NAMES[volume_type]
    price = list_price(items.ebs_iops(volume_type))
    name = f"EBS:VolumeP-IOPS.{ending}"
    return Usage(service=OTHER, name=name, operation=operation, unit="IOPS-Mo", price=price, is_by_month=True)


_THROUGHPUT = Usage(
    service=OTHER, name="EBS:VolumeP-Throughput.gp3", operation="CreateVolume-Gp3", unit="GiBps-mo",
    price=list_price(items.ebs_throughput("gp3")) * 1024, is_by_month=True,
)  # fmt: skip
_SNAPSHOT = Usage(
    service=OTHER, name="EBS:SnapshotUsage", operation="CreateSnapshot", unit=GB_MONTH,
    price=list_price(items.EBS_SNAPSHOT), is_by_month=True,
)  # fmt: skip
_ARCHIVED = replace(
    _SNAPSHOT, name="EBS:SnapshotArchiveStorage", price=list_price(items.EBS_SNAPSHOT_ARCHIVE)
)
_EFS = Usage(
    service=EFS, name="TimedStorage-ByteHrs", operation="Storage", unit=GB_MONTH,
    price=list_price(items.efs_storage("standard")), is_by_month=True,
)  # fmt: skip
_EFS_INFREQUENT = replace(
    _EFS, name="IATimedStorage-ByteHrs", price=list_price(items.efs_storage("standard_ia"))
)
_EFS_THROUGHPUT = replace(
    _EFS, name="ProvisionedTP-MiBpsHrs", unit="MiBps-Mo", price=list_price(items.EFS_PROVISIONED_THROUGHPUT)
)
_ECR = replace(_EFS, service=ECR, operation=NO_OPERATION, price=list_price(items.ECR_STORAGE))


def _volumes(company: Company) -> Iterator[Running]:
    for one in volumes(company).all:
        yield running(one, _storage(one.volume_type), one.gib)
        if iops := _paid_iops(one):
            yield running(one, _iops(one.volume_type), iops)
        if one.volume_type == "gp3" and (more := (one.throughput or 0) - _FREE_THROUGHPUT) > 0:
            yield running(one, _THROUGHPUT, Decimal(more) / 1024)


def _paid_iops(one: Volume) -> int:
    if one.volume_type not in {"gp3", "io1", "io2"}:
        return 0
    return max(0, (one.iops or 0) - (_FREE_IOPS if one.volume_type == "gp3" else 0))


def _snapshots(company: Company) -> Iterator[Running]:
    """Yield what each holds that the one before it in its line does not, and something that changed."""
    lines: dict[str, list[Snapshot]] = {}
    for one in sorted(snapshots(company).all, key=lambda one: one.created_at):
        lines.setdefault(one.line, []).append(one)
    for line in lines.values():
        before = 0
        for one in line:
            changed = one.stored_gib if not before else max(0, one.stored_gib - before) + before // 10
            yield running(one, _ARCHIVED if one.tier == "archive" else _SNAPSHOT, changed)
            before = one.stored_gib


def _file_systems(company: Company) -> Iterator[Running]:
    for one in file_systems(company).all:
        yield running(one, _EFS, one.standard_gib)
        yield running(one, _EFS_INFREQUENT, one.infrequent_gib)
        yield running(one, _EFS_THROUGHPUT, one.provisioned or 0)


def _repositories(company: Company) -> Iterator[Running]:
    for one in repositories(company).all:
        yield running(one, _ECR, Decimal(one.images * one.image_mib) / 1024)


RUNNING: Mapping[str, Family] = {
    "volumes": _volumes,
    "snapshots": _snapshots,
    "file systems": _file_systems,
    "repositories": _repositories,
}
