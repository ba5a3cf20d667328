"""OpenSearch domains: ``ListDomainNames`` and ``DescribeDomains`` in every enabled Region, free of charge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from plainbill.aws_connector import Connector, Read, Scope
from plainbill.data_fetcher.collector import Collector, Page
from plainbill.data_fetcher.one_by_one import OneByOne
from plainbill.data_fetcher.source import as_documented
from plainbill.model.inventory import Gap
from plainbill.model.resources import Resource
from plainbill.model.resources.opensearch import OpenSearchDomain

_AT_ONCE = 5  # the most names that DescribeDomains takes
_DESCRIBE = Read("opensearch", "DescribeDomains", "the OpenSearch domains, and so none that is idle")
_LIST = Read("opensearch", "ListDomainNames", "that there are OpenSearch domains at all")


class OpenSearchDomains(Collector):
    """Every OpenSearch and Elasticsearch domain; serverless collections are not read."""

    name = "opensearch_domains"
    kind = OpenSearchDomain
    reads = (_DESCRIBE, _LIST)

    @classmethod
    def fetch(cls, connector: Connector, scope: Scope) -> Iterator[Page]:
        """Yield the answers of ``DescribeDomains``, five domains each; those that fail are left out."""
        return OneByOne(connector, scope, _DESCRIBE).answers(_fives(connector, scope))

    @classmethod
    def parse(cls, page: Page, scope: Scope) -> Iterator[OpenSearchDomain]:
        """Yield the domains of an answer; AWS tells tags only one by one, and they are not asked for."""
        return (_domain(raw, scope) for raw in page.get("DomainStatusList", ()))

    @classmethod
    def read(cls, connector: Connector, scope: Scope) -> tuple[list[Resource], list[Gap]]:
        """Return the domains; a refused five of them is a gap. Raises ``AwsError`` when no name is known."""
        calls = OneByOne(connector, scope, _DESCRIBE)
        with as_documented(_DESCRIBE, scope):
            pages = calls.answers(_fives(connector, scope))
            return [one for page in pages for one in cls.parse(page, scope)], calls.gaps(cls.name)


def _fives(connector: Connector, scope: Scope) -> Iterator[Mapping[str, Any]]:
    listed = connector.call(scope, _LIST.service, _LIST.operation)
    names = iter([one["DomainName"] for one in listed.get("DomainNames", ())])
    while five := list(islice(names, _AT_ONCE)):
        yield {"DomainNames": five}


def _domain(raw: Mapping[str, Any], scope: Scope) -> OpenSearchDomain:
    cluster, volumes = raw["ClusterConfig"], raw.get("EBSOptions") or {}
    masters, warm = bool(cluster.get("DedicatedMasterEnabled")), bool(cluster.get("WarmEnabled"))
    has_volumes = bool(volumes.get("EBSEnabled"))
    return OpenSearchDomain(
        account_id=scope.account_id,
        region=scope.region,
        domain_name=raw["DomainName"],
        engine_version=raw.get("EngineVersion") or "",
        instance_type=cluster["InstanceType"],
        instances=int(cluster["InstanceCount"]),
        is_created=bool(raw.get("Created")),
        is_deleted=bool(raw.get("Deleted")),
        master_type=cluster.get("DedicatedMasterType") if masters else None,
        masters=int(cluster.get("DedicatedMasterCount") or 0) if masters else 0,
        warm_type=cluster.get("WarmType") if warm else None,
        warm_nodes=int(cluster.get("WarmCount") or 0) if warm else 0,
        other_nodes=sum(_count(one) for one in cluster.get("NodeOptions") or ()),
        volume_type=volumes.get("VolumeType") if has_volumes else None,
        volume_gib=volumes.get("VolumeSize") if has_volumes else None,
        volume_iops=volumes.get("Iops") if has_volumes else None,
        volume_throughput_mibps=volumes.get("Throughput") if has_volumes else None,
    )


def _count(option: Mapping[str, Any]) -> int:
    config = option.get("NodeConfig") or {}
    return int(config.get("Count") or 0) if config.get("Enabled") else 0
