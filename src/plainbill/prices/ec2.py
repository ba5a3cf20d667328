"""What an EC2 instance costs in a month of running, by whichever source knows best."""

from __future__ import annotations

from plainbill.model.money import Money
from plainbill.model.resources import Ec2Instance
from plainbill.prices.items import Item, ec2_instance
from plainbill.prices.monthly import monthly
from plainbill.prices.rate import RateSource

_SYSTEMS = {"Linux/UNIX": "linux", "Windows": "windows"}
"""``PlatformDetails`` with a price of their own here; RHEL, SUSE and SQL Server have none."""


def instance_item(instance: Ec2Instance) -> Item | None:
    """Return what an instance is priced as; None for other systems, dedicated hardware and Spot."""
    system = _SYSTEMS.get(instance.platform)
    if system is None or instance.tenancy != "default" or instance.lifecycle != "on-demand":
        return None
    return ec2_instance(instance.instance_type, system)


def monthly_ec2_instance(rates: RateSource, instance: Ec2Instance) -> Money | None:
    """Return the cost of a month of running (730 hours), None where it is not known; disks come besides."""
    item = instance_item(instance)
    return None if item is None else monthly(rates, instance.region, (item, 1))
