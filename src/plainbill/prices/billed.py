"""The first rung of the ladder: what a unit of each usage cost on the account's own bill."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Context, Decimal
from functools import cache

from plainbill.model.billing import UsageRecord, UsageSpan
from plainbill.model.money import Money
from plainbill.prices.billing_regions import region_and_name
from plainbill.prices.items import Unit
from plainbill.prices.ladder import UsageRates
from plainbill.prices.rate import Origin, Rate
from plainbill.prices.usage_types import UsageKey

LEAST_COST = Decimal("0.01")
"""Below a cent in all, the digits that a bill rounds to would show in the price of a unit."""
MOST_APART = Decimal("0.01")
"""How far the price of a unit may be apart from one month to the other, as a share of it.

A free tier is used up at the start of each month, and prices that fall with volume start anew: a month's
part that holds some of it has another price than the other's, and neither is the price of the next unit.
"""
_DIGITS = Context(prec=6)
_HOURS = frozenset({"hrs", "hours", "hour"})
_SPELLINGS: Mapping[Unit, Mapping[str, int]] = {
    Unit.HOUR: dict.fromkeys(
        _HOURS
        | {"lcu-hrs", "lcu-hours", "nlcu-hrs", "glcu-hrs", "shardhour", "streamhour", "dsu-hours"}
        | {"readcapacityunit-hrs", "writecapacityunit-hrs"},
        1,
    ),
    Unit.VCPU_HOUR: dict.fromkeys(_HOURS | {"vcpu-hours"}, 1),
    Unit.GB_HOUR: dict.fromkeys(_HOURS | {"gb-hours"}, 1),
    Unit.GB: {"gb": 1, "gigabytes": 1},
    Unit.GB_MONTH: {"gb-mo": 1, "gb-month": 1, "gb-months": 1},
    Unit.IOPS_MONTH: {"iops-mo": 1},
    Unit.MIBPS_MONTH: {"mibps-mo": 1, "gibps-mo": 1024},
    Unit.GB_SECOND: {"lambda-gb-second": 1, "lambda-gb-seconds": 1, "gb-seconds": 1},
    Unit.MONTH: {"secrets": 1},
}
"""The words of bills and price lists for the units of items, and how many of them one is."""


@dataclass(frozen=True, slots=True)
class _Named:
    """Usage types of one product code; ``operations`` None: of any, that decide nothing; empty: they do."""

    usage_type: str
    service: str
    unit: Unit
    operations: frozenset[str] | None = None

    def key(self, region: str, name: str, operation: str) -> UsageKey | None:
        """Return what the usage is looked for by; None where it is another's."""
        if not _compiled(self.usage_type).fullmatch(name):
            return None
        if self.operations and operation not in self.operations:
            return None
        is_told_apart = self.operations is not None and not self.operations
        return UsageKey(region, self.service, name, operation if is_told_apart else "")


