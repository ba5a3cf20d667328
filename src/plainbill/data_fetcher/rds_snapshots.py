"""Manual snapshots of RDS instances: ``DescribeDBSnapshots`` in every enabled Region, free of charge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from plainbill.aws_connector import Connector, Read, Scope, instant
from plainbill.data_fetcher.collector import Collector, Page, tags_of
from plainbill.data_fetcher.rds_instances import FOREIGN, PAGE
from plainbill.model.resources.rds import RdsSnapshot


class RdsSnapshots(Collector):
    """Every manual snapshot; automated ones go with their retention, and AWS Backup's with its plan."""

    name = "rds_snapshots"
    kind = RdsSnapshot
    reads = (
        Read("rds", "DescribeDBSnapshots", "the manual snapshots of databases, and so none that is old"),
    )

    @classmethod
    def fetch(cls, connector: Connector, scope: Scope) -> Iterator[Page]:
        """Yield the pages of ``DescribeDBSnapshots``, manual ones only."""
        return connector.pages(scope, "rds", "DescribeDBSnapshots", SnapshotType="manual", MaxRecords=PAGE)

    @classmethod
    def parse(cls, page: Page, scope: Scope) -> Iterator[RdsSnapshot]:
        """Yield the snapshots of a page that are of RDS."""
        return (_snapshot(raw, scope) for raw in page.get("DBSnapshots", ()) if raw["Engine"] not in FOREIGN)


def _snapshot(raw: Mapping[str, Any], scope: Scope) -> RdsSnapshot:
    created_at = raw.get("OriginalSnapshotCreateTime") or raw.get("SnapshotCreateTime")
    return RdsSnapshot(
        account_id=scope.account_id,
        region=scope.region,
        tags=tags_of(raw, "TagList"),
        snapshot_id=raw["DBSnapshotIdentifier"],
        instance_id=raw["DBInstanceIdentifier"],
        engine=raw["Engine"],
        status=raw["Status"],
        created_at=instant(created_at) if created_at else None,
        allocated_gib=raw.get("AllocatedStorage"),
        full_size_bytes=raw.get("FullSnapshotSizeInBytes"),
        storage_type=raw.get("StorageType") or None,
    )
