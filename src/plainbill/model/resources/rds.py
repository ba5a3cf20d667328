"""RDS and Aurora: instances, Aurora and Multi-AZ clusters, manual snapshots."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from plainbill.model.resources.base import Resource, arn_of

SERVERLESS = "db.serverless"
"""The class of an Aurora instance that is billed by capacity units instead of by the hour."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RdsInstance(Resource):
    """One RDS instance, or one member of an Aurora or Multi-AZ cluster (``DescribeDBInstances``)."""

    source: ClassVar[str] = "rds_instances"

    instance_id: str
    db_class: str  # db.r6g.large | db.serverless ...
    engine: str  # mysql | postgres | mariadb | aurora-mysql | oracle-ee | sqlserver-se ...
    engine_version: str
    status: str  # available | stopped | backing-up | modifying | failed ...
    created_at: datetime | None = None  # None while it is being created
    licence_model: str | None = None
    multi_az: bool = False  # says nothing of a member of a cluster
    storage_type: str | None = None  # gp2 | gp3 | io1 | io2 | standard | aurora | aurora-iopt1
    allocated_gib: int | None = None  # 1 for members of an Aurora cluster, whose storage is the cluster's
    iops: int | None = None
    throughput_mibps: int | None = None
    further_volumes: int = 0  # beside the one of the fields above
    cluster_id: str | None = None
    replica_of: str | None = None  # an instance, its ARN in another region, or a cluster
    replicas: tuple[str, ...] = ()
    backup_days: int | None = None
    restarts_at: datetime | None = None  # when RDS starts a stopped one again
    lifecycle_support: str | None = None  # open-source-rds-extended-support[-disabled]

    @property
    def resource_id(self) -> str:
        """The DB instance identifier."""
        return self.instance_id

    @property
    def arn(self) -> str:
        """The ARN."""
        return arn_of("rds", self.region, self.account_id, f"db:{self.instance_id}")

    @property
    def dimensions(self) -> Mapping[str, str]:
        """``AWS/RDS``'s dimension; the same for members of a cluster."""
        return {"DBInstanceIdentifier": self.instance_id}

    @property
    def is_aurora(self) -> bool:
        """Whether its storage belongs to an Aurora cluster."""
        return self.engine.startswith("aurora")


@dataclass(frozen=True, slots=True, kw_only=True)
class RdsCluster(Resource):
    """One Aurora or Multi-AZ cluster (``DescribeDBClusters``)."""

    source: ClassVar[str] = "rds_clusters"

    cluster_id: str
    engine: str
    engine_version: str
    engine_mode: str  # provisioned | serverless | global ...
    status: str
    created_at: datetime | None = None
    members: tuple[str, ...] = ()  # DB instance identifiers
    writer: str | None = None
    global_cluster_id: str | None = None
    replica_of: str | None = None  # a cluster or instance that it replicates, by ARN
    storage_type: str | None = None  # aurora | aurora-iopt1; an instance's types for a Multi-AZ cluster
    restarts_at: datetime | None = None

    @property
    def resource_id(self) -> str:
        """The DB cluster identifier."""
        return self.cluster_id

    @property
    def arn(self) -> str:
        """The ARN."""
        return arn_of("rds", self.region, self.account_id, f"cluster:{self.cluster_id}")

    @property
    def dimensions(self) -> Mapping[str, str]:
        """``AWS/RDS``'s dimension of a cluster."""
        return {"DBClusterIdentifier": self.cluster_id}


@dataclass(frozen=True, slots=True, kw_only=True)
class RdsSnapshot(Resource):
    """One manual snapshot of an RDS instance (``DescribeDBSnapshots``); those of clusters are not read."""

    source: ClassVar[str] = "rds_snapshots"

    snapshot_id: str
    instance_id: str  # of the instance it was taken of, which may be gone
    engine: str
    status: str  # available | creating ...
    created_at: datetime | None = None  # when its data was first taken; a copy keeps that of its original
    allocated_gib: int | None = None  # of the instance
    full_size_bytes: int | None = None  # of a full backup; what is billed may be less
    storage_type: str | None = None

    @property
    def resource_id(self) -> str:
        """The snapshot identifier."""
        return self.snapshot_id

    @property
    def arn(self) -> str:
        """The ARN."""
        return arn_of("rds", self.region, self.account_id, f"snapshot:{self.snapshot_id}")
