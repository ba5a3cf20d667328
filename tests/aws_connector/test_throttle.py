"""AWS is asked as fast as it answers and no faster, and a bucket that is empty holds up nobody else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from plainbill.aws_connector.rates import EC2, EC2_UNPAGED, OTHERS, RATES, Rate, Toll, datapoints, tolls
from plainbill.aws_connector.throttle import RECOVERY, SLOWEST, Place, Throttle

SHOP, BANK = "111122223333", "444455556666"
IRELAND, OREGON = (SHOP, "eu-west-1"), (SHOP, "us-west-2")
QUOTA = 396_000  # datapoints a second, CloudWatch's, in each account and Region
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def hourly(metrics: int, days: int, until: datetime = NOW) -> dict[str, Any]:
    """A request of CloudWatch for hourly values."""
    queries = [{"Id": f"q{n}", "MetricStat": {"Metric": {}, "Period": 3600}} for n in range(metrics)]
    return {"MetricDataQueries": queries, "StartTime": until - timedelta(days=days), "EndTime": until}


def of(service: str, operation: str, **params: Any) -> tuple[Toll, ...]:
    return tolls(service, operation, params, NOW.timestamp())


WHOLE = of("cloudwatch", "GetMetricData", **hourly(300, 14))
DESCRIBE = of("ec2", "DescribeInstances", MaxResults=1000)


def sent_at(
    throttle: Throttle, clock: Clock, place: Place, takes: tuple[Toll, ...], times: int
) -> list[float]:
    """When each of so many requests went out."""
    when = []
    for _ in range(times):
        throttle.take(place, takes)
        when.append(clock.now)
    return when


def test_a_small_fleet_never_waits() -> None:
    clock = Clock()
    throttle = Throttle(clock, clock.sleep)
    for place in (IRELAND, OREGON) * 2:  # 150 instances each
        throttle.take(place, WHOLE)
    assert clock.now == 1000.0


@pytest.mark.parametrize(
    "other",
    [
        pytest.param((BANK, "eu-west-1"), id="another account"),
        pytest.param(OREGON, id="another Region"),
    ],
)
def test_an_empty_bucket_is_empty_for_its_account_region_and_operation_only(other: Place) -> None:
    clock = Clock()
    throttle = Throttle(clock, clock.sleep)
    sent_at(throttle, clock, IRELAND, DESCRIBE, 110)
    throttle.refused(IRELAND, DESCRIBE)
    began = clock.now
    sent_at(throttle, clock, other, DESCRIBE, 100)
    sent_at(throttle, clock, IRELAND, of("ec2", "DescribeVolumes", MaxResults=1000), 100)
    assert clock.now == began


def test_ten_thousand_instances_take_as_long_as_the_quota_asks_for_and_not_much_longer() -> None:
    clock = Clock()
    asked = sent_at(Throttle(clock, clock.sleep), clock, IRELAND, WHOLE, 134)
    for start in asked[4:]:  # the first second may begin with what one second allows at once
        assert sum(100_800 for at in asked if start <= at < start + 1) <= QUOTA
    assert 134 * 100_800 / QUOTA - 1 < asked[-1] - asked[0] < 134 * 100_800 / 300_000


def test_after_a_rest_no_more_is_allowed_at_once_than_at_the_beginning() -> None:
    clock = Clock()
    throttle = Throttle(clock, clock.sleep)
    for _ in range(2):
        clock.sleep(3600)
        asked = sent_at(throttle, clock, IRELAND, DESCRIBE, 101)
        assert asked[99] == asked[0] < asked[100]


def test_no_second_sees_more_than_aws_publishes() -> None:
    clock = Clock()
    asked = sent_at(Throttle(clock, clock.sleep), clock, IRELAND, DESCRIBE, 300)
    assert asked[-1] - asked[0] == pytest.approx((300 - EC2.burst) / EC2.a_second)


def test_a_bucket_that_aws_contradicts_becomes_slower_and_never_stops() -> None:
    clock = Clock()
    throttle = Throttle(clock, clock.sleep)
    throttle.take(IRELAND, DESCRIBE)
    throttle.refused(IRELAND, DESCRIBE)
    throttle.take(IRELAND, DESCRIBE)
    assert clock.now == pytest.approx(1000 + 1 / (EC2.a_second / 2))
    for _ in range(200):
        throttle.refused(IRELAND, DESCRIBE)
        throttle.take(IRELAND, DESCRIBE)
        clock.sleep(1)
    began = clock.now
    throttle.refused(IRELAND, DESCRIBE)
    throttle.take(IRELAND, DESCRIBE)
    assert clock.now - began <= 1 / (EC2.a_second * SLOWEST)


def test_refusals_of_one_moment_count_once() -> None:
    clock = Clock()
    throttle = Throttle(clock, clock.sleep)
    for _ in range(16):
        throttle.refused(IRELAND, DESCRIBE)
    throttle.take(IRELAND, DESCRIBE)
    assert clock.now == pytest.approx(1000 + 1 / (EC2.a_second / 2))


def test_a_slowed_bucket_is_as_fast_as_before_after_a_while() -> None:
    clock = Clock()
    throttle = Throttle(clock, clock.sleep)
    throttle.refused(IRELAND, DESCRIBE)
    clock.sleep(RECOVERY)
    sent_at(throttle, clock, IRELAND, DESCRIBE, 100)
    began = clock.now
    sent_at(throttle, clock, IRELAND, DESCRIBE, 40)
    assert clock.now - began == pytest.approx(40 / EC2.a_second)


def test_a_retry_waits_as_long_as_it_must_and_for_its_token() -> None:
    clock = Clock()
    throttle = Throttle(clock, clock.sleep)
    throttle.take(IRELAND, DESCRIBE, at_least=4.0)
    assert clock.now == 1004.0


def test_full_buckets_are_forgotten_and_an_empty_one_is_not() -> None:
    clock = Clock()
    throttle = Throttle(clock, clock.sleep)
    slow = (Toll("slow", 1, Rate(10, 0.01, "a test's")),)
    sent_at(throttle, clock, IRELAND, slow, 10)
    for number in range(5000):  # each bucket is full again after 50 ms
        throttle.take((f"{number:012}", "eu-west-1"), DESCRIBE)
        clock.sleep(0.001)
    assert len(throttle._buckets) < 2000
    began = clock.now
    throttle.take(IRELAND, slow)
    assert clock.now - began == pytest.approx(95)


@pytest.mark.parametrize(
    ("service", "operation", "params", "rate"),
    [
        ("ec2", "DescribeInstances", {"MaxResults": 1000}, EC2),
        ("ec2", "DescribeInstances", {"InstanceIds": ["i-1"]}, EC2),
        ("ec2", "DescribeVolumes", {"Filters": []}, EC2),
        ("ec2", "DescribeInstances", {}, EC2_UNPAGED),
        ("ec2", "DescribeAddresses", {}, EC2),
        ("ec2", "DescribeReservedInstancesOfferings", {}, RATES["ec2:DescribeReservedInstancesOfferings"]),
        ("cloudwatch", "ListMetrics", {}, RATES["cloudwatch:ListMetrics"]),
        ("ce", "GetCostAndUsage", {}, RATES["ce"]),
        ("ce", "GetDimensionValues", {}, RATES["ce"]),
        ("rds", "DescribeDBInstances", {}, OTHERS),
    ],
)
def test_a_request_takes_from_the_bucket_that_aws_documents(
    service: str, operation: str, params: Mapping[str, Any], rate: Rate
) -> None:
    (toll,) = of(service, operation, **params)
    assert (toll.cost, toll.rate) == (1, rate)


def test_metrics_take_a_request_and_their_datapoints() -> None:
    request, points = WHOLE
    assert (request.cost, request.rate) == (1, RATES["cloudwatch:GetMetricData"])
    assert (points.cost, points.bucket) == (100_800, "datapoints")
    assert datapoints(hourly(500, 63)) == 100_800  # a page has no more
    assert datapoints({**hourly(2, 1), "StartTime": NOW.timestamp() - 7200, "EndTime": NOW.timestamp()}) == 4


def test_the_newest_hours_have_the_smaller_quota() -> None:
    request = {**hourly(1, 1), "StartTime": NOW - timedelta(hours=2)}
    _, points = of("cloudwatch", "GetMetricData", **request)
    assert points.rate.a_second < 180_000
    assert WHOLE[1].rate.a_second < QUOTA


def test_every_rate_says_where_it_is_from() -> None:
    assert all(rate.source and rate.burst >= 1 for rate in (*RATES.values(), EC2, EC2_UNPAGED, OTHERS))


def test_in_haste_as_many_are_let_through_in_the_same_order_only_sooner() -> None:
    usual, hasty = Clock(), Clock()
    slow = sent_at(Throttle(usual, usual.sleep), usual, IRELAND, DESCRIBE, 300)
    fast = sent_at(Throttle(hasty, hasty.sleep, haste=100), hasty, IRELAND, DESCRIBE, 300)
    assert slow[-1] > slow[0] == 1000.0
    assert [100 * (one - 1000.0) for one in fast] == pytest.approx([one - 1000.0 for one in slow])
