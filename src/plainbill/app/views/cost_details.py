"""What the further tables of costs are called on the page, and why days of one are not there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date

from plainbill.app.cost_params import ExplorerQuery, GroupBy
from plainbill.app.formats import day as day_text
from plainbill.model.cost import CostTable
from plainbill.storage import Snapshot

_NAMED = (GroupBy.TAG, GroupBy.COST_CATEGORY)
_ALWAYS = frozenset({CostTable.SERVICE, CostTable.RECORD_TYPE})
_SETTINGS = {CostTable.TAG: "PLAINBILL_COST_TAG", CostTable.COST_CATEGORY: "PLAINBILL_COST_CATEGORY"}


def row_names(snapshot: Snapshot, query: ExplorerQuery, keys: Iterable[str]) -> Mapping[str, str | None]:
    """Return how people call the values, where that is not the value itself."""
    if query.group is GroupBy.ACCOUNT:
        return snapshot.manifest.accounts
    if query.group in _NAMED:
        return {key: value_name(key) for key in keys}
    return {}


def value_name(key: str) -> str:
    """Return the value of a tag or cost category; AWS writes ``name$value``, and ``name$`` for none."""
    name, _, value = key.partition("$")
    return value or f"without {name}"


def detail_notes(
    snapshot: Snapshot, table: CostTable, first_day: date, details: Collection[str]
) -> Sequence[str]:
    """Say of a table that is not asked for how to have it, of one that is when its days come."""
    return [] if table in _ALWAYS else list(_notes(snapshot, table, first_day, details))


def _notes(snapshot: Snapshot, table: CostTable, first_day: date, details: Collection[str]) -> Iterator[str]:
    words, span = table.value.replace("_", " "), snapshot.manifest.tables.get(table)
    if table not in details:
        how = f"name it in {_SETTINGS[table]}" if table in _SETTINGS else "add it to PLAINBILL_COST_GROUPINGS"
        yield f"Costs by {words} are not asked for: {how} and refresh ($0.01 a day)."
    elif span is None:
        yield (
            f"Costs by {words} have not been read yet. They come with the next refresh that has a Cost "
            "Explorer request left; the day's requests are counted anew at 00:00 UTC."
        )
    elif first_day < span.period.first_day:
        yield (
            f"Costs by {words} are stored from {day_text(span.period.first_day)} on, and stay: their history "
            "grows from there."
        )
