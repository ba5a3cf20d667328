"""Aurora and Multi-AZ clusters: ``DescribeDBClusters`` in every enabled Region, free of charge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from plainbill.aws_connector import Connector, Read, Scope, instant
from plainbill.data_fetcher.collector import Collector, Page, tags_of
from plainbill.data_fetcher.rds_instances import FOREIGN, PAGE
from plainbill.model.resources.rds import RdsCluster


class RdsClusters(Collector):
    """Every Aurora and Multi-AZ cluster."""

    name = "rds_clusters"
    kind = RdsCluster
    reads = (
        Read(
            "rds",
            "DescribeDBClusters",
            "which databases are members of a cluster or stand by for another region",
        ),
    )

    @classmethod
    def fetch(cls, connector: Connector, scope: Scope) -> Iterator[Page]:
        """Yield the pages of ``DescribeDBClusters``."""
        return connector.pages(scope, "rds", "DescribeDBClusters", MaxRecords=PAGE)

    @classmethod
    def parse(cls, page: Page, scope: Scope) -> Iterator[RdsCluster]:
        """Yield the clusters of a page that are of RDS or Aurora."""
        return (_cluster(raw, scope) for raw in page.get("DBClusters", ()) if raw["Engine"] not in FOREIGN)


def _cluster(raw: Mapping[str, Any], scope: Scope) -> RdsCluster:
    members = raw.get("DBClusterMembers") or ()
    created_at, restarts_at = raw.get("ClusterCreateTime"), raw.get("AutomaticRestartTime")
    return RdsCluster(
        account_id=scope.account_id,
        region=scope.region,
        tags=tags_of(raw, "TagList"),
        cluster_id=raw["DBClusterIdentifier"],
        engine=raw["Engine"],
        engine_version=raw["EngineVersion"],
        engine_mode=raw.get("EngineMode") or "provisioned",
        status=raw["Status"],
        created_at=instant(created_at) if created_at else None,
        members=tuple(one["DBInstanceIdentifier"] for one in members),
        writer=next((one["DBInstanceIdentifier"] for one in members if one.get("IsClusterWriter")), None),
        global_cluster_id=raw.get("GlobalClusterIdentifier") or None,
        replica_of=raw.get("ReplicationSourceIdentifier") or None,
        storage_type=raw.get("StorageType") or None,
        restarts_at=instant(restarts_at) if restarts_at else None,
    )
