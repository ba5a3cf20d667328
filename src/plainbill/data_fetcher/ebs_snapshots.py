"""EBS snapshots: ``DescribeSnapshots`` of those the account owns, in every enabled Region, free of charge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from plainbill.aws_connector import Connector, Read, Scope, instant
from plainbill.data_fetcher.backup_tags import managers
from plainbill.data_fetcher.collector import Collector, Page, tags_of
from plainbill.model.resources.ebs_snapshot import EbsSnapshot

_PAGE = 1000  # the most the API gives
_NO_VOLUME = "vol-ffffffff"
_COPIED = ("[Copied ", "Copied for ")
"""How AWS describes its copies unless somebody describes them otherwise."""


class EbsSnapshots(Collector):
    """Every EBS snapshot the account owns; not the public ones and those that others share with it."""

    name = "ebs_snapshots"
    kind = EbsSnapshot
    reads = (Read("ec2", "DescribeSnapshots", "the EBS snapshots, and so none that nothing needs"),)

    @classmethod
    def fetch(cls, connector: Connector, scope: Scope) -> Iterator[Page]:
        """Yield the pages of ``DescribeSnapshots``."""
        return connector.pages(scope, "ec2", "DescribeSnapshots", OwnerIds=["self"], MaxResults=_PAGE)

    @classmethod
    def parse(cls, page: Page, scope: Scope) -> Iterator[EbsSnapshot]:
        """Yield the snapshots of a page."""
        return (_snapshot(raw, scope) for raw in page.get("Snapshots", ()))


def _snapshot(raw: Mapping[str, Any], scope: Scope) -> EbsSnapshot:
    tags = tags_of(raw)
    return EbsSnapshot(
        account_id=scope.account_id,
        region=scope.region,
        tags=tags,
        snapshot_id=raw["SnapshotId"],
        started_at=instant(raw["StartTime"]),
        state=raw["State"],
        volume_size_gib=int(raw["VolumeSize"]),
        volume_id=_volume_id(raw),
        full_size_bytes=raw.get("FullSnapshotSizeInBytes"),
        storage_tier=raw.get("StorageTier") or "standard",
        is_local=bool(raw.get("OutpostArn") or raw.get("AvailabilityZone")),
        description=raw.get("Description") or None,
        is_encrypted=bool(raw.get("Encrypted")),
        data_key_id=raw.get("DataEncryptionKeyId") or None,
        managed_by=managers(tags),
    )


def _volume_id(raw: Mapping[str, Any]) -> str | None:
    """Return the volume, None for a copy: that has "an arbitrary volume ID" (EC2 API, CopySnapshot)."""
    is_copy = raw.get("TransferType") or str(raw.get("Description") or "").startswith(_COPIED)
    volume_id = raw.get("VolumeId")
    return None if is_copy or volume_id == _NO_VOLUME else volume_id or None
