"""How many requests to Cost Explorer a refresh would begin with now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from plainbill.model.cost_answers import COMMITMENT_FAMILY, OPINION_FAMILY
from plainbill.model.inventory import ASKED_LATER
from plainbill.model.period import midnight
from plainbill.model.spending import COST_EXPLORER
from plainbill.storage.snapshot.asked import asked_today, wanted_tables
from plainbill.storage.snapshot.manifest import Manifest
from plainbill.storage.snapshot.reader import Snapshot
from plainbill.storage.state import State

_DAY = timedelta(days=1)
_BESIDE = (f"{COMMITMENT_FAMILY}.", f"{OPINION_FAMILY}.")


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

    0 where all was asked today, the further tables ``details`` too, nothing waits or was refused beside the
    bill, and nobody insists.
    """
    if not again and last and _is_all_asked(last.manifest, now.date(), details):
        return 0
    return max(0, a_day - made)


def _is_all_asked(last: Manifest, today: date, details: Sequence[str]) -> bool:
    waits = any(gap.source.startswith(_BESIDE) or gap.kind == ASKED_LATER for gap in last.gaps)
    return not waits and set(wanted_tables(details)) <= set(asked_today(last, today))