_EACH: frozenset[str] = frozenset()
_NAMES = (
    _Named(r"(Box|Dedicated)Usage:.+", "AmazonEC2", Unit.HOUR, _EACH),
    _Named(r"EBS:VolumeUsage(\.\w+)?", "AmazonEC2", Unit.GB_MONTH),
    _Named(r"EBS:VolumeP-IOPS\..+", "AmazonEC2", Unit.IOPS_MONTH),
    _Named(r"EBS:VolumeP-Throughput\.\w+", "AmazonEC2", Unit.MIBPS_MONTH),
    _Named(r"EBS:Snapshot(Usage|ArchiveStorage)", "AmazonEC2", Unit.GB_MONTH),
    _Named(r"EBS:FastSnapshotRestore", "AmazonEC2", Unit.HOUR),
    _Named(r"NatGateway-Hours", "AmazonEC2", Unit.HOUR),
    _Named(r"NatGateway-Bytes", "AmazonEC2", Unit.GB),
    _Named(r"PublicIPv4:(InUse|Idle)Address", "AmazonVPC", Unit.HOUR),
    _Named(r"VpcEndpoint-Hours", "AmazonVPC", Unit.HOUR),
    _Named(r"VpcEndpoint-Bytes", "AmazonVPC", Unit.GB),
    _Named(r"LoadBalancerUsage|LCUUsage", "AWSELB", Unit.HOUR, _EACH),
    _Named(r"(Read|Write)CapacityUnit-Hrs", "AmazonDynamoDB", Unit.HOUR),
    # S3, DynamoDB, EFS and CloudWatch share a usage type. The operations of the last two are their own.
    _Named(r"TimedStorage-ByteHrs", "AmazonCloudWatch", Unit.GB_MONTH, frozenset({"HourlyStorageMetering"})),
    _Named(r"TimedStorage-ByteHrs", "AmazonEFS", Unit.GB_MONTH, frozenset({"Storage"})),
    _Named(r"IATimedStorage-ByteHrs", "AmazonEFS", Unit.GB_MONTH),
    _Named(r"TimedStorage-(SIA|ZIA|GIR|GDA)-ByteHrs", "AmazonS3", Unit.GB_MONTH),
    _Named(r"DataProcessing-Bytes", "AmazonCloudWatch", Unit.GB, frozenset({"PutLogEvents"})),
    _Named(r"RDS:ChargedBackupUsage|Aurora:BackupUsage", "AmazonRDS", Unit.GB_MONTH),
    _Named(r"RDS:(Multi-AZ-)?((GP[23]|PIOPS)-Storage|StorageUsage)", "AmazonRDS", Unit.GB_MONTH),
    _Named(r"RDS:(Multi-AZ-)?(GP3-)?PIOPS", "AmazonRDS", Unit.IOPS_MONTH),
    _Named(r"Aurora:StorageUsage", "AmazonRDS", Unit.GB_MONTH),
    _Named(r"ESInstance:.+", "AmazonES", Unit.HOUR),
    _Named(r"(InstanceUsage|Multi-AZUsage):db\..+", "AmazonRDS", Unit.HOUR, _EACH),
    _Named(r"NodeUsage:cache\..+", "AmazonElastiCache", Unit.HOUR, _EACH),
    _Named(r"Node:.+", "AmazonRedshift", Unit.HOUR),
    _Named(r"AmazonEKS-Hours:perCluster", "AmazonEKS", Unit.HOUR),
    _Named(r"Fargate-(ARM-)?vCPU-Hours:perCPU", "AmazonECS", Unit.VCPU_HOUR),
    _Named(r"Fargate-(ARM-)?GB-Hours", "AmazonECS", Unit.GB_HOUR),
    _Named(r"Lambda-(GB-Second|Provisioned-Concurrency)(-ARM)?", "AWSLambda", Unit.GB_SECOND),
    _Named(r"Storage-ShardHour|OnDemand-StreamHour", "AmazonKinesis", Unit.HOUR),
    _Named(r"AWSSecretsManager-Secrets", "AWSSecretsManager", Unit.MONTH),
)
"""Which product a usage type is of: Cost Explorer does not say when it groups by usage type and operation.

What several products have under the same usage type and operation (``TimedStorage-ByteHrs`` with
``StandardStorage`` is S3's and DynamoDB's) is left out.
"""


_ANY_OF_THEM = re.compile("|".join(f"(?:{one.usage_type})" for one in _NAMES))


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def billed_rates(span: UsageSpan) -> UsageRates:
    """Return what each usage cost by the unit, before the discounts that AWS books as lines of their own.

    Left out is what costs less than ``LEAST_COST`` in all, is not there in two months, or is further apart
    from one to the other than ``MOST_APART``; usage of a Region that is not known for certain; usage in a
    unit that its items are not sold by.
    """
    found: dict[UsageKey, list[tuple[UsageRecord, Unit, int]]] = {}
    for record in span.records:
        if (named := _named(record)) is not None:
            key, unit, factor = named
            found.setdefault(key, []).append((record, unit, factor))
    rates = {key: _rate(parts, span) for key, parts in found.items()}
    return UsageRates({key: rate for key, rate in rates.items() if rate is not None})


def _named(record: UsageRecord) -> tuple[UsageKey, Unit, int] | None:
    region, name = region_and_name(record.usage_type)
    if region is None or not _ANY_OF_THEM.fullmatch(name):
        return None
    for one in _NAMES:
        factor = _SPELLINGS[one.unit].get(record.unit.strip().lower())
        key = one.key(region, name, record.key)
        if key is not None and factor is not None:
            return key, one.unit, factor
    return None


def _rate(parts: Sequence[tuple[UsageRecord, Unit, int]], span: UsageSpan) -> Rate | None:
    """Return cost by quantity, where every month's part of the period says the same."""
    months: dict[date, list[tuple[UsageRecord, int]]] = {}
    for record, _, factor in parts:
        months.setdefault(record.start, []).append((record, factor))
    whole = _each(one for several in months.values() for one in several)
    by_month = [_each(several) for several in months.values()]
    cost = sum((record.cost for record, _, _ in parts), Decimal(0))
    if whole is None or cost < LEAST_COST or len(by_month) < 2:
        return None
    if any(price is None or abs(price - whole) > whole * MOST_APART for price in by_month):
        return None
    names = sorted({record.usage_type for record, _, _ in parts})
    last = span.period.end_day - timedelta(days=1)
    return Rate(
        price=Money(whole, span.currency),
        unit=parts[0][1],
        as_of=last,
        source=f"the bill of {span.period.first_day} to {last}: {', '.join(names)}",
        origin=Origin.BILLED,
    )


def _each(parts: Iterable[tuple[UsageRecord, int]]) -> Decimal | None:
    """Return the price of one, to six digits; None of nothing, and of what a correction made negative."""
    cost = quantity = Decimal(0)
    for record, factor in parts:
        cost += record.cost
        quantity += record.quantity * factor
    return _DIGITS.divide(cost, quantity) if quantity > 0 and cost >= 0 else None
