"""A price times a month: 730 hours, as in AWS's own examples."""

from __future__ import annotations

from decimal import Decimal

from plainbill.model.money import Money
from plainbill.prices.items import Item, Unit
from plainbill.prices.price_book import HOURS_PER_MONTH
from plainbill.prices.rate import RateSource

SECONDS_PER_HOUR = 3600

_TIMES_A_MONTH = {
    Unit.HOUR: HOURS_PER_MONTH,
    Unit.VCPU_HOUR: HOURS_PER_MONTH,
    Unit.GB_HOUR: HOURS_PER_MONTH,
    Unit.GB_SECOND: HOURS_PER_MONTH * SECONDS_PER_HOUR,
}

Part = tuple[Item, Decimal | int]
"""An item, and how many of it run or are kept all month long."""


def monthly(rates: RateSource, region: str, *parts: Part) -> Money | None:
    """Return what the parts cost in a month together, None where the price of any of them is not known.

    A part of which there is nothing (0 IOPS above the free ones) needs no price, but the first part always
    does: an empty log group costs nothing only where storing would cost something that is known.
    Raises ``ValueError`` for a negative quantity.
    """
    total, is_known = None, True
    for number, (item, quantity) in enumerate(parts):
        if quantity < 0:
            raise ValueError(f"{quantity} of {item} cannot be priced")
        if number and not quantity:
            continue
        rate = rates.rate(region, item)
        if rate is None:
            is_known = False  # the others are asked for all the same, so that whoever notes it knows them all
            continue
        cost = rate.times(quantity * _TIMES_A_MONTH.get(item.unit, 1))
        total = cost if total is None else total + cost
    return total if is_known else None
