"""AWS's token buckets, per account and region."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
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


_EC2 = Rate(100, 20, "RequestLimitExceeded", 503, "Request limit exceeded.")
_EC2_UNPAGED = Rate(50, 10, "RequestLimitExceeded", 503, "Request limit exceeded.")
RATES: Mapping[str, Rate] = {
    "ec2": _EC2,
    "ec2:unpaged": _EC2_UNPAGED,
    "ce": Rate(10, 5, "LimitExceededException", 400, "Rate limit exceeded"),
    "cloudwatch:GetMetricData": Rate(500, 500, "ThrottlingException"),
    "cloudwatch:GetMetricStatistics": Rate(400, 400, "ThrottlingException"),
    "cloudwatch:ListMetrics": Rate(25, 25, "ThrottlingException"),
    "pricing:GetProducts": Rate(10, 5, "ThrottlingException"),
    "organizations": Rate(20, 8, "TooManyRequestsException"),
}
"""Those of EC2, CloudWatch and the price list as documented; the others are not published."""


@dataclass
class Buckets:
    """The levels of all buckets; ``clock`` counts seconds."""

    clock: Callable[[], float] = time.monotonic
    _levels: dict[tuple[str, str, str], tuple[float, float]] = field(default_factory=dict)

    def take(self, account: str, region: str, action: str, params: Mapping[str, Any]) -> None:
        """Count one call; raises ``WireError`` with the service's own code when its bucket is empty."""
        name = _bucket(action, params)
        rate = RATES.get(name)
        if rate is None:
            return
        now = self.clock()
        level, before = self._levels.get((account, region, name), (rate.capacity, now))
        level = min(rate.capacity, level + (now - before) * rate.refill)
        if level < 1:
            self._levels[account, region, name] = (level, now)
            raise WireError(rate.code, rate.message, rate.status)
        self._levels[account, region, name] = (level - 1, now)


def _bucket(action: str, params: Mapping[str, Any]) -> str:
    service = action.partition(":")[0]
    if action == "ec2:DescribeInstances" and not {"MaxResults", "Filters", "InstanceIds"} & set(params):
        return "ec2:unpaged"
    return action if action in RATES else service
