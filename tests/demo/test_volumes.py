"""EBS volumes as stock clients see them, and what CloudWatch has of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from demo.stock import client, paths, refusal
from demo.test_cloudwatch import series
from demo.test_ec2 import ENABLED, instances
from demo.test_wire_recordings import RECORDED, recorded_paths
from factories import NOW
from plainbill.demo.company import Company
from plainbill.demo.estate_volumes import volumes
from plainbill.demo.fleet import DEVELOPMENT, MANAGEMENT, PRODUCTION
from plainbill.demo.instances import HOSTILE
from plainbill.demo.server import DemoEndpoint

DAY = timedelta(days=1)
WEEK_AGO = NOW - 7 * DAY


def described(
    aws: DemoEndpoint, account: str = PRODUCTION, region: str = "us-east-1", **params: Any
) -> list[dict[str, Any]]:
    return list(client(aws, "ec2", account, region).describe_volumes(**params)["Volumes"])


def query(volume_id: str, metric: str, statistic: str = "Sum", period: int = 86_400) -> dict[str, Any]:
    dimensions = [{"Name": "VolumeId", "Value": volume_id}]
    which = {"Namespace": "AWS/EBS", "MetricName": metric, "Dimensions": dimensions}
    return {"Id": "q", "MetricStat": {"Metric": which, "Period": period, "Stat": statistic}}


@pytest.mark.parametrize("account", [MANAGEMENT, PRODUCTION, DEVELOPMENT])
@pytest.mark.parametrize("region", ENABLED)
def test_volumes_and_instances_tell_the_same_of_each_other(
    aws: DemoEndpoint, account: str, region: str
) -> None:
    here = instances([client(aws, "ec2", account, region).describe_instances()])
    mapped = {
        (one["InstanceId"], device["Ebs"]["VolumeId"], device["DeviceName"], device["Ebs"]["AttachTime"])
        for one in here
        for device in one["BlockDeviceMappings"]
    }
    attached = {
        (one["InstanceId"], one["VolumeId"], one["Device"], one["AttachTime"])
        for volume in described(aws, account, region)
        for one in volume["Attachments"]
    }
    assert attached == mapped
    zones = {one["InstanceId"]: one["Placement"]["AvailabilityZone"] for one in here}
    for volume in described(aws, account, region):
        assert (volume["State"] == "in-use") == bool(volume["Attachments"])
        for one in volume["Attachments"]:
            assert volume["AvailabilityZone"] == zones[one["InstanceId"]]


def test_a_volume_has_only_keys_and_types_that_real_ones_have(aws: DemoEndpoint) -> None:
    known = recorded_paths(RECORDED["ec2", "DescribeVolumes"])
    for account in (MANAGEMENT, PRODUCTION, DEVELOPMENT):
        told = {"Volumes": described(aws, account)}
        assert set(paths(told)) - known <= {(".Volumes[].Throughput", "int")}  # gp3 is younger than they are


def test_the_estate_has_every_case_a_check_must_tell_apart(company: Company) -> None:
    everything = volumes(company).all
    assert {volume.volume_type for volume in everything} >= {"gp2", "gp3", "io1", "io2", "st1"}
    unattached = [volume for volume in everything if volume.attachment is None]
    attached = [volume.attachment.instance for volume in everything if volume.attachment]
    assert len(unattached) == 10
    assert any(instance.state == "stopped" for instance in attached)
    assert any(volume.use == 0 for volume in everything)
    assert len({volume.name for volume in everything}) == len(everything)


def test_filters_leave_only_what_matches(aws: DemoEndpoint) -> None:
    free = described(aws, Filters=[{"Name": "status", "Values": ["available"]}])
    assert free
    assert {volume["State"] for volume in free} == {"available"}
    old = described(
        aws, Filters=[{"Name": "volume-type", "Values": ["gp2"]}, {"Name": "tag-key", "Values": ["team"]}]
    )
    assert old
    assert {volume["VolumeType"] for volume in old} == {"gp2"}
    one = described(aws)[0]
    instance_id = one["Attachments"][0]["InstanceId"]
    of_one = described(aws, Filters=[{"Name": "attachment.instance-id", "Values": [instance_id]}])
    assert {volume["Attachments"][0]["InstanceId"] for volume in of_one} == {instance_id}


def test_pages_tile_the_whole(aws: DemoEndpoint) -> None:
    pager = client(aws, "ec2", PRODUCTION).get_paginator("describe_volumes")
    pages = [page["Volumes"] for page in pager.paginate(PaginationConfig={"PageSize": 9})]
    assert {len(page) for page in pages[:-1]} == {9}
    assert [volume for page in pages for volume in page] == described(aws)


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"VolumeIds": ["vol-0123456789abcdef0"]}, "InvalidVolume.NotFound"),
        ({"VolumeIds": ["vol-0123456789abcdef0"], "MaxResults": 5}, "InvalidParameterCombination"),
        ({"MaxResults": 4}, "InvalidParameterValue"),
        ({"MaxResults": 5, "NextToken": "bm9uZQ=="}, "InvalidParameterValue"),
        ({"Filters": [{"Name": "colour", "Values": ["red"]}]}, "InvalidParameterValue"),
    ],
)
def test_what_ec2_refuses_is_refused(aws: DemoEndpoint, params: dict[str, Any], code: str) -> None:
    with pytest.raises(ClientError) as error:
        described(aws, **params)
    assert refusal(error) == code


def test_hostile_tags_reach_the_reader_unharmed() -> None:
    with DemoEndpoint(now=NOW, hostile=True) as aws:
        told = {tag["Value"] for volume in described(aws) for tag in volume.get("Tags", ())}
    assert told <= set(HOSTILE)
    assert told


def test_nothing_is_measured_of_a_volume_that_no_running_instance_uses(aws: DemoEndpoint) -> None:
    for account in (PRODUCTION, DEVELOPMENT):
        cloudwatch = client(aws, "cloudwatch", account)
        for volume in volumes(aws.company).at(account, "us-east-1"):
            is_used = volume.attachment is not None and volume.attachment.instance.state == "running"
            told = series(cloudwatch, query(volume.name, "VolumeReadOps"), NOW - DAY, NOW)
            assert bool(told) == is_used, volume.name


def test_an_idle_volume_has_zeros_and_a_busy_one_operations(aws: DemoEndpoint) -> None:
    cloudwatch = client(aws, "cloudwatch", PRODUCTION, "eu-west-1")
    here = volumes(aws.company).at(PRODUCTION, "eu-west-1")
    idle = next(volume for volume in here if volume.use == 0)
    busy = next(
        volume
        for volume in here
        if volume.attachment and volume.use and volume.attachment.instance.fleet.habit == "shop"
    )
    for metric in ("VolumeReadOps", "VolumeWriteOps"):
        assert set(series(cloudwatch, query(idle.name, metric), WEEK_AGO, NOW).values()) == {0}
        assert min(series(cloudwatch, query(busy.name, metric), WEEK_AGO, NOW).values()) > 10_000


def test_days_are_the_sum_of_their_hours(aws: DemoEndpoint) -> None:
    cloudwatch = client(aws, "cloudwatch", PRODUCTION)
    volume = next(one for one in volumes(aws.company).at(PRODUCTION, "us-east-1") if one.attachment)
    start = (NOW - 3 * DAY).replace(hour=0)
    days = series(cloudwatch, query(volume.name, "VolumeWriteOps"), start, start + 2 * DAY)
    hours = series(cloudwatch, query(volume.name, "VolumeWriteOps", period=3600), start, start + 2 * DAY)
    for day, amount in days.items():
        assert amount == pytest.approx(sum(value for hour, value in hours.items() if day <= hour < day + DAY))


def test_only_provisioned_volumes_have_consumed_operations_and_only_gp2_a_burst_balance(
    aws: DemoEndpoint,
) -> None:
    cloudwatch = client(aws, "cloudwatch", DEVELOPMENT)
    for volume in volumes(aws.company).at(DEVELOPMENT, "us-east-1"):
        if volume.attachment and volume.attachment.instance.state == "running":
            for metric, types in (("VolumeConsumedReadWriteOps", {"io1", "io2"}), ("BurstBalance", {"gp2"})):
                told = series(cloudwatch, query(volume.name, metric, "Average"), NOW - 2 * DAY, NOW)
                assert bool(told) == (volume.volume_type in types)
