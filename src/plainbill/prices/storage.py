"""What stored data cost in a month: S3, EFS, log groups, container images, tables."""

from __future__ import annotations

from decimal import Decimal

from plainbill.model.money import Money
from plainbill.prices import items
from plainbill.prices.monthly import Part, monthly
from plainbill.prices.rate import RateSource

S3_FIRST_TIER_GIB = 50 * 1024
"""S3 Standard is cheaper above 50 TB a month; the table holds the first price only."""


def monthly_s3(rates: RateSource, region: str, storage_class: str, stored_gib: Decimal) -> Money | None:
    """Return the monthly cost of stored data by S3's own name of the class.

    None above the first price tier of STANDARD, and for Intelligent-Tiering as a whole: ask for its access
    tiers (``INTELLIGENT_TIERING.FREQUENT`` ...). Minimum durations and sizes, requests and retrieval come
    besides.
    """
    if storage_class == "STANDARD" and stored_gib > S3_FIRST_TIER_GIB:
        return None
    return monthly(rates, region, (items.s3_storage(storage_class), stored_gib))


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


def monthly_images(rates: RateSource, region: str, stored_gib: Decimal) -> Money | None:
    """Return the monthly cost of container images in ECR."""
    return monthly(rates, region, (items.ECR_STORAGE, stored_gib))


def monthly_dynamodb_storage(rates: RateSource, region: str, stored_gib: Decimal) -> Money | None:
    """Return the monthly cost of a table's data, of the standard class."""
    return monthly(rates, region, (items.DYNAMODB_STORAGE, stored_gib))


def monthly_fsx_openzfs(rates: RateSource, region: str, size_gib: int, throughput_mibps: int) -> Money | None:
    """Return the monthly cost of a single-AZ OpenZFS file system on SSD, extra IOPS and backups aside."""
    throughput = (items.fsx_throughput("openzfs"), throughput_mibps)
    return monthly(rates, region, (items.fsx_storage("openzfs", "ssd"), size_gib), throughput)
