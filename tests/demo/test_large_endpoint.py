"""An estate of any size over the wire: stock clients see all of it, page by page."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from demo.stock import client, refusal
from demo.test_server import COMMAND
from factories import NOW
from plainbill.demo.call import Options
from plainbill.demo.company import EXTERNAL_ID
from plainbill.demo.large_load import METRICS
from plainbill.demo.large_shape import Shape
from plainbill.demo.server import DemoEndpoint

SHAPE = Shape(400, 21, 2, 2)
OPTIONS = Options(instances_page=6, datapoints_page=50, metrics_page=11)


@pytest.fixture(scope="module")
def large() -> Iterator[DemoEndpoint]:
    with DemoEndpoint(now=NOW, shape=SHAPE, options=OPTIONS) as endpoint:
        yield endpoint


@pytest.fixture(scope="module")
def whole() -> Iterator[DemoEndpoint]:
    """The same estate with AWS's own pages."""
    with DemoEndpoint(now=NOW, shape=SHAPE) as endpoint:
        yield endpoint


PLACES = [(account, region.name) for account, region in SHAPE.places]
FULL = max(PLACES, key=lambda place: len(SHAPE.numbers_in(*place)))


def ids_of(answers: Any) -> list[str]:
    return [
        one["InstanceId"] for page in answers for group in page["Reservations"] for one in group["Instances"]
    ]


def described(aws: DemoEndpoint, account: str, region: str, **more: Any) -> list[str]:
    pages = client(aws, "ec2", account, region).get_paginator("describe_instances")
    return ids_of(pages.paginate(PaginationConfig={"PageSize": 1000}, **more))


def test_the_pages_of_all_places_add_up_to_every_instance_once(large: DemoEndpoint) -> None:
    found = [one for place in PLACES for one in described(large, *place)]
    assert sorted(found) == sorted(SHAPE.id_of(number) for number in range(400))


def test_a_page_ends_where_the_next_one_begins(large: DemoEndpoint, whole: DemoEndpoint) -> None:
    assert described(large, *FULL) == described(whole, *FULL)
    assert ids_of([client(whole, "ec2", *FULL).describe_instances()]) == described(whole, *FULL)


def test_filters_keep_what_the_instances_say(whole: DemoEndpoint) -> None:
    ec2 = client(whole, "ec2", *FULL)
    every = [one for group in ec2.describe_instances()["Reservations"] for one in group["Instances"]]
    cases: dict[str, tuple[str, Any]] = {
        "instance-state-name": ("stopped", lambda one: one["State"]["Name"]),
        "instance-type": ("m5.*", lambda one: one["InstanceType"].replace("m5.large", "m5.*")),
        "availability-zone": ("*a", lambda one: "*" + one["Placement"]["AvailabilityZone"][-1]),
        "tag:team": ("data", lambda one: {tag["Key"]: tag["Value"] for tag in one["Tags"]}["team"]),
        "tag:owner": ("*", lambda _: None),
    }
    for name, (value, said) in cases.items():
        kept = described(whole, *FULL, Filters=[{"Name": name, "Values": [value]}])
        if name == "instance-type":
            assert kept == [one["InstanceId"] for one in every if one["InstanceType"].startswith("m5.")]
        else:
            assert kept == [one["InstanceId"] for one in every if said(one) == value]
    with pytest.raises(ClientError) as error:
        described(whole, *FULL, Filters=[{"Name": "colour", "Values": ["blue"]}])
    assert refusal(error) == "InvalidParameterValue"


def test_an_instance_of_another_place_is_not_found_here(whole: DemoEndpoint) -> None:
    elsewhere = SHAPE.id_of(next(n for n in range(400) if n not in SHAPE.numbers_in(*FULL)))
    with pytest.raises(ClientError) as error:
        client(whole, "ec2", *FULL).describe_instances(InstanceIds=[elsewhere])
    assert refusal(error) == "InvalidInstanceID.NotFound"
    mine = SHAPE.id_of(SHAPE.numbers_in(*FULL)[3])
    assert ids_of([client(whole, "ec2", *FULL).describe_instances(InstanceIds=[mine])]) == [mine]


def queries(count: int, period: int) -> list[dict[str, Any]]:
    numbers = SHAPE.numbers_in(*FULL)[:count]
    wanted = [(SHAPE.id_of(number), statistic) for number in numbers for statistic in ("Average", "Maximum")]
    return [
        {
            "Id": f"q{place}",
            "MetricStat": {
                "Metric": {
                    "Namespace": "AWS/EC2",
                    "MetricName": "CPUUtilization",
                    "Dimensions": [{"Name": "InstanceId", "Value": one}],
                },
                "Period": period,
                "Stat": statistic,
            },
        }
        for place, (one, statistic) in enumerate(wanted)
    ]


