"""One price with its proof, and whoever can be asked for one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from plainbill.model.money import Money
from plainbill.prices.items import Item, Unit


class Origin(StrEnum):
    """Who says so, from the best to the least."""

    BILLED = "billed"
    """What a unit cost on the account's own bill, before the discounts that are lines of their own."""
    PRICE_LIST = "price list"
    """AWS's Price List API, asked for this region."""
    BUILT_IN = "built-in table"
    """The dated table that comes with the package."""


@dataclass(frozen=True, slots=True)
class Rate:
    """The price of one unit, of which day it is and who says so. Never zero or less: see ``RateLadder``."""

    price: Money
    unit: Unit
    as_of: date
    source: str
    origin: Origin

    def times(self, quantity: Decimal | int) -> Money:
        """Return the price of a quantity of the rate's unit."""
        return self.price.times(quantity)


UsedRate = tuple[str, Item, Rate]
"""A rate with the region and the item that it was asked for."""


class RateSource(Protocol):
    """Anything that knows prices."""

    def rate(self, region: str, item: Item) -> Rate | None:
        """Return the price of an item in a region; None where it is not known, never zero."""
        ...
