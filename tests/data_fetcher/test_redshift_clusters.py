"""What Redshift says of a cluster is kept."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from plainbill.aws_connector import Scope
from plainbill.data_fetcher.redshift_clusters import RedshiftClusters
from plainbill.model.resources.redshift import RedshiftCluster

IRELAND = Scope("111122223333", "eu-west-1")
LEAST: dict[str, Any] = {
    "ClusterIdentifier": "reports",
    "NodeType": "ra3.4xlarge",
    "NumberOfNodes": 2,
    "ClusterStatus": "available",
}


def parsed(**changes: Any) -> RedshiftCluster:
    (one,) = RedshiftClusters.parse({"Clusters": [LEAST | changes]}, IRELAND)
    return one


def test_a_cluster_described_with_the_least_has_no_more_than_that() -> None:
    assert parsed() == RedshiftCluster(
        account_id="111122223333",
        region="eu-west-1",
        cluster_id="reports",
        node_type="ra3.4xlarge",
        nodes=2,
        status="available",
    )


def test_age_and_tags_are_kept() -> None:
    one = parsed(ClusterCreateTime="2026-03-02T08:00:00Z", Tags=[{"Key": "Name", "Value": "<i>"}])
    assert one.created_at == datetime(2026, 3, 2, 8, tzinfo=UTC)
    assert one.tags == {"Name": "<i>"}


@pytest.mark.parametrize(("told", "is_doubled"), [("Enabled", True), ("enabled", True), ("Disabled", False)])
def test_a_second_zone_doubles_the_nodes(told: str, is_doubled: bool) -> None:
    assert parsed(MultiAZ=told).multi_az is is_doubled


@pytest.mark.parametrize(
    ("node_type", "has"),
    [("ra3.large", True), ("rg.xlarge", True), ("dc2.large", False), ("ds2.xlarge", False)],
)
def test_only_newer_nodes_have_managed_storage(node_type: str, has: bool) -> None:
    assert parsed(NodeType=node_type).has_managed_storage is has
