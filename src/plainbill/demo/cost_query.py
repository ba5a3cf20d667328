"""What a Cost Explorer request asks for, checked as AWS checks it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from operator import add
from typing import Any

from plainbill.demo.allotted import cost_category, cost_tag
from plainbill.demo.call import Call
from plainbill.demo.cell import METRIC_ORDER, UNITS, Cell
from plainbill.demo.wire_scope import WireError
from plainbill.model.period import month_start

DIMENSIONS: Mapping[str, str] = {
    "SERVICE": "service",
    "LINKED_ACCOUNT": "account_id",
    "RECORD_TYPE": "record_type",
    "REGION": "region",
    "USAGE_TYPE": "usage_type",
    "OPERATION": "operation",
    "PURCHASE_TYPE": "purchase_type",
}
"""Dimensions to group and filter by, and the cell's field they read."""
_NAMED = frozenset({"TAG", "COST_CATEGORY"})
_QUANTITY = "UsageQuantity"
COLUMNS = {metric.cost_explorer_name: index for index, metric in enumerate(METRIC_ORDER)} | {
    _QUANTITY: len(METRIC_ORDER)
}
"""Where a metric is in a cell's amounts; the quantity, in the same units, comes after them."""
Keys = tuple[str, ...]
_MAX_GROUPS = 2
_DAY = timedelta(days=1)
Wanted = Callable[[Cell], bool]


@dataclass(frozen=True, slots=True)
class Sums:
    """What a group sums to, by metric; ``unit`` is that of its quantity, ``N/A`` where it has several."""

    amounts: Sequence[int]
    unit: str


def _one_of(units: set[str]) -> str:
    return units.pop() if len(units) == 1 else "N/A"


@dataclass(frozen=True, slots=True)
class Query:
    """A checked request; ``granularity`` is DAILY or MONTHLY, ``end`` is exclusive."""

    start: date
    end: date
    granularity: str
    groups: Sequence[tuple[str, str]]
    metrics: Sequence[str]
    is_wanted: Wanted

    @classmethod
    def of(cls, call: Call) -> Query:
        """Read a GetCostAndUsage request; raises ``WireError`` where AWS would refuse it."""
        granularity = call.params["Granularity"]
        if granularity not in {"DAILY", "MONTHLY"}:
            raise _invalid(f"Granularity {granularity} is not enabled for this account")
        metrics = call.params["Metrics"]
        unknown = sorted(set(metrics) - set(COLUMNS))
        if unknown or not metrics:
            raise _invalid(f"Metrics {unknown} are not supported")
        start, end = _period(call)
        groups = [_group(group) for group in call.params.get("GroupBy", ())]
        if len(groups) > _MAX_GROUPS:
            raise _invalid("Number of GroupBys should be no more than 2")
        return cls(start, end, granularity, groups, metrics, matcher(call.params.get("Filter")))

    @classmethod
    def days_of(cls, call: Call) -> Query:
        """Read only the period of a request, by days."""
        start, end = _period(call)
        return cls(start, end, "DAILY", (), (), lambda _cell: True)

    @classmethod
    def over(
        cls,
        start: date,
        end: date,
        granularity: str,
        dimensions: Sequence[str],
        metrics: Sequence[str],
        is_wanted: Wanted = lambda _cell: True,
    ) -> Query:
        """Make a query of the endpoint's own, for what Cost Explorer answers otherwise than grouped."""
        groups = [_group({"Type": "DIMENSION", "Key": key}) for key in dimensions]
        return cls(start, end, granularity, groups, metrics, is_wanted)

    @property
    def dimensions(self) -> list[str]:
        """The keys that are grouped by, such as ``LINKED_ACCOUNT``."""
        return [key for _, key in self.groups]

    def keys(self, cell: Cell) -> Keys:
        """Return the group that a charge is of: of a tag or cost category ``name$value``, as AWS has it."""
        return tuple([_value(group, cell) for group in self.groups])

    def slices(self) -> Iterator[tuple[date, date]]:
        """Yield the days, or the calendar months cut at the period's ends."""
        at = self.start
        while at < self.end:
            step = at + _DAY if self.granularity == "DAILY" else month_start(at, 1)
            yield at, min(step, self.end)
            at = step

    def summed(self, cells: Iterable[Cell]) -> dict[Keys, Sums]:
        """Sum cells by the query's dimensions, in units of each metric; zero groups are absent."""
        groups: dict[Keys, list[int]] = {}
        units: dict[Keys, set[str]] = {}
        picked = [COLUMNS[metric] for metric in self.metrics]
        for cell in cells:
            if self.is_wanted(cell):
                keys = self.keys(cell)
                have, row = groups.get(keys), (*cell.amounts, cell.quantity)
                groups[keys] = list(map(add, have, row)) if have else list(row)
                units.setdefault(keys, set()).add(cell.unit)
        chosen = (
            (keys, Sums([sums[column] for column in picked], _one_of(units[keys])))
            for keys, sums in groups.items()
        )
        return {keys: sums for keys, sums in chosen if any(sums.amounts)}

    def written(self, sums: Sums) -> dict[str, dict[str, str]]:
        """Write sums as AWS does: by metric, amounts as strings; metrics of one amount share one object."""
        told: dict[str, dict[str, str]] = {}
        known: dict[int, dict[str, str]] = {}
        for metric, value in zip(self.metrics, sums.amounts, strict=True):
            if metric == _QUANTITY:
                told[metric] = {"Amount": amount(value), "Unit": sums.unit}
                continue
            if value not in known:
                known[value] = {"Amount": amount(value), "Unit": "USD"}
            told[metric] = known[value]
        return told


