"""What runs and is billed by the hour as EC2 compute, in the terms in which reservations are matched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from plainbill.analyzer.waste_check import Context, Price
from plainbill.model.money import Money
from plainbill.model.resources import Ec2Instance, Resource
from plainbill.model.resources.capacity import CapacityReservation
from plainbill.prices.ec2 import instance_item, item_of, monthly_ec2_instance
from plainbill.prices.monthly import monthly

LINUX = "Linux/UNIX"
_SIZES = {"nano": "0.25", "micro": "0.5", "small": "1", "medium": "2", "large": "4", "xlarge": "8"}
_XLARGE = 8
_TIMES_XLARGE = re.compile(r"(?:metal-)?([1-9][0-9]*)xl(?:arge)?")
_NOT_FLEXIBLE = ("g4ad", "g4dn", "g5", "g6", "gr6", "hpc", "inf", "p5", "u7")
"""Families, by how they begin, whose reservations are for one size only (EC2 user guide, "How Reserved
Instance discounts are applied")."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """``count`` instances alike that are billed by the hour on demand, unless something covers them.

    ``monthly`` is what one costs in a month of 730 hours at list price, None where that is not known.
    """

    account_id: str
    region: str
    zone: str | None
    instance_type: str
    platform: str
    tenancy: str
    count: int
    monthly: Money | None

    @property
    def family(self) -> str:
        """``m5`` of ``m5.large``."""
        return family_of(self.instance_type)


def family_of(instance_type: str) -> str:
    """Return ``m5`` of ``m5.large``."""
    return instance_type.partition(".")[0]


def normalization_factor(instance_type: str) -> Decimal | None:
    """Return AWS's units of a size: 4 of large, 8 of xlarge, 8 n of n-xlarge.

    None for a size without one here: bare metal of no stated size. From the EC2 user guide, "Instance size
    flexibility determined by normalization factor".
    """
    size = instance_type.partition(".")[2]
    if size in _SIZES:
        return Decimal(_SIZES[size])
    found = _TIMES_XLARGE.fullmatch(size)
    return Decimal(int(found[1]) * _XLARGE) if found else None


def is_size_flexible(instance_type: str, platform: str, tenancy: str) -> bool:
    """Say whether a regional reservation covers all sizes of its family: plain Linux on shared hardware."""
    family = family_of(instance_type)
    return platform == LINUX and tenancy == "default" and not family.startswith(_NOT_FLEXIBLE)


def usage_of(resource: Resource, context: Context) -> Usage | None:
    """Return what a resource uses of EC2 compute now; None for what is not billed as such.

    What is unused of a Capacity Reservation is billed as if it ran, and covered like it (EC2 user guide,
    "Capacity Reservation pricing and billing"). Spot, Capacity Blocks and hosts are covered by neither.
    """
    match resource:
        case Ec2Instance(state="running", lifecycle="on-demand") if resource.tenancy != "host":
            return Usage(
                account_id=resource.account_id,
                region=resource.region,
                zone=resource.availability_zone,
                instance_type=resource.instance_type,
                platform=resource.platform,
                tenancy=resource.tenancy,
                count=1,
                monthly=monthly_ec2_instance(context.rates, resource),
            )
        case CapacityReservation(state="active") if resource.owner_id == resource.account_id:
            return Usage(
                account_id=resource.account_id,
                region=resource.region,
                zone="",  # zonal reservations cover instances only
                instance_type=resource.instance_type,
                platform=resource.platform,
                tenancy=resource.tenancy,
                count=resource.available_instances,
                monthly=monthly_reserved(resource, context),
            )
        case _:
            return None


def monthly_reserved(resource: CapacityReservation, context: Context) -> Money | None:
    """Return the price of a month of one reserved instance: as if it ran; None where it is not known."""
    item = item_of(resource.instance_type, resource.platform, resource.tenancy)
    return None if item is None else monthly(context.rates, resource.region, (item, 1))


def prices_of(instance: Ec2Instance) -> tuple[Price, ...]:
    """Return the price that an instance is billed at, if any: what ``all_usage`` asks of one that runs."""
    item = instance_item(instance)
    return () if item is None else ((instance.region, item),)


def alike(context: Context) -> Iterator[Usage]:
    """Yield of ``all_usage`` that of one instance of each kind: the prices of all, with few questions."""
    kinds: dict[tuple[str, ...], Ec2Instance] = {}
    for one in context.inventory.resources.get(Ec2Instance, ()):
        if isinstance(one, Ec2Instance):
            kind = (one.region, one.instance_type, one.platform, one.tenancy, one.lifecycle, one.state)
            kinds.setdefault(kind, one)
    for resource in (*kinds.values(), *context.inventory.resources.get(CapacityReservation, ())):
        usage = usage_of(resource, context)
        if usage is not None and usage.count > 0:
            yield usage


def all_usage(context: Context) -> Iterator[Usage]:
    """Yield all EC2 compute that runs, of what was read."""
    for kind in (Ec2Instance, CapacityReservation):
        for one in context.inventory.resources.get(kind, ()):
            usage = usage_of(one, context)
            if usage is not None and usage.count > 0:
                yield usage
