"""Every price that can be asked for, by name: the one place where the keys of the price table are written.

A check never spells a key. It takes one of the constants below, or calls one of the functions, and asks a
``RateSource`` for it: ``rates.rate("us-east-1", ebs_storage("gp3"))``. The converter that writes
``list_prices.csv`` uses the same names, so a key that nobody can ask for cannot get into the table.

An item that can be named need not be priced: what no source holds is unknown.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Unit(StrEnum):
    """What one price is for. AWS's GB of storage are GiB (2^30 bytes); its month is 730 hours."""

    HOUR = "hour"
    MONTH = "month"
    GB = "gb"
    GB_HOUR = "gb_hour"
    GB_MONTH = "gb_month"
    GB_SECOND = "gb_second"
    IOPS_MONTH = "iops_month"
    MIBPS_MONTH = "mibps_month"
    VCPU_HOUR = "vcpu_hour"
    VCPU_MONTH = "vcpu_month"
    MILLION = "million"
    """A million requests, events or objects."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing AWS has a price for: the service, which thing of it, and the unit it is sold by."""

    service: str
    name: str
    unit: Unit

    def __str__(self) -> str:
        return f"{self.service} {self.name}, {self.unit}"


class LoadBalancerKind(StrEnum):
    """The four kinds of Elastic Load Balancing."""

    APPLICATION = "application"
    NETWORK = "network"
    GATEWAY = "gateway"
    CLASSIC = "classic"


class Deployment(StrEnum):
    """How many copies of an RDS instance are paid for."""

    SINGLE_AZ = "single_az"
    MULTI_AZ = "multi_az"
    """One standby; a Multi-AZ cluster with two readable standbys is priced otherwise and has no name here."""


class Licence(StrEnum):
    """Who brings the database's licence."""

    NONE = "none"
    """Open source, and Aurora: nothing to bring."""
    INCLUDED = "included"
    OWN = "own"


class Processor(StrEnum):
    """Lambda's and Fargate's architectures, as their APIs spell them."""

    X86_64 = "x86_64"
    ARM64 = "arm64"


# --- EC2 and EBS ---------------------------------------------------------------------------


def ec2_instance(instance_type: str, system: str = "linux") -> Item:
    """An on-demand instance on shared hardware; ``system`` is ``linux`` or ``windows``, licence included."""
    return Item("ec2", f"{instance_type}:{system}", Unit.HOUR)


EC2_CPU_CREDITS_T3 = Item("ec2", "cpu_credits.t3", Unit.VCPU_HOUR)
"""Surplus credits of an unlimited t3 beyond its baseline."""
EC2_EBS_OPTIMIZED_R3_XLARGE = Item("ec2", "ebs_optimized.r3.xlarge", Unit.HOUR)


def ebs_storage(volume_type: str) -> Item:
    """The provisioned size of a volume: gp2, gp3, io1, io2, st1, sc1 or standard (magnetic)."""
    return Item("ebs", volume_type, Unit.GB_MONTH)


def ebs_iops(volume_type: str, tier: int = 1) -> Item:
    """Provisioned IOPS of io1, io2, or of gp3 above its baseline.

    io2 is sold in three tiers: up to 32,000, from there to 64,000, and above.
    """
    return Item("ebs", volume_type if tier == 1 else f"{volume_type}.tier{tier}", Unit.IOPS_MONTH)


def ebs_throughput(volume_type: str) -> Item:
    """Provisioned MiB/s of gp3 above its baseline."""
    return Item("ebs", volume_type, Unit.MIBPS_MONTH)


EBS_MAGNETIC_REQUESTS = Item("ebs", "standard_requests", Unit.MILLION)
EBS_SNAPSHOT = Item("ebs", "snapshot", Unit.GB_MONTH)
"""Stored blocks of a snapshot in the standard tier: the changed blocks, not the volume's size."""
EBS_SNAPSHOT_ARCHIVE = Item("ebs", "snapshot_archive", Unit.GB_MONTH)
"""All blocks of a snapshot in the archive tier, for at least 90 days."""
EBS_FAST_SNAPSHOT_RESTORE = Item("ebs", "fast_snapshot_restore", Unit.HOUR)
"""One snapshot in one availability zone."""

