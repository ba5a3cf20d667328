"""Months of resources, each worked out by hand from us-east-1's prices."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from plainbill.model.money import Money
from plainbill.prices import ListPrices, RateSource, items
from plainbill.prices.ebs import (
    monthly_ebs_storage,
    monthly_ebs_volume,
    monthly_snapshot,
)
from plainbill.prices.items import Licence, LoadBalancerKind, Processor
from plainbill.prices.managed import (
    monthly_eks_cluster,
    monthly_fargate_task,
    monthly_kinesis_on_demand_stream,
    monthly_kinesis_shards,
    monthly_provisioned_concurrency,
    monthly_sagemaker_endpoint,
    monthly_sagemaker_notebook,
    monthly_secrets,
    monthly_workspace,
)
from plainbill.prices.monthly import monthly
from plainbill.prices.network import (
    monthly_gateway_load_balancer_endpoint,
    monthly_interface_endpoint,
    monthly_load_balancer,
    monthly_nat_gateway,
    monthly_public_ipv4,
)
from plainbill.prices.nodes import (
    monthly_cache_nodes,
    monthly_dynamodb_capacity,
    monthly_opensearch_nodes,
    monthly_opensearch_storage,
    monthly_redshift_nodes,
)
from plainbill.prices.rds import (
    gp3_free,
    licence_of,
    monthly_rds_backup,
    monthly_rds_extended_support,
    monthly_rds_instance,
    monthly_rds_storage,
)
from plainbill.prices.storage import (
    monthly_dynamodb_storage,
    monthly_efs,
    monthly_log_storage,
)

HOME = "us-east-1"
RATES = ListPrices.load()
Ask = Callable[[RateSource, str], Money | None]
D = Decimal


def month_of(rates: RateSource, region: str, item: items.Item, count: int = 1) -> Money | None:
    return monthly(rates, region, (item, count))


# --- what must stay unknown --------------------------------------------------------------------


@pytest.mark.parametrize(
    "ask",
    [
        pytest.param(lambda r, g: monthly_ebs_volume(r, g, "gp3", 100), id="gp3 without its settings"),
        pytest.param(lambda r, g: monthly_ebs_volume(r, g, "gp3", 100, 3000), id="gp3 without throughput"),
        pytest.param(lambda r, g: monthly_ebs_volume(r, g, "io2", 100), id="io2 without IOPS"),
        pytest.param(
            lambda r, g: monthly_ebs_volume(r, g, "standard", 100), id="magnetic, billed by request"
        ),
        pytest.param(lambda r, g: monthly_ebs_volume(r, g, "gp9", 100, 3000, 125), id="an unknown type"),
        pytest.param(
            lambda r, g: monthly_load_balancer(r, g, LoadBalancerKind.GATEWAY), id="a Gateway Load Balancer"
        ),
        pytest.param(
            lambda r, g: month_of(r, g, items.load_balancer_capacity(LoadBalancerKind.CLASSIC)),
            id="capacity units of a Classic load balancer",
        ),
        pytest.param(
            lambda r, g: monthly_rds_instance(r, g, "db.t3.large", "postgres", multi_az=True),
            id="Multi-AZ, not twice the single price",
        ),
        pytest.param(
            lambda r, g: monthly_rds_instance(r, g, "db.r4.large", "aurora-mysql", io_optimized=True),
            id="an instance of an I/O-Optimized cluster",
        ),
        pytest.param(
            lambda r, g: monthly_rds_instance(r, g, "db.t3.large", "sqlserver-web"), id="a licence unsaid"
        ),
        pytest.param(
            lambda r, g: monthly_rds_storage(r, g, "mysql", "gp3", 400, iops=12000, throughput_mibps=501),
            id="RDS throughput above the free one",
        ),
        pytest.param(lambda r, g: monthly_rds_storage(r, g, "mysql", "gp3", 400), id="RDS gp3, no settings"),
        pytest.param(
            lambda r, g: monthly_rds_storage(r, g, "db2-se", "gp3", 20, iops=3000, throughput_mibps=125),
            id="RDS gp3 of an engine not known here",
        ),
        pytest.param(lambda r, g: monthly_rds_storage(r, g, "mysql", "standard", 40), id="RDS magnetic"),
        pytest.param(lambda r, g: monthly_opensearch_storage(r, g, "gp3", 100, 3), id="OpenSearch gp3"),
        pytest.param(lambda r, g: monthly_opensearch_storage(r, g, "io1", 100, 3), id="OpenSearch io1"),
        pytest.param(lambda r, g: month_of(r, g, items.s3_storage("INTELLIGENT_TIERING")), id="tiers unsaid"),
        pytest.param(
            lambda r, g: monthly_fargate_task(r, g, D(1), D(2), processor=Processor.ARM64), id="Fargate arm64"
        ),
        pytest.param(
            lambda r, g: monthly_sagemaker_endpoint(r, g, "ml.m5.large", 1), id="SageMaker endpoint"
        ),
        pytest.param(lambda r, g: monthly_sagemaker_notebook(r, g, "ml.t3.medium"), id="SageMaker notebook"),
        pytest.param(lambda r, g: monthly_workspace(r, g, "STANDARD", "ALWAYS_ON"), id="a WorkSpace"),
    ],
)
def test_what_is_not_known_has_no_monthly_price(ask: Ask) -> None:
    assert ask(RATES, HOME) is None


def test_one_unknown_part_makes_the_sum_unknown() -> None:
    known, unknown = (items.ebs_storage("gp3"), 100), (items.rds_storage("io2"), 1)
    assert monthly(RATES, HOME, known) is not None
    assert monthly(RATES, HOME, known, unknown) is None


def test_nothing_stored_costs_nothing_only_where_storing_has_a_price() -> None:
    assert monthly_log_storage(RATES, HOME, D(0)) == Money(D(0))
    assert monthly_log_storage(RATES, "eu-west-1", D(0)) is None


def test_less_than_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot be priced"):
        monthly_log_storage(RATES, HOME, D(-1))


# --- worked out by hand --------------------------------------------------------------------------

CASES: list[tuple[str, Ask, str]] = [
    ("gp2: 100 x 0.10", lambda r, g: monthly_ebs_volume(r, g, "gp2", 100, 300), "10"),
    ("gp3 at its baseline: 100 x 0.08", lambda r, g: monthly_ebs_volume(r, g, "gp3", 100, 3000, 125), "8"),
    (
        "gp3: 100 x 0.08 + 1,000 x 0.005 + 125 x 0.04",
        lambda r, g: monthly_ebs_volume(r, g, "gp3", 100, 4000, 250),
        "18",
    ),
    ("io1: 50 x 0.125 + 1,000 x 0.065", lambda r, g: monthly_ebs_volume(r, g, "io1", 50, 1000), "71.25"),
    (
        "io2, first tier to the brim: 100 x 0.125 + 32,000 x 0.065",
        lambda r, g: monthly_ebs_volume(r, g, "io2", 100, 32_000),
        "2092.50",
    ),
    (
        "io2, one above it: 12.50 + 2,080 + 0.0455",
        lambda r, g: monthly_ebs_volume(r, g, "io2", 100, 32_001),
        "2092.5455",
    ),
    (
        "io2, all tiers: 12.50 + 2,080 + 32,000 x 0.0455 + 36,000 x 0.03185",
        lambda r, g: monthly_ebs_volume(r, g, "io2", 100, 100_000),
        "4695.10",
    ),
    ("st1: 500 x 0.045", lambda r, g: monthly_ebs_volume(r, g, "st1", 500), "22.50"),
    ("sc1: 500 x 0.015", lambda r, g: monthly_ebs_volume(r, g, "sc1", 500), "7.50"),
    ("magnetic's size: 20 x 0.05", lambda r, g: monthly_ebs_storage(r, g, "standard", 20), "1"),
    ("snapshot: 80 x 0.05", lambda r, g: monthly_snapshot(r, g, 80), "4"),
    ("archived: 100 x 0.0125", lambda r, g: monthly_snapshot(r, g, 100, archived=True), "1.25"),
    ("fast restore: 2 x 0.75 x 730", lambda r, g: month_of(r, g, items.EBS_FAST_SNAPSHOT_RESTORE, 2), "1095"),
    ("IPv4: 0.005 x 730", lambda r, g: monthly_public_ipv4(r, g, in_use=False), "3.65"),
    ("IPv4 in use: the same", lambda r, g: monthly_public_ipv4(r, g, in_use=True, count=2), "7.30"),
    ("NAT: 0.045 x 730", monthly_nat_gateway, "32.85"),
    ("NAT with data: + 100 x 0.045", lambda r, g: monthly_nat_gateway(r, g, 100), "37.35"),
    (
        "ALB: 0.0225 x 730",
        lambda r, g: monthly_load_balancer(r, g, LoadBalancerKind.APPLICATION),
        "16.425",
    ),
    (
        "2 units of an NLB: 2 x 0.006 x 730",
        lambda r, g: month_of(r, g, items.load_balancer_capacity(LoadBalancerKind.NETWORK), 2),
        "8.76",
    ),
    ("CLB: 0.025 x 730", lambda r, g: monthly_load_balancer(r, g, LoadBalancerKind.CLASSIC), "18.25"),
    ("endpoint in 3 zones: 3 x 7.30", lambda r, g: monthly_interface_endpoint(r, g, 3), "21.90"),
    ("its data: 50 x 0.01", lambda r, g: month_of(r, g, items.VPC_ENDPOINT_INTERFACE_DATA, 50), "0.50"),
    ("GWLB endpoint", monthly_gateway_load_balancer_endpoint, "7.30"),
    ("transit gateway attachment", lambda r, g: month_of(r, g, items.TRANSIT_GATEWAY_ATTACHMENT), "36.50"),
    ("VPN: 0.05 x 730", lambda r, g: month_of(r, g, items.VPN_CONNECTION), "36.50"),
    ("MySQL: 0.136 x 730", lambda r, g: monthly_rds_instance(r, g, "db.t3.large", "mysql"), "99.28"),
    (
        "MySQL, Multi-AZ: 0.272 x 730",
        lambda r, g: monthly_rds_instance(r, g, "db.t3.large", "mysql", multi_az=True),
        "198.56",
    ),
    (
        "SQL Server Standard, licence included: 1.224 x 730",
        lambda r, g: monthly_rds_instance(r, g, "db.m5.xlarge", "sqlserver-se", licence=Licence.INCLUDED),
        "893.52",
    ),
    (
        "an Aurora instance costs the same in a Multi-AZ cluster: 0.29 x 730",
        lambda r, g: monthly_rds_instance(r, g, "db.r4.large", "aurora-mysql", multi_az=True),
        "211.70",
    ),
    ("RDS gp2: 20 x 0.115", lambda r, g: monthly_rds_storage(r, g, "mysql", "gp2", 20), "2.30"),
    (
        "RDS gp3, Multi-AZ, 14,000 IOPS: 400 x 0.23 + 2,000 x 0.04",
        lambda r, g: monthly_rds_storage(
            r, g, "postgres", "gp3", 400, multi_az=True, iops=14_000, throughput_mibps=500
        ),
        "172",
    ),
    (
        "RDS gp3 below the stripe: 20 x 0.115 + 1,000 x 0.02",
        lambda r, g: monthly_rds_storage(r, g, "mysql", "gp3", 20, iops=4000, throughput_mibps=125),
        "22.30",
    ),
    (
        "RDS io1: 100 x 0.125 + 1,200 x 0.10",
        lambda r, g: monthly_rds_storage(r, g, "mysql", "io1", 100, iops=1200),
        "132.50",
    ),
    ("RDS backups: 1,000 x 0.095", lambda r, g: monthly_rds_backup(r, g, 1000), "95"),
    ("Aurora backups: 400 x 0.021", lambda r, g: month_of(r, g, items.AURORA_BACKUP, 400), "8.40"),
    ("extended support: 2 x 0.10 x 730", lambda r, g: monthly_rds_extended_support(r, g, 2), "146"),
    ("twice", lambda r, g: monthly_rds_extended_support(r, g, 2, multi_az=True), "292"),
    ("5 ACUs: 5 x 0.12 x 730", lambda r, g: month_of(r, g, items.AURORA_SERVERLESS_V2, 5), "438"),
    (
        "5 ACUs: 5 x 0.16 x 730",
        lambda r, g: month_of(r, g, items.AURORA_SERVERLESS_V2_IO_OPTIMIZED, 5),
        "584",
    ),
    ("Aurora storage: 100 x 0.10", lambda r, g: month_of(r, g, items.AURORA_STORAGE, 100), "10"),
    ("I/O-optimized", lambda r, g: month_of(r, g, items.AURORA_STORAGE_IO_OPTIMIZED, 100), "23"),
    ("3 Redis nodes", lambda r, g: monthly_cache_nodes(r, g, "cache.m6g.12xlarge", "redis", 3), "7789.83"),
    (
        "Valkey: 6 x 0.28 x 730",
        lambda r, g: month_of(r, g, items.memorydb_node("db.r6g.large", "valkey"), 6),
        "1226.40",
    ),
    ("DocumentDB: 0.078 x 730", lambda r, g: month_of(r, g, items.docdb_instance("db.t3.medium")), "56.94"),
    (
        "2 brokers: 2 x 0.0456 x 730",
        lambda r, g: month_of(r, g, items.msk_broker("kafka.t3.small"), 2),
        "66.576",
    ),
    (
        "firewall in 2 zones: 2 x 0.395 x 730",
        lambda r, g: month_of(r, g, items.NETWORK_FIREWALL_ENDPOINT, 2),
        "576.70",
    ),
    ("4 dc2.large: 4 x 0.25 x 730", lambda r, g: monthly_redshift_nodes(r, g, "dc2.large", 4), "730"),
    ("OpenSearch", lambda r, g: monthly_opensearch_nodes(r, g, "c4.2xlarge.search", 3), "1285.53"),
    ("3 x 100 x 0.135", lambda r, g: monthly_opensearch_storage(r, g, "gp2", 100, 3), "40.50"),
    (
        "2 x (100 x 0.169 + 1,000 x 0.088)",
        lambda r, g: monthly_opensearch_storage(r, g, "io1", 100, 2, 1000),
        "209.80",
    ),
    (
        "30 RCU, 20 WCU: (30 x 0.00013 + 20 x 0.00065) x 730",
        lambda r, g: monthly_dynamodb_capacity(r, g, 30, 20),
        "12.337",
    ),
    ("S3: 10,000 x 0.023", lambda r, g: month_of(r, g, items.s3_storage("STANDARD"), 10_000), "230"),
    ("S3 deep archive", lambda r, g: month_of(r, g, items.s3_storage("DEEP_ARCHIVE"), 60_000), "59.40"),
    (
        "EFS: 230 x 0.30 + 100 x 0.025",
        lambda r, g: monthly_efs(r, g, D(230), infrequent_gib=D(100)),
        "71.50",
    ),
    (
        "EFS One Zone with throughput: 230 x 0.16 + 10 x 6",
        lambda r, g: monthly_efs(r, g, D(230), one_zone=True, provisioned_mibps=D(10)),
        "96.80",
    ),
    ("logs: 500 x 0.03", lambda r, g: monthly_log_storage(r, g, D(500)), "15"),
    ("ECR: 12 x 0.10", lambda r, g: month_of(r, g, items.ECR_STORAGE, 12), "1.20"),
    ("DynamoDB: 230 x 0.25", lambda r, g: monthly_dynamodb_storage(r, g, D(230)), "57.50"),
    ("OpenZFS: 300 x 0.09", lambda r, g: month_of(r, g, items.fsx_storage("openzfs", "ssd"), 300), "27"),
    (
        "its throughput: 1,024 x 0.26",
        lambda r, g: month_of(r, g, items.fsx_throughput("openzfs"), 1024),
        "266.24",
    ),
    (
        "10 warm x 512 MB: 5 x 0.0000041667 x 2,628,000",
        lambda r, g: monthly_provisioned_concurrency(r, g, 512, 10, Processor.X86_64),
        "54.750438",
    ),
    ("EKS", monthly_eks_cluster, "73"),
    ("EKS, old version", lambda r, g: monthly_eks_cluster(r, g, extended_support=True), "438"),
    (
        "Fargate: 2 x (1 x 0.04048 + 2 x 0.004445) x 730",
        lambda r, g: monthly_fargate_task(r, g, D(1), D(2), count=2),
        "72.0802",
    ),
    ("4 shards: 4 x 0.015 x 730", lambda r, g: monthly_kinesis_shards(r, g, 4), "43.80"),
    ("on-demand stream", monthly_kinesis_on_demand_stream, "29.20"),
    ("3 alarms", lambda r, g: month_of(r, g, items.CLOUDWATCH_ALARM_STANDARD, 3), "0.30"),
    ("3 fast alarms", lambda r, g: month_of(r, g, items.CLOUDWATCH_ALARM_HIGH_RESOLUTION, 3), "0.90"),
    ("7 metrics: 7 x 0.30", lambda r, g: month_of(r, g, items.CLOUDWATCH_METRIC, 7), "2.10"),
    ("2 checks", lambda r, g: month_of(r, g, items.ROUTE53_HEALTH_CHECK_AWS, 2), "1"),
    ("2 checks elsewhere", lambda r, g: month_of(r, g, items.ROUTE53_HEALTH_CHECK_OTHER, 2), "1.50"),
    ("5 secrets", lambda r, g: monthly_secrets(r, g, 5), "2"),
    ("2 keys", lambda r, g: month_of(r, g, items.KMS_KEY, 2), "2"),
]


@pytest.mark.parametrize(("ask", "dollars"), [pytest.param(a, d, id=name) for name, a, d in CASES])
def test_a_month_costs_what_the_hand_works_out(ask: Ask, dollars: str) -> None:
    assert ask(RATES, HOME) == Money(D(dollars))


@pytest.mark.parametrize("ask", [pytest.param(a, id=name) for name, a, _ in CASES])
def test_a_region_without_prices_has_no_monthly_price(ask: Ask) -> None:
    assert ask(RATES, "eu-west-1") is None


@pytest.mark.parametrize(
    ("engine", "size_gib", "free"),
    [
        ("mysql", 399, (3_000, 125)),
        ("mysql", 400, (12_000, 500)),
        ("oracle-se2", 199, (3_000, 125)),
        ("oracle-se2-cdb", 200, (12_000, 500)),
        ("sqlserver-web", 4_000, (3_000, 125)),
        ("db2-se", 100, None),
    ],
)
def test_what_gp3_has_for_nothing_depends_on_the_engine_and_size(
    engine: str, size_gib: int, free: tuple[int, int] | None
) -> None:
    assert gp3_free(engine, size_gib) == free


def test_an_unknown_licence_model_is_no_licence_at_all() -> None:
    assert licence_of("rented-by-the-moon") is None
    assert licence_of("license-included") is Licence.INCLUDED
    assert licence_of("postgresql-license") is Licence.NONE
