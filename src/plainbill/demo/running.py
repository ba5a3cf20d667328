"""What the company's resources are billed for as they run: so much of a usage type each hour, at a price.

A family says so in a file ``running_<family>.py``, found by walking the package, as its ``RUNNING``: by the
family's name, a function of the company that yields ``Running``. Names of services, usage types, operations
and units are AWS's, written by hand: nothing here asks the code that reads bills what it expects.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from plainbill.demo.bill_ec2 import REGION_FACTOR
from plainbill.demo.cell import REPORTED_HOURS, UNITS, Cell, noise
from plainbill.demo.fleet import VIRGINIA
from plainbill.demo.services import USAGE_PREFIX
from plainbill.prices import ListPrices
from plainbill.prices.items import Item

if TYPE_CHECKING:
    from plainbill.demo.company import Company
    from plainbill.demo.estate import Resource

HOURS = "Hrs"
GB_MONTH = "GB-Mo"
NO_OPERATION = "NoOperation"
"""What Cost Explorer says of usage that has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """One usage type of a service, without the Region's code, with the price of a unit in us-east-1."""

    service: str
    name: str
    operation: str
    unit: str
    price: Decimal
    is_by_month: bool = False
    """Whether a unit is one for a whole calendar month, so that each hour is a part of it."""
    is_steady: bool = True
    """Whether it is the same on all days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """``quantity`` of a usage in each hour (for a month, by month) from ``since`` until ``until``."""

    account_id: str
    region: str
    usage: Usage
    quantity: Decimal
    since: datetime
    until: datetime | None = None


Family = Callable[["Company"], Iterator[Running]]


def running(one: Resource, usage: Usage, quantity: float | Decimal = 1, **changes: datetime) -> Running:
    """Return what a resource uses from the hour it was made; ``since`` and ``until`` by name."""
    times = {"since": one.created_at} | changes
    exact = Decimal(str(quantity))
    return Running(account_id=one.account_id, region=one.region, usage=usage, quantity=exact, **times)


def list_price(item: Item) -> Decimal:
    """Return the built-in table's price of an item in us-east-1; raises ``LookupError`` without one."""
    rate = ListPrices.load().rate(VIRGINIA, item)
    if rate is None:
        raise LookupError(f"the demo company uses {item}, which no price list knows")
    return rate.price.amount


class Meters:
    """The usage of all families, day by day, in cells of the bill."""

    def __init__(self, families: Mapping[str, Family], company: Company) -> None:
        self._today = company.today
        self._groups: dict[tuple[str, str, Usage], list[Running]] = {}
        for family in families.values():
            for one in family(company):
                self._groups.setdefault((one.account_id, one.region, one.usage), []).append(one)

    def cells(self, day: date) -> Iterator[Cell]:
        """Yield a day's usage: quantity times price, in whole units."""
        first = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) // 3600
        end = first + (REPORTED_HOURS if day == self._today else 24)
        for (account, region, usage), group in self._groups.items():
            quantity = _quantity(group, usage, day, first, end)
            price = usage.price * REGION_FACTOR[region]
            if not usage.is_steady:
                wave = Decimal(str(round(0.95 + noise(usage.name, account, region, str(day)) / 10, 6)))
                quantity *= wave
            whole = int(quantity * UNITS)
            if whole:
                yield Cell.plain(
                    account,
                    region,
                    usage.service,
                    "Usage",
                    USAGE_PREFIX[region] + usage.name,
                    int(whole * price),
                    whole,
                ).metered(usage.operation, usage.unit)


def _quantity(group: Sequence[Running], usage: Usage, day: date, first: int, end: int) -> Decimal:
    total = Decimal(0)
    for one in group:
        start = -(-int(one.since.timestamp()) // 3600)
        stop = end if one.until is None else min(end, int(one.until.timestamp()) // 3600)
        total += one.quantity * max(0, stop - max(start, first))
    return total / (24 * monthrange(day.year, day.month)[1]) if usage.is_by_month else total
