"""What EBS volumes and snapshots cost in a month."""

from __future__ import annotations

from decimal import Decimal

from plainbill.model.money import Money
from plainbill.prices.items import (
    EBS_SNAPSHOT,
    EBS_SNAPSHOT_ARCHIVE,
    ebs_iops,
    ebs_storage,
    ebs_throughput,
)
from plainbill.prices.monthly import Part, monthly
from plainbill.prices.rate import RateSource

GP3_FREE_IOPS = 3000
GP3_FREE_MIBPS = 125
"""What every gp3 volume has at no charge (AWS EBS user guide, General Purpose SSD volumes)."""

IO2_TIERS = (32_000, 64_000)
"""Up to which IOPS io2's first and second price hold (AWS EBS user guide, billing codes)."""

_STORAGE_ONLY = frozenset({"gp2", "st1", "sc1"})


def monthly_ebs_volume(
    rates: RateSource,
    region: str,
    volume_type: str,
    size_gib: int,
    iops: int | None = None,
    throughput_mibps: int | None = None,
) -> Money | None:
    """Return the monthly cost of a volume of these settings, as ``DescribeVolumes`` gives them.

    None where a price is not known; where io1 or io2 come without IOPS or gp3 without both figures, since
    what is not known is not assumed to be the free part; and for ``standard``, whose requests are billed and
    not known. Ask ``monthly_ebs_storage`` for the part that is certain.
    """
    performance = _performance(volume_type, iops, throughput_mibps)
    if performance is None:
        return None
    return monthly(rates, region, (ebs_storage(volume_type), size_gib), *performance)


def monthly_ebs_storage(rates: RateSource, region: str, volume_type: str, size_gib: int) -> Money | None:
    """Return the monthly cost of a volume's size alone: the least that deleting it saves."""
    return monthly(rates, region, (ebs_storage(volume_type), size_gib))


def _performance(volume_type: str, iops: int | None, mibps: int | None) -> list[Part] | None:
    if volume_type in _STORAGE_ONLY:
        return []
    if volume_type == "gp3" and iops is not None and mibps is not None:
        return [
            (ebs_iops("gp3"), max(0, iops - GP3_FREE_IOPS)),
            (ebs_throughput("gp3"), max(0, mibps - GP3_FREE_MIBPS)),
        ]
    if volume_type == "io1" and iops is not None:
        return [(ebs_iops("io1"), iops)]
    if volume_type == "io2" and iops is not None:
        return [(ebs_iops("io2", number), part) for number, part in enumerate(_io2_tiers(iops), start=1)]
    return None


def _io2_tiers(iops: int) -> tuple[int, int, int]:
    first, second = IO2_TIERS
    return min(iops, first), min(max(0, iops - first), second - first), max(0, iops - second)


def monthly_snapshot(
    rates: RateSource, region: str, stored_gib: Decimal | int, *, archived: bool = False
) -> Money | None:
    """Return the monthly cost of stored blocks.

    ``stored_gib`` is what is stored, not the volume's size, unless the snapshot is archived: a snapshot of
    the standard tier holds only the blocks that changed since the one before.
    """
    return monthly(rates, region, (EBS_SNAPSHOT_ARCHIVE if archived else EBS_SNAPSHOT, stored_gib))
