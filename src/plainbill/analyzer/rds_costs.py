"""What an RDS instance costs, and what of it a deletion ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from plainbill.analyzer.waste_check import Context
from plainbill.model.metrics import Metric
from plainbill.model.money import Money
from plainbill.model.resources.rds import SERVERLESS, RdsInstance
from plainbill.prices.instance_spec import InstanceSpec
from plainbill.prices.items import Licence
from plainbill.prices.rds import licence_of, monthly_rds_backup, monthly_rds_instance, monthly_rds_storage
from plainbill.prices.specs import InstanceSpecs

CONNECTIONS = Metric("AWS/RDS", "DatabaseConnections", "Maximum", "connections")
_FREE_ENGINES = ("mysql", "mariadb", "postgres", "aurora-mysql", "aurora-postgresql")
_NOT_OF_RDS = ("medium", "small", "micro", "nano")
_SUCCESSORS: Mapping[str, str] = {"t2": "t3", "m3": "m5", "m4": "m5", "r3": "r5", "r4": "r5"}
"""The newer family of the same architecture with the same sizes; a size it lacks has no price."""
_RETIRED = ("t1", "m1", "m2")


def instance_cost(context: Context, database: RdsInstance) -> Money | None:
    """Return the month's list price of the instance's hours, both copies of a Multi-AZ one.

    None for what is priced otherwise than by class and engine: serverless, members of a Multi-AZ cluster.
    """
    is_in_multi_az_cluster = database.cluster_id is not None and not database.is_aurora
    licence = _licence(database)
    if is_in_multi_az_cluster or database.db_class == SERVERLESS or licence is None:
        return None
    return monthly_rds_instance(
        context.rates,
        database.region,
        database.db_class,
        database.engine,
        multi_az=database.multi_az,
        licence=licence,
        io_optimized=database.storage_type == "aurora-iopt1",
    )


def _licence(database: RdsInstance) -> Licence | None:
    if database.engine in _FREE_ENGINES:
        return Licence.NONE
    return None if database.licence_model is None else licence_of(database.licence_model)


def storage_cost(context: Context, database: RdsInstance) -> Money | None:
    """Return the month's list price of allocated storage and IOPS; None for a cluster's or where unknown."""
    is_own = database.cluster_id is None and not database.is_aurora and not database.further_volumes
    if not is_own or database.storage_type is None or database.allocated_gib is None:
        return None
    return monthly_rds_storage(
        context.rates,
        database.region,
        database.engine,
        database.storage_type,
        database.allocated_gib,
        multi_az=database.multi_az,
        iops=database.iops,
        throughput_mibps=database.throughput_mibps,
    )


def storage_saving(context: Context, database: RdsInstance) -> Money | None:
    """Return what of the storage's price ends at least when a final snapshot takes its place.

    The snapshot is billed for what is stored, of which AWS does not tell: all that is allocated is assumed.
    """
    storage = storage_cost(context, database)
    snapshot = monthly_rds_backup(context.rates, database.region, database.allocated_gib or 0)
    if storage is None or snapshot is None:
        return None
    return max((storage - snapshot, Money(Decimal(0), storage.currency)), key=lambda money: money.amount)


def full_cost(context: Context, database: RdsInstance) -> Money | None:
    """Return instance and own storage together; None where a part of it is not known."""
    instance = instance_cost(context, database)
    if instance is None or database.is_aurora:
        return instance
    storage = storage_cost(context, database)
    return None if storage is None else instance + storage


def deletion_saving(context: Context, database: RdsInstance) -> Money | None:
    """Return what ends at least when it is deleted with a final snapshot.

    None where the price of its hours is unknown; that of its storage is left out where it is.
    """
    instance = instance_cost(context, database)
    storage = storage_saving(context, database)
    return instance if instance is None or storage is None else instance + storage


def spec_of(db_class: str) -> InstanceSpec | None:
    """Return vCPUs and memory of a class: those of the EC2 type of the same name; None for other classes."""
    return InstanceSpecs.load().of(db_class.removeprefix("db."))


def smaller_class(db_class: str) -> str | None:
    """Return the next smaller class of the family, None for the smallest RDS sells or an unknown one."""
    here = spec_of(db_class)
    smaller = None if here is None else InstanceSpecs.load().one_size_down(here.instance_type)
    if here is None or smaller is None:
        return None
    size = smaller.rpartition(".")[2]
    if size == "nano" or (not here.is_burstable and size in _NOT_OF_RDS):
        return None  # EC2 has it, RDS begins with micro (burstable) or large
    return f"db.{smaller}"


def successor(db_class: str) -> str | None:
    """Return the class that takes over from one of a previous generation; None for current ones."""
    _, _, rest = db_class.partition(".")
    family, _, size = rest.partition(".")
    return f"db.{_SUCCESSORS[family]}.{size}" if family in _SUCCESSORS else None


def is_previous_generation(db_class: str) -> bool:
    """Return whether RDS calls the class's family one of a previous generation."""
    family = db_class.split(".")[1] if db_class.count(".") > 1 else ""
    return family in _SUCCESSORS or family in _RETIRED


def as_class(database: RdsInstance, db_class: str) -> RdsInstance:
    """Return the same database as if it were of another class."""
    return replace(database, db_class=db_class)
