"""RDS: DB instances, clusters and snapshots."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plainbill.demo.call import Answer, Call, marked
from plainbill.demo.estate_rds import (
    GLOBAL_CLUSTER,
    Cluster,
    Database,
    Snapshot,
    clusters,
    databases,
    snapshots,
)
from plainbill.demo.wire_scope import WireError

_GP3_FREE, _GP3_STRIPED_FREE, _STRIPED_FROM_GIB = (3000, 125), (12_000, 500), 400


def describe_db_instances(call: Call) -> Mapping[str, Any]:
    """List the DB instances of one account in one region, by pages."""
    wanted = call.params.get("DBInstanceIdentifier")
    here = databases(call.company).at(call.account, call.region)
    chosen = [one for one in here if wanted in {None, one.name}]
    if wanted is not None and not chosen:
        raise WireError("DBInstanceNotFound", f"DBInstance {wanted} not found.", 404)
    return marked(call, "DBInstances", [_database(one) for one in chosen])


def describe_db_clusters(call: Call) -> Mapping[str, Any]:
    """List the Aurora clusters of one account in one region, by pages."""
    wanted = call.params.get("DBClusterIdentifier")
    here = clusters(call.company).at(call.account, call.region)
    chosen = [one for one in here if wanted in {None, one.name}]
    if wanted is not None and not chosen:
        raise WireError("DBClusterNotFoundFault", f"DBCluster {wanted} not found.", 404)
    return marked(call, "DBClusters", [_cluster(one) for one in chosen])


def describe_db_snapshots(call: Call) -> Mapping[str, Any]:
    """List the snapshots of one account in one region: all, or those of one ``SnapshotType``, by pages."""
    kind = call.params.get("SnapshotType")
    here = snapshots(call.company).at(call.account, call.region)
    return marked(call, "DBSnapshots", [_snapshot(one) for one in here if kind in {None, one.kind}])


def _database(one: Database) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "DBInstanceIdentifier": one.name,
        "DBInstanceClass": one.db_class,
        "Engine": one.engine,
        "EngineVersion": one.version,
        "DBInstanceStatus": one.status,
        "DBInstanceArn": one.arn("rds", f"db:{one.name}"),
        "InstanceCreateTime": one.created_at,
        "AllocatedStorage": one.gib,
        "StorageType": one.storage,
        "StorageEncrypted": True,
        "MultiAZ": one.multi_az,
        "LicenseModel": one.licence,
        "AvailabilityZone": one.availability_zone,
        "BackupRetentionPeriod": 7,
        "DeletionProtection": False,
        "PubliclyAccessible": False,
        "ReadReplicaDBInstanceIdentifiers": list(one.replicas),
        "EngineLifecycleSupport": "open-source-rds-extended-support",
        "TagList": one.tag_list,
    }
    if one.storage == "gp3":
        iops, throughput = _GP3_STRIPED_FREE if one.gib >= _STRIPED_FROM_GIB else _GP3_FREE
        facts |= {"Iops": iops, "StorageThroughput": throughput}
    optional = {
        "DBClusterIdentifier": one.cluster,
        "ReadReplicaSourceDBInstanceIdentifier": one.replica_of,
        "AutomaticRestartTime": one.restarts_at,
    }
    return facts | {name: value for name, value in optional.items() if value is not None}


def _cluster(one: Cluster) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "DBClusterIdentifier": one.name,
        "DBClusterArn": one.arn("rds", f"cluster:{one.name}"),
        "Engine": one.engine,
        "EngineVersion": one.version,
        "EngineMode": "provisioned",
        "Status": "available",
        "ClusterCreateTime": one.created_at,
        "AllocatedStorage": 1,
        "StorageType": "aurora",
        "MultiAZ": len(one.members) > 1,
        "DBClusterMembers": [
            {
                "DBInstanceIdentifier": member,
                "IsClusterWriter": number == 0 and not one.is_secondary,
                "PromotionTier": number,
            }
            for number, member in enumerate(one.members)
        ],
        "TagList": one.tag_list,
    }
    return facts | ({"GlobalClusterIdentifier": GLOBAL_CLUSTER} if one.is_global else {})


def _snapshot(one: Snapshot) -> dict[str, Any]:
    return {
        "DBSnapshotIdentifier": one.name,
        "DBSnapshotArn": one.arn("rds", f"snapshot:{one.name}"),
        "DBInstanceIdentifier": one.database,
        "Engine": one.engine,
        "Status": "available",
        "SnapshotType": one.kind,
        "SnapshotCreateTime": one.created_at,
        "OriginalSnapshotCreateTime": one.created_at,
        "AllocatedStorage": one.gib,
        "FullSnapshotSizeInBytes": one.gib * 2**30 // 2,
        "StorageType": "gp3",
        "Encrypted": True,
        "PercentProgress": 100,
        "TagList": one.tag_list,
    }


ANSWERS: Mapping[str, Answer] = {
    "rds:DescribeDBInstances": describe_db_instances,
    "rds:DescribeDBClusters": describe_db_clusters,
    "rds:DescribeDBSnapshots": describe_db_snapshots,
}
