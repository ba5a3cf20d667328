"""Reserved ElastiCache: ``DescribeReservedCacheNodes``, where the bill has such use; free of charge."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plainbill.aws_connector import Read, Scope
from plainbill.data_fetcher.reserved_nodes import ReservedNodesCollector, terms
from plainbill.model.resources.base import arn_of
from plainbill.model.resources.reserved_nodes import ReservedCache


class ElastiCacheReservedNodes(ReservedNodesCollector):
    """Every reservation of ElastiCache that is not over."""

    name = "elasticache_reserved_nodes"
    kind = ReservedCache
    billed_as = "Amazon ElastiCache"
    reads = (
        Read(
            "elasticache",
            "DescribeReservedCacheNodes",
            "what is reserved of ElastiCache, what it costs and when it ends",
        ),
    )
    answered = "ReservedCacheNodes"
    limit = "MaxRecords"

    @classmethod
    def reserved(cls, raw: Mapping[str, Any], scope: Scope) -> ReservedCache:
        """Return one of them."""
        name = raw["ReservedCacheNodeId"]
        return ReservedCache(
            **terms(raw, scope),
            reservation_id=name,
            reservation_arn=raw.get("ReservationARN")
            or arn_of("elasticache", scope.region, scope.account_id, f"reserved-instance:{name}"),
            node_type=raw["CacheNodeType"],
            count=int(raw["CacheNodeCount"]),
        )
