"""The dated table of list prices that comes with the package: everything but plain Linux instances."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files

from plainbill.errors import PlainbillError
from plainbill.model.money import Money
from plainbill.prices.items import Item, Unit
from plainbill.prices.price_book import PriceBook
from plainbill.prices.rate import Origin, Rate

COLUMNS = ["service", "item", "region", "unit", "price", "currency", "as_of", "source"]
_LINUX = ":linux"


class ListPrices:
    """On-demand list prices by region and item; a ``RateSource``.

    Linux instances are answered from the ``PriceBook``, all else from ``list_prices.csv``. A region or an
    item that neither holds has no price here: prices of one region are never used for another.
    """

    def __init__(self, rates: Mapping[tuple[str, Item], Rate], instances: PriceBook) -> None:
        self._rates = dict(rates)
        self._instances = instances

    @classmethod
    def load(cls) -> ListPrices:
        """Return the tables that come with the package; read from the files once."""
        return _packaged()

    @property
    def items(self) -> frozenset[tuple[str, Item]]:
        """Every (region, item) that the table of this package prices, instances aside."""
        return frozenset(self._rates)

    def rate(self, region: str, item: Item) -> Rate | None:
        """Return the list price of an item in a region, None where the table does not hold it."""
        if item.service == "ec2" and item.name.endswith(_LINUX):
            return self._instance(region, item.name.removesuffix(_LINUX))
        return self._rates.get((region, item))

    def _instance(self, region: str, instance_type: str) -> Rate | None:
        price = self._instances.of_type(region, instance_type)
        day = self._instances.as_of_region(region)
        if price is None or day is None:
            return None
        return Rate(price, Unit.HOUR, day, "EC2 on-demand, Linux", Origin.BUILT_IN)


@cache
def _packaged() -> ListPrices:
    table = files("plainbill.prices").joinpath("list_prices.csv").read_text(encoding="utf-8")
    return ListPrices(parse(table), PriceBook.load())


def parse(table: str) -> dict[tuple[str, Item], Rate]:
    """Read the table that tools/list_prices writes.

    Raises ``PlainbillError`` for columns it does not know, a price that is none, or an item priced twice.
    """
    lines = (line for line in table.splitlines() if not line.startswith("#"))
    reader = csv.DictReader(lines)
    if reader.fieldnames != COLUMNS:
        raise PlainbillError(f"the price table has the columns {reader.fieldnames}: write it again")
    rates: dict[tuple[str, Item], Rate] = {}
    for row in reader:
        key = (row["region"], Item(row["service"], row["item"], Unit(row["unit"])))
        price = Decimal(row["price"])
        if key in rates or price <= 0:
            raise PlainbillError(f"the price table is wrong at {key[1]} in {key[0]}: write it again")
        day = date.fromisoformat(row["as_of"])
        rates[key] = Rate(Money(price, row["currency"]), key[1].unit, day, row["source"], Origin.BUILT_IN)
    return rates
