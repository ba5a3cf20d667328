"""RDS and Aurora instances: ``DescribeDBInstances`` in every enabled Region, free of charge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from plainbill.aws_connector import Connector, Read, Scope, instant
from plainbill.data_fetcher.collector import Collector, Page, tags_of
from plainbill.model.resources.rds import RdsInstance

PAGE = 100  # the most that RDS gives
FOREIGN = ("docdb", "neptune")
"""Engines that RDS's API tells of as well; they are other services, with metrics and prices of their own."""


class RdsInstances(Collector):
    """Every RDS instance, members of clusters included."""

    name = "rds_instances"
    kind = RdsInstance
    reads = (Read("rds", "DescribeDBInstances", "the databases, and so none that is idle or too large"),)

    @classmethod
    def fetch(cls, connector: Connector, scope: Scope) -> Iterator[Page]:
        """Yield the pages of ``DescribeDBInstances``."""
        return connector.pages(scope, "rds", "DescribeDBInstances", MaxRecords=PAGE)

    @classmethod
    def parse(cls, page: Page, scope: Scope) -> Iterator[RdsInstance]:
        """Yield the instances of a page that are of RDS or Aurora."""
        return (_instance(raw, scope) for raw in page.get("DBInstances", ()) if raw["Engine"] not in FOREIGN)


def _instance(raw: Mapping[str, Any], scope: Scope) -> RdsInstance:
    created_at, restarts_at = raw.get("InstanceCreateTime"), raw.get("AutomaticRestartTime")
    source = raw.get("ReadReplicaSourceDBInstanceIdentifier") or raw.get(
        "ReadReplicaSourceDBClusterIdentifier"
    )
    replicas = (raw.get("ReadReplicaDBInstanceIdentifiers"), raw.get("ReadReplicaDBClusterIdentifiers"))
    return RdsInstance(
        account_id=scope.account_id,
        region=scope.region,
        tags=tags_of(raw, "TagList"),
        instance_id=raw["DBInstanceIdentifier"],
        db_class=raw["DBInstanceClass"],
        engine=raw["Engine"],
        engine_version=raw["EngineVersion"],
        status=raw["DBInstanceStatus"],
        created_at=instant(created_at) if created_at else None,
        licence_model=raw.get("LicenseModel") or None,
        multi_az=bool(raw.get("MultiAZ")),
        storage_type=raw.get("StorageType") or None,
        allocated_gib=raw.get("AllocatedStorage"),
        iops=raw.get("Iops"),
        throughput_mibps=raw.get("StorageThroughput"),
        further_volumes=len(raw.get("AdditionalStorageVolumes") or ()),
        cluster_id=raw.get("DBClusterIdentifier") or None,
        replica_of=source or None,
        replicas=tuple(one for several in replicas for one in several or ()),
        backup_days=raw.get("BackupRetentionPeriod"),
        restarts_at=instant(restarts_at) if restarts_at else None,
        lifecycle_support=raw.get("EngineLifecycleSupport") or None,
    )
