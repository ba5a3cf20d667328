"""The meter beside the bill, as it is shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from plainbill.analyzer.metered import Metered, Verdict, metered
from plainbill.app.views.shapes import DaysView, MeteredView
from plainbill.model.period import Period
from plainbill.model.run import OperationCost
from plainbill.storage import Snapshot

_NOTES = {
    Verdict.UNKNOWN: "not known: the bill has no line of it",
    Verdict.EQUAL: "as counted",
    Verdict.OTHERS: "more than was counted here: others ask too",
    Verdict.LESS: "less than was counted here: refused and repeated requests may not be billed, and lines "
    "may come late; if it stays so, the count is too high",
}


def metered_views(
    snapshot: Snapshot | None, counted: Callable[[Period], Sequence[OperationCost]]
) -> list[MeteredView]:
    """Return what was counted and what was billed of all closed days that the stored bill has."""
    billed = snapshot.billed() if snapshot else None
    if snapshot is None or billed is None:
        return []
    currency = snapshot.manifest.currency
    return [_view(one, currency) for one in metered(billed.by_operation, counted)]


def _view(one: Metered, currency: str) -> MeteredView:
    return MeteredView(
        days=DaysView(start=one.days.first_day, end=one.days.end_day),
        requests=one.kind.name,
        usage_type=one.kind.usage_type,
        calls=one.calls,
        counted_low=one.counted[0],
        counted_high=one.counted[1],
        cost_low=one.cost[0],
        cost_high=one.cost[1],
        billed=one.billed,
        billed_cost=one.billed_cost,
        currency=currency,
        difference=one.difference,
        verdict=one.verdict.value,
        note=_NOTES[one.verdict],
    )
