"""One product of AWS's price list: what it is billed as, and its on-demand price."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from plainbill.model.money import Money
from plainbill.prices import Unit, UsageKey
from plainbill.prices.usage_types import bare

_KIB = 1024
_MILLION = 1_000_000
_PER: Mapping[Unit, Mapping[str, Decimal]] = {
    unit: {name: Decimal(1) for name in names.split()}
    for unit, names in {
        Unit.HOUR: "hrs hours hour hr lcu-hrs readcapacityunit-hrs writecapacityunit-hrs node-hrs shardhour",
        Unit.MONTH: "month months secrets secret alarms metrics dashboards keys",
        Unit.GB: "gb",
        Unit.GB_HOUR: "gb-hours gb-hour hours",
        Unit.GB_MONTH: "gb-mo gb-month",
        Unit.GB_SECOND: "gb-second gb-seconds lambda-gb-second second seconds",
        Unit.IOPS_MONTH: "iops-mo",
        Unit.MIBPS_MONTH: "mibps-mo",
        Unit.VCPU_HOUR: "vcpu-hours vcpu-hour hours",
        Unit.VCPU_MONTH: "vcpu-months vcpu-month",
        Unit.MILLION: "",
    }.items()
}
"""How the list writes a unit, in small letters, and how many of ours one of it is.

The list is not at one with itself: Fargate's vCPUs are sold by "hours". What is not here cannot be used.
"""
_FACTORS: Mapping[Unit, Mapping[str, Decimal]] = {
    **_PER,
    Unit.MIBPS_MONTH: {**_PER[Unit.MIBPS_MONTH], "gibps-mo": Decimal(_KIB)},
    Unit.MILLION: {name: 1 / Decimal(_MILLION) for name in ("requests", "request", "ios", "events")},
}
_CURRENCIES = {True: "CNY", False: "USD"}
"""By whether the region is one of China's."""
_OWN_LICENCE = "Bring your own license"


@dataclass(frozen=True, slots=True)
class Offer:
    """A product's names on the bill and its price in AWS's unit: of the first tier that is not free."""

    region: str
    service: str
    usage_type: str
    operation: str
    price: Money
    unit: str

    def is_of(self, key: UsageKey) -> bool:
        """Say whether this is what a usage is charged as."""
        return (self.region, self.service, self.usage_type) == (key.region, key.service, key.usage_type) and (
            not key.operation or key.operation == self.operation
        )

    def price_in(self, unit: Unit) -> Money | None:
        """Return the price of one of a unit; None where the list's unit is another thing."""
        factor = _FACTORS[unit].get(self.unit.lower())
        return None if factor is None else Money(self.price.amount / factor, self.price.currency)


def offer_of(raw: str) -> Offer | None:
    """Read one product: JSON in a string.

    None where it tells of no price: free, only reserved, a licence that is brought along, sold in a Local
    Zone, in more than one currency or another than the region's, or at several on-demand terms. Raises
    ``ValueError``, ``LookupError``, ``TypeError``, ``ArithmeticError`` or ``AttributeError`` for what is not
    as AWS documents it.
    """
    product = json.loads(raw)
    names = product["product"]["attributes"]
    terms = list(product["terms"].get("OnDemand", {}).values())
    is_elsewhere = names.get("locationType", "AWS Region") != "AWS Region"
    if len(terms) != 1 or is_elsewhere or names.get("licenseModel") == _OWN_LICENCE:
        return None
    region = str(names["regionCode"])
    found = _first_price(terms[0]["priceDimensions"].values(), _CURRENCIES[region.startswith("cn-")])
    if found is None:
        return None
    price, unit = found
    usage_type, operation = bare(str(names["usagetype"])), str(names.get("operation") or "")
    return Offer(region, str(names["servicecode"]), usage_type, operation, price, unit)


def _first_price(tiers: Any, currency: str) -> tuple[Money, str] | None:
    """Return the price and the unit of the lowest tier that costs something."""
    for tier in sorted(tiers, key=lambda one: Decimal(one["beginRange"])):
        if list(tier["pricePerUnit"]) != [currency]:
            return None
        amount = Decimal(tier["pricePerUnit"][currency])
        if not amount.is_finite() or amount < 0:
            raise ValueError(f"{amount} is no price")
        if amount:
            return Money(amount, currency), str(tier["unit"])
    return None
