"""What EC2 said of an image and of launch templates is kept; what it did not say is None."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from data_fetcher.answers import recorded, recordings
from plainbill.aws_connector import Scope
from plainbill.data_fetcher.ec2_images import Ec2Images
from plainbill.data_fetcher.ec2_launch_templates import Ec2LaunchTemplates
from plainbill.model.resources.ec2_image import Ec2Image, Ec2LaunchTemplateVersion

IRELAND = Scope("111122223333", "eu-west-1")


def described(**changes: Any) -> dict[str, Any]:
    """One image of ``DescribeImages`` with nothing but what every image has."""
    return {
        "ImageId": "ami-0a1b2c3d4e5f60718",
        "CreationDate": "2026-03-02T08:00:00.000Z",
        "State": "available",
        "Public": False,
        **changes,
    }


def parsed(**changes: Any) -> Ec2Image:
    (one,) = Ec2Images.parse({"Images": [described(**changes)]}, IRELAND)
    return one


def test_an_image_described_with_the_least_was_never_launched_that_we_know() -> None:
    assert parsed() == Ec2Image(
        account_id="111122223333",
        region="eu-west-1",
        image_id="ami-0a1b2c3d4e5f60718",
        image_name=None,
        created_at=datetime(2026, 3, 2, 8, 0, tzinfo=UTC),
        state="available",
        is_public=False,
    )
    assert list(Ec2Images.parse({}, IRELAND)) == []


def test_its_snapshots_are_kept_once_and_disks_of_the_host_are_none() -> None:
    one = parsed(
        BlockDeviceMappings=[
            {"DeviceName": "/dev/xvda", "Ebs": {"SnapshotId": "snap-1"}},
            {"DeviceName": "/dev/sdb", "VirtualName": "ephemeral0"},
            {"DeviceName": "/dev/sdc", "Ebs": {"VolumeSize": 10}},
            {"DeviceName": "/dev/sdd", "Ebs": {"SnapshotId": "snap-2"}},
            {"DeviceName": "/dev/sde", "Ebs": {"SnapshotId": "snap-1"}},
        ]
    )
    assert one.snapshot_ids == ("snap-1", "snap-2")


def test_the_last_launch_and_the_manager_are_kept() -> None:
    one = parsed(
        LastLaunchedTime="2026-05-01T10:00:00Z", Tags=[{"Key": "aws:backup:source-resource", "Value": "x"}]
    )
    assert one.last_launched_at == datetime(2026, 5, 1, 10, tzinfo=UTC)
    assert one.managed_by == ("backup",)


def test_its_own_name_comes_before_a_tag_and_may_be_hostile() -> None:
    hostile = "<script>alert(1)</script>"
    assert parsed(Name=hostile, Tags=[{"Key": "Name", "Value": "tag"}]).name == hostile
    assert parsed(Tags=[{"Key": "Name", "Value": hostile}]).name == hostile


@pytest.mark.parametrize("absent", ["ImageId", "CreationDate", "State", "Public"])
def test_an_answer_without_what_aws_promises_is_no_image(absent: str) -> None:
    thin = {key: value for key, value in described().items() if key != absent}
    with pytest.raises(KeyError, match=absent):
        list(Ec2Images.parse({"Images": [thin]}, IRELAND))


def test_every_recorded_image_parses() -> None:
    found = [
        one
        for path in recordings("aws_api_c7n_placebo", "*/ec2.DescribeImages_*.json")
        for one in Ec2Images.parse(recorded(path), IRELAND)
    ]
    assert len(found) == 23
    assert all(one.created_at.tzinfo is UTC for one in found)
    assert any(len(one.snapshot_ids) == 2 for one in found)


def test_a_version_of_a_launch_template_names_its_image_or_none() -> None:
    page = {
        "LaunchTemplateVersions": [
            {
                "LaunchTemplateId": "lt-1",
                "LaunchTemplateName": "web",
                "VersionNumber": 7,
                "LaunchTemplateData": {"ImageId": "ami-1"},
            },
            {"LaunchTemplateId": "lt-2", "VersionNumber": 1, "LaunchTemplateData": {}},
            {"LaunchTemplateId": "lt-3", "VersionNumber": 1},
        ]
    }
    first, second, third = Ec2LaunchTemplates.parse(page, IRELAND)
    assert first == Ec2LaunchTemplateVersion(
        account_id="111122223333",
        region="eu-west-1",
        launch_template_id="lt-1",
        template_name="web",
        version=7,
        image_id="ami-1",
    )
    assert first.arn == "arn:aws:ec2:eu-west-1:111122223333:launch-template/lt-1:7"
    assert (second.image_id, third.image_id) == (None, None)
