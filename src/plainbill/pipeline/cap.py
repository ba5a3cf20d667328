"""The cap on what reading AWS may cost in a month, held before anything is asked."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from plainbill.errors import SpendingCapError
from plainbill.model.spending import expected_cost, over_cap
from plainbill.storage import State

_RUNS_LOOKED_AT = 20


def hold_to_cap(state: State, cap: Decimal | None, now: datetime) -> None:
    """Raise ``SpendingCapError`` where a refresh would pass the cap of the month (UTC), in US dollars."""
    if cap is None:
        return
    _, spent = state.api_spend(datetime(now.year, now.month, 1, tzinfo=UTC))
    if reason := over_cap(cap, spent, expected_cost(state.runs(_RUNS_LOOKED_AT))):
        raise SpendingCapError(reason)
