"""The bill of a large estate, by formula: what each line costs on each day is a rate times counted hours.

EC2 compute is the instances' own running hours; what else is bought goes with them, place by place. Tax and
support are charged on the first of a month. All in whole units, so that every grouping sums to the same.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from plainbill.demo.bill import TAX_PER_10_000, Bill, support_fee
from plainbill.demo.cell import REPORTED_HOURS, UNITS, Cell
from plainbill.demo.large_hours import running_hours
from plainbill.demo.large_lives import TYPES
from plainbill.demo.large_shape import Numbers
from plainbill.demo.regions import LARGEST_FIRST, Region
from plainbill.demo.running import Meters
from plainbill.demo.services import CLOUDWATCH, EC2, LAMBDA, NOWHERE, OTHER, S3, SUPPORT, TAX
from plainbill.prices.billing_regions import spellings

if TYPE_CHECKING:
    from plainbill.demo.large_company import LargeCompany

_DISCOUNT, _CREDIT = 10, 5  # percent
_CREDITED = 5
"""Every so many accounts, one has a credit for S3."""


@dataclass(frozen=True, slots=True)
class _Goes:
    """What is bought with every running hour: so much of a usage type, in units, at a price in us-east-1."""

    service: str
    usage_type: str
    operation: str
    unit: str
    quantity: Decimal
    price: Decimal


_WITH_EVERY_HOUR = (
    _Goes(OTHER, "DataTransfer-Regional-Bytes", "InterZone-Out", "GB", Decimal("0.4"), Decimal("0.01")),
    _Goes(S3, "TimedStorage-ByteHrs", "StandardStorage", "GB-Mo", Decimal("0.1"), Decimal("0.023")),
    _Goes(CLOUDWATCH, "DataProcessing-Bytes", "PutLogEvents", "GB", Decimal("0.02"), Decimal("0.5")),
    _Goes(LAMBDA, "Lambda-GB-Second", "Invoke", "Lambda-GB-Second", Decimal(60), Decimal("0.0000166667")),
)


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of one kind: a line's amounts are its ``rates`` times the row ``source`` of ``counts`` by day.

    ``lines`` are cells without amounts; ``rates`` are by line, in the order of ``METRIC_ORDER`` and the
    quantity last.
    """

    lines: Sequence[Cell]
    source: Numbers
    rates: Numbers
    counts: NDArray[np.int32] | Numbers


