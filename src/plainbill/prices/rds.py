"""What RDS and Aurora instances, their storage and their extended support cost in a month."""

from __future__ import annotations

from decimal import Decimal

from plainbill.model.money import Money
from plainbill.prices import items
from plainbill.prices.items import Deployment, Licence
from plainbill.prices.monthly import Part, monthly
from plainbill.prices.rate import RateSource

_STRIPED_FROM_GIB = {"mysql": 400, "mariadb": 400, "postgres": 400, "oracle": 200}
"""From which size RDS stripes a gp3 volume over four (Amazon RDS user guide); SQL Server never."""
_GP3_FREE = (3_000, 125)
_GP3_FREE_STRIPED = (12_000, 500)

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
    """Return the deployment of an RDS instance; of one of Aurora, ``MultiAZ`` says nothing."""
    return Deployment.MULTI_AZ if multi_az else Deployment.SINGLE_AZ


def monthly_rds_instance(
    rates: RateSource,
    region: str,
    db_class: str,
    engine: str,
    *,
    multi_az: bool = False,
    licence: Licence = Licence.NONE,
    io_optimized: bool = False,
) -> Money | None:
    """Return the monthly cost of an instance's hours; storage, IOPS and backups come besides.

    Each instance of an Aurora cluster is a single-AZ instance of its own; in a cluster whose storage type is
    aurora-iopt1 (``io_optimized``) it is dearer. A Multi-AZ price is never made from a single-AZ one.
    """
    is_aurora = engine.startswith("aurora")
    deployment = deployment_of(multi_az=multi_az and not is_aurora)
    priced_as = f"{engine}.io_optimized" if io_optimized else engine
    return monthly(rates, region, (items.rds_instance(db_class, priced_as, deployment, licence), 1))


def gp3_free(engine: str, size_gib: int) -> tuple[int, int] | None:
    """Return the IOPS and MiB/s that a gp3 volume of RDS has at no charge, None for an unknown engine."""
    if engine.startswith("sqlserver"):
        return _GP3_FREE
    striped_from = _STRIPED_FROM_GIB.get(engine.partition("-")[0])
    if striped_from is None:
        return None
    return _GP3_FREE_STRIPED if size_gib >= striped_from else _GP3_FREE


def monthly_rds_storage(
    rates: RateSource,
    region: str,
    engine: str,
    storage_type: str,
    size_gib: int,
    *,
    multi_az: bool = False,
    iops: int | None = None,
    throughput_mibps: int | None = None,
) -> Money | None:
    """Return the monthly cost of allocated storage, of gp2, gp3 and io1.

    None where gp3 comes without both figures or io1 without IOPS, where gp3 has more throughput than the free
    one (its price is not held), and for every other type: the requests of magnetic storage are billed and not
    known.
    """
    deployment = deployment_of(multi_az=multi_az)
    parts: list[Part] = [(items.rds_storage(storage_type, deployment), size_gib)]
    free = gp3_free(engine, size_gib)
    if storage_type == "io1" and iops is not None:
        parts.append((items.rds_iops("io1", deployment), iops))
    elif storage_type == "gp3" and free is not None and iops is not None and throughput_mibps is not None:
        if throughput_mibps > free[1]:
            return None
        parts.append((items.rds_iops("gp3", deployment), max(0, iops - free[0])))
    elif storage_type != "gp2":
        return None
    return monthly(rates, region, *parts)


def monthly_rds_backup(rates: RateSource, region: str, charged_gib: Decimal | int) -> Money | None:
    """Return the monthly cost of backups: of what is charged, beyond the free part."""
    return monthly(rates, region, (items.RDS_BACKUP, charged_gib))


def monthly_rds_extended_support(
    rates: RateSource, region: str, vcpus: int, *, multi_az: bool = False
) -> Money | None:
    """Return the monthly surcharge for an engine version in its first or second year of extended support."""
    return monthly(rates, region, (items.RDS_EXTENDED_SUPPORT_YEAR_1, vcpus * (2 if multi_az else 1)))
