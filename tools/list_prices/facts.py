"""Prices that the golden files at hand do not hold, each with the page it was read on and that page's day."""

from __future__ import annotations

from dataclasses import dataclass

from plainbill.prices import items
from plainbill.prices.items import Item, Processor


@dataclass(frozen=True, slots=True)
class Fact:
    """One list price of us-east-1 in dollars."""

    item: Item
    price: str
    as_of: str
    source: str


_IPV4 = "AWS EC2 user guide: Elastic IP addresses"
_ENDPOINT = "infracost vpc_endpoint_test"
_KINESIS = "infracost kinesis_stream_test"
_FIREWALL = "infracost networkfirewall_firewall_test"
_DOCDB = "infracost docdb_cluster_instance_test"
_MEMORYDB = "infracost memorydb_cluster_test"
_MSK = "infracost msk_cluster_test"
_IO2 = "AmazonEC2 price list as other projects quote it: EBS:VolumeP-IOPS.io2.tier2 and .tier3"

_LAMBDA = "AWSLambda price list: Lambda-Provisioned-Concurrency"

FACTS = [
    Fact(items.lambda_provisioned_concurrency(Processor.X86_64), "0.0000041667", "2025-01-01", _LAMBDA),
    Fact(items.PUBLIC_IPV4_IN_USE, "0.005", "2024-02-01", _IPV4),
    Fact(
        items.EBS_SNAPSHOT_ARCHIVE, "0.0125", "2024-07-01", "AWS EBS user guide: archive pricing and billing"
    ),
    Fact(items.ebs_iops("io2", tier=2), "0.0455", "2026-09-30", _IO2),
    Fact(items.ebs_iops("io2", tier=3), "0.03185", "2026-09-30", _IO2),
    Fact(items.VPC_ENDPOINT_INTERFACE_HOUR, "0.01", "2024-07-01", _ENDPOINT),
    Fact(items.VPC_ENDPOINT_INTERFACE_DATA, "0.01", "2024-07-01", _ENDPOINT),
    Fact(items.VPC_ENDPOINT_GATEWAY_LB_HOUR, "0.01", "2024-07-01", _ENDPOINT),
    Fact(items.VPC_ENDPOINT_GATEWAY_LB_DATA, "0.0035", "2024-07-01", _ENDPOINT),
    Fact(items.KINESIS_SHARD, "0.015", "2024-07-01", _KINESIS),
    Fact(items.KINESIS_ON_DEMAND_STREAM, "0.04", "2024-07-01", _KINESIS),
    Fact(items.KINESIS_EXTENDED_RETENTION, "0.10", "2024-07-01", _KINESIS),
    Fact(items.NETWORK_FIREWALL_ENDPOINT, "0.395", "2024-07-01", _FIREWALL),
    Fact(items.NETWORK_FIREWALL_DATA, "0.065", "2024-07-01", _FIREWALL),
    Fact(items.docdb_instance("db.t3.medium"), "0.078", "2024-07-01", _DOCDB),
    Fact(items.docdb_instance("db.r5.4xlarge"), "2.216", "2024-07-01", _DOCDB),
    Fact(items.DOCDB_STORAGE, "0.10", "2024-07-01", _DOCDB),
    Fact(items.memorydb_node("db.r6g.large", "redis"), "0.40", "2024-10-01", _MEMORYDB),
    Fact(items.memorydb_node("db.r6g.large", "valkey"), "0.28", "2024-10-01", _MEMORYDB),
    Fact(items.msk_broker("kafka.t3.small"), "0.0456", "2024-07-01", _MSK),
    Fact(items.msk_broker("kafka.m5.24xlarge"), "10.08", "2024-07-01", _MSK),
    Fact(items.ECR_STORAGE, "0.10", "2024-07-01", "infracost ecr_repository_test"),
]
