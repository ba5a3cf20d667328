"""What stored data cost in a month: S3, EFS, log groups, container images, tables."""

from __future__ import annotations

from decimal import Decimal

from plainbill.model.money import Money
from plainbill.prices import items
from plainbill.prices.monthly import Part, monthly
from plainbill.prices.rate import RateSource


def monthly_efs(
    rates: RateSource,
    region: str,
    stored_gib: Decimal,
    *,
    infrequent_gib: Decimal = Decimal(0),
    one_zone: bool = False,
    provisioned_mibps: Decimal = Decimal(0),
) -> Money | None:
    """Return the monthly cost of a file system; ``infrequent_gib`` is the part in infrequent access."""
    kind = "one_zone" if one_zone else "standard"
    parts: list[Part] = [
        (items.efs_storage(kind), stored_gib),
        (items.efs_storage(f"{kind}_ia"), infrequent_gib),
        (items.EFS_PROVISIONED_THROUGHPUT, provisioned_mibps),
    ]
    return monthly(rates, region, *parts)


def monthly_log_storage(rates: RateSource, region: str, stored_gib: Decimal) -> Money | None:
    """Return the monthly cost of a log group's ``storedBytes``; ingestion comes besides."""
    return monthly(rates, region, (items.LOGS_STORAGE, stored_gib))


def monthly_dynamodb_storage(rates: RateSource, region: str, stored_gib: Decimal) -> Money | None:
    """Return the monthly cost of a table's data, of the standard class."""
    return monthly(rates, region, (items.DYNAMODB_STORAGE, stored_gib))
