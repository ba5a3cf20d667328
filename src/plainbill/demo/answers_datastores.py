"""ElastiCache, Redshift and OpenSearch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plainbill.demo.call import Answer, Call, marked
from plainbill.demo.estate_datastores import Cache, Domain, Warehouse, caches, domains, warehouses
from plainbill.demo.wire_scope import WireError

_DOMAINS_AT_ONCE = 5


def describe_cache_clusters(call: Call) -> Mapping[str, Any]:
    """List the clusters of one account in one region, by pages."""
    here = caches(call.company).at(call.account, call.region)
    return marked(call, "CacheClusters", [_cache(one) for one in here])


def describe_clusters(call: Call) -> Mapping[str, Any]:
    """List the warehouses of one account in one region, by pages."""
    here = warehouses(call.company).at(call.account, call.region)
    return marked(call, "Clusters", [_warehouse(one) for one in here])


def list_domain_names(call: Call) -> Mapping[str, Any]:
    """List the names of all search domains of one account in one region; there are no pages."""
    here = domains(call.company).at(call.account, call.region)
    return {"DomainNames": [{"DomainName": one.name, "EngineType": "OpenSearch"} for one in here]}


def describe_domains(call: Call) -> Mapping[str, Any]:
    """Describe at most five domains by name; one that does not exist is left out."""
    names = call.params["DomainNames"]
    if len(names) > _DOMAINS_AT_ONCE:
        raise WireError(
            "ValidationException", f"Please provide a maximum of {_DOMAINS_AT_ONCE} domain names", 400
        )
    known = domains(call.company)
    found = (known.named(call.account, call.region, name) for name in names)
    return {"DomainStatusList": [_domain(one) for one in found if one is not None]}


def _cache(one: Cache) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "CacheClusterId": one.name,
        "ARN": one.arn("elasticache", f"cluster:{one.name}"),
        "CacheNodeType": one.node_type,
        "Engine": one.engine,
        "EngineVersion": "7.1.0" if one.engine == "redis" else "1.6.22",
        "CacheClusterStatus": "available",
        "NumCacheNodes": one.nodes,
        "PreferredAvailabilityZone": one.availability_zone,
        "CacheClusterCreateTime": one.created_at,
        "AutoMinorVersionUpgrade": True,
        "SnapshotRetentionLimit": 0,
    }
    return facts | ({"ReplicationGroupId": one.group} if one.group else {})


def _warehouse(one: Warehouse) -> dict[str, Any]:
    return {
        "ClusterIdentifier": one.name,
        "NodeType": one.node_type,
        "NumberOfNodes": one.nodes,
        "ClusterStatus": one.status,
        "ClusterAvailabilityStatus": "Paused" if one.status == "paused" else "Available",
        "ClusterCreateTime": one.created_at,
        "AvailabilityZone": one.availability_zone,
        "MultiAZ": "Disabled",
        "Encrypted": True,
        "Tags": one.tag_list,
    }


def _domain(one: Domain) -> dict[str, Any]:
    nodes: dict[str, Any] = {
        "InstanceType": one.node_type,
        "InstanceCount": one.nodes,
        "DedicatedMasterEnabled": one.masters is not None,
        "ZoneAwarenessEnabled": False,
        "WarmEnabled": False,
    }
    if one.masters is not None:
        nodes |= {"DedicatedMasterType": one.masters, "DedicatedMasterCount": 3}
    volume: dict[str, Any] = {"EBSEnabled": True, "VolumeType": one.volume_type, "VolumeSize": one.gib}
    if one.volume_type == "gp3":
        volume |= {"Iops": 3000, "Throughput": 125}
    return {
        "DomainId": f"{one.account_id}/{one.name}",
        "DomainName": one.name,
        "ARN": one.arn("es", f"domain/{one.name}"),
        "Created": True,
        "Deleted": False,
        "Processing": False,
        "EngineVersion": "OpenSearch_2.19",
        "ClusterConfig": nodes,
        "EBSOptions": volume,
    }


ANSWERS: Mapping[str, Answer] = {
    "elasticache:DescribeCacheClusters": describe_cache_clusters,
    "redshift:DescribeClusters": describe_clusters,
    "opensearch:ListDomainNames": list_domain_names,
    "opensearch:DescribeDomains": describe_domains,
}
