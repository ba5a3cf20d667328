"""Datapoints land in the hour they belong to; an hour without one stays unknown."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_fetcher.answers import hourly, metric_result, recorded, recordings
from factories import instance, last_hours
from load import utilizations
from plainbill.data_fetcher.cloudwatch import (
    MOST_POINTS,
    MOST_QUERIES,
    batches,
    parse,
    queries,
    window,
)
from plainbill.model.period import Period
from plainbill.model.utilization import Utilization

SIX = last_hours(6)
FOUR = tuple(f"q0_{number}" for number in range(4))


def page(*results: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"MetricDataResults": list(results), "Messages": [], **more}


def all_four(values: Sequence[float | None], status: str = "Complete") -> list[dict[str, Any]]:
    return [metric_result(query_id, list(hourly(SIX.start, values)), status) for query_id in FOUR]


def test_hours_without_a_datapoint_stay_none_and_zero_stays_zero() -> None:
    answer = parse([page(metric_result("q0_0", list(hourly(SIX.start, [1.5, None, 0.0, None, 0, 7]))))], SIX)
    assert answer.hours["q0_0"] == [1.5, None, 0.0, None, 0, 7]


def test_an_answer_without_datapoints_is_six_unknown_hours() -> None:
    answer = parse([page(metric_result("q0_0", []))], SIX)
    assert answer.hours["q0_0"] == [None] * 6


def test_a_full_answer_and_an_answer_in_any_order_are_the_same_hours() -> None:
    values = [float(hour) for hour in range(6)]
    points = list(hourly(SIX.start, values))
    shuffled = random.Random(7).sample(points, len(points))  # noqa: S311 - an order, not a secret
    for order in (points, points[::-1], shuffled):
        assert parse([page(metric_result("q0_0", order))], SIX).hours["q0_0"] == values


def test_timestamps_may_also_be_text_or_instants_inside_the_hour() -> None:
    stamps = ["2026-11-24T06:00:00Z", datetime(2026, 11, 24, 7, 59, 59, tzinfo=UTC), 1795507200]
    result = {"Id": "q0_0", "Timestamps": stamps, "Values": [1.0, 2.0, 3.0], "StatusCode": "Complete"}
    hour_of_the_number = int(1795507200 - SIX.start.timestamp()) // 3600
    hours = parse([page(result)], SIX).hours["q0_0"]
    assert (hours[0], hours[1]) == (1.0, 2.0)
    assert 0 <= hour_of_the_number < 6
    assert hours[hour_of_the_number] == 3.0


def test_datapoints_outside_the_window_are_left_out() -> None:
    before, after = SIX.start - timedelta(hours=1), SIX.end
    points = [(before.timestamp(), 9.0), (after.timestamp(), 9.0), (SIX.start.timestamp() - 0.5, 9.0)]
    assert parse([page(metric_result("q0_0", points))], SIX).hours["q0_0"] == [None] * 6


def test_a_series_that_goes_on_over_two_pages_is_one_series() -> None:
    points = list(hourly(SIX.start, [1, 2, 3, 4, 5, 6]))
    pages = [
        page(metric_result("q0_0", points[:2], "PartialData"), NextToken="more"),
        page(metric_result("q0_1", points)),
        page(metric_result("q0_0", points[2:])),
    ]
    answer = parse(pages, SIX)
    assert answer.hours["q0_0"] == [1, 2, 3, 4, 5, 6]
    assert answer.status == {"q0_0": "Complete", "q0_1": "Complete"}


def one_by_one(pages: Sequence[dict[str, Any]], period: Period) -> dict[str, list[float | None]]:
    """The hours of each query, a datapoint at a time: what ``parse`` does to many at once."""
    hours: dict[str, list[float | None]] = {}
    for result in (one for each in pages for one in each["MetricDataResults"]):
        row = hours.setdefault(result["Id"], [None] * period.hours)
        for stamp, value in zip(result["Timestamps"], result["Values"], strict=False):
            hour = int((stamp - period.start.timestamp()) // 3600)
            if 0 <= hour < period.hours:
                row[hour] = value
    return hours


STAMPS = [
    [SIX.start.timestamp() + 3600 * hour for hour in some] for some in ([0, 1, 2], [5, 3], [-1, 4, 6], [])
]
SOME_SERIES = st.builds(
    lambda query_id, stamps, values: {"Id": query_id, "Timestamps": STAMPS[stamps], "Values": values},
    st.sampled_from("abcd"),
    st.integers(0, len(STAMPS) - 1),
    st.lists(st.floats(0, 9), max_size=4),
)


@given(st.lists(st.lists(SOME_SERIES, max_size=4, unique_by=lambda one: one["Id"]), max_size=3))
def test_series_that_share_timestamps_are_each_read_as_if_they_were_alone(
    results: list[list[dict[str, Any]]],
) -> None:
    pages = [page(*some) for some in results]
    found = parse(pages, SIX).hours
    assert {query_id: list(hours) for query_id, hours in found.items()} == one_by_one(pages, SIX)


@pytest.mark.parametrize("status", ["InternalError", "Forbidden"])
def test_a_series_that_failed_on_one_page_is_not_complete_because_of_the_next(status: str) -> None:
    points = list(hourly(SIX.start, [1, 2, 3, 4, 5, 6]))
    pages = [
        page(metric_result("q0_0", points[:2], "PartialData"), NextToken="more"),
        page(metric_result("q0_0", [], status), NextToken="more"),
        page(metric_result("q0_0", points[4:])),
    ]
    assert parse(pages, SIX).status == {"q0_0": status}


def test_messages_about_the_call_are_kept_once() -> None:
    message = {"Code": "MaxMetricsExceeded", "Value": "too many"}
    answer = parse([page(Messages=[message]), page(Messages=[message])], SIX)
    assert answer.messages == ("MaxMetricsExceeded: too many",)


def test_an_instance_without_datapoints_is_known_to_have_none() -> None:
    alone = instance()
    answer = parse([page(*all_four([]))], SIX)
    nothing = (None,) * 6
    assert utilizations([alone], answer, SIX) == {
        alone.arn: Utilization(
            period=SIX, cpu_average=nothing, cpu_maximum=nothing, network_in=nothing, network_out=nothing
        )
    }


@pytest.mark.parametrize("status", ["InternalError", "Forbidden"])
def test_an_instance_one_of_whose_series_failed_is_not_known_at_all(status: str) -> None:
    results = all_four([1, 1, 1, 1, 1, 1])
    results[1]["StatusCode"] = status
    assert utilizations([instance()], parse([page(*results)], SIX), SIX) == {}


def test_an_instance_that_was_not_answered_for_is_not_known_at_all() -> None:
    assert utilizations([instance()], parse([page(*all_four([1])[:3])], SIX), SIX) == {}


def test_each_series_goes_to_its_own_field_of_its_own_instance() -> None:
    both = [instance(instance_id="i-1"), instance(instance_id="i-2")]
    results = [
        metric_result(query["Id"], list(hourly(SIX.start, [float(number)] * 6)))
        for number, query in enumerate(queries(both))
    ]
    random.Random(3).shuffle(results)  # noqa: S311 - an order, not a secret
    found = utilizations(both, parse([page(*results)], SIX), SIX)
    for position, one in enumerate(both):
        usage = found[one.arn]
        fields = (usage.cpu_average, usage.cpu_maximum, usage.network_in, usage.network_out)
        assert fields == tuple((4.0 * position + number,) * 6 for number in range(4))


def test_the_queries_ask_for_average_and_maximum_of_the_same_metric_hour_by_hour() -> None:
    asked = [
        (
            query["MetricStat"]["Metric"]["MetricName"],
            query["MetricStat"]["Stat"],
            query["MetricStat"]["Period"],
            query["MetricStat"]["Metric"]["Namespace"],
            query["MetricStat"]["Metric"]["Dimensions"],
        )
        for query in queries([instance(instance_id="i-1")])
    ]
    rest = (3600, "AWS/EC2", [{"Name": "InstanceId", "Value": "i-1"}])
    assert asked == [
        ("CPUUtilization", "Average", *rest),
        ("CPUUtilization", "Maximum", *rest),
        ("NetworkIn", "Sum", *rest),
        ("NetworkOut", "Sum", *rest),
    ]


@pytest.mark.parametrize(("days", "largest"), [(1, 125), (7, 125), (14, 75), (28, 37), (60, 17)])
def test_every_call_stays_within_500_queries_and_100800_datapoints(days: int, largest: int) -> None:
    period = last_hours(days * 24)
    fleet = [instance(instance_id=f"i-{number}") for number in range(300)]
    groups = list(batches(fleet, period))
    assert [one for group in groups for one in group] == fleet
    assert {len(group) for group in groups[:-1]} == {largest}
    for group in groups:
        asked = queries(group)
        assert len(asked) <= MOST_QUERIES
        assert len(asked) * period.hours <= MOST_POINTS
        assert len({query["Id"] for query in asked}) == len(asked)


def test_no_instances_make_no_call() -> None:
    assert list(batches([], SIX)) == []


@pytest.mark.parametrize(
    ("now", "end"),
    [
        ("2026-11-24T12:30:00", "2026-11-24T12:00:00"),
        ("2026-11-24T12:10:00", "2026-11-24T12:00:00"),
        ("2026-11-24T12:09:59", "2026-11-24T11:00:00"),  # the newest points of 11:00 may still be coming
        ("2026-11-01T00:05:00", "2026-10-31T23:00:00"),
        ("2028-03-01T00:00:00", "2028-02-29T23:00:00"),
    ],
)
def test_the_window_ends_with_the_last_hour_that_has_wholly_arrived(now: str, end: str) -> None:
    until = datetime.fromisoformat(end).replace(tzinfo=UTC)
    period = window(datetime.fromisoformat(now).replace(tzinfo=UTC), 14)
    assert period == Period(until - timedelta(days=14), until)
    assert period.hours == 336


def test_recorded_datapoints_keep_their_values_whatever_statistic_they_are() -> None:
    """The recordings are of GetMetricStatistics: the same points, one metric a call, in any order."""
    points = 0
    for path in recordings("aws_api_c7n_placebo", "*/monitoring.GetMetricStatistics_*.json"):
        data = recorded(path)["Datapoints"]
        if not data:
            continue
        first = min(point["Timestamp"] for point in data).replace(minute=0, second=0, microsecond=0)
        last = max(point["Timestamp"] for point in data)
        period = Period(first, first + timedelta(hours=(last - first) // timedelta(hours=1) + 1))
        statistic = next(key for key in data[0] if key not in {"Timestamp", "Unit"})
        if statistic == "ExtendedStatistics":
            values = [next(iter(point[statistic].values())) for point in data]
        else:
            values = [point[statistic] for point in data]
        result = {"Id": "q0_0", "Timestamps": [point["Timestamp"] for point in data], "Values": values}
        hours = parse([page(result)], period).hours["q0_0"]
        assert sorted(value for value in hours if value is not None) == sorted(values)
        points += len(values)
    assert points > 0
