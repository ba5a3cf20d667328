"""The demo's own list prices, by the names a bill uses: what its GetProducts answers from.

They are the demo's, not AWS's: those of us-east-1 are the built-in tables', those of the other regions
are these times a factor, near and not exact, as on the demo's bill; a few are written here by hand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from plainbill.demo.bill_ec2 import REGION_FACTOR, dedicated, with_windows
from plainbill.demo.fleet import IRELAND, SYDNEY, VIRGINIA
from plainbill.prices import ListPrices, PriceBook, Unit, UsageKey, items
from plainbill.prices.items import Item
from plainbill.prices.usage_types import usage_key

_BY_HAND: Mapping[tuple[str, Item], str] = {
    (IRELAND, items.ebs_storage("gp2")): "0.11",
    (IRELAND, items.ebs_storage("gp3")): "0.088",
    (IRELAND, items.NAT_GATEWAY_HOUR): "0.048",
    (SYDNEY, items.NAT_GATEWAY_HOUR): "0.059",
    (SYDNEY, items.ebs_storage("gp3")): "0.096",
    (VIRGINIA, items.rds_instance("db.m4.large", "mysql")): "0.175",
    (VIRGINIA, items.rds_instance("db.m6g.large", "mysql")): "0.152",
    (VIRGINIA, items.rds_instance("db.t3.medium", "postgres")): "0.072",
    (VIRGINIA, items.rds_instance("db.t3.small", "postgres")): "0.036",
    (VIRGINIA, items.sagemaker_instance("ml.m5.large", "endpoint")): "0.115",
    (VIRGINIA, items.sagemaker_instance("ml.m5.xlarge", "endpoint")): "0.23",
    (VIRGINIA, items.sagemaker_instance("ml.t3.xlarge", "notebook")): "0.20",
}
"""Plausible list prices. WorkSpaces have none on purpose: the demo shows what an unknown price is like."""
_SAME_EVERYWHERE = frozenset(
    {items.PUBLIC_IPV4_IDLE, items.PUBLIC_IPV4_IN_USE, items.EBS_SNAPSHOT, items.LOGS_STORAGE}
)


@dataclass(frozen=True, slots=True)
class Sold:
    """One thing on the list: the usage it is charged as, its unit and its price."""

    key: UsageKey
    unit: Unit
    price: Decimal


@cache
def price_list() -> Mapping[tuple[str, str], tuple[Sold, ...]]:
    """Return everything that is sold in the regions of the company, by service and region."""
    found: dict[tuple[str, str], list[Sold]] = {}
    for region, item, price in _prices():
        key = usage_key(region, item)
        if key is not None:
            found.setdefault((key.service, region), []).append(Sold(key, item.unit, price))
    return {place: tuple(sold) for place, sold in found.items()}


def _prices() -> Iterator[tuple[str, Item, Decimal]]:
    by_hand = {(region, item): Decimal(price) for (region, item), price in _BY_HAND.items()}
    yield from ((region, item, price) for (region, item), price in by_hand.items())
    held = ListPrices.load()
    for region, factor in REGION_FACTOR.items():
        for instance_type, money in PriceBook.load().instance_types(VIRGINIA).items():
            plain = money.amount * factor
            yield region, items.ec2_instance(instance_type), plain
            yield region, items.ec2_instance(instance_type, is_dedicated=True), dedicated(plain)
            yield region, items.ec2_instance(instance_type, "windows"), with_windows(plain, instance_type)
        for _, item in held.items:
            rate = held.rate(VIRGINIA, item)
            if rate is not None and item.service != "ec2" and (region, item) not in by_hand:
                dearer = 1 if item in _SAME_EVERYWHERE else factor
                yield region, item, rate.price.amount * dearer
