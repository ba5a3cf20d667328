"""AWS's token buckets, per account and Region: of calls, and for GetMetricData of datapoints as well."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from plainbill.demo.wire_scope import WireError


@dataclass(frozen=True, slots=True)
class Rate:
    """A bucket: how many calls at once, how many more a second, and the error beyond."""

    capacity: float
    refill: float
    code: str
    status: int = 400
    message: str = "Rate exceeded"


def _ec2(capacity: float, refill: float) -> Rate:
    return Rate(capacity, refill, "RequestLimitExceeded", 503, "Request limit exceeded.")


_TOO_MANY_DATAPOINTS = "The datapoints asked for are more than the account's quota for a second"
RATES: Mapping[str, Rate] = {
    "ec2": _ec2(100, 20),
    "ec2:unpaged": _ec2(50, 10),
    "ec2:DescribeReservedInstancesOfferings": _ec2(10, 10),
    "ec2:DescribeInstanceTopology": _ec2(1, 1),
    "ce": Rate(10, 5, "LimitExceededException", 400, "Rate limit exceeded"),
    "cloudwatch:GetMetricData": Rate(500, 500, "ThrottlingException"),
    "cloudwatch:GetMetricData:old": Rate(396_000, 396_000, "ThrottlingException", 400, _TOO_MANY_DATAPOINTS),
    "cloudwatch:GetMetricData:new": Rate(180_000, 180_000, "ThrottlingException", 400, _TOO_MANY_DATAPOINTS),
    "cloudwatch:GetMetricStatistics": Rate(400, 400, "ThrottlingException"),
    "cloudwatch:ListMetrics": Rate(25, 25, "ThrottlingException"),
    "pricing:GetProducts": Rate(10, 5, "ThrottlingException"),
    "organizations": Rate(20, 8, "TooManyRequestsException"),
    "sts": Rate(600, 600, "ThrottlingException"),
}
"""Those of EC2 and CloudWatch are as documented ("Request throttling for the EC2 API", "CloudWatch service
quotas", which said 50 calls of GetMetricData a second before it said 500); of the others AWS publishes none,
or, for STS, one for all of its operations together. Each operation of EC2 has a bucket of its own.
"""
_HEAVY = frozenset(
    {
        "ec2:DescribeInstances",
        "ec2:DescribeInstanceStatus",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSnapshots",
        "ec2:DescribeSpotInstanceRequests",
        "ec2:DescribeVolumes",
    }
)
"""Operations whose bucket is smaller when they are asked for everything at once."""
_RECENT = timedelta(hours=3)
_PAGE = 100_800


@dataclass
class Buckets:
    """The levels of all buckets; ``clock`` counts seconds."""

    clock: Callable[[], float] = time.monotonic
    _levels: dict[tuple[str, str, str], tuple[float, float]] = field(default_factory=dict)

    def take(self, account: str, region: str, action: str, params: Mapping[str, Any], now: datetime) -> None:
        """Count one call; raises ``WireError`` with the service's own code when its bucket is empty.

        ``now`` is the instant of the call by the clock that its parameters are meant by.
        """
        name = _bucket(action, params)
        if name in RATES:
            own = f"{action}/{name}" if action.startswith("ec2:") else name
            self._take((account, region, own), RATES[name], 1)
        if action == "cloudwatch:GetMetricData":
            age = "new" if now - params["StartTime"] <= _RECENT else "old"
            self._take((account, region, f"{action}:{age}"), RATES[f"{action}:{age}"], datapoints(params))

    def _take(self, bucket: tuple[str, str, str], rate: Rate, tokens: float) -> None:
        now = self.clock()
        level, before = self._levels.get(bucket, (rate.capacity, now))
        level = min(rate.capacity, level + (now - before) * rate.refill)
        if level < tokens:
            self._levels[bucket] = (level, now)
            raise WireError(rate.code, rate.message, rate.status)
        self._levels[bucket] = (level - tokens, now)


def datapoints(params: Mapping[str, Any]) -> int:
    """Estimate a GetMetricData call's datapoints as AWS does: by range and period, a page at the most."""
    seconds = (params["EndTime"] - params["StartTime"]).total_seconds()
    stats = (query["MetricStat"] for query in params["MetricDataQueries"] if "MetricStat" in query)
    return min(_PAGE, sum(max(1, int(seconds // stat["Period"])) for stat in stats))


def _bucket(action: str, params: Mapping[str, Any]) -> str:
    service = action.partition(":")[0]
    is_narrow = {"MaxResults", "Filters", "NextToken"} & set(params) or any(
        name.endswith("Ids") for name in params
    )
    if action in _HEAVY and not is_narrow:
        return "ec2:unpaged"
    return action if action in RATES else service
