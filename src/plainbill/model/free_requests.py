"""CloudWatch's free requests: a million a month, of one organization, for all but ``GetMetricData``."""

from __future__ import annotations

from collections.abc import Iterable

from plainbill.model.billing import UsageRecord
from plainbill.model.run import OperationCost

FREE_A_MONTH = 1_000_000
"""Requests a month that CloudWatch does not charge for (its price list); accounts of an organization share
them."""
WELL_BELOW = FREE_A_MONTH // 2
"""What all requests of a month together stay below: others may ask for more than they did last month."""
MOST_OF_A_REFRESH = 1_500
"""Requests that one refresh may make for this: about ten seconds (docs/decisions/0008-free-metrics.md)."""
MONTH_DAYS = 31
BILLED_AS = "CW:Requests"
"""The usage type of these requests on the bill, after the Region's prefix."""
_NEVER_FREE = "GetMetricData"


def requests_of(operations: Iterable[OperationCost]) -> int:
    """Return how many of the calls are of the free kind."""
    return sum(
        one.calls for one in operations if one.service == "cloudwatch" and one.operation != _NEVER_FREE
    )


def billed_requests(records: Iterable[UsageRecord]) -> int:
    """Return how many such requests the bill has, free ones included: they are billed at nothing."""
    return round(sum(one.quantity for one in records if one.usage_type.endswith(BILLED_AS)))


def room_of_a_refresh(made: int, of_others: int, refreshes: int) -> int:
    """Return how many requests one refresh may make so that the month stays well below the free million.

    ``made`` are ours of this month so far, ``of_others`` those of a month that are not ours, and
    ``refreshes`` how many a month there are.
    """
    left = WELL_BELOW - of_others
    return max(0, min(left // refreshes, left - made, MOST_OF_A_REFRESH))
