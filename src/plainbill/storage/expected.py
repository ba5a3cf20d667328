"""How many requests to Cost Explorer a refresh would begin with now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from plainbill.model.billing import BillTable
from plainbill.model.cost_answers import COMMITMENT_FAMILY, OPINION_FAMILY
from plainbill.model.inventory import ASKED_LATER
from plainbill.model.period import midnight
from plainbill.model.spending import COST_EXPLORER
from plainbill.storage.snapshot.asked import asked_today, day_asked, wanted_tables
from plainbill.storage.snapshot.manifest import Manifest
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


@dataclass(frozen=True, slots=True)
class NextRequests:
    """What a refresh would begin with: ``left`` requests of the day, ``new_tables`` to ask for.

    ``left`` is 0 where all was asked today, nothing waits or was refused beside the bill, and nobody insists.
    Of a new table nothing is stored, where anything is.
    """

    left: int
    new_tables: int


def next_requests(
    last: Snapshot | None,
    a_day: int,
    made: int,
    now: datetime,
    details: Sequence[str],
    *,
    again: bool = False,
) -> NextRequests:
    """Return what is left of ``a_day`` requests, so many of them ``made`` on the day of ``now``.

    ``details`` are the further tables of costs; ``again``: somebody insists.
    """
    left = max(0, a_day - made)
    if last is None:
        return NextRequests(left, 0)
    wanted = wanted_tables(tables_of(details, last).values())
    is_done = not again and _is_all_asked(last.manifest, wanted, now.date())
    new = [table for table in wanted if day_asked(last.manifest, table) is None]
    return NextRequests(0 if is_done else left, len(new) if last.manifest.tables else 0)


def _is_all_asked(manifest: Manifest, wanted: Iterable[BillTable], today: date) -> bool:
    waits = any(gap.source.startswith(_BESIDE) or gap.kind == ASKED_LATER for gap in manifest.gaps)
    return not waits and set(wanted) <= set(asked_today(manifest, today))
