"""Generated databases, caches, warehouses, search domains and tables: say only what the test is about."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from plainbill.model.resources.dynamodb import DynamoDbIndex, DynamoDbTable
from plainbill.model.resources.elasticache import ElastiCacheCluster
from plainbill.model.resources.opensearch import OpenSearchDomain
from plainbill.model.resources.rds import RdsCluster, RdsInstance, RdsSnapshot
from plainbill.model.resources.redshift import RedshiftCluster

ACCOUNT, REGION = "111122223333", "us-east-1"
MONTHS_AGO = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def database(**changes: Any) -> RdsInstance:
    """A MySQL 8.4 instance, db.m5.large with 100 GiB of gp2, in one zone, made months ago."""
    plain = RdsInstance(
        account_id=ACCOUNT,
        region=REGION,
        instance_id="orders",
        db_class="db.m5.large",
        engine="mysql",
        engine_version="8.4.5",
        status="available",
        created_at=MONTHS_AGO,
        licence_model="general-public-license",
        storage_type="gp2",
        allocated_gib=100,
    )
    return replace(plain, **changes)


def member(number: int = 1, **changes: Any) -> RdsInstance:
    """A member of the Aurora cluster ``cluster()``."""
    plain = database(
        instance_id=f"shop-{number}",
        db_class="db.t3.medium",
        engine="aurora-mysql",
        engine_version="8.0.mysql_aurora.3.10.0",
        storage_type="aurora",
        allocated_gib=1,
        cluster_id="shop",
    )
    return replace(plain, **changes)


def cluster(**changes: Any) -> RdsCluster:
    """An Aurora MySQL cluster of a writer and a reader."""
    plain = RdsCluster(
        account_id=ACCOUNT,
        region=REGION,
        cluster_id="shop",
        engine="aurora-mysql",
        engine_version="8.0.mysql_aurora.3.10.0",
        engine_mode="provisioned",
        status="available",
        created_at=MONTHS_AGO,
        members=("shop-1", "shop-2"),
        writer="shop-1",
        storage_type="aurora",
    )
    return replace(plain, **changes)


def snapshot(**changes: Any) -> RdsSnapshot:
    """A manual snapshot of ``database()``, made months ago."""
    plain = RdsSnapshot(
        account_id=ACCOUNT,
        region=REGION,
        snapshot_id="before-upgrade",
        instance_id="orders",
        engine="mysql",
        status="available",
        created_at=MONTHS_AGO,
        allocated_gib=100,
        storage_type="gp2",
    )
    return replace(plain, **changes)


def cache(**changes: Any) -> ElastiCacheCluster:
    """A Redis node of its own, made months ago."""
    plain = ElastiCacheCluster(
        account_id=ACCOUNT,
        region=REGION,
        cluster_id="sessions",
        node_type="cache.m4.large",
        engine="redis",
        engine_version="7.1.0",
        status="available",
        nodes=1,
        created_at=MONTHS_AGO,
    )
    return replace(plain, **changes)


def warehouse(**changes: Any) -> RedshiftCluster:
    """Two dc2.large nodes, made months ago."""
    plain = RedshiftCluster(
        account_id=ACCOUNT,
        region=REGION,
        cluster_id="reports",
        node_type="dc2.large",
        nodes=2,
        status="available",
        created_at=MONTHS_AGO,
    )
    return replace(plain, **changes)


def domain(**changes: Any) -> OpenSearchDomain:
    """Two data nodes with 100 GiB of gp2 each."""
    plain = OpenSearchDomain(
        account_id=ACCOUNT,
        region=REGION,
        domain_name="logs",
        engine_version="OpenSearch_2.19",
        instance_type="c4.2xlarge.search",
        instances=2,
        volume_type="gp2",
        volume_gib=100,
    )
    return replace(plain, **changes)


def table(**changes: Any) -> DynamoDbTable:
    """A table of 10 GiB with 100 read and 50 write units provisioned, without indexes, made months ago."""
    plain = DynamoDbTable(
        account_id=ACCOUNT,
        region=REGION,
        table_name="carts",
        status="ACTIVE",
        created_at=MONTHS_AGO,
        is_on_demand=False,
        read_units=100,
        write_units=50,
        size_bytes=10 * 1024**3,
        items=1000,
    )
    return replace(plain, **changes)


def index(**changes: Any) -> DynamoDbIndex:
    """An index of ``table(indexes=("by-day",))`` with 20 read and 10 write units."""
    plain = DynamoDbIndex(
        account_id=ACCOUNT,
        region=REGION,
        table_name="carts",
        index_name="by-day",
        status="ACTIVE",
        table_created_at=MONTHS_AGO,
        is_on_demand=False,
        read_units=20,
        write_units=10,
        size_bytes=1024**3,
    )
    return replace(plain, **changes)
