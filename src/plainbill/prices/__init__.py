"""Dated prices: what the account was billed, or AWS's list price; and what instance types are.

Ask a ``RateSource`` for an item of ``plainbill.prices.items``, or one of the modules by service for the
monthly price of a resource. What no source holds is None.
"""

from plainbill.prices.instance_spec import InstanceSpec
from plainbill.prices.items import Item, Unit
from plainbill.prices.ladder import RateLadder, Receipt, UsageRates
from plainbill.prices.list_prices import ListPrices
from plainbill.prices.listed import FRESH_FOR, Listed
from plainbill.prices.price_book import HOURS_PER_MONTH, PriceBook, RegionPrices
from plainbill.prices.rate import Origin, Rate, RateSource, UsedRate
from plainbill.prices.specs import InstanceSpecs
from plainbill.prices.usage_types import UsageKey

__all__ = [
    "FRESH_FOR",
    "HOURS_PER_MONTH",
    "InstanceSpec",
    "InstanceSpecs",
    "Item",
    "ListPrices",
    "Listed",
    "Origin",
    "PriceBook",
    "Rate",
    "RateLadder",
    "RateSource",
    "Receipt",
    "RegionPrices",
    "Unit",
    "UsageKey",
    "UsageRates",
    "UsedRate",
]
