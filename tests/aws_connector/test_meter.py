"""What calls cost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest

from plainbill.aws_connector.meter import Meter, Price, price_of


def query(
    statistic: str, metric: str = "CPUUtilization", instance: str = "i-1", **changes: Any
) -> dict[str, Any]:
    dimensions = [{"Name": "InstanceId", "Value": instance}]
    stat = {
        "Metric": {"Namespace": "AWS/EC2", "MetricName": metric, "Dimensions": dimensions},
        "Stat": statistic,
        "Period": 3600,
    }
    return {"Id": "q", "MetricStat": stat, **changes}


@pytest.mark.parametrize(
    ("service", "operation"),
    [("ec2", "DescribeInstances"), ("sts", "GetCallerIdentity"), ("organizations", "ListAccounts")],
)
def test_most_reads_are_free(service: str, operation: str) -> None:
    assert price_of(service, operation, {}) == Price(Decimal(0), Decimal(0))


def test_a_cost_explorer_request_is_a_cent() -> None:
    assert price_of("ce", "GetCostAndUsage", {}) == Price(Decimal("0.01"), Decimal("0.01"))


@pytest.mark.parametrize(
    ("operation", "a_thousand"),
    [
        ("ListBuckets", "0.005"),
        ("ListMultipartUploads", "0.005"),
        ("GetBucketLocation", "0.0004"),
        ("GetBucketLifecycleConfiguration", "0.0004"),
    ],
)
def test_reads_of_s3_are_priced_as_its_price_list_says(operation: str, a_thousand: str) -> None:
    price = price_of("s3", operation, {})
    assert price == Price(Decimal(a_thousand) / 1000, Decimal(a_thousand) / 1000)


def test_other_requests_of_cloudwatch_may_lie_in_the_free_million() -> None:
    assert price_of("cloudwatch", "ListMetrics", {}) == Price(Decimal(0), Decimal("0.00001"))


@pytest.mark.parametrize(
    ("queries", "metrics", "statistics"),
    [
        ([], 0, 0),
        ([query("Average")], 1, 1),
        ([query("Average"), query("Maximum")], 1, 2),
        ([query(f"p{n}") for n in range(5)], 1, 5),
        ([query(f"p{n}") for n in range(6)], 2, 6),
        ([query("Average"), query("Average", "NetworkIn")], 2, 2),
        ([query("Average"), query("Average", instance="i-2")], 2, 2),
        ([query("Average"), query("Average", AccountId="444455556666")], 2, 2),
        ([{"Id": "e1", "Expression": "m1 / 2"}, {"Id": "e2", "Expression": "m1 / 3"}], 2, 2),
    ],
)
def test_metrics_are_priced_by_both_readings_of_the_price_list(
    queries: list[dict[str, Any]], metrics: int, statistics: int
) -> None:
    price = price_of("cloudwatch", "GetMetricData", {"MetricDataQueries": queries})
    assert price == Price(metrics * Decimal("0.00001"), statistics * Decimal("0.00001"))


def test_the_order_of_dimensions_makes_no_other_metric() -> None:
    one, other = query("Average"), query("Maximum")
    pair = [{"Name": "a", "Value": "1"}, {"Name": "b", "Value": "2"}]
    one["MetricStat"]["Metric"]["Dimensions"] = pair
    other["MetricStat"]["Metric"]["Dimensions"] = pair[::-1]
    assert price_of("cloudwatch", "GetMetricData", {"MetricDataQueries": [one, other]}).low == Decimal(
        "0.00001"
    )


def test_a_meter_that_counted_nothing_has_nothing_to_say() -> None:
    assert Meter().operations() == ()


def test_many_threads_count_every_call() -> None:
    meter = Meter()
    cent = Price(Decimal("0.01"), Decimal("0.02"))
    with ThreadPoolExecutor(16) as threads:
        for _ in range(4000):
            threads.submit(meter.count, "ce", "GetCostAndUsage", cent)
    (counted,) = meter.operations()
    assert (counted.calls, counted.low, counted.high) == (4000, Decimal("40.00"), Decimal("80.00"))
