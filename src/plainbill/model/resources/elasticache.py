"""ElastiCache clusters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from plainbill.model.resources.base import Resource, arn_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ElastiCacheCluster(Resource):
    """One cluster (``DescribeCacheClusters``): a single node of Redis or Valkey, or nodes of Memcached."""

    source: ClassVar[str] = "elasticache_clusters"

    cluster_id: str
    node_type: str  # cache.r6g.large ...
    engine: str  # redis | valkey | memcached
    engine_version: str
    status: str  # available | snapshotting | modifying ...
    nodes: int
    created_at: datetime | None = None  # None while it is being created
    replication_group: str | None = None

    @property
    def resource_id(self) -> str:
        """The cache cluster id."""
        return self.cluster_id

    @property
    def arn(self) -> str:
        """The ARN."""
        return arn_of("elasticache", self.region, self.account_id, f"cluster:{self.cluster_id}")

    @property
    def dimensions(self) -> Mapping[str, str]:
        """``AWS/ElastiCache``'s dimension of all nodes together."""
        return {"CacheClusterId": self.cluster_id}
