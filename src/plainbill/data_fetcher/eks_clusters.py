"""EKS: ``ListClusters`` and ``DescribeCluster``, and until when AWS supports which version of Kubernetes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from plainbill.aws_connector import Connector, Read, Scope, instant, instant_or_none
from plainbill.data_fetcher.collector import Collector, Page, tags_of
from plainbill.data_fetcher.further_calls import FurtherCalls
from plainbill.data_fetcher.source import as_documented
from plainbill.model.inventory import Gap
from plainbill.model.resources import Resource
from plainbill.model.resources.eks import EksCluster

_PAGE = 100  # the most the APIs give
_LIST, _DESCRIBE, _VERSIONS = (
    Read("eks", "ListClusters", "the EKS clusters"),
    Read("eks", "DescribeCluster", "which version of Kubernetes each EKS cluster runs"),
    Read("eks", "DescribeClusterVersions", "until when AWS supports a version of Kubernetes at no surcharge"),
)


@dataclass(frozen=True, slots=True)
class _Support:
    standard_ends_at: datetime | None
    extended_ends_at: datetime | None


class EksClusters(Collector):
    """Every cluster, with the dates of its version's support as AWS states them today."""

    name = "eks_clusters"
    kind = EksCluster
    reads = (_LIST, _DESCRIBE, _VERSIONS)

    @classmethod
    def fetch(cls, connector: Connector, scope: Scope) -> Iterator[Page]:
        """Yield the pages of ``ListClusters``."""
        return connector.pages(scope, "eks", "ListClusters", maxResults=_PAGE)

    @classmethod
    def parse(cls, page: Page, scope: Scope) -> Iterator[EksCluster]:
        """Yield the cluster of one answer of ``DescribeCluster``."""
        raw = page["cluster"]
        yield EksCluster(
            account_id=scope.account_id,
            region=scope.region,
            tags=tags_of(raw, "tags"),
            cluster_name=raw["name"],
            status=raw["status"],
            version=raw["version"],
            created_at=instant(raw["createdAt"]),
            support_type=(raw.get("upgradePolicy") or {}).get("supportType"),
        )

    @classmethod
    def read(cls, connector: Connector, scope: Scope) -> tuple[list[Resource], list[Gap]]:
        """Return the clusters and what is missing; raises ``AwsError``."""
        with as_documented(_LIST, scope):
            names = [name for page in cls.fetch(connector, scope) for name in page["clusters"]]
        if not names:
            return [], []
        further = FurtherCalls(cls.name)
        support = further.ask(partial(_support, connector, scope)) or {}
        described = (further.ask(partial(_described, connector, scope, name)) for name in names)
        return [_supported(one, support) for one in described if one is not None], further.gaps()


def _described(connector: Connector, scope: Scope, name: str) -> EksCluster:
    with as_documented(_DESCRIBE, scope):
        (cluster,) = EksClusters.parse(connector.call(scope, "eks", _DESCRIBE.operation, name=name), scope)
        return cluster


def _support(connector: Connector, scope: Scope) -> dict[str, _Support]:
    pages = connector.pages(scope, "eks", _VERSIONS.operation, includeAll=True, maxResults=_PAGE)
    with as_documented(_VERSIONS, scope):
        return {
            raw["clusterVersion"]: _Support(
                instant_or_none(raw.get("endOfStandardSupportDate")),
                instant_or_none(raw.get("endOfExtendedSupportDate")),
            )
            for page in pages
            for raw in page["clusterVersions"]
        }


def _supported(cluster: EksCluster, support: Mapping[str, _Support]) -> EksCluster:
    known = support.get(cluster.version)
    if known is None:
        return cluster
    return replace(
        cluster,
        standard_support_ends_at=known.standard_ends_at,
        extended_support_ends_at=known.extended_ends_at,
    )