@lru_cache(maxsize=4096)  # most metrics of a charge have the same amount
def amount(value: int) -> str:
    """Write units as dollars with as many decimals as they have."""
    text = f"{Decimal(value) / UNITS:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _invalid(message: str) -> WireError:
    return WireError("ValidationException", message)


def _group(group: Mapping[str, str]) -> tuple[str, str]:
    kind, key = group.get("Type", ""), group.get("Key", "")
    if not key or (kind not in _NAMED and (kind != "DIMENSION" or key not in DIMENSIONS)):
        raise _invalid(f"Group by {kind} {key} is not supported")
    return kind, key


def _value(group: tuple[str, str], cell: Cell) -> str:
    kind, key = group
    if kind == "DIMENSION":
        return str(getattr(cell, DIMENSIONS[key]))
    allotted = cost_tag if kind == "TAG" else cost_category
    return f"{key}${allotted(key, cell)}"


def _period(call: Call) -> tuple[date, date]:
    given, today = call.params["TimePeriod"], call.now.date()
    try:
        start, end = (date.fromisoformat(given[name]) for name in ("Start", "End"))
    except (KeyError, ValueError):
        raise _invalid("Start and end dates must be in the format yyyy-MM-dd") from None
    if start >= end:
        raise _invalid("Start date (and hour) should be before end date (and hour)")
    if start < call.company.bill.first_day:
        raise _invalid("You haven't enabled historical data beyond 14 months")
    next_month = month_start(today, 1)
    if start > today or end > next_month:
        raise _invalid(
            "end date past the beginning of next month" if end > next_month else "start date is in the future"
        )
    return start, end


def matcher(expression: Mapping[str, Any] | None) -> Wanted:
    """Turn an Expression into a test of cells; raises ``WireError`` for one that AWS would refuse."""
    if not expression:
        return lambda _cell: True
    if len(expression) > 1:
        raise _invalid(f"Expression has more than one roots. Only one root is allowed: {sorted(expression)}")
    root, body = next(iter(expression.items()))
    if root == "Dimensions":
        return _matches_dimension(body)
    if root == "Not":
        inner = matcher(body)
        return lambda cell: not inner(cell)
    if root not in {"And", "Or"}:
        raise _invalid(f"Filtering by {root} is not supported")
    if len(body) < 2:
        raise _invalid(f"Expression {root} must have at least 2 operands")
    parts = [matcher(part) for part in body]
    if root == "And":
        return lambda cell: all(part(cell) for part in parts)
    return lambda cell: any(part(cell) for part in parts)


def _matches_dimension(body: Mapping[str, Any]) -> Wanted:
    field = DIMENSIONS.get(body.get("Key", ""))
    if field is None:
        raise _invalid(f"Filtering by dimension {body.get('Key')} is not supported")
    options, values = set(body.get("MatchOptions", ["EQUALS"])), body.get("Values", [])
    tests: dict[str, Callable[[str, str], bool]] = {
        "EQUALS": str.__eq__,
        "STARTS_WITH": str.startswith,
        "ENDS_WITH": str.endswith,
        "CONTAINS": str.__contains__,
    }
    kind = options - {"CASE_SENSITIVE"} or {"EQUALS"}
    if len(kind) != 1 or not kind <= set(tests):
        raise _invalid(f"MatchOptions {sorted(options)} are not supported")
    test = tests[kind.pop()]
    return lambda cell: any(test(getattr(cell, field), value) for value in values)
