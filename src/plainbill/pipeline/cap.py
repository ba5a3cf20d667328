"""The cap on what reading AWS may cost in a month, held before anything is asked."""

from __future__ import annotations

from datetime import datetime

from plainbill.errors import SpendingCapError
from plainbill.model.period import midnight, month_start
from plainbill.model.spending import RUNS_LOOKED_AT, expected_cost, over_cap
from plainbill.settings import Settings
from plainbill.storage import SnapshotStore, State
from plainbill.storage.expected import cost_requests_made, next_requests


def hold_to_cap(
    state: State, store: SnapshotStore, settings: Settings, now: datetime, *, costs_again: bool = False
) -> None:
    """Raise ``SpendingCapError`` where a refresh would pass the cap of the month (UTC), in US dollars."""
    if settings.monthly_api_dollars is None:
        return
    _, spent = state.api_spend(midnight(month_start(now.date())))
    a_day, made = settings.cost_explorer_requests_a_day, cost_requests_made(state, now)
    asked = next_requests(store.latest(), a_day, made, now, settings.cost_details, again=costs_again)
    expected = expected_cost(state.runs(RUNS_LOOKED_AT), asked.left, asked.new_tables)
    if reason := over_cap(settings.monthly_api_dollars, spent, expected):
        raise SpendingCapError(reason)
