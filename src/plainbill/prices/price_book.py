"""What an instance costs by AWS's on-demand price list, where that is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files

from plainbill.errors import PlainbillError
from plainbill.model.money import Money
from plainbill.model.resources import Ec2Instance

HOURS_PER_MONTH = 730
"""A month in AWS's own price examples and calculator: 365 days x 24 hours / 12 months."""

_EDITION = "# edition: "


@dataclass(frozen=True, slots=True)
class RegionPrices:
    """The list of one region: price an hour by instance type, as digits, in the region's currency."""

    as_of: date
    currency: str
    hourly: Mapping[str, str]


class PriceBook:
    """On-demand list prices of plain Linux instances on shared hardware.

    List prices know nothing of Savings Plans, reservations or negotiated discounts. Everything the
    lists do not hold has no price here (None), never a guess and never zero.
    """

    def __init__(self, lists: Mapping[str, RegionPrices]) -> None:
        self._lists = dict(lists)

    @classmethod
    def load(cls) -> PriceBook:
        """Return the lists that come with the package; read from the file once."""
        return _packaged()

    @property
    def regions(self) -> tuple[str, ...]:
        """The regions whose prices are known, sorted."""
        return tuple(sorted(self._lists))

    def as_of_region(self, region: str) -> date | None:
        """Return the day of a region's list, None for a region without one."""
        prices = self._lists.get(region)
        return prices.as_of if prices else None

    def instance_types(self, region: str) -> Mapping[str, Money]:
        """Return the price an hour of every type of a region; empty for a region without a list."""
        prices = self._lists.get(region)
        if prices is None:
            return {}
        return {name: Money(Decimal(price), prices.currency) for name, price in prices.hourly.items()}

    def of_type(self, region: str, instance_type: str) -> Money | None:
        """Return the list price of one hour of a type in a region, None where the list does not hold it."""
        prices = self._lists.get(region)
        price = prices.hourly.get(instance_type) if prices else None
        return None if prices is None or price is None else Money(Decimal(price), prices.currency)

    def hourly(self, instance: Ec2Instance) -> Money | None:
        """Return the list price of one running hour.

        None where the list cannot say: an unknown region or type, licences included (Windows, RHEL,
        SUSE, SQL Server ...), dedicated hardware, Spot, scheduled and capacity-block instances.
        """
        is_plain = (
            instance.platform == "Linux/UNIX"
            and instance.tenancy == "default"
            and instance.lifecycle == "on-demand"
        )
        return self.of_type(instance.region, instance.instance_type) if is_plain else None

    def monthly(self, instance: Ec2Instance) -> Money | None:
        """Return the list price of an average month of running (730 hours), None where unknown."""
        price = self.hourly(instance)
        return None if price is None else price.times(HOURS_PER_MONTH)


@cache
def _packaged() -> PriceBook:
    table = files("plainbill.prices").joinpath("on_demand_linux.csv").read_text(encoding="utf-8")
    return PriceBook(parse(table))


def parse(table: str) -> dict[str, RegionPrices]:
    """Read the table that tools/build_prices.py writes.

    Raises ``PlainbillError`` for a price of a region whose day and currency the header does not state.
    """
    editions: dict[str, RegionPrices] = {}
    prices: dict[str, dict[str, str]] = {}
    for line in table.splitlines():
        if line.startswith(_EDITION):
            region, day, currency = line.removeprefix(_EDITION).split()
            prices[region] = {}
            editions[region] = RegionPrices(date.fromisoformat(day), currency, prices[region])
        elif not line.startswith(("#", "region,")):
            region, instance_type, price = line.split(",")
            if region not in prices:
                raise PlainbillError(f"the price table states no day for {region}: write it again")
            prices[region][instance_type] = price
    return editions
