"""Cost Explorer of a large estate: lines are counted by period, and then multiplied with their rates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

import numpy as np

from plainbill.demo.answers_cost_explorer import Slice, cost_and_usage, dimension_values
from plainbill.demo.answers_opinions import comparison_drivers, cost_forecast
from plainbill.demo.call import Answer, Call
from plainbill.demo.cell import Cell
from plainbill.demo.cost_query import COLUMNS, Keys, Query, Sums, Wanted
from plainbill.demo.large_bill import Block
from plainbill.demo.large_ec2 import company_of
from plainbill.demo.large_shape import Numbers

_AT_ONCE = 8_192
_SEVERAL = "N/A"
Picked = Sequence[tuple[Block, list[int]]]
"""Lines of blocks, by their places in them."""


def get_cost_and_usage(call: Call) -> Mapping[str, Any]:
    """Sum the caller's lines by day or month and by at most two dimensions; zero groups are absent."""
    return cost_and_usage(call, _slices)


def get_dimension_values(call: Call) -> Mapping[str, Any]:
    """List the values of one dimension in a period."""
    return dimension_values(call, _charged)


def _picked(call: Call, is_wanted: Wanted) -> Picked:
    """Return the lines that the caller may see and wants: the payer everything, a member its own."""
    company = company_of(call)
    own = None if call.account == company.payer else call.account
    return [
        (
            block,
            [at for at, line in enumerate(block.lines) if own in {None, line.account_id} and is_wanted(line)],
        )
        for block in company.bill.blocks
    ]


def _slices(call: Call, query: Query) -> Sequence[Slice]:
    bill = company_of(call).bill
    picked, periods = _picked(call, query.is_wanted), list(query.slices())
    offsets = [(start - query.start).days for start, _ in periods]
    groups = _Groups(query, picked, len(periods))
    days = slice((query.start - bill.first_day).days, (query.end - bill.first_day).days)
    for block, lines in picked:
        for begin in range(0, len(lines), _AT_ONCE):
            groups.add(block, lines[begin : begin + _AT_ONCE], days, offsets)
    estimates = (bill.is_estimated(end - timedelta(days=1)) for _, end in periods)
    rows = zip(periods, estimates, groups.told(), strict=True)
    return [Slice(start, end, is_estimated, told) for (start, end), is_estimated, told in rows]


class _Groups:
    """What has been added up, by metric, group and period; and how often a line of each unit was charged."""

    def __init__(self, query: Query, picked: Picked, periods: int) -> None:
        self._columns = [COLUMNS[name] for name in query.metrics]
        self._keys = query.keys
        lines = [block.lines[at] for block, places in picked for at in places]
        self._group = {keys: number for number, keys in enumerate(dict.fromkeys(map(self._keys, lines)))}
        self._unit = {unit: number for number, unit in enumerate(dict.fromkeys(line.unit for line in lines))}
        self._sums = np.zeros((len(query.metrics), len(self._group), periods), dtype=np.int64)
        self._charged = np.zeros((len(self._unit), len(self._group), periods), dtype=np.int64)

    def add(self, block: Block, places: Sequence[int], days: slice, offsets: Sequence[int]) -> None:
        """Add lines of a block on some days, which periods begin at ``offsets`` of."""
        lines = [block.lines[at] for at in places]
        group = np.array([self._group[self._keys(line)] for line in lines])
        unit = np.array([self._unit[line.unit] for line in lines])
        known = block.counts[block.source[places], days].astype(np.int64)
        missing = days.stop - days.start - known.shape[1]  # the days after today
        counted: Numbers = np.add.reduceat(np.pad(known, ((0, 0), (0, missing))), offsets, axis=1)
        rates = block.rates[places]
        for number, column in enumerate(self._columns):
            np.add.at(self._sums[number], group, counted * rates[:, column, None])
        is_charge = np.count_nonzero(rates, axis=1)[:, None] > 0
        np.add.at(self._charged, (unit, group), (counted != 0) & is_charge)

    def told(self) -> Iterator[Mapping[Keys, Sums]]:
        """Yield each period's groups, without those of nothing."""
        units = [*self._unit, _SEVERAL]
        charged = np.pad(self._charged, ((0, 1), (0, 0), (0, 0)))
        which = np.argmax(charged > 0, axis=0)
        which = np.where(np.count_nonzero(self._charged, axis=0) == 1, which, len(units) - 1)
        for period in range(self._sums.shape[2]):
            amounts, unit = self._sums[:, :, period].T.tolist(), which[:, period].tolist()
            yield {
                keys: Sums(amounts[number], units[unit[number]])
                for keys, number in self._group.items()
                if any(amounts[number])
            }


def _charged(call: Call, query: Query, is_wanted: Wanted) -> Iterator[Cell]:
    """Yield the lines, without their amounts, that something was charged for in the period."""
    first = company_of(call).bill.first_day
    days = slice((query.start - first).days, (query.end - first).days)
    for block, places in _picked(call, is_wanted):
        is_charged = np.count_nonzero(block.counts[:, days], axis=1)
        yield from (block.lines[at] for at in places if is_charged[block.source[at]])


ANSWERS: Mapping[str, Answer] = {
    "ce:GetCostAndUsage": get_cost_and_usage,
    "ce:GetDimensionValues": get_dimension_values,
    "ce:GetCostForecast": lambda call: cost_forecast(call, _slices),
    "ce:GetAnomalies": lambda _call: {"Anomalies": []},
    "ce:GetCostComparisonDrivers": lambda call: comparison_drivers(call, _slices),
}