# --- network -------------------------------------------------------------------------------

PUBLIC_IPV4_IN_USE = Item("vpc", "public_ipv4_in_use", Unit.HOUR)
PUBLIC_IPV4_IDLE = Item("vpc", "public_ipv4_idle", Unit.HOUR)
NAT_GATEWAY_HOUR = Item("vpc", "nat_gateway", Unit.HOUR)
NAT_GATEWAY_DATA = Item("vpc", "nat_gateway", Unit.GB)
VPC_ENDPOINT_INTERFACE_HOUR = Item("vpc", "interface_endpoint", Unit.HOUR)
"""One interface endpoint in one availability zone."""
VPC_ENDPOINT_INTERFACE_DATA = Item("vpc", "interface_endpoint", Unit.GB)
"""The first petabyte of a month."""
VPC_ENDPOINT_GATEWAY_LB_HOUR = Item("vpc", "gateway_load_balancer_endpoint", Unit.HOUR)
VPC_ENDPOINT_GATEWAY_LB_DATA = Item("vpc", "gateway_load_balancer_endpoint", Unit.GB)
TRANSIT_GATEWAY_ATTACHMENT = Item("vpc", "transit_gateway_attachment", Unit.HOUR)
TRANSIT_GATEWAY_DATA = Item("vpc", "transit_gateway", Unit.GB)
VPN_CONNECTION = Item("vpc", "site_to_site_vpn_connection", Unit.HOUR)
CLIENT_VPN_ENDPOINT_ASSOCIATION = Item("vpc", "client_vpn_endpoint_association", Unit.HOUR)
CLIENT_VPN_CONNECTION = Item("vpc", "client_vpn_connection", Unit.HOUR)
TRAFFIC_MIRROR_SESSION = Item("vpc", "traffic_mirror_session", Unit.HOUR)


def load_balancer(kind: LoadBalancerKind) -> Item:
    """The running hours of a load balancer."""
    return Item("elb", kind.value, Unit.HOUR)


def load_balancer_capacity(kind: LoadBalancerKind) -> Item:
    """One capacity unit (LCU, NLCU, GLCU) for an hour; a Classic one is billed by the GB instead."""
    return Item("elb", f"{kind.value}_capacity_unit", Unit.HOUR)


ELB_CLASSIC_DATA = Item("elb", "classic", Unit.GB)

# --- databases, caches, warehouses, search ---------------------------------------------------


def rds_instance(
    db_class: str, engine: str, deployment: Deployment = Deployment.SINGLE_AZ, licence: Licence = Licence.NONE
) -> Item:
    """An RDS or Aurora instance; ``engine`` as ``DescribeDBInstances`` spells it (aurora-mysql)."""
    return Item("rds", f"{db_class}:{engine}:{deployment.value}:{licence.value}", Unit.HOUR)


def rds_storage(storage_type: str, deployment: Deployment = Deployment.SINGLE_AZ) -> Item:
    """Allocated storage: gp2, gp3, io1, io2 or standard (magnetic)."""
    return Item("rds", f"storage.{storage_type}:{deployment.value}", Unit.GB_MONTH)


def rds_iops(storage_type: str, deployment: Deployment = Deployment.SINGLE_AZ) -> Item:
    """Provisioned IOPS of io1, or of gp3 above its baseline."""
    return Item("rds", f"storage.{storage_type}:{deployment.value}", Unit.IOPS_MONTH)


