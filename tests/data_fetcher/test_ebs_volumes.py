"""What EC2 said of a volume is kept; what it did not say is None."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from data_fetcher.answers import recorded, recordings
from plainbill.aws_connector import Scope
from plainbill.data_fetcher.ebs_volumes import EbsVolumes
from plainbill.model.resources.ebs import EbsVolume

IRELAND = Scope("111122223333", "eu-west-1")


def described(**changes: Any) -> dict[str, Any]:
    """One volume of ``DescribeVolumes`` with nothing but what every volume has."""
    return {
        "VolumeId": "vol-0a1b2c3d4e5f60718",
        "VolumeType": "gp2",
        "Size": 100,
        "State": "available",
        "CreateTime": "2026-03-02T08:00:00.000Z",
        "AvailabilityZone": "eu-west-1b",
        **changes,
    }


def parsed(**changes: Any) -> EbsVolume:
    (one,) = EbsVolumes.parse({"Volumes": [described(**changes)]}, IRELAND)
    return one


def test_a_volume_described_with_the_least_is_attached_to_nothing() -> None:
    assert parsed() == EbsVolume(
        account_id="111122223333",
        region="eu-west-1",
        volume_id="vol-0a1b2c3d4e5f60718",
        volume_type="gp2",
        size_gib=100,
        state="available",
        created_at=datetime(2026, 3, 2, 8, 0, tzinfo=UTC),
        availability_zone="eu-west-1b",
    )
    assert list(EbsVolumes.parse({}, IRELAND)) == []


def test_speed_attachment_and_origin_are_kept() -> None:
    one = parsed(
        Iops=6000,
        Throughput=250,
        Encrypted=True,
        SnapshotId="snap-1",
        MultiAttachEnabled=True,
        OutpostArn="arn:aws:outposts:eu-west-1:111122223333:outpost/op-1",
        Attachments=[
            {"InstanceId": "i-1", "Device": "/dev/xvda", "DeleteOnTermination": True},
            {"InstanceId": "i-2", "Device": "/dev/sdf", "DeleteOnTermination": False},
        ],
    )
    assert (one.iops, one.throughput_mib, one.is_encrypted, one.snapshot_id) == (6000, 250, True, "snap-1")
    assert one.attached_to == ("i-1", "i-2")
    assert one.outpost_arn == "arn:aws:outposts:eu-west-1:111122223333:outpost/op-1"
    assert (one.is_root, one.delete_on_termination, one.is_multi_attach) == (True, True, True)


def test_a_volume_of_a_task_is_attached_to_no_instance_of_the_account() -> None:
    task = {"AssociatedResource": "arn:aws:ecs:...:task/1", "InstanceOwningService": "fargate.amazonaws.com"}
    one = parsed(State="in-use", Attachments=[task])
    assert (one.state, one.attached_to, one.is_root) == ("in-use", (), False)


@pytest.mark.parametrize(
    ("operator", "named"),
    [
        ({}, None),
        ({"Managed": False}, None),
        ({"Managed": True, "Principal": "eks.amazonaws.com"}, "eks.amazonaws.com"),
        ({"Managed": True}, "an AWS service"),
    ],
)
def test_the_service_that_manages_a_volume_is_named(operator: dict[str, Any], named: str | None) -> None:
    assert parsed(Operator=operator).operator == named


def test_tags_are_kept_as_they_are_even_hostile_ones() -> None:
    hostile = "<script>alert(1)</script>"
    one = parsed(Tags=[{"Key": "Name", "Value": hostile}, {"Key": "=cmd()", "Value": ""}])
    assert one.tags == {"Name": hostile, "=cmd()": ""}
    assert one.name == hostile


@pytest.mark.parametrize("absent", ["VolumeId", "VolumeType", "Size", "State", "CreateTime"])
def test_an_answer_without_what_aws_promises_is_no_volume(absent: str) -> None:
    thin = {key: value for key, value in described().items() if key != absent}
    with pytest.raises(KeyError, match=absent):
        list(EbsVolumes.parse({"Volumes": [thin]}, IRELAND))


def test_every_recorded_volume_parses() -> None:
    found = [
        one
        for path in recordings("aws_api_c7n_placebo", "*/ec2.DescribeVolumes_*.json")
        for one in EbsVolumes.parse(recorded(path), IRELAND)
    ]
    assert len(found) == 54
    assert all(one.created_at.tzinfo is UTC for one in found)
    assert {one.state for one in found} >= {"available", "in-use"}
    assert sum(bool(one.is_root) for one in found) == 23
