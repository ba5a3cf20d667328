"""Redshift clusters: ``DescribeClusters`` in every enabled Region, free of charge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from plainbill.aws_connector import Connector, Read, Scope, instant
from plainbill.data_fetcher.collector import Collector, Page, tags_of
from plainbill.model.resources.redshift import RedshiftCluster

_PAGE = 100  # the most that Redshift gives


class RedshiftClusters(Collector):
    """Every provisioned cluster; serverless workgroups are not read."""

    name = "redshift_clusters"
    kind = RedshiftCluster
    reads = (Read("redshift", "DescribeClusters", "the Redshift clusters, and so none that is idle"),)

    @classmethod
    def fetch(cls, connector: Connector, scope: Scope) -> Iterator[Page]:
        """Yield the pages of ``DescribeClusters``."""
        return connector.pages(scope, "redshift", "DescribeClusters", MaxRecords=_PAGE)

    @classmethod
    def parse(cls, page: Page, scope: Scope) -> Iterator[RedshiftCluster]:
        """Yield the clusters of a page."""
        return (_cluster(raw, scope) for raw in page.get("Clusters", ()))


def _cluster(raw: Mapping[str, Any], scope: Scope) -> RedshiftCluster:
    created_at = raw.get("ClusterCreateTime")
    return RedshiftCluster(
        account_id=scope.account_id,
        region=scope.region,
        tags=tags_of(raw),
        cluster_id=raw["ClusterIdentifier"],
        node_type=raw["NodeType"],
        nodes=int(raw["NumberOfNodes"]),
        status=raw["ClusterStatus"],
        created_at=instant(created_at) if created_at else None,
        multi_az=str(raw.get("MultiAZ", "")).lower() in {"enabled", "true"},
    )
