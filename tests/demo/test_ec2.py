"""Regions and instances as a stock client sees them."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from demo.stock import client, refusal
from plainbill.demo.fleet import DEVELOPMENT, MANAGEMENT, PRODUCTION
from plainbill.demo.instances import HOSTILE
from plainbill.demo.server import DemoEndpoint

ENABLED = ["ap-southeast-2", "eu-west-1", "us-east-1", "us-west-2"]


def instances(pages: Any) -> list[dict[str, Any]]:
    return [found for page in pages for group in page["Reservations"] for found in group["Instances"]]


def test_regions_that_are_off_are_listed_only_when_asked_for(aws: DemoEndpoint) -> None:
    ec2 = client(aws, "ec2")
    assert [region["RegionName"] for region in ec2.describe_regions()["Regions"]] == ENABLED
    every = {
        region["RegionName"]: region["OptInStatus"]
        for region in ec2.describe_regions(AllRegions=True)["Regions"]
    }
    assert {name for name, status in every.items() if status != "not-opted-in"} == set(ENABLED)
    assert len(every) > len(ENABLED)


def test_regions_are_filtered_by_opt_in_status(aws: DemoEndpoint) -> None:
    wanted = [{"Name": "opt-in-status", "Values": ["not-opted-in"]}]
    off = client(aws, "ec2").describe_regions(AllRegions=True, Filters=wanted)["Regions"]
    assert off
    assert {region["OptInStatus"] for region in off} == {"not-opted-in"}


def test_a_region_that_is_off_answers_nobody(aws: DemoEndpoint) -> None:
    with pytest.raises(ClientError) as error:
        client(aws, "ec2", region="af-south-1").describe_instances()
    assert refusal(error) == "AuthFailure"


def test_stopped_instances_are_left_out_when_running_ones_are_asked_for(aws: DemoEndpoint) -> None:
    ec2 = client(aws, "ec2", DEVELOPMENT)
    running = [{"Name": "instance-state-name", "Values": ["running"]}]
    shown = {found["InstanceId"] for found in instances([ec2.describe_instances(Filters=running)])}
    here = aws.company.instances_in(DEVELOPMENT, "us-east-1")
    assert shown == {instance.instance_id for instance in here if instance.state == "running"}
    assert len(shown) < len(here)


def test_pages_tile_the_whole(aws: DemoEndpoint) -> None:
    ec2 = client(aws, "ec2", PRODUCTION)
    pages = list(ec2.get_paginator("describe_instances").paginate(PaginationConfig={"PageSize": 7}))
    sizes = [len(instances([page])) for page in pages]
    assert set(sizes[:-1]) == {7}
    assert "NextToken" not in pages[-1]
    ids = [found["InstanceId"] for found in instances(pages)]
    assert len(ids) == len(set(ids))
    assert set(ids) == {found.instance_id for found in aws.company.instances_in(PRODUCTION, "us-east-1")}


@pytest.mark.parametrize("size", [4, 1001])
def test_page_sizes_beyond_aws_s_limits_are_refused(aws: DemoEndpoint, size: int) -> None:
    with pytest.raises(ClientError) as error:
        client(aws, "ec2").describe_instances(MaxResults=size)
    assert refusal(error) == "InvalidParameterValue"


def test_a_token_of_another_request_is_refused(aws: DemoEndpoint) -> None:
    ec2 = client(aws, "ec2", PRODUCTION)
    token = ec2.describe_instances(MaxResults=5)["NextToken"]
    with pytest.raises(ClientError) as error:
        ec2.describe_instances(MaxResults=6, NextToken=token)
    assert refusal(error) == "InvalidParameterValue"


def test_ids_and_page_sizes_do_not_go_together(aws: DemoEndpoint) -> None:
    one = aws.company.instances_in(PRODUCTION, "us-east-1")[0].instance_id
    ec2 = client(aws, "ec2", PRODUCTION)
    assert [found["InstanceId"] for found in instances([ec2.describe_instances(InstanceIds=[one])])] == [one]
    with pytest.raises(ClientError) as error:
        ec2.describe_instances(InstanceIds=[one], MaxResults=5)
    assert refusal(error) == "InvalidParameterCombination"


def test_one_unknown_id_poisons_the_whole_call(aws: DemoEndpoint) -> None:
    one = aws.company.instances_in(PRODUCTION, "us-east-1")[0].instance_id
    with pytest.raises(ClientError) as error:
        client(aws, "ec2", PRODUCTION).describe_instances(InstanceIds=[one, "i-0123456789abcdef0"])
    assert refusal(error) == "InvalidInstanceID.NotFound"


@pytest.mark.parametrize("asked", [{"Name": "colour", "Values": ["red"]}, {"Values": ["red"]}])
def test_an_unknown_filter_is_refused_not_ignored(aws: DemoEndpoint, asked: dict[str, Any]) -> None:
    with pytest.raises(ClientError) as error:
        client(aws, "ec2").describe_instances(Filters=[asked])
    assert refusal(error) == "InvalidParameterValue"


def test_tag_filters_take_wildcards(aws: DemoEndpoint) -> None:
    wanted = [{"Name": "tag:Name", "Values": ["search-*"]}, {"Name": "tag-key", "Values": ["team"]}]
    found = instances([client(aws, "ec2", PRODUCTION).describe_instances(Filters=wanted)])
    assert sorted(tag["Value"] for one in found for tag in one["Tags"] if tag["Key"] == "Name") == [
        "search-node-01",
        "search-node-02",
        "search-node-03",
    ]


@pytest.mark.parametrize("account", [MANAGEMENT, PRODUCTION, DEVELOPMENT])
@pytest.mark.parametrize("region", ENABLED)
def test_every_instance_is_told_as_it_is(aws: DemoEndpoint, account: str, region: str) -> None:
    told = {
        found["InstanceId"]: found
        for found in instances([client(aws, "ec2", account, region).describe_instances(MaxResults=1000)])
    }
    truth = {found.instance_id: found.resource for found in aws.company.instances_in(account, region)}
    assert told.keys() == truth.keys()
    for instance_id, resource in truth.items():
        found = told[instance_id]
        assert found["InstanceType"] == resource.instance_type
        assert found["State"]["Name"] == resource.state
        assert found["LaunchTime"] == resource.launched_at
        assert found["NetworkInterfaces"][0]["Attachment"]["AttachTime"] == resource.first_launched_at
        assert found["PlatformDetails"] == resource.platform
        assert found["Placement"]["Tenancy"] == resource.tenancy
        assert found.get("InstanceLifecycle", "on-demand") == resource.lifecycle
        assert {tag["Key"]: tag["Value"] for tag in found["Tags"]} == resource.tags


def test_hostile_names_arrive_unharmed() -> None:
    with DemoEndpoint(hostile=True) as aws:
        found = instances([client(aws, "ec2", PRODUCTION).describe_instances()])
        names = {tag["Value"] for one in found for tag in one["Tags"] if tag["Key"] == "Name"}
        assert names == set(HOSTILE)
        accounts = client(aws, "organizations").list_accounts()["Accounts"]
        assert {account["Name"] for account in accounts} <= set(HOSTILE)