class LargeBill(Bill):
    """What AWS charges for the estate on each day up to ``today``."""

    def __init__(self, company: LargeCompany) -> None:
        super().__init__((), company.prices, company.today, Meters({}, company))
        self.company = company
        self._prices = company.prices

    @property
    def days(self) -> int:
        """How many days are known, from ``first_day`` to today."""
        return (self.today - self.first_day).days + 1

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """All lines; counted when the first of them is asked for."""
        usage = self.usage()
        return (*usage, self._monthly(usage))

    def usage(self) -> tuple[Block, ...]:
        """Return the lines of what is used: that which tax and support are charged on."""
        epoch = date(1970, 1, 1)
        until = (self.today - epoch).days * 24 + REPORTED_HOURS
        ran = running_hours(self.company.estate, (self.first_day - epoch).days, self.days, until)
        places, first = np.unique(ran.place, return_index=True)
        by_place = np.add.reduceat(ran.hours, first, axis=0)
        return self._compute(ran.place, ran.type, ran.hours), self._along(places, by_place)

    def cells(self, day: date) -> tuple[Cell, ...]:
        """Return every charge of a day; none outside what is known."""
        at = (day - self.first_day).days
        return tuple(self._charged(at)) if 0 <= at < self.days else ()

    def _charged(self, at: int) -> Iterator[Cell]:
        for block in self.blocks:
            amounts = block.rates * block.counts[block.source, at].astype(np.int64)[:, None]
            for line, row in zip(block.lines, amounts.tolist(), strict=True):
                if any(row):
                    *money, quantity = row
                    yield replace(line, amounts=tuple(money), quantity=quantity)

    def _compute(self, places: Numbers, types: Numbers, hours: NDArray[np.int32]) -> Block:
        lines, rates = list[Cell](), list[Sequence[int]]()
        for place, kind in zip(places.tolist(), types.tolist(), strict=True):
            account, region = self.company.shape.places[place]
            usage_type = f"{_code(region)}BoxUsage:{TYPES[kind]}"
            line = Cell.plain(account, region.name, EC2, "Usage", usage_type, 0)
            lines.append(line.metered("RunInstances", "Hrs"))
            rates.append([self._hourly[region.name, kind]] * 5 + [UNITS])
        return Block(lines, np.arange(len(lines)), np.array(rates), hours)

    @cached_property
    def _hourly(self) -> dict[tuple[str, int], int]:
        """The price of an hour of each type in each Region, in units."""
        sample = self.company.estate.instance(0).resource
        found = {}
        for region in LARGEST_FIRST[: self.company.shape.regions]:
            for kind, name in enumerate(TYPES):
                known = self._prices.hourly(replace(sample, region=region.name, instance_type=name))
                found[region.name, kind] = int(known.amount * UNITS) if known else self._near(region, name)
        return found

    def _near(self, region: Region, name: str) -> int:
        sample = self.company.estate.instance(0).resource
        known = self._prices.hourly(replace(sample, region=LARGEST_FIRST[0].name, instance_type=name))
        if known is None:
            raise LookupError(f"the estate uses {name}, which no price list knows")
        return int(known.amount * region.price * UNITS)

    def _along(self, places: Numbers, hours: NDArray[np.int32]) -> Block:
        lines, rates, source = list[Cell](), list[Sequence[int]](), list[int]()
        for row, place in enumerate(places.tolist()):
            for line, rate in self._bought(place):
                lines.append(line)
                rates.append(rate)
                source.append(row)
        return Block(lines, np.array(source), np.array(rates), hours)

    def _bought(self, place: int) -> Iterator[tuple[Cell, Sequence[int]]]:
        """Yield what goes with the hours of a place, and what is taken off again."""
        account, region = self.company.shape.places[place]
        for goes in _WITH_EVERY_HOUR:
            cost = int(goes.quantity * goes.price * region.price * UNITS)
            off = cost * _DISCOUNT // 100 if goes.service == CLOUDWATCH else 0
            where = (account, region.name, goes.service)
            line = Cell.plain(*where, "Usage", _code(region) + goes.usage_type, 0)
            line = line.metered(goes.operation, goes.unit)
            yield line, [cost, cost, cost - off, cost - off, cost, int(goes.quantity * UNITS)]
            bare = replace(line, operation="NoOperation", unit="N/A")
            if off:
                yield replace(bare, record_type="Private Rate Discount"), [-off, -off, 0, 0, -off, 0]
            if goes.service == S3 and place // self.company.shape.regions % _CREDITED == 1:
                credit = -(cost * _CREDIT // 100)
                yield replace(bare, record_type="Credit"), [credit] * 5 + [0]

    def _monthly(self, usage: Sequence[Block]) -> Block:
        """Return tax by account and the payer's support, charged on first days of a month, as of that day."""
        accounts = [account.account_id for account in self.company.accounts]
        row_of = {account: row for row, account in enumerate(accounts)}
        amounts = np.zeros((len(accounts) + 1, self.days), dtype=np.int64)
        for at in range(self.days):
            day = self.first_day + timedelta(days=at)
            if day.day == 1:
                spent = _spent(usage, at, row_of) * monthrange(day.year, day.month)[1]
                amounts[:-1, at] = spent // 10_000 * TAX_PER_10_000
                amounts[-1, at] = support_fee(int(spent.sum()))
        lines = [Cell.plain(account, NOWHERE, TAX, "Tax", "Tax", 0) for account in accounts]
        lines.append(Cell.plain(accounts[0], NOWHERE, SUPPORT, "Support", "Support-Business", 0))
        rates = np.array([[1] * 5 + [0]] * len(lines))
        return Block(lines, np.arange(len(lines)), rates, amounts)


def _spent(usage: Sequence[Block], at: int, row_of: dict[str, int]) -> Numbers:
    """Sum what the usage of a day costs each account, in units."""
    sums = np.zeros(len(row_of), dtype=np.int64)
    for block in usage:
        cost = block.rates[:, 0] * block.counts[block.source, at].astype(np.int64)
        is_usage = np.array([line.record_type == "Usage" for line in block.lines])
        rows = np.array([row_of[line.account_id] for line in block.lines])
        np.add.at(sums, rows, cost * is_usage)
    return sums


def _code(region: Region) -> str:
    return spellings(region.name, "")[0]
