"""What the further tables of costs are called on the page, and why days of one are not there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date

from plainbill.analyzer.wording import grouping_words
from plainbill.app.cost_params import NAMED, ExplorerQuery, GroupBy
from plainbill.app.formats import day as day_text
from plainbill.model.cost import AnyTable, CostTable, NamedTable
from plainbill.storage import Snapshot

_ALWAYS = frozenset({CostTable.SERVICE, CostTable.RECORD_TYPE})
_SETTINGS = {CostTable.TAG: "PLAINBILL_COST_TAG", CostTable.COST_CATEGORY: "PLAINBILL_COST_CATEGORY"}


def row_names(snapshot: Snapshot, query: ExplorerQuery, keys: Iterable[str]) -> Mapping[str, str | None]:
    """Return how people call the values, where that is not the value itself."""
    if query.group is GroupBy.ACCOUNT:
        return snapshot.manifest.accounts
    if query.group in NAMED:
        return {key: value_name(key) for key in keys}
    return {}


def value_name(key: str) -> str:
    """Return the value of a tag or cost category; AWS writes ``name$value``, and ``name$`` for none."""
    name, _, value = key.partition("$")
    return value or f"without {name}"


def detail_notes(
    snapshot: Snapshot, table: AnyTable, first_day: date, details: Collection[str]
) -> Sequence[str]:
    """Say of a table that is not asked for how to have it, of one that is when its days come."""
    return [] if table in _ALWAYS else list(_notes(snapshot, table, first_day, details))


def _notes(snapshot: Snapshot, table: AnyTable, first_day: date, details: Collection[str]) -> Iterator[str]:
    words, span = grouping_words(table.value), snapshot.manifest.span(table)
    if not _is_asked_for(snapshot, table, details):
        setting = _SETTINGS.get(table.kind)
        how = f"name it in {setting}" if setting else "add it to PLAINBILL_COST_GROUPINGS"
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


def _is_asked_for(snapshot: Snapshot, table: AnyTable, details: Collection[str]) -> bool:
    """Say whether a table is among the ``details``: ``region``, ``tag:team`` ..."""
    if table.value in details or table.kind not in _SETTINGS or isinstance(table, NamedTable):
        return table.value in details
    name = snapshot.holder(table)
    kind = f"{table.kind.value}:"
    return f"{kind}{name}" in details if name else any(one.startswith(kind) for one in details)
