"""What an item is: the service, which thing of it, and the unit it is sold by; and the words names use."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Unit(StrEnum):
    """What one price is for. AWS's GB of storage are GiB (2^30 bytes); its month is 730 hours."""

    HOUR = "hour"
    MONTH = "month"
    GB = "gb"
    GB_HOUR = "gb_hour"
    GB_MONTH = "gb_month"
    GB_SECOND = "gb_second"
    IOPS_MONTH = "iops_month"
    MIBPS_MONTH = "mibps_month"
    VCPU_HOUR = "vcpu_hour"
    VCPU_MONTH = "vcpu_month"
    MILLION = "million"
    """A million requests, events or objects."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing AWS has a price for: the service, which thing of it, and the unit it is sold by."""

    service: str
    name: str
    unit: Unit

    def __str__(self) -> str:
        return f"{self.service} {self.name}, {self.unit}"


class LoadBalancerKind(StrEnum):
    """The four kinds of Elastic Load Balancing."""

    APPLICATION = "application"
    NETWORK = "network"
    GATEWAY = "gateway"
    CLASSIC = "classic"


class Deployment(StrEnum):
    """How many copies of an RDS instance are paid for."""

    SINGLE_AZ = "single_az"
    MULTI_AZ = "multi_az"
    """One standby; a Multi-AZ cluster with two readable standbys is priced otherwise and has no name here."""


class Licence(StrEnum):
    """Who brings the database's licence."""

    NONE = "none"
    """Open source, and Aurora: nothing to bring."""
    INCLUDED = "included"
    OWN = "own"


class Processor(StrEnum):
    """Lambda's and Fargate's architectures, as their APIs spell them."""

    X86_64 = "x86_64"
    ARM64 = "arm64"
