"""What databases, caches, warehouses and search domains are billed for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from plainbill.demo.company import Company
from plainbill.demo.estate_datastores import caches, domains, warehouses
from plainbill.demo.estate_rds import Database, databases, snapshots
from plainbill.demo.estate_tables import tables
from plainbill.demo.running import GB_MONTH, HOURS, Family, Running, Usage, list_price, running
from plainbill.demo.services import DYNAMODB, ELASTICACHE, OPENSEARCH, RDS, REDSHIFT
from plainbill.model.period import midnight
from plainbill.prices import items
from plainbill.prices.items import Deployment

_ENGINES = {
    "mysql": "CreateDBInstance:0002",
    "postgres": "CreateDBInstance:0014",
    "mariadb": "CreateDBInstance:0018",
    "aurora-mysql": "CreateDBInstance:0016",
}
_DB_PRICES = {"db.r6g.2xlarge": "0.86", "db.m4.large": "0.175", "db.t4g.medium": "0.065"}
"""Of classes that the built-in table does not have; a standby costs the same again."""
_OF_TWO = 2
_VCPUS = 2
"""Of the classes in extended support."""
_EXTENDED: Mapping[tuple[str, str], tuple[str, date]] = {
    ("postgres", "13"): ("PostgreSQL13", date(2026, 3, 1)),
    ("mysql", "8.0"): ("MySQL8.0", date(2026, 8, 1)),
}
"""Engines and versions in extended support: what the bill calls them, and its first day (RDS User Guide)."""
_NODE_PRICES = {"cache.r6g.large": "0.206", "r6g.large.search": "0.167", "m6g.large.search": "0.128"}
_BACKUP = Usage(
    service=RDS, name="RDS:ChargedBackupUsage", operation="CreateDBInstance:0002", unit=GB_MONTH,
    price=list_price(items.RDS_BACKUP), is_by_month=True,
)  # fmt: skip
_READ = Usage(
    service=DYNAMODB, name="ReadCapacityUnit-Hrs", operation="CommittedThroughput",
    unit="ReadCapacityUnit-Hrs", price=list_price(items.DYNAMODB_READ_CAPACITY),
)  # fmt: skip
_WRITE = replace(
    _READ,
    name="WriteCapacityUnit-Hrs",
    unit="WriteCapacityUnit-Hrs",
    price=list_price(items.DYNAMODB_WRITE_CAPACITY),
)
_TABLE = Usage(
    service=DYNAMODB, name="TimedStorage-ByteHrs", operation="StandardStorage", unit=GB_MONTH,
    price=list_price(items.DYNAMODB_STORAGE), is_by_month=True,
)  # fmt: skip


def _databases(company: Company) -> Iterator[Running]:
    for one in databases(company).all:
        yield running(one, _storage(one), one.gib)
        if one.status == "stopped":
            continue
        yield running(one, _instance(one))
        major = one.version.rpartition(".")[0]
        if extended := _EXTENDED.get((one.engine, major)):
            name, first = extended
            usage = Usage(
                service=RDS,
                name=f"ExtendedSupport:Yr1-Yr2:{name}",
                operation=_ENGINES[one.engine],
                unit="vCPU-Hours",
                price=list_price(items.RDS_EXTENDED_SUPPORT_YEAR_1),
            )
            yield running(one, usage, _VCPUS, since=max(midnight(first), one.created_at))


def _instance(one: Database) -> Usage:
    deployment = Deployment.MULTI_AZ if one.multi_az else Deployment.SINGLE_AZ
    if one.db_class in _DB_PRICES:
        price = Decimal(_DB_PRICES[one.db_class]) * (_OF_TWO if one.multi_az else 1)
    else:
        price = list_price(items.rds_instance(one.db_class, one.engine, deployment))
    name = f"{'Multi-AZUsage' if one.multi_az else 'InstanceUsage'}:{one.db_class}"
    return Usage(service=RDS, name=name, operation=_ENGINES[one.engine], unit=HOURS, price=price)


def _storage(one: Database) -> Usage:
    if one.storage == "aurora":
        name, price = "Aurora:StorageUsage", list_price(items.AURORA_STORAGE)
    else:
        deployment = Deployment.MULTI_AZ if one.multi_az else Deployment.SINGLE_AZ
        price = list_price(items.rds_storage(one.storage, deployment))
        name = f"RDS:{'Multi-AZ-' if one.multi_az else ''}{one.storage.upper()}-Storage"
    return Usage(
        service=RDS,
        name=name,
        operation=_ENGINES[one.engine],
        unit=GB_MONTH,
        price=price,
        is_by_month=True,
    )


def _backups(company: Company) -> Iterator[Running]:
    for one in snapshots(company).all:
        if one.kind == "manual":  # automated ones are within what is free
            yield running(one, _BACKUP, one.gib)


def _caches(company: Company) -> Iterator[Running]:
    operations = {"memcached": "CreateCacheCluster:0001", "redis": "CreateCacheCluster:0002"}
    for one in caches(company).all:
        known = _NODE_PRICES.get(one.node_type)
        price = Decimal(known) if known else list_price(items.cache_node(one.node_type, one.engine))
        usage = Usage(
            service=ELASTICACHE,
            name=f"NodeUsage:{one.node_type}",
            operation=operations[one.engine],
            unit=HOURS,
            price=price,
        )
        yield running(one, usage, one.nodes)


def _warehouses(company: Company) -> Iterator[Running]:
    for one in warehouses(company).all:
        if one.status == "available":
            usage = Usage(
                service=REDSHIFT,
                name=f"Node:{one.node_type}",
                operation="RunComputeNode:0001",
                unit=HOURS,
                price=list_price(items.redshift_node(one.node_type)),
            )
            yield running(one, usage, one.nodes)


def _domains(company: Company) -> Iterator[Running]:
    for one in domains(company).all:
        yield running(one, _search_node(one.node_type), one.nodes)
        if one.masters:
            yield running(one, _search_node(one.masters), 3)
        is_gp2 = one.volume_type == "gp2"
        disk = Usage(
            service=OPENSEARCH,
            name=f"ES:{one.volume_type.upper()}-Storage",
            operation="ESDomain",
            unit=GB_MONTH,
            price=list_price(items.opensearch_storage("gp2")) if is_gp2 else Decimal("0.122"),
            is_by_month=True,
        )
        yield running(one, disk, one.gib * one.nodes)


def _search_node(node_type: str) -> Usage:
    known = _NODE_PRICES.get(node_type)
    price = Decimal(known) if known else list_price(items.opensearch_node(node_type))
    name = f"ESInstance:{node_type.removesuffix('.search')}"
    return Usage(service=OPENSEARCH, name=name, operation="ESDomain", unit=HOURS, price=price)


def _tables(company: Company) -> Iterator[Running]:
    for one in tables(company).all:
        yield running(one, _TABLE, one.gib)
        yield running(one, _READ, one.read_units + sum(index.read_units for index in one.indexes))
        yield running(one, _WRITE, one.write_units + sum(index.write_units for index in one.indexes))


RUNNING: Mapping[str, Family] = {
    "databases": _databases,
    "backups": _backups,
    "caches": _caches,
    "warehouses": _warehouses,
    "search domains": _domains,
    "tables": _tables,
}
