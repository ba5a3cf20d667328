"""How many requests to Cost Explorer a refresh would begin with now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from plainbill.model.cost_answers import COMMITMENT_FAMILY, OPINION_FAMILY
from plainbill.model.inventory import ASKED_LATER
from plainbill.model.period import midnight
from plainbill.model.spending import COST_EXPLORER
from plainbill.storage.snapshot.asked import asked_today, day_asked, wanted_tables
from plainbill.storage.snapshot.named import tables_of
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
    if not again and last and _is_all_asked(last, now.date(), details):
        return 0
    return max(0, a_day - made)


def never_asked(last: Snapshot | None, details: Sequence[str]) -> int:
    """Return how many of the tables that a refresh asks for nothing is stored of, where anything is."""
    if last is None or not last.manifest.tables:
        return 0
    wanted = wanted_tables(tables_of(details, last).values())
    return sum(day_asked(last.manifest, table) is None for table in wanted)


def _is_all_asked(last: Snapshot, today: date, details: Sequence[str]) -> bool:
    waits = any(gap.source.startswith(_BESIDE) or gap.kind == ASKED_LATER for gap in last.manifest.gaps)
    return not waits and set(wanted_tables(tables_of(details, last).values())) <= set(
        asked_today(last.manifest, today)
    )
