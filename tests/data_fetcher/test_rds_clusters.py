"""What RDS says of a cluster: its members, its writer, and what it replicates."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from plainbill.aws_connector import Scope
from plainbill.data_fetcher.rds_clusters import RdsClusters
from plainbill.model.resources.rds import RdsCluster

IRELAND = Scope("111122223333", "eu-west-1")
LEAST: dict[str, Any] = {
    "DBClusterIdentifier": "shop",
    "Engine": "aurora-mysql",
    "EngineVersion": "8.0.mysql_aurora.3.10.0",
    "Status": "available",
}


def parsed(**changes: Any) -> RdsCluster:
    (one,) = RdsClusters.parse({"DBClusters": [LEAST | changes]}, IRELAND)
    return one


def test_a_cluster_described_with_the_least_has_no_more_than_that() -> None:
    assert parsed() == RdsCluster(
        account_id="111122223333",
        region="eu-west-1",
        cluster_id="shop",
        engine="aurora-mysql",
        engine_version="8.0.mysql_aurora.3.10.0",
        engine_mode="provisioned",
        status="available",
    )


def test_members_writer_and_replication_are_kept() -> None:
    one = parsed(
        DBClusterMembers=[
            {"DBInstanceIdentifier": "shop-1", "IsClusterWriter": False},
            {"DBInstanceIdentifier": "shop-2", "IsClusterWriter": True},
        ],
        GlobalClusterIdentifier="world",
        ReplicationSourceIdentifier="arn:aws:rds:us-east-1:111122223333:cluster:shop",
        ClusterCreateTime="2026-03-02T08:00:00Z",
        StorageType="aurora-iopt1",
        EngineMode="serverless",
        TagList=[{"Key": "Name", "Value": "<b>shop</b>"}],
    )
    assert (one.members, one.writer) == (("shop-1", "shop-2"), "shop-2")
    assert (one.global_cluster_id, one.replica_of) == (
        "world",
        "arn:aws:rds:us-east-1:111122223333:cluster:shop",
    )
    assert one.created_at == datetime(2026, 3, 2, 8, tzinfo=UTC)
    assert (one.storage_type, one.engine_mode) == ("aurora-iopt1", "serverless")
    assert one.tags == {"Name": "<b>shop</b>"}


def test_other_services_that_share_the_api_are_left_out() -> None:
    page = {"DBClusters": [LEAST | {"Engine": "docdb"}, LEAST | {"Engine": "neptune"}, LEAST]}
    assert [one.engine for one in RdsClusters.parse(page, IRELAND)] == ["aurora-mysql"]
