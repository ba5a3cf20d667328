"""What reading AWS may cost, before it is read."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from plainbill.model.run import Run, RunState

COST_EXPLORER = "ce"
COST_EXPLORER_REQUEST = Decimal("0.01")
"""US dollars for a request of the Cost Explorer API; every page is one (AWS's price list)."""
METRIC_ASKED = Decimal("0.01") / 1000
"""US dollars for one metric of a GetMetricData request (CloudWatch's price list, first tier)."""
RUNS_LOOKED_AT = 20
"""How many of the latest runs tell what the next one costs, on the page and at the cap alike."""
_ENDED_WITH_DATA = frozenset({RunState.COMPLETE, RunState.PARTIAL})


def expected_cost(
    runs: Iterable[Run], cost_requests: int | None = None, new_tables: int = 0
) -> Decimal | None:
    """Return what a refresh is expected to cost at the most, in US dollars; None where no run tells.

    As much as the last one that ended with data, and for Cost Explorer as much as the last of these that
    asked it; each of the ``new_tables`` that it was never asked for is a request more at least.
    ``cost_requests`` is how many requests the next one may begin with there: none, where all was
    asked today or the day's requests are used up; None for any number. ``runs`` are the newest first. A
    refresh that failed may have asked for next to nothing.
    """
    ended = [run for run in runs if run.state in _ENDED_WITH_DATA]
    if not ended:
        return None
    bills = (run.cost_high - _without_bill(run) for run in ended)
    if cost_requests == 0:
        return _without_bill(ended[0])
    more = new_tables if cost_requests is None else min(new_tables, cost_requests)
    return _without_bill(ended[0]) + next(filter(None, bills), Decimal(0)) + more * COST_EXPLORER_REQUEST


def _without_bill(run: Run) -> Decimal:
    return sum((one.high for one in run.operations if one.service != COST_EXPLORER), Decimal(0))


def over_cap(cap: Decimal, spent: Decimal, expected: Decimal | None) -> str | None:
    """Return why a refresh would pass the cap of its month, all in US dollars; None where it would not.

    A first refresh, whose price nobody knows, is held back only where nothing is left.
    """
    if spent + (expected or Decimal(0)) <= cap and spent < cap:
        return None
    price = "" if expected is None else f" and the next refresh is expected to cost up to ${expected:.4f}"
    return (
        f"Reading AWS has cost up to ${spent:.4f} since the 1st of the month{price}: "
        f"more than the ${cap} that PLAINBILL_MONTHLY_API_DOLLARS allows. Nothing was asked. "
        "Raise the cap, or wait for the 1st."
    )
