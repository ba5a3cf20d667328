"""What reading AWS may cost, before it is read."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from plainbill.model.run import Run, RunState

_ENDED_WITH_DATA = frozenset({RunState.COMPLETE, RunState.PARTIAL})


def expected_cost(runs: Iterable[Run]) -> Decimal | None:
    """Return what a refresh is expected to cost at the most, in US dollars: as much as the last one that
    ended with data, or None where none did.

    ``runs`` are the newest first. A refresh that failed may have asked for next to nothing.
    """
    return next((run.cost_high for run in runs if run.state in _ENDED_WITH_DATA), None)


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
