"""How fast AWS lets each operation be asked, by account and Region: one table, each rate with its source.

``tolls`` says which buckets a request takes from, and how much of each. "choice" in a source means that AWS
publishes no figure: then this one is ours, and ``throttle`` slows a bucket down where AWS contradicts it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple


@dataclass(frozen=True, slots=True)
class Rate:
    """A token bucket: how much at once after a rest, how much a second, and where the figures are from."""

    burst: float
    a_second: float
    source: str


class Toll(NamedTuple):
    """What a request takes from one bucket; buckets of one name are one for each account and Region."""

    bucket: str
    cost: float
    rate: Rate


_EC2 = "Amazon EC2 Developer Guide, Request throttling for the Amazon EC2 API"
_CLOUDWATCH = "Amazon CloudWatch User Guide, CloudWatch service quotas"
_POINTS = f"{_CLOUDWATCH}: {{}} datapoints a second, of which three quarters: three whole requests, not four"

EC2 = Rate(100, 20, f"{_EC2}: non-mutating actions")
EC2_UNPAGED = Rate(50, 10, f"{_EC2}: unfiltered and unpaginated non-mutating actions")
OLD_POINTS = Rate(300_000, 300_000, _POINTS.format("396,000"))
RECENT_POINTS = Rate(135_000, 135_000, _POINTS.format("180,000 within the last 3 hours;"))
RATES: Mapping[str, Rate] = {
    "ec2:DescribeReservedInstancesOfferings": Rate(10, 10, f"{_EC2}: DescribeReservedInstancesOfferings"),
    "ec2:DescribeInstanceTopology": Rate(1, 1, f"{_EC2}: DescribeInstanceTopology"),
    # Older editions say 50 a second: a burst keeps to that, and AWS is believed where it says so again.
    "cloudwatch:GetMetricData": Rate(50, 500, f"{_CLOUDWATCH}: GetMetricData, 500 a second"),
    "cloudwatch:GetMetricStatistics": Rate(400, 400, f"{_CLOUDWATCH}: GetMetricStatistics, 400 a second"),
    "cloudwatch:ListMetrics": Rate(25, 25, f"{_CLOUDWATCH}: ListMetrics, 25 a second"),
    "pricing:GetProducts": Rate(10, 5, "AWS Billing User Guide, Quotas: Price List Query API"),
    "account:ListRegions": Rate(5, 5, "AWS Account Management Reference Guide, Quotas: ListRegions"),
    "ce": Rate(8, 4, "choice; AWS advises below 10 a second (boto/botocore#1820)"),
    "organizations": Rate(8, 4, "choice; AWS publishes none"),
    "sts": Rate(600, 600, "IAM User Guide, IAM and AWS STS quotas: 600 a second for all operations"),
}  # fmt: skip
"""By ``service:Operation``, or by service where all operations share one bucket."""
OTHERS = Rate(100, 20, "choice; as for EC2's reads: the operations of which AWS publishes none")
"""For each operation that is not in the table."""
LONGEST_ANSWER = 100_800
"""Datapoints of one page of GetMetricData, AWS's limit."""
_COUNTED = frozenset({"StartTime", "EndTime", "MetricDataQueries"})
_RECENT = 3 * 3600.0
_UNPAGED = frozenset(
    f"Describe{what}"
    for what in (
        "Instances",
        "InstanceStatus",
        "NetworkInterfaces",
        "SecurityGroups",
        "Snapshots",
        "SpotInstanceRequests",
        "Volumes",
    )
)


def tolls(service: str, operation: str, params: Mapping[str, Any], now: float) -> tuple[Toll, ...]:
    """Return what a request takes; ``now`` is in seconds since 1970, ``params`` are botocore's."""
    name = f"{service}:{operation}"
    if service in RATES:
        return (Toll(service, 1, RATES[service]),)
    request = Toll(name, 1, RATES.get(name, OTHERS))
    if service == "ec2" and name not in RATES:
        return (
            Toll(f"{name} unpaged", 1, EC2_UNPAGED) if _is_unpaged(operation, params) else Toll(name, 1, EC2),
        )
    if name != "cloudwatch:GetMetricData" or not params.keys() >= _COUNTED:
        return (request,)
    is_recent = _seconds(params["StartTime"]) > now - _RECENT
    rate = RECENT_POINTS if is_recent else OLD_POINTS
    return request, Toll("recent datapoints" if is_recent else "datapoints", datapoints(params), rate)


def datapoints(params: Mapping[str, Any]) -> float:
    """Return how many datapoints one page of a GetMetricData request counts as, whether they exist or not."""
    seconds = max(0.0, _seconds(params["EndTime"]) - _seconds(params["StartTime"]))
    periods = [one["MetricStat"]["Period"] for one in params["MetricDataQueries"] if "MetricStat" in one]
    return min(float(LONGEST_ANSWER), sum(seconds / float(period) for period in periods))


def _is_unpaged(operation: str, params: Mapping[str, Any]) -> bool:
    narrowed = {"MaxResults", "Filters"} & params.keys() or any(name.endswith("Ids") for name in params)
    return operation in _UNPAGED and not narrowed


def _seconds(moment: datetime | float | str) -> float:
    """Return seconds since 1970 of a moment as botocore takes it."""
    if isinstance(moment, str):
        moment = datetime.fromisoformat(moment)
    return moment.timestamp() if isinstance(moment, datetime) else moment