RDS_BACKUP = Item("rds", "backup", Unit.GB_MONTH)
"""Backups beyond the free part (the size of the databases of the region), and manual snapshots."""
RDS_EXTENDED_SUPPORT_YEAR_1 = Item("rds", "extended_support.year_1", Unit.VCPU_HOUR)
"""Years 1 and 2 of extended support; a Multi-AZ instance pays for both copies."""
AURORA_BACKUP = Item("rds", "aurora_backup", Unit.GB_MONTH)
AURORA_STORAGE = Item("rds", "aurora_storage.standard", Unit.GB_MONTH)
AURORA_STORAGE_IO_OPTIMIZED = Item("rds", "aurora_storage.io_optimized", Unit.GB_MONTH)
AURORA_IO = Item("rds", "aurora_io", Unit.MILLION)
AURORA_SERVERLESS_V1 = Item("rds", "aurora_serverless_v1", Unit.HOUR)
"""One Aurora capacity unit (ACU)."""
AURORA_SERVERLESS_V2 = Item("rds", "aurora_serverless_v2", Unit.HOUR)
AURORA_SERVERLESS_V2_IO_OPTIMIZED = Item("rds", "aurora_serverless_v2.io_optimized", Unit.HOUR)
AURORA_BACKTRACK = Item("rds", "aurora_backtrack", Unit.MILLION)


def rds_performance_insights(db_class: str) -> Item:
    """Long-term retention (more than 7 days), by the vCPU."""
    return Item("rds", f"performance_insights.{db_class.removeprefix('db.').split('.')[0]}", Unit.VCPU_MONTH)


def cache_node(node_type: str, engine: str) -> Item:
    """An ElastiCache node (cache.m6g.large) of redis, memcached or valkey."""
    return Item("elasticache", f"{node_type}:{engine}", Unit.HOUR)


CACHE_BACKUP = Item("elasticache", "backup", Unit.GB_MONTH)


def redshift_node(node_type: str) -> Item:
    """A node of a provisioned Redshift cluster (ra3.4xlarge)."""
    return Item("redshift", node_type, Unit.HOUR)


REDSHIFT_MANAGED_STORAGE = Item("redshift", "managed_storage", Unit.GB_MONTH)
REDSHIFT_BACKUP = Item("redshift", "backup", Unit.GB_MONTH)
"""Manual snapshots, the first 50 TB."""


def opensearch_node(node_type: str) -> Item:
    """A data, dedicated master or UltraWarm node of an OpenSearch domain (m6g.large.search)."""
    return Item("opensearch", node_type, Unit.HOUR)


def opensearch_storage(volume_type: str) -> Item:
    """EBS storage of a domain; dearer than the same volume of EC2."""
    return Item("opensearch", f"storage.{volume_type}", Unit.GB_MONTH)


def opensearch_iops(volume_type: str) -> Item:
    """Provisioned IOPS of a domain's io1 storage."""
    return Item("opensearch", f"storage.{volume_type}", Unit.IOPS_MONTH)


DYNAMODB_READ_CAPACITY = Item("dynamodb", "read_capacity_unit", Unit.HOUR)
DYNAMODB_WRITE_CAPACITY = Item("dynamodb", "write_capacity_unit", Unit.HOUR)
DYNAMODB_REPLICATED_WRITE_CAPACITY = Item("dynamodb", "replicated_write_capacity_unit", Unit.HOUR)
DYNAMODB_STORAGE = Item("dynamodb", "storage", Unit.GB_MONTH)
DYNAMODB_POINT_IN_TIME_RECOVERY = Item("dynamodb", "point_in_time_recovery", Unit.GB_MONTH)
DYNAMODB_BACKUP = Item("dynamodb", "backup", Unit.GB_MONTH)

# --- storage: S3, EFS, FSx, ECR ----------------------------------------------------------------


def s3_storage(storage_class: str) -> Item:
    """Stored GB by S3's own name of the class, e.g. STANDARD, STANDARD_IA, GLACIER, DEEP_ARCHIVE.

    STANDARD is the first 50 TB of a month. Intelligent-Tiering is asked for by access tier:
    INTELLIGENT_TIERING.FREQUENT, .INFREQUENT, .ARCHIVE, .DEEP_ARCHIVE.
    """
    return Item("s3", storage_class, Unit.GB_MONTH)


S3_INTELLIGENT_TIERING_MONITORING = Item("s3", "intelligent_tiering_monitoring", Unit.MILLION)
"""A million monitored objects for a month."""


def efs_storage(storage_class: str) -> Item:
    """Stored GB: standard, standard_ia, one_zone or one_zone_ia."""
    return Item("efs", storage_class, Unit.GB_MONTH)


EFS_PROVISIONED_THROUGHPUT = Item("efs", "provisioned_throughput", Unit.MIBPS_MONTH)


