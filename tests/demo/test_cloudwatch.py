"""Metrics: statistics that agree with each other at every period, pages, and AWS's limits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from demo.stock import client, refusal
from factories import NOW
from plainbill.demo.fleet import DEVELOPMENT, PRODUCTION
from plainbill.demo.instances import DemoInstance
from plainbill.demo.load import METRICS
from plainbill.demo.series import Window, datapoints
from plainbill.demo.server import DemoEndpoint

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
START = NOW - 3 * DAY


def query(
    instance_id: str, metric: str, statistic: str, period: int = 3600, name: str = "q"
) -> dict[str, Any]:
    dimensions = [{"Name": "InstanceId", "Value": instance_id}]
    which = {"Namespace": "AWS/EC2", "MetricName": metric, "Dimensions": dimensions}
    return {"Id": name, "MetricStat": {"Metric": which, "Period": period, "Stat": statistic}}


def series(cloudwatch: Any, asked: dict[str, Any], start: datetime, end: datetime) -> dict[datetime, float]:
    answer = cloudwatch.get_metric_data(MetricDataQueries=[asked], StartTime=start, EndTime=end)
    (result,) = answer["MetricDataResults"]
    assert result["StatusCode"] == "Complete"
    stamps = [stamp.astimezone(UTC) for stamp in result["Timestamps"]]
    return dict(zip(stamps, result["Values"], strict=True))


def named(aws: DemoEndpoint, name: str, account: str = PRODUCTION) -> DemoInstance:
    here = aws.company.instances_in(account, "us-east-1")
    return next(found for found in here if found.tags["Name"] in {name, f"{name}-01"})


def test_an_instance_without_metrics_has_none_rather_than_zeros(aws: DemoEndpoint) -> None:
    silent = named(aws, "payment-proxy")
    cloudwatch = client(aws, "cloudwatch", PRODUCTION)
    assert series(cloudwatch, query(silent.instance_id, "CPUUtilization", "Average"), START, NOW) == {}


def test_another_account_s_instance_has_no_metrics_here(aws: DemoEndpoint) -> None:
    foreign = query(named(aws, "search-node").instance_id, "CPUUtilization", "Average")
    assert series(client(aws, "cloudwatch", DEVELOPMENT), foreign, START, NOW) == {}
    assert series(client(aws, "cloudwatch", PRODUCTION, "us-west-2"), foreign, START, NOW) == {}


def test_nothing_is_measured_before_the_launch_nor_while_stopped(aws: DemoEndpoint) -> None:
    cloudwatch = client(aws, "cloudwatch", DEVELOPMENT)
    paused = named(aws, "perf-replay", DEVELOPMENT)
    seen = series(cloudwatch, query(paused.instance_id, "CPUUtilization", "Average"), NOW - 14 * DAY, NOW)
    away = [stamp for stamp in seen if NOW - 10 * DAY < stamp < NOW - 7 * DAY]
    assert away == []
    assert min(seen) == NOW - 14 * DAY
    young = named(aws, "chatbot-poc", DEVELOPMENT)
    seen = series(cloudwatch, query(young.instance_id, "CPUUtilization", "Average"), NOW - 14 * DAY, NOW)
    assert young.first_launched_at <= min(seen) <= young.first_launched_at + HOUR


def test_the_end_is_exclusive_and_the_present_hour_is_partial(aws: DemoEndpoint) -> None:
    cloudwatch = client(aws, "cloudwatch", PRODUCTION)
    busy = named(aws, "search-node").instance_id
    asked = query(busy, "CPUUtilization", "SampleCount")
    assert list(series(cloudwatch, asked, NOW - 3 * HOUR, NOW).values()) == [12, 12, 12]
    with DemoEndpoint(now=NOW + timedelta(minutes=27)) as later:
        counts = series(client(later, "cloudwatch", PRODUCTION), asked, NOW - HOUR, NOW + 2 * HOUR)
        assert counts == {NOW - HOUR: 12, NOW: 5}


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("name", ["storefront-web", "orders-batch", "bastion", "old-cms"])
def test_statistics_of_all_periods_come_from_the_same_samples(
    aws: DemoEndpoint, metric: str, name: str
) -> None:
    cloudwatch = client(aws, "cloudwatch", PRODUCTION)
    instance_id = named(aws, name).instance_id
    start, end = datetime(2026, 11, 20, tzinfo=UTC), datetime(2026, 11, 22, tzinfo=UTC)
    samples = series(cloudwatch, query(instance_id, metric, "Average", 300), start, end)
    assert len(samples) == 2 * 288
    assert min(samples.values()) >= 0
    for period in (3600, 86_400, 7200):
        told = {
            statistic: series(cloudwatch, query(instance_id, metric, statistic, period), start, end)
            for statistic in ("Average", "Maximum", "Minimum", "Sum", "SampleCount")
        }
        assert len(told["Average"]) == 2 * 86_400 // period
        for stamp in told["Average"]:
            inside = [
                value
                for moment, value in samples.items()
                if stamp <= moment < stamp + timedelta(seconds=period)
            ]
            assert told["SampleCount"][stamp] == len(inside) == period // 300
            assert told["Maximum"][stamp] == max(inside)
            assert told["Minimum"][stamp] == min(inside)
            assert told["Sum"][stamp] == pytest.approx(sum(inside), rel=1e-12)
            assert told["Average"][stamp] == pytest.approx(sum(inside) / len(inside), rel=1e-12)


def test_a_peak_inside_a_quiet_hour_shows_in_the_maximum_only(aws: DemoEndpoint) -> None:
    cloudwatch = client(aws, "cloudwatch", PRODUCTION)
    cron = named(aws, "old-cms").instance_id
    averages = series(cloudwatch, query(cron, "CPUUtilization", "Average"), NOW - 14 * DAY, NOW)
    maxima = series(cloudwatch, query(cron, "CPUUtilization", "Maximum"), NOW - 14 * DAY, NOW)
    assert max(averages.values()) < 5
    assert max(maxima.values()) > 15


def test_get_metric_statistics_says_the_same_in_no_order(aws: DemoEndpoint) -> None:
    cloudwatch = client(aws, "cloudwatch", PRODUCTION)
    busy = named(aws, "search-node").instance_id
    answer = cloudwatch.get_metric_statistics(
        Namespace="AWS/EC2",
        MetricName="CPUUtilization",
        Dimensions=[{"Name": "InstanceId", "Value": busy}],
        StartTime=START,
        EndTime=NOW,
        Period=3600,
        Statistics=["Average", "Maximum"],
    )
    stamps = [point["Timestamp"] for point in answer["Datapoints"]]
    assert len(stamps) == 72
    assert stamps != sorted(stamps)
    assert {point["Unit"] for point in answer["Datapoints"]} == {"Percent"}
    for statistic in ("Average", "Maximum"):
        there = {point["Timestamp"]: point[statistic] for point in answer["Datapoints"]}
        assert there == series(cloudwatch, query(busy, "CPUUtilization", statistic), START, NOW)


def test_more_than_1440_datapoints_are_refused_by_get_metric_statistics(aws: DemoEndpoint) -> None:
    asked: Mapping[str, Any] = {
        "Namespace": "AWS/EC2",
        "MetricName": "CPUUtilization",
        "Dimensions": [{"Name": "InstanceId", "Value": named(aws, "search-node").instance_id}],
        "Period": 3600,
        "Statistics": ["Average"],
        "EndTime": NOW,
    }
    cloudwatch = client(aws, "cloudwatch", PRODUCTION)
    assert len(cloudwatch.get_metric_statistics(StartTime=NOW - 60 * DAY, **asked)["Datapoints"]) == 1440
    with pytest.raises(ClientError) as error:
        cloudwatch.get_metric_statistics(StartTime=NOW - 60 * DAY - HOUR, **asked)
    assert refusal(error) == "InvalidParameterCombination"


def test_a_statistic_that_is_none_is_refused_by_get_metric_statistics(aws: DemoEndpoint) -> None:
    with pytest.raises(ClientError) as error:
        client(aws, "cloudwatch", PRODUCTION).get_metric_statistics(
            Namespace="AWS/EC2",
            MetricName="CPUUtilization",
            Dimensions=[{"Name": "InstanceId", "Value": named(aws, "search-node").instance_id}],
            StartTime=START,
            EndTime=NOW,
            Period=3600,
            Statistics=["Average", "Median"],
        )
    assert refusal(error) == "InvalidParameterValue"


def many(aws: DemoEndpoint, count: int) -> list[dict[str, Any]]:
    here = [found.instance_id for found in aws.company.instances_in(PRODUCTION, "us-east-1")]
    wanted = [(one, metric, stat) for one in here for metric in METRICS for stat in ("Average", "Maximum")]
    return [query(*which, name=f"q{number}") for number, which in enumerate(wanted[:count])]


def points(results: Iterable[Mapping[str, Any]]) -> list[tuple[str, datetime, float]]:
    return [
        (result["Id"], stamp, value)
        for result in results
        for stamp, value in zip(result["Timestamps"], result["Values"], strict=True)
    ]


def test_pages_split_series_and_lose_nothing(aws: DemoEndpoint) -> None:
    asked = {"MetricDataQueries": many(aws, 9), "StartTime": START, "EndTime": NOW}
    whole = client(aws, "cloudwatch", PRODUCTION).get_metric_data(**asked)
    with DemoEndpoint(now=NOW) as small:
        small.change(datapoints_page=100)
        cloudwatch = client(small, "cloudwatch", PRODUCTION)
        pages = list(cloudwatch.get_paginator("get_metric_data").paginate(**asked))
    assert [len(points(page["MetricDataResults"])) for page in pages] == [100] * 6 + [48]
    parts = [part for page in pages for part in page["MetricDataResults"]]
    assert sorted(points(parts)) == sorted(points(whole["MetricDataResults"]))
    assert {part["StatusCode"] for part in parts} == {"Complete", "PartialData"}
    last = {part["Id"]: part["StatusCode"] for part in parts}
    assert set(last.values()) == {"Complete"}


def test_a_page_holds_at_most_100_800_datapoints(aws: DemoEndpoint) -> None:
    asked = {"MetricDataQueries": many(aws, 301), "StartTime": NOW - 14 * DAY, "EndTime": NOW}
    cloudwatch = client(aws, "cloudwatch", PRODUCTION)
    first = cloudwatch.get_metric_data(**asked)
    assert len(points(first["MetricDataResults"])) == 100_800
    rest = cloudwatch.get_metric_data(**asked, NextToken=first["NextToken"])
    assert "NextToken" not in rest
    assert 0 < len(points(rest["MetricDataResults"])) <= 336


def test_the_newest_datapoint_comes_first_unless_asked_otherwise(aws: DemoEndpoint) -> None:
    asked = {"MetricDataQueries": many(aws, 1), "StartTime": START, "EndTime": NOW}
    cloudwatch = client(aws, "cloudwatch", PRODUCTION)
    (newest_first,) = cloudwatch.get_metric_data(**asked)["MetricDataResults"]
    (oldest_first,) = cloudwatch.get_metric_data(**asked, ScanBy="TimestampAscending")["MetricDataResults"]
    assert oldest_first["Timestamps"][0] == START
    assert newest_first["Timestamps"] == oldest_first["Timestamps"][::-1]
    assert newest_first["Values"] == oldest_first["Values"][::-1]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        pytest.param({"StartTime": NOW}, "ValidationError", id="nothing between start and end"),
        pytest.param({"NextToken": "bm9uZQ=="}, "InvalidNextToken", id="a token of nobody"),
        pytest.param(
            {"MetricDataQueries": [query("i-1", "CPUUtilization", "p101")]}, "ValidationError", id="p101"
        ),
        pytest.param(
            {"MetricDataQueries": [query("i-1", "CPUUtilization", "Average")] * 2},
            "ValidationError",
            id="one id twice",
        ),
        pytest.param(
            {"MetricDataQueries": [query("i-1", "CPUUtilization", "Sum", name=f"q{n}") for n in range(501)]},
            "ValidationError",
            id="501 queries",
        ),
        pytest.param(
            {
                "StartTime": NOW - 20 * DAY,
                "MetricDataQueries": [query("i-1", "CPUUtilization", "Average", 60)],
            },
            "ValidationError",
            id="minutes of three weeks ago",
        ),
    ],
)
def test_what_cloudwatch_refuses_is_refused(aws: DemoEndpoint, change: dict[str, Any], code: str) -> None:
    asked = {
        "MetricDataQueries": [query("i-1", "CPUUtilization", "Average")],
        "StartTime": START,
        "EndTime": NOW,
    }
    with pytest.raises(ClientError) as error:
        client(aws, "cloudwatch", PRODUCTION).get_metric_data(**(asked | change))
    assert refusal(error) == code


def test_list_metrics_names_what_was_active_in_two_weeks(aws: DemoEndpoint) -> None:
    with DemoEndpoint(now=NOW) as small:
        small.change(metrics_page=50)
        cloudwatch = client(small, "cloudwatch", PRODUCTION)
        paginator = cloudwatch.get_paginator("list_metrics")
        pages = list(paginator.paginate(Namespace="AWS/EC2", MetricName="CPUUtilization"))
    assert len(pages) > 1
    listed = {metric["Dimensions"][0]["Value"] for page in pages for metric in page["Metrics"]}
    here = aws.company.instances_in(PRODUCTION, "us-east-1")
    assert listed == {
        found.instance_id for found in here if found.state == "running" and found.habit.is_measured
    }


def test_the_wire_tells_what_the_formula_says(aws: DemoEndpoint) -> None:
    cloudwatch = client(aws, "cloudwatch", DEVELOPMENT)
    window = Window.of(START, NOW, 3600, NOW)
    for instance in aws.company.instances_in(DEVELOPMENT, "us-east-1"):
        asked = query(instance.instance_id, "CPUUtilization", "Maximum")
        told = series(cloudwatch, asked, START, NOW)
        times, values = datapoints(instance.series("CPUUtilization"), "Maximum", window)
        assert {int(stamp.timestamp()): value for stamp, value in told.items()} == dict(
            zip(times, values, strict=True)
        )