def read(aws: DemoEndpoint, asked: list[dict[str, Any]], **more: Any) -> dict[str, list[tuple[Any, float]]]:
    found: dict[str, list[tuple[Any, float]]] = {query["Id"]: [] for query in asked}
    token: dict[str, str] = {}
    while True:
        answer = client(aws, "cloudwatch", *FULL).get_metric_data(
            MetricDataQueries=asked,
            StartTime=NOW - timedelta(days=3),
            EndTime=NOW,
            **more,
            **token,
        )
        for result in answer["MetricDataResults"]:
            found[result["Id"]] += zip(result["Timestamps"], result["Values"], strict=True)
        if "NextToken" not in answer:
            return found
        token = {"NextToken": answer["NextToken"]}


@pytest.mark.parametrize("order", ["TimestampAscending", "TimestampDescending"])
def test_pages_of_datapoints_add_up(large: DemoEndpoint, whole: DemoEndpoint, order: str) -> None:
    asked = queries(8, 3600)
    small, large_pages = read(large, asked, ScanBy=order), read(whole, asked, ScanBy=order)
    assert small == large_pages
    assert sum(map(len, small.values())) > 50
    for points in small.values():
        times = [time for time, _ in points]
        assert times == sorted(times, reverse=order == "TimestampDescending")


def test_the_other_operation_tells_the_same_numbers(whole: DemoEndpoint) -> None:
    asked = queries(1, 24 * 3600)
    found = read(whole, asked)
    metric = asked[0]["MetricStat"]["Metric"]
    answer = client(whole, "cloudwatch", *FULL).get_metric_statistics(
        **metric,
        StartTime=NOW - timedelta(days=3),
        EndTime=NOW,
        Period=24 * 3600,
        Statistics=["Average", "Maximum"],
    )
    told = sorted((point["Timestamp"], point["Average"], point["Maximum"]) for point in answer["Datapoints"])
    pairs = zip(found["q0"], found["q1"], strict=True)
    assert told == sorted((time, average, high) for (time, average), (_, high) in pairs)
    assert told


def test_another_places_metrics_are_none(whole: DemoEndpoint) -> None:
    asked = queries(1, 3600)
    elsewhere = next(n for n in range(400) if n not in SHAPE.numbers_in(*FULL))
    asked[0]["MetricStat"]["Metric"]["Dimensions"][0]["Value"] = SHAPE.id_of(elsewhere)
    asked[1]["MetricStat"]["Metric"]["MetricName"] = "CPUCreditBalance"
    assert read(whole, asked) == {"q0": [], "q1": []}


def test_metrics_are_listed_of_what_was_measured_lately(large: DemoEndpoint, whole: DemoEndpoint) -> None:
    pages = client(large, "cloudwatch", *FULL).get_paginator("list_metrics").paginate(Namespace="AWS/EC2")
    found = [
        (metric["MetricName"], metric["Dimensions"][0]["Value"])
        for page in pages
        for metric in page["Metrics"]
    ]
    estate = whole.estate
    silent = {"silent", "stopped"}
    active = [n for n in SHAPE.numbers_in(*FULL) if estate.way(n).name not in silent]
    assert sorted(found) == sorted((name, SHAPE.id_of(number)) for name in METRICS for number in active)
    one = client(whole, "cloudwatch", *FULL).list_metrics(
        MetricName="NetworkIn", Dimensions=[{"Name": "InstanceId", "Value": SHAPE.id_of(active[0])}]
    )
    assert len(one["Metrics"]) == 1


def test_all_accounts_are_listed_and_their_roles_can_be_taken(large: DemoEndpoint) -> None:
    pages = client(large, "organizations", SHAPE.account_ids[0]).get_paginator("list_accounts").paginate()
    found = [account["Id"] for page in pages for account in page["Accounts"]]
    assert found == list(SHAPE.account_ids)
    sts = client(large, "sts", SHAPE.account_ids[0])
    for arn in large.company.role_arns[:3]:
        keys = sts.assume_role(RoleArn=arn, RoleSessionName="test", ExternalId=EXTERNAL_ID)["Credentials"]
        assert keys["AccessKeyId"].endswith(arn.split(":")[4])


def test_regions_are_those_of_the_estate(large: DemoEndpoint) -> None:
    found = client(large, "ec2", SHAPE.account_ids[0]).describe_regions()["Regions"]
    assert {one["RegionName"] for one in found} == {region for _, region in PLACES}
    every = client(large, "ec2", SHAPE.account_ids[0]).describe_regions(AllRegions=True)["Regions"]
    assert {one["OptInStatus"] for one in every} == {"opt-in-not-required", "not-opted-in"}


def test_the_program_serves_an_estate_of_the_size_it_is_given() -> None:
    sizes = ("--instances", "40", "--accounts", "3", "--regions", "2", "--seed", "9")
    with subprocess.Popen((*COMMAND, *sizes), stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdin is not None
        told = json.loads(child.stdout.readline())
        shape = Shape(40, 3, 2, 9)
        place = shape.account_ids[0], "us-east-1"
        answer = client(told["endpoint_url"], "ec2", *place).describe_instances()
        assert ids_of([answer]) == [shape.id_of(number) for number in shape.numbers_in(*place)]
        child.stdin.close()
        assert child.wait(10) == 0


def test_a_size_that_is_not_offered_ends_the_program() -> None:
    done = subprocess.run((*COMMAND, "--instances", "0"), capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "instances must be between" in done.stderr