def fsx_storage(file_system: str, medium: str) -> Item:
    """Storage of windows (single-AZ is ssd, hdd) or openzfs (ssd)."""
    return Item("fsx", f"{file_system}.{medium}", Unit.GB_MONTH)


def fsx_throughput(file_system: str) -> Item:
    """Throughput capacity by the MB/s."""
    return Item("fsx", f"{file_system}.throughput", Unit.MIBPS_MONTH)


def fsx_backup(file_system: str) -> Item:
    """Backups of a file system."""
    return Item("fsx", f"{file_system}.backup", Unit.GB_MONTH)


ECR_STORAGE = Item("ecr", "storage", Unit.GB_MONTH)

# --- compute without instances ---------------------------------------------------------------


def lambda_duration(processor: Processor) -> Item:
    """On-demand duration, first tier."""
    return Item("lambda", f"duration.{processor.value}", Unit.GB_SECOND)


def lambda_provisioned_concurrency(processor: Processor) -> Item:
    """Memory kept warm, whether it is called or not."""
    return Item("lambda", f"provisioned_concurrency.{processor.value}", Unit.GB_SECOND)


LAMBDA_REQUESTS = Item("lambda", "requests", Unit.MILLION)
EKS_CLUSTER = Item("eks", "cluster", Unit.HOUR)
"""The control plane of a version in standard support."""
EKS_CLUSTER_EXTENDED_SUPPORT = Item("eks", "cluster.extended_support", Unit.HOUR)
"""The control plane of a version in extended support: the whole price, not a surcharge."""


def fargate_vcpu(processor: Processor) -> Item:
    """One vCPU of a Linux task or pod."""
    return Item("fargate", f"linux.{processor.value}", Unit.VCPU_HOUR)


def fargate_memory(processor: Processor) -> Item:
    """One GB of a Linux task's or pod's memory."""
    return Item("fargate", f"linux.{processor.value}", Unit.GB_HOUR)


# --- streams, operations, machine learning, desktops -------------------------------------------

KINESIS_SHARD = Item("kinesis", "shard", Unit.HOUR)
KINESIS_ON_DEMAND_STREAM = Item("kinesis", "on_demand_stream", Unit.HOUR)
KINESIS_EXTENDED_RETENTION = Item("kinesis", "extended_retention.on_demand", Unit.GB_MONTH)
LOGS_INGESTION = Item("logs", "ingestion", Unit.GB)
LOGS_STORAGE = Item("logs", "storage", Unit.GB_MONTH)
LOGS_INSIGHTS = Item("logs", "insights_scanned", Unit.GB)
CLOUDWATCH_ALARM_STANDARD = Item("cloudwatch", "alarm.standard_resolution", Unit.MONTH)
"""One alarm on one metric."""
CLOUDWATCH_ALARM_HIGH_RESOLUTION = Item("cloudwatch", "alarm.high_resolution", Unit.MONTH)
CLOUDWATCH_DASHBOARD = Item("cloudwatch", "dashboard", Unit.MONTH)
CLOUDWATCH_METRIC = Item("cloudwatch", "metric", Unit.MONTH)
"""A custom metric, or one of an instance's seven of detailed monitoring; the first 10,000 of a month."""
SECRET = Item("secretsmanager", "secret", Unit.MONTH)
KMS_KEY = Item("kms", "key", Unit.MONTH)
ROUTE53_HEALTH_CHECK_AWS = Item("route53", "health_check.aws_endpoint", Unit.MONTH)
ROUTE53_HEALTH_CHECK_OTHER = Item("route53", "health_check.other_endpoint", Unit.MONTH)


def sagemaker_instance(instance_type: str, use: str) -> Item:
    """A SageMaker instance (ml.m5.large) used as endpoint or notebook."""
    return Item("sagemaker", f"{instance_type}:{use}", Unit.HOUR)


def workspace(bundle: str, running_mode: str) -> Item:
    """A WorkSpace by compute type (VALUE, STANDARD ...) and running mode (ALWAYS_ON: the monthly fee)."""
    return Item("workspaces", f"{bundle}:{running_mode}", Unit.MONTH)
