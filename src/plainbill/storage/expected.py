"""How many requests to Cost Explorer a refresh would begin with now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from plainbill.model.period import midnight
from plainbill.model.spending import COST_EXPLORER
from plainbill.storage.snapshot.asked import asked_today, wanted_tables
from plainbill.storage.snapshot.reader import Snapshot
from plainbill.storage.state import State

_DAY = timedelta(days=1)


def cost_requests_made(state: State, now: datetime) -> int:
    """Return how many were made on the UTC day of ``now``, retries included."""
    start = midnight(now.date())
    made = state.operations_in(start, start + _DAY)
    return sum(one.calls for one in made if one.service == COST_EXPLORER)


def cost_requests_left(
    last: Snapshot | None,
    a_day: int,
    made: int,
    now: datetime,
    details: Sequence[str],
    *,
    again: bool = False,
) -> int:
    """Return how many of the ``a_day`` are left of which so many were ``made`` on the day of ``now``.

    0 where all was asked today, the further tables ``details`` too, and nobody insists.
    """
    if not again and last and set(wanted_tables(details)) <= set(asked_today(last.manifest, now.date())):
        return 0
    return max(0, a_day - made)
