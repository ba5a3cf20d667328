"""What an EC2 instance costs in a month of running, by whichever source knows best."""

from __future__ import annotations

from typing import Protocol

from plainbill.model.money import Money
from plainbill.model.resources import Ec2Instance
from plainbill.prices.items import Item, ec2_instance
from plainbill.prices.monthly import monthly
from plainbill.prices.price_book import HOURS_PER_MONTH
from plainbill.prices.rate import RateSource

_SYSTEMS = {
    "Linux/UNIX": "linux",
    "Windows": "windows",
    "Red Hat Enterprise Linux": "rhel",
    "SUSE Linux": "suse",
    "Ubuntu Pro": "ubuntu-pro",
    "Linux with SQL Server Standard": "linux-sql-std",
    "Linux with SQL Server Web": "linux-sql-web",
    "Linux with SQL Server Enterprise": "linux-sql-ent",
    "SQL Server Standard": "linux-sql-std",
    "SQL Server Web": "linux-sql-web",
    "SQL Server Enterprise": "linux-sql-ent",
    "Windows with SQL Server Standard": "windows-sql-std",
    "Windows with SQL Server Web": "windows-sql-web",
    "Windows with SQL Server Enterprise": "windows-sql-ent",
}
"""``PlatformDetails`` that are billed under a name of their own, as in ``usage_types.py``.

EC2 user guide, "AMI billing information fields"; Capacity Reservations spell SQL Server on Linux out. A
licence that is brought along (Windows BYOL) and what is
sold through AWS Marketplace are not among them.
"""
_TENANCIES = {"default": False, "dedicated": True}
"""Whether the hardware is the account's own. An instance on a Dedicated Host is not billed: its host is."""


class TypePrices(Protocol):
    """Whoever knows what a type costs."""

    def of_type(self, region: str, instance_type: str) -> Money | None:
        """Return the price of one hour of a type with plain Linux on shared hardware, None where unknown."""
        ...


class InstancePrices:
    """What EC2 instances cost, asked of a source of rates."""

    def __init__(self, rates: RateSource) -> None:
        self._rates = rates

    def of_type(self, region: str, instance_type: str) -> Money | None:
        """Return the price of one hour of a type with plain Linux on shared hardware, None where unknown."""
        rate = self._rates.rate(region, ec2_instance(instance_type))
        return None if rate is None else rate.price

    def hourly(self, instance: Ec2Instance) -> Money | None:
        """Return the price of one running hour, licences included; None where it is not known."""
        item = instance_item(instance)
        rate = None if item is None else self._rates.rate(instance.region, item)
        return None if rate is None else rate.price

    def monthly(self, instance: Ec2Instance) -> Money | None:
        """Return the price of an average month of running (730 hours), None where it is not known."""
        hourly = self.hourly(instance)
        return None if hourly is None else hourly.times(HOURS_PER_MONTH)


def item_of(instance_type: str, platform: str, tenancy: str) -> Item | None:
    """Return what a type is priced as with a system (``PlatformDetails``) on a tenancy; None for others."""
    system, is_dedicated = _SYSTEMS.get(platform), _TENANCIES.get(tenancy)
    if system is None or is_dedicated is None:
        return None
    return ec2_instance(instance_type, system, is_dedicated=is_dedicated)


def instance_item(instance: Ec2Instance) -> Item | None:
    """Return what an instance is priced as; None for other systems, Dedicated Hosts and Spot."""
    if instance.lifecycle != "on-demand":
        return None
    return item_of(instance.instance_type, instance.platform, instance.tenancy)


def monthly_ec2_instance(rates: RateSource, instance: Ec2Instance) -> Money | None:
    """Return the cost of a month of running (730 hours), None where it is not known; disks come besides."""
    item = instance_item(instance)
    return None if item is None else monthly(rates, instance.region, (item, 1))
