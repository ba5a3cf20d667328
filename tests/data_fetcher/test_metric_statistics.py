"""``GetMetricStatistics`` answers what ``GetMetricData`` does, a request a metric and free of charge."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aws import connected
from factories import NOW
from faults import FaultProxy
from load import read_load
from plainbill.aws_connector import Connector, Scope
from plainbill.aws_connector.errors import CredentialsExpired, InvalidRequest
from plainbill.data_fetcher import cloudwatch, ec2_instances
from plainbill.data_fetcher.cloudwatch import HOUR, MetricAnswer
from plainbill.data_fetcher.metric_statistics import (
    MOST_POINTS,
    FreeMetrics,
    Request,
    can_ask,
    parse,
    pieces,
    requests_of,
)
from plainbill.demo.server import DemoEndpoint
from plainbill.model.period import Period

PRODUCTION = "444455556666"
VIRGINIA = Scope(PRODUCTION, "us-east-1")
STATISTICS = ("Average", "Maximum", "Minimum", "SampleCount", "Sum", "p50", "p99.5")
SERIES = (
    ("AWS/EC2", "CPUUtilization"),
    ("AWS/EC2", "NetworkIn"),
    ("AWS/EC2", "NoSuchMetric"),
)
DAY = timedelta(days=1)


def query(name: str, of: str, namespace: str, metric: str, statistic: str, step: int) -> dict[str, Any]:
    dimensions = [{"Name": "InstanceId", "Value": of}]
    which = {"Namespace": namespace, "MetricName": metric, "Dimensions": dimensions}
    return {"Id": name, "MetricStat": {"Metric": which, "Period": step, "Stat": statistic}}


def queries(ids: list[str], step: int = HOUR, statistics: tuple[str, ...] = STATISTICS) -> list[Any]:
    every = ((one, *series, statistic) for one in ids for series in SERIES for statistic in statistics)
    return [query(f"q{number}", *each, step) for number, each in enumerate(every)]


def by_statistics(
    connector: Connector, asked: list[Any], period: Period, step: int = HOUR, room: int | None = None
) -> tuple[MetricAnswer, FreeMetrics]:
    with FreeMetrics(room) as free:
        return free.ask(connector, VIRGINIA, asked, period, step), free


def some(demo: DemoEndpoint, count: int) -> list[str]:
    """Instances of one account and Region, the youngest and the long stopped among them."""
    all_of_them = [
        one.instance_id
        for one in demo.company.instances
        if (one.resource.account_id, one.resource.region) == (PRODUCTION, "us-east-1")
    ]
    return all_of_them[:: max(1, len(all_of_them) // count)][:count]


@pytest.fixture(scope="module")
def plain(running: DemoEndpoint) -> Any:
    """One connector for all examples, straight to the endpoint."""
    with connected(running.environment) as opened:
        yield opened


starts = st.one_of(
    st.integers(0, 14 * 24 * 60).map(lambda minutes: NOW - timedelta(minutes=minutes + 1)),  # on no hour
    st.integers(1, 70).map(lambda days: NOW.replace(hour=0, minute=0) - days * DAY),
)


@given(
    start=starts,
    seconds=st.integers(1, 40 * 86_400),
    step=st.sampled_from([300, HOUR, 6 * HOUR, 86_400]),
    odd=st.integers(0, 59),
)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_both_ways_give_the_same_values_hours_without_any_and_crooked_windows_included(
    running: DemoEndpoint, plain: Connector, start: datetime, seconds: int, step: int, odd: int
) -> None:
    if step < HOUR and NOW - start > 50 * DAY:
        step = HOUR  # five minutes are kept for 63 days
    begin = start + timedelta(seconds=odd if NOW - start < 14 * DAY else 0)
    period = Period(begin, begin + timedelta(seconds=min(seconds, 5_000 * step)))
    asked = queries(some(running, 3), step)
    free, _ = by_statistics(plain, asked, period, step)
    paid = cloudwatch.ask(plain, VIRGINIA, asked, period, step)
    assert {key: list(values) for key, values in free.hours.items()} == {
        key: list(values) for key, values in paid.hours.items()
    }
    assert free.status == paid.status


def test_sixty_days_of_every_instance_are_the_same_either_way(
    connector: Connector, proxy: FaultProxy
) -> None:
    window = cloudwatch.window(NOW, 60)
    instances = [one for one in ec2_instances.read(connector, VIRGINIA)[0] if one.state == "running"]
    with FreeMetrics(None) as free:
        one_by_one = read_load(connector, VIRGINIA, instances, window, free.ask)
    assert proxy.count("GetMetricData") == 0
    assert proxy.count("GetMetricStatistics") == 3 * len(instances)
    found: dict[str, Any] = {}
    for batch in cloudwatch.batches(instances, window):
        found |= read_load(connector, VIRGINIA, batch, window)[0]
    assert one_by_one == (found, [])


def test_five_statistics_of_a_metric_are_one_request_and_percentiles_another() -> None:
    asked = queries(["i-1"])[:7]
    assert [(one.kind, len(one.ids)) for one in requests_of(asked)] == [
        ("Statistics", 5),
        ("ExtendedStatistics", 2),
    ]
    twice = [query(name, "i-1", "AWS/EC2", "CPUUtilization", "Sum", HOUR) for name in ("a", "b")]
    assert [one.ids for one in requests_of(twice)] == [{"Sum": "a"}, {"Sum": "b"}]


def test_a_period_is_cut_where_a_request_would_have_too_many_steps() -> None:
    whole = Period(NOW - 200 * DAY, NOW)
    cut = pieces(whole, HOUR)
    assert [int(one.hours) for one in cut] == [MOST_POINTS, MOST_POINTS, MOST_POINTS, 480]
    assert (cut[0].start, cut[-1].end) == (whole.start, whole.end)
    assert can_ask(whole, HOUR)
    assert not can_ask(Period(whole.start + timedelta(minutes=7), whole.end), HOUR)


def test_datapoints_in_two_units_are_not_guessed_at() -> None:
    request = Request({}, "Statistics", {"Sum": "q"})
    period = Period(datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 1, 2, tzinfo=UTC))
    first = period.start.timestamp()
    points = [{"Timestamp": first, "Unit": unit, "Sum": 1.0} for unit in ("Bytes", "None")]
    assert parse({"Datapoints": points}, request, period, HOUR) is None
    assert parse({"Datapoints": points[:1]}, request, period, HOUR) == {"q": [1.0, None]}


def test_an_account_that_denies_it_is_asked_the_other_way_with_a_note_and_no_hole(
    demo: DemoEndpoint, connector: Connector, proxy: FaultProxy
) -> None:
    proxy.refuse("GetMetricStatistics", "AccessDenied", status=403)
    asked, window = queries(some(demo, 2)), cloudwatch.window(NOW, 3)
    with FreeMetrics(None) as free:
        answer = free.ask(connector, VIRGINIA, asked, window)
        tried = proxy.count("GetMetricStatistics")
        free.ask(connector, VIRGINIA, asked, window)
    assert answer == cloudwatch.ask(connector, VIRGINIA, asked, window)
    assert proxy.count("GetMetricStatistics") == tried  # not tried again
    assert [(gap.kind, gap.account_id, gap.action) for gap in free.notes] == [
        ("NotAskedForFree", PRODUCTION, "cloudwatch:GetMetricStatistics")
    ]


def test_a_metric_whose_request_fails_is_asked_the_other_way_and_only_it(
    demo: DemoEndpoint, connector: Connector, proxy: FaultProxy
) -> None:
    proxy.refuse("GetMetricStatistics", "InternalServiceFault", status=500, times=6)  # one request's attempts
    window, asked = cloudwatch.window(NOW, 3), queries(some(demo, 1))[:5]
    answer, free = by_statistics(connector, asked, window)
    assert answer == cloudwatch.ask(connector, VIRGINIA, asked, window)
    assert (proxy.count("GetMetricData"), free.notes) == (2, [])


def test_what_no_other_way_would_mend_is_raised(
    demo: DemoEndpoint, connector: Connector, proxy: FaultProxy
) -> None:
    window, asked = cloudwatch.window(NOW, 3), queries(some(demo, 1))
    for code, error in (("ExpiredToken", CredentialsExpired), ("InvalidParameterValue", InvalidRequest)):
        proxy.faults.clear()
        proxy.refuse("GetMetricStatistics", code, status=400)
        with pytest.raises(error):
            by_statistics(connector, asked, window)


@pytest.mark.parametrize(("room", "free_calls", "paid_calls"), [(0, 0, 1), (5, 0, 1), (6, 6, 0)])
def test_what_has_no_room_among_the_free_requests_is_asked_the_other_way(
    demo: DemoEndpoint, connector: Connector, proxy: FaultProxy, room: int, free_calls: int, paid_calls: int
) -> None:
    by_statistics(connector, queries(some(demo, 1)), cloudwatch.window(NOW, 3), room=room)
    assert proxy.count("GetMetricStatistics") == free_calls
    assert proxy.count("GetMetricData") == paid_calls
