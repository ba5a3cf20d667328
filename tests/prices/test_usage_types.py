"""How the bill names what we price, and what it names that we must not confuse."""

from __future__ import annotations

import pytest

from plainbill.prices import ListPrices, UsageKey, items
from plainbill.prices.items import Deployment, Item, Licence, LoadBalancerKind
from plainbill.prices.usage_types import bare, usage_key

HOME = "us-east-1"


@pytest.mark.parametrize(
    "item",
    [
        pytest.param(items.cache_node("cache.m6g.large", "keydb"), id="an engine of unknown operation"),
        pytest.param(items.EKS_CLUSTER_EXTENDED_SUPPORT, id="what is billed as two usages"),
        pytest.param(
            items.rds_instance("db.m5.large", "sqlserver-se", Deployment.MULTI_AZ, Licence.INCLUDED),
            id="a mirror of SQL Server",
        ),
        pytest.param(items.rds_instance("db.m5.large", "oracle-ee"), id="Oracle, of no known licence"),
        pytest.param(items.ec2_instance("m5.large", "windows-byol"), id="a licence that is brought along"),
        pytest.param(items.opensearch_node("ultrawarm1.medium.search"), id="UltraWarm"),
        pytest.param(items.s3_storage("INTELLIGENT_TIERING.FREQUENT"), id="an access tier"),
        pytest.param(items.EBS_MAGNETIC_REQUESTS, id="requests by the million"),
        pytest.param(items.workspace("VALUE", "ALWAYS_ON"), id="a WorkSpace"),
        pytest.param(items.REDSHIFT_BACKUP, id="Redshift's backups"),
        pytest.param(items.ELB_CLASSIC_DATA, id="data of a Classic load balancer"),
    ],
)
def test_what_is_not_named_for_certain_is_not_looked_for_in_the_bill(item: Item) -> None:
    assert usage_key(HOME, item) is None


@pytest.mark.parametrize(
    "plain",
    [
        "EBS:VolumeUsage.gp3",
        "BoxUsage:m5.large",
        "DataTransfer-Out-Bytes",
        "NatGateway-Hours",
        "EU-",
        "LAX1-EBS:VolumeUsage.gp3",
        "BOS1-BoxUsage:t3.medium",
    ],
)
def test_a_usage_type_without_prefix_is_left_as_it_is(plain: str) -> None:
    assert bare(plain) == plain


@pytest.mark.parametrize(
    "prefix", ["USE1-", "USE2-", "EU-", "EUC1-", "APN1-", "UGW1-", "SAE1-", "MEC1-", "CAN1-"]
)
def test_a_region_prefix_is_taken_off_once(prefix: str) -> None:
    assert bare(f"{prefix}EBS:VolumeUsage.gp3") == "EBS:VolumeUsage.gp3"


@pytest.mark.parametrize(
    ("item", "service", "usage_type", "operation"),
    [
        (items.ebs_storage("io1"), "AmazonEC2", "EBS:VolumeUsage.piops", ""),
        (items.ebs_storage("standard"), "AmazonEC2", "EBS:VolumeUsage", ""),
        (items.ebs_iops("io2", 2), "AmazonEC2", "EBS:VolumeP-IOPS.io2.tier2", ""),
        (items.ec2_instance("m5.large"), "AmazonEC2", "BoxUsage:m5.large", "RunInstances"),
        (items.ec2_instance("m5.large", "rhel"), "AmazonEC2", "BoxUsage:m5.large", "RunInstances:0010"),
        (
            items.ec2_instance("m5.large", "windows-sql-std", is_dedicated=True),
            "AmazonEC2",
            "DedicatedUsage:m5.large",
            "RunInstances:0006",
        ),
        (items.rds_storage("gp3", Deployment.MULTI_AZ), "AmazonRDS", "RDS:Multi-AZ-GP3-Storage", ""),
        (items.rds_iops("io1"), "AmazonRDS", "RDS:PIOPS", ""),
        (
            items.rds_instance("db.m5.large", "oracle-se2", Deployment.MULTI_AZ, Licence.INCLUDED),
            "AmazonRDS",
            "Multi-AZUsage:db.m5.large",
            "CreateDBInstance:0020",
        ),
        (items.opensearch_node("m6g.large.search"), "AmazonES", "ESInstance:m6g.large", ""),
        (items.sagemaker_instance("ml.m5.large", "endpoint"), "AmazonSageMaker", "Host:ml.m5.large", ""),
        (
            items.load_balancer(LoadBalancerKind.NETWORK),
            "AWSELB",
            "LoadBalancerUsage",
            "LoadBalancing:Network",
        ),
        (
            items.rds_instance("db.m5.large", "postgres", Deployment.MULTI_AZ),
            "AmazonRDS",
            "Multi-AZUsage:db.m5.large",
            "CreateDBInstance:0014",
        ),
        (items.s3_storage("STANDARD"), "AmazonS3", "TimedStorage-ByteHrs", ""),
        (items.LOGS_STORAGE, "AmazonCloudWatch", "TimedStorage-ByteHrs", ""),
    ],
)
def test_items_are_billed_under_these_names(
    item: Item, service: str, usage_type: str, operation: str
) -> None:
    assert usage_key(HOME, item) == UsageKey(HOME, service, usage_type, operation)


def test_no_two_items_share_a_name_on_the_bill() -> None:
    keys = [key for region, item in ListPrices.load().items if (key := usage_key(region, item))]
    assert len(keys) > 60
    assert len(keys) == len(set(keys))
