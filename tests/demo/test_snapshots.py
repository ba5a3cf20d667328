"""Snapshots, images and launch templates as stock clients see them."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from demo.stock import client, paths, refusal
from demo.test_wire_recordings import recorded_paths
from factories import NOW
from plainbill.demo.company import Company
from plainbill.demo.estate_snapshots import images, snapshots, templates
from plainbill.demo.fleet import DEVELOPMENT, MANAGEMENT, PRODUCTION
from plainbill.demo.instances import HOSTILE
from plainbill.demo.server import DemoEndpoint


def listed(aws: DemoEndpoint, operation: str, account: str = PRODUCTION, **params: Any) -> Any:
    return getattr(client(aws, "ec2", account), operation)(**params)


def test_what_is_told_is_what_the_company_has(aws: DemoEndpoint, company: Company) -> None:
    for account in (MANAGEMENT, PRODUCTION, DEVELOPMENT):
        here = (account, "us-east-1")
        told = listed(aws, "describe_snapshots", account, OwnerIds=["self"])["Snapshots"]
        assert [one["SnapshotId"] for one in told] == [one.name for one in snapshots(company).at(*here)]
        told = listed(aws, "describe_images", account, Owners=["self"])["Images"]
        assert [one["ImageId"] for one in told] == [one.name for one in images(company).at(*here)]
        wanted = ["$Latest", "$Default"]
        told = listed(aws, "describe_launch_template_versions", account, Versions=wanted)
        numbers = [one["VersionNumber"] for one in told["LaunchTemplateVersions"]]
        assert numbers == [one.number for one in templates(company).at(*here)]


def test_they_are_of_one_piece_with_instances_and_volumes(aws: DemoEndpoint) -> None:
    ec2 = client(aws, "ec2", PRODUCTION)
    told = ec2.describe_snapshots(OwnerIds=["self"])["Snapshots"]
    by_id = {one["SnapshotId"]: one for one in told}
    for image in ec2.describe_images(Owners=["self"])["Images"]:
        for mapping in image["BlockDeviceMappings"]:
            snapshot = by_id[mapping["Ebs"]["SnapshotId"]]
            assert snapshot["VolumeSize"] == mapping["Ebs"]["VolumeSize"]
            assert image["ImageId"] in snapshot["Description"]
    sizes = {one["VolumeId"]: one["Size"] for one in ec2.describe_volumes()["Volumes"]}
    kept = [one for one in told if one["VolumeId"] in sizes]
    assert kept
    assert all(one["VolumeSize"] == sizes[one["VolumeId"]] for one in kept)
    assert all(one["FullSnapshotSizeInBytes"] <= one["VolumeSize"] * 1024**3 for one in told)
    running = {
        instance["ImageId"]
        for reservation in ec2.describe_instances()["Reservations"]
        for instance in reservation["Instances"]
    }
    assert any(image["ImageId"] in running for image in ec2.describe_images(Owners=["self"])["Images"])


@pytest.mark.parametrize(
    ("operation", "key", "params", "size"),
    [
        ("describe_snapshots", "Snapshots", {"OwnerIds": ["self"]}, 5),
        ("describe_images", "Images", {"Owners": ["self"]}, 5),
        ("describe_launch_template_versions", "LaunchTemplateVersions", {"Versions": ["$Latest"]}, 1),
    ],
)
def test_pages_tile_the_whole(
    aws: DemoEndpoint, operation: str, key: str, params: dict[str, Any], size: int
) -> None:
    pager = client(aws, "ec2", PRODUCTION).get_paginator(operation)
    pages = [page[key] for page in pager.paginate(PaginationConfig={"PageSize": size}, **params)]
    assert len(pages) > 1
    assert {len(page) for page in pages[:-1]} == {size}
    assert [one for page in pages for one in page] == listed(aws, operation, **params)[key]


def test_filters_and_ids_leave_only_what_matches(aws: DemoEndpoint) -> None:
    archived = [{"Name": "storage-tier", "Values": ["archive"]}]
    (one,) = listed(aws, "describe_snapshots", Filters=archived)["Snapshots"]
    told = listed(aws, "describe_snapshots", SnapshotIds=[one["SnapshotId"]])["Snapshots"]
    assert told == [one]
    named = [{"Name": "name", "Values": ["storefront-web*"]}]
    assert len(listed(aws, "describe_images", Filters=named)["Images"]) == 2
    assert listed(aws, "describe_images", Owners=["amazon"])["Images"] == []


@pytest.mark.parametrize(
    ("operation", "params", "code"),
    [
        ("describe_snapshots", {"SnapshotIds": ["snap-0123456789abcdef0"]}, "InvalidSnapshot.NotFound"),
        ("describe_images", {"ImageIds": ["ami-0123456789abcdef0"]}, "InvalidAMIID.NotFound"),
        ("describe_snapshots", {"MaxResults": 4}, "InvalidParameterValue"),
        ("describe_snapshots", {"MaxResults": 5, "SnapshotIds": ["s"]}, "InvalidParameterCombination"),
        ("describe_launch_template_versions", {}, "InvalidParameterCombination"),
        ("describe_launch_template_versions", {"Versions": ["7"]}, "InvalidParameterCombination"),
    ],
)
def test_what_ec2_refuses_is_refused(
    aws: DemoEndpoint, operation: str, params: dict[str, Any], code: str
) -> None:
    with pytest.raises(ClientError) as error:
        listed(aws, operation, **params)
    assert refusal(error) == code


def test_only_keys_and_types_that_real_ones_have_are_told(aws: DemoEndpoint) -> None:
    told = listed(aws, "describe_snapshots", OwnerIds=["self"])
    younger = {
        (".Snapshots[].DataEncryptionKeyId", "str"),
        (".Snapshots[].FullSnapshotSizeInBytes", "int"),
        (".Snapshots[].StorageTier", "str"),
    }
    seen = set(paths({"Snapshots": told["Snapshots"]}))
    assert seen - recorded_paths("*/ec2.DescribeSnapshots_*.json") <= younger
    seen = set(paths({"Images": listed(aws, "describe_images", Owners=["self"])["Images"]}))
    assert seen - recorded_paths("*/ec2.DescribeImages_*.json") <= {(".Images[].LastLaunchedTime", "str")}


def test_hostile_tags_and_descriptions_reach_the_reader_unharmed() -> None:
    with DemoEndpoint(now=NOW, hostile=True) as aws:
        told = listed(aws, "describe_snapshots", OwnerIds=["self"])["Snapshots"]
    own = {tag["Value"] for one in told for tag in one.get("Tags", ()) if not tag["Key"].startswith("aws:")}
    assert own
    assert own <= set(HOSTILE)
    assert any(one["Description"] in HOSTILE for one in told)
