"""What RDS says of a manual snapshot; a copy is as old as its original."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from plainbill.aws_connector import Scope
from plainbill.data_fetcher.rds_snapshots import RdsSnapshots
from plainbill.model.resources.rds import RdsSnapshot

IRELAND = Scope("111122223333", "eu-west-1")
LEAST: dict[str, Any] = {
    "DBSnapshotIdentifier": "before-upgrade",
    "DBInstanceIdentifier": "orders",
    "Engine": "mysql",
    "Status": "available",
}


def parsed(**changes: Any) -> RdsSnapshot:
    (one,) = RdsSnapshots.parse({"DBSnapshots": [LEAST | changes]}, IRELAND)
    return one


def test_a_snapshot_described_with_the_least_has_no_more_than_that() -> None:
    assert parsed() == RdsSnapshot(
        account_id="111122223333",
        region="eu-west-1",
        snapshot_id="before-upgrade",
        instance_id="orders",
        engine="mysql",
        status="available",
    )


def test_sizes_age_and_tags_are_kept() -> None:
    one = parsed(
        SnapshotCreateTime="2026-03-02T08:00:00Z",
        AllocatedStorage=100,
        FullSnapshotSizeInBytes=21474836480,
        StorageType="gp3",
        TagList=[{"Key": "Name", "Value": "'; DROP TABLE"}],
    )
    assert one.created_at == datetime(2026, 3, 2, 8, tzinfo=UTC)
    assert (one.allocated_gib, one.full_size_bytes, one.storage_type) == (100, 21474836480, "gp3")
    assert one.tags == {"Name": "'; DROP TABLE"}


def test_a_copy_is_as_old_as_its_original() -> None:
    copy = parsed(
        SnapshotCreateTime="2026-11-01T00:00:00Z", OriginalSnapshotCreateTime="2024-01-01T00:00:00Z"
    )
    assert copy.created_at == datetime(2024, 1, 1, tzinfo=UTC)
