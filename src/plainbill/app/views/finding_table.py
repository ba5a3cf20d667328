"""All findings of an edition, made ready once to be filtered, sorted and added up many times."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from itertools import compress
from typing import Any

from plainbill.app.finding_params import DEAREST_FIRST, EVERY_STATE
from plainbill.app.finding_queries import FindingQuery
from plainbill.app.views.finding_shapes import FindingRowView, SavingTotalsView
from plainbill.app.views.standing import LISTED
from plainbill.model.findings import Confidence, Effort
from plainbill.model.lifecycle import FindingState

_RANKS = {
    "effort": [effort.value for effort in Effort],
    "confidence": [confidence.value for confidence in reversed(Confidence)],
}
_FILTERS = ("check_id", "account_id", "region", "service", "action", "confidence")
_FEW = 8  # sorting by rank is quicker than going through everything for less than this part of it


class FindingTable:
    """Rows with what answers are made from: the places of rows by value, their orders, their words.

    Each index is made when it is first asked for; ``warm`` makes those that a page needs.
    """

    def __init__(self, rows: Sequence[FindingRowView]) -> None:
        self.rows = rows
        self._sorted: dict[str, Sequence[int]] = {}
        self._ranked: dict[str, Sequence[int]] = {}

    def __len__(self) -> int:
        return len(self.rows)

    def warm(self) -> None:
        """Make what the first page and the first search need."""
        assert self._texts is not None  # noqa: S101  made by asking for it
        self.matching(FindingQuery(sort=DEAREST_FIRST))

    @cached_property
    def overall(self) -> SavingTotalsView:
        """What all findings come to."""
        return self._totals(self._listed)

    def matching(self, query: FindingQuery) -> list[FindingRowView]:
        """Return the rows that a query asks for, in its order.

        Rows whose value is unknown come last whichever way; equal values are ordered by check and resource.
        """
        return self.at(self.in_state(self.places(query), query.state))

    def at(self, places: Iterable[int]) -> list[FindingRowView]:
        """Return the rows at these places."""
        return list(map(self.rows.__getitem__, places))

    def places(self, query: FindingQuery) -> Sequence[int]:
        """Return the places of the rows of any state that a query asks for, in its order."""
        found = self._chosen(query)
        order = self._order(query.sort)
        if len(found) == len(order):
            return order
        if len(found) * _FEW < len(order):
            return sorted(found, key=self._rank(query.sort).__getitem__)
        wanted = bytearray(len(order))
        for place in found:
            wanted[place] = 1
        return list(compress(order, map(wanted.__getitem__, order)))

    def in_state(self, places: Sequence[int], asked: str | None) -> Sequence[int]:
        """Return the places whose state is asked for; where none is named, only what is listed is."""
        if asked == EVERY_STATE or (asked is None and len(self._listed) == len(self.rows)):
            return places
        states = self._column("state")
        names = LISTED if asked is None else {asked}
        return [place for place in places if states[place] in names]

    def states(self, places: Iterable[int]) -> Mapping[str, int]:
        """Return how many of these rows are in each state."""
        counts = Counter(map(self._column("state").__getitem__, places))
        return {one.value: counts[one.value] for one in FindingState}

    def totals(self, places: Sequence[int]) -> SavingTotalsView:
        """Return what some findings add to the sum of all: no billed thing is in it twice.

        What people set aside and what is gone adds nothing and is not counted.
        """
        listed = self.in_state(places, None)
        return self.overall if len(listed) == len(self._listed) else self._totals(listed)

    def _totals(self, listed: Sequence[int]) -> SavingTotalsView:
        sums = {}
        for currency, column in self._counted.items():
            amounts = [amount for amount in map(column.__getitem__, listed) if amount is not None]
            if amounts:
                sums[currency] = sum(amounts, Decimal(0))
        sure = Counter(map(self._column("confidence").__getitem__, listed))
        checks = Counter(map(self._column("check_id").__getitem__, listed))
        savings = self._column("monthly_saving")
        return SavingTotalsView(
            findings=len(listed),
            monthly_saving=sums,
            unknown_price=sum(savings[place] is None for place in listed),
            by_confidence={one.value: sure[one.value] for one in Confidence if sure[one.value]},
            by_check=dict(sorted(checks.items())),
        )

    def _chosen(self, query: FindingQuery) -> Sequence[int]:
        """Return the places of what a query asks for, in no order: beginning with the rarest value."""
        asked = (query.check, query.account, query.region, query.service, query.action, query.confidence)
        wanted = {name: value for name, value in zip(_FILTERS, asked, strict=True) if value is not None}
        found: Sequence[int] = range(len(self.rows))
        lists = {name: self._places_of[name].get(value, ()) for name, value in wanted.items()}
        for name in sorted(lists, key=lambda name: len(lists[name])):
            column, value = self._column(name), wanted[name]
            found = (
                lists[name]
                if isinstance(found, range)
                else [place for place in found if column[place] == value]
            )
        for word in query.q.casefold().split():
            texts = self._texts
            found = [place for place in found if word in texts[place]]
        return found

    def _order(self, sort: str) -> Sequence[int]:
        if sort not in self._sorted:
            column = self._column(sort.removeprefix("-"))
            known = [place for place in self._base if column[place] is not None]
            unknown = [place for place in self._base if column[place] is None]
            keys = _keys(column, sort.removeprefix("-"))
            known.sort(key=keys.__getitem__, reverse=sort.startswith("-"))
            self._sorted[sort] = known + unknown
        return self._sorted[sort]

    def _rank(self, sort: str) -> Sequence[int]:
        if sort not in self._ranked:
            ranks = [0] * len(self.rows)
            for rank, place in enumerate(self._order(sort)):
                ranks[place] = rank
            self._ranked[sort] = ranks
        return self._ranked[sort]

    @cached_property
    def _base(self) -> Sequence[int]:
        """The places by check and resource: the order among equals."""
        rows = self.rows
        return sorted(range(len(rows)), key=lambda place: (rows[place].check_id, rows[place].arn))

    @cached_property
    def _listed(self) -> Sequence[int]:
        return [place for place, row in enumerate(self.rows) if row.state in LISTED]

    @cached_property
    def _counted(self) -> Mapping[str, Sequence[Decimal | None]]:
        """What each row counts for, by currency."""
        currencies = {row.currency for row in self.rows if row.currency is not None}
        return {
            currency: [row.counted_saving if row.currency == currency else None for row in self.rows]
            for currency in sorted(currencies)
        }

    @cached_property
    def _places_of(self) -> Mapping[str, Mapping[Any, Sequence[int]]]:
        found: dict[str, dict[Any, list[int]]] = {name: {} for name in _FILTERS}
        for name, places in found.items():
            for place, value in enumerate(self._column(name)):
                places.setdefault(value, []).append(place)
        return found

    @cached_property
    def _texts(self) -> Sequence[str]:
        return [_text(row) for row in self.rows]

    def _column(self, name: str) -> Sequence[Any]:
        if name not in self._columns:
            self._columns[name] = [getattr(row, name) for row in self.rows]
        return self._columns[name]

    @cached_property
    def _columns(self) -> dict[str, Sequence[Any]]:
        return {}


def counted_by_confidence(table: FindingTable) -> Mapping[str, Mapping[str, Decimal]]:
    """Return what is counted of the savings, by how sure they are and by currency."""
    return {
        one.value: table.totals(table.places(FindingQuery(confidence=one))).monthly_saving
        for one in Confidence
    }


def _keys(column: Sequence[Any], field: str) -> Sequence[Any]:
    """Return what a column is sorted by: words of a scale by their rank, other texts without case."""
    if field in _RANKS:
        ranks = {word: rank for rank, word in enumerate(_RANKS[field])}
        return [None if value is None else ranks.get(value, -1) for value in column]
    return [value.casefold() if isinstance(value, str) else value for value in column]


def _text(row: FindingRowView) -> str:
    parts = (
        row.title, row.check_id, row.name, row.resource_id, row.account_id, row.account_name, row.region,
        row.reason,
    )  # fmt: skip
    return " ".join(part for part in parts if part).casefold()
