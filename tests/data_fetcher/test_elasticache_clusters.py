"""What ElastiCache says of a cluster is kept."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from data_fetcher.answers import recorded, recordings
from plainbill.aws_connector import Scope
from plainbill.data_fetcher.elasticache_clusters import ElastiCacheClusters
from plainbill.model.resources.elasticache import ElastiCacheCluster

IRELAND = Scope("111122223333", "eu-west-1")
LEAST: dict[str, Any] = {
    "CacheClusterId": "sessions-001",
    "CacheNodeType": "cache.m4.large",
    "Engine": "redis",
    "EngineVersion": "7.1.0",
    "CacheClusterStatus": "creating",
    "NumCacheNodes": 1,
}


def test_a_cluster_described_with_the_least_has_no_more_than_that() -> None:
    (one,) = ElastiCacheClusters.parse({"CacheClusters": [LEAST]}, IRELAND)
    assert one == ElastiCacheCluster(
        account_id="111122223333",
        region="eu-west-1",
        cluster_id="sessions-001",
        node_type="cache.m4.large",
        engine="redis",
        engine_version="7.1.0",
        status="creating",
        nodes=1,
    )


def test_its_group_is_kept() -> None:
    (one,) = ElastiCacheClusters.parse(
        {"CacheClusters": [LEAST | {"ReplicationGroupId": "sessions"}]}, IRELAND
    )
    assert one.replication_group == "sessions"


def test_every_recorded_cluster_parses_and_none_is_lost() -> None:
    read = told = 0
    for path in recordings("aws_api_c7n_placebo", "*/elasticache.DescribeCacheClusters_*.json"):
        page = recorded(path)
        clusters = list(ElastiCacheClusters.parse(page, IRELAND))
        assert all(one.created_at and one.nodes for one in clusters)
        read += len(clusters)
        told += len(page["CacheClusters"])
    assert read == told > 8


def test_recorded_facts_survive() -> None:
    pattern = "test_elasticache_cluster_simple/elasticache.DescribeCacheClusters_1.json"
    (path,) = recordings("aws_api_c7n_placebo", pattern)
    first = next(iter(ElastiCacheClusters.parse(recorded(path), IRELAND)))
    assert (first.cluster_id, first.replication_group, first.node_type) == (
        "myec-001",
        "myec",
        "cache.r3.large",
    )
    assert first.created_at == datetime(2017, 6, 24, 2, 3, 21, 311000, tzinfo=UTC)
