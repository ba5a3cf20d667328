"""RDS, Aurora, DocumentDB, DynamoDB, caches, warehouses, search and brokers, as items."""

from __future__ import annotations

from plainbill.prices.items.kinds import Deployment, Item, Licence, Unit


def rds_instance(
    db_class: str, engine: str, deployment: Deployment = Deployment.SINGLE_AZ, licence: Licence = Licence.NONE
) -> Item:
    """An RDS or Aurora instance; ``engine`` as ``DescribeDBInstances`` spells it (aurora-mysql).

    ``.io_optimized`` after the engine for an instance of an Aurora cluster of that kind.
    """
    return Item("rds", f"{db_class}:{engine}:{deployment.value}:{licence.value}", Unit.HOUR)


def rds_storage(storage_type: str, deployment: Deployment = Deployment.SINGLE_AZ) -> Item:
    """Allocated storage: gp2, gp3, io1, io2 or standard (magnetic)."""
    return Item("rds", f"storage.{storage_type}:{deployment.value}", Unit.GB_MONTH)


def rds_iops(storage_type: str, deployment: Deployment = Deployment.SINGLE_AZ) -> Item:
    """Provisioned IOPS of io1, or of gp3 above its baseline."""
    return Item("rds", f"storage.{storage_type}:{deployment.value}", Unit.IOPS_MONTH)


RDS_BACKUP = Item("rds", "backup", Unit.GB_MONTH)
"""Backups beyond the free part (the size of the databases of the region), and manual snapshots."""
RDS_EXTENDED_SUPPORT_YEAR_1 = Item("rds", "extended_support.year_1", Unit.VCPU_HOUR)
"""Years 1 and 2 of extended support; a Multi-AZ instance pays for both copies."""
AURORA_BACKUP = Item("rds", "aurora_backup", Unit.GB_MONTH)
AURORA_STORAGE = Item("rds", "aurora_storage.standard", Unit.GB_MONTH)
AURORA_STORAGE_IO_OPTIMIZED = Item("rds", "aurora_storage.io_optimized", Unit.GB_MONTH)
AURORA_IO = Item("rds", "aurora_io", Unit.MILLION)
AURORA_SERVERLESS_V1 = Item("rds", "aurora_serverless_v1", Unit.HOUR)
"""One Aurora capacity unit (ACU)."""
AURORA_SERVERLESS_V2 = Item("rds", "aurora_serverless_v2", Unit.HOUR)
AURORA_SERVERLESS_V2_IO_OPTIMIZED = Item("rds", "aurora_serverless_v2.io_optimized", Unit.HOUR)
AURORA_BACKTRACK = Item("rds", "aurora_backtrack", Unit.MILLION)


def rds_performance_insights(db_class: str) -> Item:
    """Long-term retention (more than 7 days), by the vCPU."""
    return Item("rds", f"performance_insights.{db_class.removeprefix('db.').split('.')[0]}", Unit.VCPU_MONTH)


def cache_node(node_type: str, engine: str) -> Item:
    """An ElastiCache node (cache.m6g.large) of redis, memcached or valkey."""
    return Item("elasticache", f"{node_type}:{engine}", Unit.HOUR)


def memorydb_node(node_type: str, engine: str) -> Item:
    """A MemoryDB node (db.r6g.large) of redis or valkey."""
    return Item("memorydb", f"{node_type}:{engine}", Unit.HOUR)


def docdb_instance(db_class: str) -> Item:
    """A DocumentDB instance (db.r5.4xlarge) of a cluster with standard storage."""
    return Item("docdb", db_class, Unit.HOUR)


DOCDB_STORAGE = Item("docdb", "storage.standard", Unit.GB_MONTH)


def msk_broker(broker_type: str) -> Item:
    """A broker of a provisioned MSK cluster (kafka.m5.large)."""
    return Item("msk", broker_type, Unit.HOUR)


CACHE_BACKUP = Item("elasticache", "backup", Unit.GB_MONTH)


def redshift_node(node_type: str) -> Item:
    """A node of a provisioned Redshift cluster (ra3.4xlarge)."""
    return Item("redshift", node_type, Unit.HOUR)


REDSHIFT_MANAGED_STORAGE = Item("redshift", "managed_storage", Unit.GB_MONTH)
REDSHIFT_BACKUP = Item("redshift", "backup", Unit.GB_MONTH)
"""Manual snapshots, the first 50 TB."""


def opensearch_node(node_type: str) -> Item:
    """A data, dedicated master or UltraWarm node of an OpenSearch domain (m6g.large.search)."""
    return Item("opensearch", node_type, Unit.HOUR)


def opensearch_storage(volume_type: str) -> Item:
    """EBS storage of a domain; dearer than the same volume of EC2."""
    return Item("opensearch", f"storage.{volume_type}", Unit.GB_MONTH)


def opensearch_iops(volume_type: str) -> Item:
    """Provisioned IOPS of a domain's io1 storage."""
    return Item("opensearch", f"storage.{volume_type}", Unit.IOPS_MONTH)


DYNAMODB_READ_CAPACITY = Item("dynamodb", "read_capacity_unit", Unit.HOUR)
DYNAMODB_WRITE_CAPACITY = Item("dynamodb", "write_capacity_unit", Unit.HOUR)
DYNAMODB_STORAGE = Item("dynamodb", "storage", Unit.GB_MONTH)
DYNAMODB_POINT_IN_TIME_RECOVERY = Item("dynamodb", "point_in_time_recovery", Unit.GB_MONTH)
DYNAMODB_BACKUP = Item("dynamodb", "backup", Unit.GB_MONTH)
