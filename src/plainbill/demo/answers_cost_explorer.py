"""Cost Explorer: the bill by day or month, grouped, filtered and paged as AWS does."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import orjson

from plainbill.demo.call import Answer, Call, page_of
from plainbill.demo.cell import Cell
from plainbill.demo.company import Company
from plainbill.demo.cost_query import DIMENSIONS, Keys, Query, Sums, Wanted, matcher
from plainbill.demo.wire_scope import WireError

_REMEMBERED = 8
_INVALID_TOKEN = WireError("InvalidNextTokenException", "Invalid pagination token")


@dataclass(frozen=True, slots=True)
class Slice:
    """One period of the answer: its groups by their keys, in units of the query's metrics."""

    start: date
    end: date
    is_estimated: bool
    groups: Mapping[Keys, Sums]


@dataclass(frozen=True)
class _Whole:
    """A whole answer, of which pages are told."""

    slices: Sequence[Slice]

    @cached_property
    def rows(self) -> list[tuple[int, Keys]]:
        """The groups in the order in which they are told, by the places of their periods."""
        return [
            (index, keys) for index, part in enumerate(self.slices) for keys in sorted(part.groups) or [()]
        ]

    @cached_property
    def values(self) -> Sequence[frozenset[str]]:
        """What the groups are of, by dimension; empty where there is no group."""
        keys = {one for part in self.slices for one in part.groups}
        return [frozenset(values) for values in zip(*keys, strict=True)]


Summed = Callable[[Call, Query], Sequence[Slice]]
"""Sums a checked request by its periods."""
Charged = Callable[[Call, Query, Wanted], Iterable[Cell]]
"""Finds the caller's charges in a period that are wanted."""


def get_cost_and_usage(call: Call) -> Mapping[str, Any]:
    """Sum the caller's cells by day or month and by at most two dimensions; zero groups are absent."""
    return cost_and_usage(call, sums_of_days)


def cost_and_usage(call: Call, summed: Summed) -> Mapping[str, Any]:
    """Answer GetCostAndUsage from what ``summed`` sums."""
    query = Query.of(call)
    whole = _remembered(call, query, summed)
    if not query.dimensions:
        answer: dict[str, Any] = {"ResultsByTime": [_result(query, part, []) for part in whole.slices]}
    else:
        page, rest = page_of(call, whole.rows, call.options.cost_groups_page, "NextPageToken", _INVALID_TOKEN)
        answer = {"ResultsByTime": list(_paged_results(query, whole.slices, page))}
        answer |= {"NextPageToken": rest} if rest else {}
    answer["DimensionValueAttributes"] = list(_account_names(call, query, whole))
    if query.dimensions:
        answer["GroupDefinitions"] = [{"Type": kind, "Key": key} for kind, key in query.groups]
    return answer


def sums_of_days(call: Call, query: Query) -> Sequence[Slice]:
    """Sum the caller's cells by the query's periods."""
    return [_slice(call, query, start, end) for start, end in query.slices()]


def _remembered(call: Call, query: Query, summed: Summed) -> _Whole:
    """Compute the answer's periods; the last few requests are remembered, for their further pages."""
    request = {name: value for name, value in call.params.items() if name != "NextPageToken"}
    key = (call.account, orjson.dumps(request, option=orjson.OPT_SORT_KEYS))
    memo = call.company.once(_answered)
    if key not in memo:
        memo[key] = _Whole(summed(call, query))
        for stale in list(memo)[:-_REMEMBERED]:
            del memo[stale]
    return memo[key]


def _answered(_: Company) -> dict[Hashable, _Whole]:
    return {}


def _slice(call: Call, query: Query, start: date, end: date) -> Slice:
    days = (start + timedelta(days=number) for number in range((end - start).days))
    cells = (cell for day in days for cell in _own_cells(call, day))
    return Slice(start, end, call.company.bill.is_estimated(end - timedelta(days=1)), query.summed(cells))


def _own_cells(call: Call, day: date) -> Iterable[Cell]:
    """Return what the caller may see: the payer everything, a member its own."""
    cells = call.company.bill.cells(day)
    if call.account == call.company.payer:
        return cells
    return (cell for cell in cells if cell.account_id == call.account)


def _paged_results(
    query: Query, slices: Sequence[Slice], page: Iterable[tuple[int, Keys]]
) -> Iterator[dict[str, Any]]:
    by_slice: dict[int, list[Keys]] = {}
    for index, keys in page:
        by_slice.setdefault(index, []).extend([keys] if keys else [])
    for index, groups in by_slice.items():
        yield _result(query, slices[index], groups)


def _result(query: Query, part: Slice, groups: Iterable[Keys]) -> dict[str, Any]:
    nothing = Sums([0] * len(query.metrics), "N/A")
    total = {} if query.dimensions else query.written(part.groups.get((), nothing))
    return {
        "TimePeriod": {"Start": part.start.isoformat(), "End": part.end.isoformat()},
        "Total": total,
        "Groups": [{"Keys": list(keys), "Metrics": query.written(part.groups[keys])} for keys in groups],
        "Estimated": part.is_estimated,
    }


def _account_names(call: Call, query: Query, whole: _Whole) -> Iterator[dict[str, Any]]:
    """Yield the names of the accounts in the answer, the only place Cost Explorer has them."""
    if "LINKED_ACCOUNT" not in query.dimensions:
        return
    seen = whole.values[query.dimensions.index("LINKED_ACCOUNT")] if whole.values else ()
    for account in call.company.accounts:
        if account.account_id in seen:
            yield {"Value": account.account_id, "Attributes": {"description": account.name}}


def get_dimension_values(call: Call) -> Mapping[str, Any]:
    """List the values of one dimension in a period."""
    return dimension_values(call, _charged)


def _charged(call: Call, query: Query, is_wanted: Wanted) -> Iterable[Cell]:
    return (cell for start, _ in query.slices() for cell in _own_cells(call, start) if is_wanted(cell))


def dimension_values(call: Call, charged: Charged) -> Mapping[str, Any]:
    """Answer GetDimensionValues from what ``charged`` finds."""
    name = call.params["Dimension"]
    if name not in DIMENSIONS:
        raise WireError("ValidationException", f"Dimension {name} is not among {', '.join(DIMENSIONS)}")
    query = Query.days_of(call)
    cells = charged(call, query, matcher(call.params.get("Filter")))
    found = {getattr(cell, DIMENSIONS[name]) for cell in cells}
    search = call.params.get("SearchString", "").lower()
    names = {account.account_id: account.name for account in call.company.accounts}
    values = [
        {"Value": value, "Attributes": {"description": names[value]} if name == "LINKED_ACCOUNT" else {}}
        for value in sorted(found)
        if search in value.lower()
    ]
    size = min(call.params.get("MaxResults", call.options.dimension_page), call.options.dimension_page)
    page, rest = page_of(call, values, size, "NextPageToken", _INVALID_TOKEN)
    answer = {"DimensionValues": page, "ReturnSize": len(page), "TotalSize": len(values)}
    return answer | ({"NextPageToken": rest} if rest else {})


ANSWERS: Mapping[str, Answer] = {
    "ce:GetCostAndUsage": get_cost_and_usage,
    "ce:GetDimensionValues": get_dimension_values,
}
