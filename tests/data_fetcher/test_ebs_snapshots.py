"""What EC2 said of a snapshot is kept; of a copy, which volume it is of is not believed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from data_fetcher.answers import recorded, recordings
from plainbill.aws_connector import Scope
from plainbill.data_fetcher.ebs_snapshots import EbsSnapshots
from plainbill.model.resources.ebs_snapshot import EbsSnapshot

IRELAND = Scope("111122223333", "eu-west-1")


def described(**changes: Any) -> dict[str, Any]:
    """One snapshot of ``DescribeSnapshots`` with nothing but what every snapshot has."""
    return {
        "SnapshotId": "snap-0a1b2c3d4e5f60718",
        "StartTime": "2026-03-02T08:00:00.000Z",
        "State": "completed",
        "VolumeId": "vol-0a1b2c3d4e5f60718",
        "VolumeSize": 100,
        **changes,
    }


def parsed(**changes: Any) -> EbsSnapshot:
    (one,) = EbsSnapshots.parse({"Snapshots": [described(**changes)]}, IRELAND)
    return one


def test_a_snapshot_described_with_the_least_is_of_unknown_size() -> None:
    assert parsed() == EbsSnapshot(
        account_id="111122223333",
        region="eu-west-1",
        snapshot_id="snap-0a1b2c3d4e5f60718",
        started_at=datetime(2026, 3, 2, 8, 0, tzinfo=UTC),
        state="completed",
        volume_size_gib=100,
        volume_id="vol-0a1b2c3d4e5f60718",
    )
    assert list(EbsSnapshots.parse({}, IRELAND)) == []


def test_size_tier_and_line_are_kept() -> None:
    one = parsed(
        FullSnapshotSizeInBytes=21_474_836_480, StorageTier="archive", Encrypted=True, DataEncryptionKeyId="k"
    )
    assert (one.full_size_bytes, one.storage_tier, one.is_encrypted, one.data_key_id) == (
        21_474_836_480,
        "archive",
        True,
        "k",
    )


def test_snapshots_outside_of_the_region_are_told_apart() -> None:
    assert not parsed().is_local
    assert parsed(OutpostArn="arn:aws:outposts:eu-west-1:111122223333:outpost/op-1").is_local
    assert parsed(AvailabilityZone="us-east-1-bos-1a").is_local


@pytest.mark.parametrize(
    "fields",
    [
        {"VolumeId": "vol-ffffffff"},
        {"TransferType": "standard"},
        {"Description": "[Copied snap-1 from us-east-1] nightly"},
        {"Description": "Copied for DestinationAmi ami-1 from SourceAmi ami-2 for SourceSnapshot snap-1."},
        {"VolumeId": ""},
    ],
)
def test_a_copy_is_of_no_known_volume(fields: dict[str, str]) -> None:
    assert parsed(**fields).volume_id is None


@pytest.mark.parametrize(
    ("tag", "managers"),
    [
        ("Name", ()),
        ("my:aws:backup:", ()),
        ("aws:backup:source-resource", ("backup",)),
        ("aws:dlm:lifecycle-policy-id", ("dlm",)),
        ("dlm:managed", ("dlm",)),
        ("AWSElasticDisasterRecoveryManaged", ("drs",)),
        ("AWSApplicationMigrationServiceManaged", ("mgn",)),
    ],
)
def test_backup_services_are_known_by_their_tags(tag: str, managers: tuple[str, ...]) -> None:
    assert parsed(Tags=[{"Key": tag, "Value": "x"}]).managed_by == managers


def test_tags_and_description_are_kept_as_they_are_even_hostile_ones() -> None:
    hostile = "<script>alert(1)</script>"
    one = parsed(Tags=[{"Key": "Name", "Value": hostile}], Description=hostile)
    assert (one.name, one.description) == (hostile, hostile)


@pytest.mark.parametrize("absent", ["SnapshotId", "StartTime", "State", "VolumeSize"])
def test_an_answer_without_what_aws_promises_is_no_snapshot(absent: str) -> None:
    thin = {key: value for key, value in described().items() if key != absent}
    with pytest.raises(KeyError, match=absent):
        list(EbsSnapshots.parse({"Snapshots": [thin]}, IRELAND))


def test_every_recorded_snapshot_parses() -> None:
    found = [
        one
        for path in recordings("aws_api_c7n_placebo", "*/ec2.DescribeSnapshots_*.json")
        for one in EbsSnapshots.parse(recorded(path), IRELAND)
    ]
    assert len(found) == 44
    assert all(one.started_at.tzinfo is UTC for one in found)
    assert sum(one.volume_id is None for one in found) == 6
