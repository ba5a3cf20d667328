"""What OpenSearch says of a domain is kept: each kind of node, and the disks."""

from __future__ import annotations

from typing import Any

from plainbill.aws_connector import Scope
from plainbill.data_fetcher.opensearch_domains import OpenSearchDomains
from plainbill.model.resources.opensearch import OpenSearchDomain

IRELAND = Scope("111122223333", "eu-west-1")
NODES: dict[str, Any] = {"InstanceType": "m6g.large.search", "InstanceCount": 2}


def parsed(nodes: dict[str, Any] | None = None, **changes: Any) -> OpenSearchDomain:
    raw = {"DomainName": "logs", "Created": True, "ClusterConfig": NODES | (nodes or {})} | changes
    (one,) = OpenSearchDomains.parse({"DomainStatusList": [raw]}, IRELAND)
    return one


def test_a_domain_described_with_the_least_has_no_more_than_that() -> None:
    assert parsed() == OpenSearchDomain(
        account_id="111122223333",
        region="eu-west-1",
        domain_name="logs",
        engine_version="",
        instance_type="m6g.large.search",
        instances=2,
    )
    assert parsed().dimensions == {"DomainName": "logs", "ClientId": "111122223333"}
    assert parsed().arn == "arn:aws:es:eu-west-1:111122223333:domain/logs"


def test_nodes_and_disks_count_where_they_are_switched_on() -> None:
    off = parsed(
        {"DedicatedMasterEnabled": False, "DedicatedMasterCount": 3, "WarmEnabled": False, "WarmCount": 2},
        EBSOptions={"EBSEnabled": False, "VolumeSize": 10},
    )
    assert (off.masters, off.warm_nodes, off.volume_gib) == (0, 0, None)
    on = parsed(
        {
            "DedicatedMasterEnabled": True,
            "DedicatedMasterType": "m6g.large.search",
            "DedicatedMasterCount": 3,
            "WarmEnabled": True,
            "WarmType": "ultrawarm1.medium.search",
            "WarmCount": 2,
            "NodeOptions": [
                {"NodeType": "coordinator", "NodeConfig": {"Enabled": True, "Count": 4}},
                {"NodeType": "coordinator", "NodeConfig": {"Enabled": False, "Count": 9}},
                {},
            ],
        },
        EBSOptions={
            "EBSEnabled": True,
            "VolumeType": "gp3",
            "VolumeSize": 100,
            "Iops": 3000,
            "Throughput": 125,
        },
    )
    assert (on.master_type, on.masters) == ("m6g.large.search", 3)
    assert (on.warm_type, on.warm_nodes, on.other_nodes) == ("ultrawarm1.medium.search", 2, 4)
    assert (on.volume_type, on.volume_gib, on.volume_iops, on.volume_throughput_mibps) == (
        "gp3",
        100,
        3000,
        125,
    )
