"""ElastiCache clusters: ``DescribeCacheClusters`` in every enabled Region, free of charge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from plainbill.aws_connector import Connector, Read, Scope, instant
from plainbill.data_fetcher.collector import Collector, Page
from plainbill.model.resources.elasticache import ElastiCacheCluster

_PAGE = 100  # the most that ElastiCache gives


class ElastiCacheClusters(Collector):
    """Every cluster of nodes, those of replication groups included; serverless caches are not read."""

    name = "elasticache_clusters"
    kind = ElastiCacheCluster
    reads = (Read("elasticache", "DescribeCacheClusters", "the caches, and so none that is idle"),)

    @classmethod
    def fetch(cls, connector: Connector, scope: Scope) -> Iterator[Page]:
        """Yield the pages of ``DescribeCacheClusters``."""
        return connector.pages(scope, "elasticache", "DescribeCacheClusters", MaxRecords=_PAGE)

    @classmethod
    def parse(cls, page: Page, scope: Scope) -> Iterator[ElastiCacheCluster]:
        """Yield the clusters of a page; AWS tells tags only one by one, and they are not asked for."""
        return (_cluster(raw, scope) for raw in page.get("CacheClusters", ()))


def _cluster(raw: Mapping[str, Any], scope: Scope) -> ElastiCacheCluster:
    created_at = raw.get("CacheClusterCreateTime")
    return ElastiCacheCluster(
        account_id=scope.account_id,
        region=scope.region,
        cluster_id=raw["CacheClusterId"],
        node_type=raw["CacheNodeType"],
        engine=raw["Engine"],
        engine_version=raw["EngineVersion"],
        status=raw["CacheClusterStatus"],
        nodes=int(raw["NumCacheNodes"]),
        created_at=instant(created_at) if created_at else None,
        replication_group=raw.get("ReplicationGroupId") or None,
    )
