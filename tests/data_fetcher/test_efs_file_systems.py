"""A file system as EFS describes it; what its classes hold is None where only the sum is told."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from plainbill.aws_connector import Scope
from plainbill.data_fetcher.efs_file_systems import EfsFileSystems
from plainbill.model.resources.efs import EfsFileSystem

SCOPE = Scope("111122223333", "us-east-1")
MADE = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
LEAST: dict[str, Any] = {
    "FileSystemId": "fs-1",
    "LifeCycleState": "available",
    "CreationTime": MADE.timestamp(),
    "NumberOfMountTargets": 0,
    "SizeInBytes": {"Value": 6144},
}


def parsed_of(raw: dict[str, Any]) -> EfsFileSystem:
    (one,) = EfsFileSystems.parse({"FileSystems": [raw]}, SCOPE)
    return one


def parsed(**changes: Any) -> EfsFileSystem:
    return parsed_of(LEAST | changes)


def test_of_what_is_described_with_the_least_no_more_is_known() -> None:
    assert parsed() == EfsFileSystem(
        account_id="111122223333",
        region="us-east-1",
        file_system_id="fs-1",
        state="available",
        created_at=MADE,
        mount_targets=0,
        standard_bytes=None,
        infrequent_bytes=None,
        archive_bytes=None,
        total_bytes=6144,
        throughput_mode="bursting",
    )


@pytest.mark.parametrize(
    "absent", ["FileSystemId", "LifeCycleState", "CreationTime", "NumberOfMountTargets", "SizeInBytes"]
)
def test_a_field_that_aws_promises_is_never_guessed(absent: str) -> None:
    least = {name: value for name, value in LEAST.items() if name != absent}
    with pytest.raises(KeyError, match=absent):
        parsed_of(least)


def test_classes_throughput_zone_and_replication_are_kept() -> None:
    one = parsed(
        SizeInBytes={"Value": 6, "ValueInStandard": 1, "ValueInIA": 2, "ValueInArchive": 3},
        ThroughputMode="provisioned",
        ProvisionedThroughputInMibps=12.5,
        AvailabilityZoneName="us-east-1a",
        FileSystemProtection={"ReplicationOverwriteProtection": "REPLICATING"},
    )
    assert (one.standard_bytes, one.infrequent_bytes, one.archive_bytes) == (1, 2, 3)
    assert (one.throughput_mode, one.provisioned_mibps) == ("provisioned", 12.5)
    assert (one.is_one_zone, one.is_replica) == (True, True)
    assert not parsed(FileSystemProtection={"ReplicationOverwriteProtection": "ENABLED"}).is_replica


def test_tags_are_kept_as_they_are_even_hostile_ones() -> None:
    hostile = "<script>alert(1)</script>"
    one = parsed(Tags=[{"Key": "Name", "Value": hostile}, {"Key": "=cmd()", "Value": ""}])
    assert one.tags == {"Name": hostile, "=cmd()": ""}
    assert one.name == hostile
