"""What RDS and Aurora instances, their storage and their extended support cost in a month."""

from __future__ import annotations

from decimal import Decimal

from plainbill.model.money import Money
from plainbill.prices import items
from plainbill.prices.items import Deployment, Licence
from plainbill.prices.monthly import Part, monthly
from plainbill.prices.rate import RateSource

GP3_FREE_IOPS = {"small": 3_000, "large": 12_000}
"""What gp3 has at no charge below, and from, the size at which RDS stripes over four volumes."""

_LICENCES = {
    "license-included": Licence.INCLUDED,
    "bring-your-own-license": Licence.OWN,
    "general-public-license": Licence.NONE,
    "postgresql-license": Licence.NONE,
}


def licence_of(license_model: str) -> Licence | None:
    """Return whose licence ``DescribeDBInstances.LicenseModel`` means, None for a model we do not know."""
    return _LICENCES.get(license_model)


def deployment_of(*, multi_az: bool) -> Deployment:
    """Return the deployment of an RDS instance; Aurora's ``MultiAZ`` says nothing of the price of one instance."""
    return Deployment.MULTI_AZ if multi_az else Deployment.SINGLE_AZ


def monthly_rds_instance(
    rates: RateSource,
    region: str,
    db_class: str,
    engine: str,
    *,
    multi_az: bool = False,
    licence: Licence = Licence.NONE,
) -> Money | None:
    """Return the monthly cost of an instance's hours; storage, IOPS and backups come besides.

    Each instance of an Aurora cluster is a single-AZ instance of its own. A Multi-AZ price is never made
    from a single-AZ one.
    """
    single = engine.startswith("aurora")
    item = items.rds_instance(db_class, engine, deployment_of(multi_az=multi_az and not single), licence)
    return monthly(rates, region, (item, 1))


def monthly_rds_storage(
    rates: RateSource,
    region: str,
    storage_type: str,
    size_gib: int,
    *,
    multi_az: bool = False,
    extra_iops: int | None = None,
) -> Money | None:
    """Return the monthly cost of allocated storage.

    ``extra_iops`` are the IOPS that are charged: all of io1, or those of gp3 above what its size has for
    nothing (12,000 from the size at which RDS stripes, 3,000 below). io1 and gp3 without it are None, gp2
    needs none; magnetic storage is None, since its requests are billed and not known.
    """
    deployment = deployment_of(multi_az=multi_az)
    parts: list[Part] = [(items.rds_storage(storage_type, deployment), size_gib)]
    if storage_type in {"gp3", "io1"} and extra_iops is not None:
        parts.append((items.rds_iops(storage_type, deployment), extra_iops))
    elif storage_type != "gp2":
        return None
    return monthly(rates, region, *parts)


def monthly_rds_backup(
    rates: RateSource, region: str, charged_gib: Decimal | int, *, aurora: bool = False
) -> Money | None:
    """Return the monthly cost of backups: of what is charged, beyond the free part."""
    return monthly(rates, region, (items.AURORA_BACKUP if aurora else items.RDS_BACKUP, charged_gib))


def monthly_rds_extended_support(
    rates: RateSource, region: str, vcpus: int, *, multi_az: bool = False
) -> Money | None:
    """Return the monthly surcharge for an engine version in its first or second year of extended support."""
    return monthly(rates, region, (items.RDS_EXTENDED_SUPPORT_YEAR_1, vcpus * (2 if multi_az else 1)))


def monthly_aurora_serverless_v2(
    rates: RateSource, region: str, capacity_units: Decimal | int, *, io_optimized: bool = False
) -> Money | None:
    """Return the monthly cost of an average number of Aurora capacity units."""
    item = items.AURORA_SERVERLESS_V2_IO_OPTIMIZED if io_optimized else items.AURORA_SERVERLESS_V2
    return monthly(rates, region, (item, capacity_units))


def monthly_aurora_storage(
    rates: RateSource, region: str, used_gib: Decimal | int, *, io_optimized: bool = False
) -> Money | None:
    """Return the monthly cost of a cluster's used storage, requests aside."""
    return monthly(
        rates, region, (items.AURORA_STORAGE_IO_OPTIMIZED if io_optimized else items.AURORA_STORAGE, used_gib)
    )
