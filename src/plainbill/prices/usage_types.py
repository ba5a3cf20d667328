"""How a bill names the items: product code, usage type without its region prefix, operation where it decides.

Sources: the usage types of AWS's Price List and of its billing code tables (such as Understand codes for
Amazon EBS in billing and usage reports). Several services share a usage type (``TimedStorage-ByteHrs``),
hence the product code; some usage types cover several prices (``InstanceUsage:db.m5.large`` of every
engine), hence the operation. An item whose billed name is not written here has none: it is priced by the
next rung, never by a similar usage. Nor has one that a bill adds up of two usages: a cluster of EKS in
extended support is billed its hours (``AmazonEKS-Hours:perCluster``) and, on top,
``AmazonEKS-Hours:extendedSupport``, which is less than what it costs.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from plainbill.prices import items
from plainbill.prices.items import Deployment, Item, Licence, LoadBalancerKind, Processor, Unit

_REGION_PREFIX = re.compile(
    r"^(?:US[EW]\d|UG[EW]\d|CAN\d|MXC\d|SAE\d|EU[CWNS]\d|EU|AFS\d|ILC\d|ME[CS]\d|AP[ENS]\d|CN[NW]\d)-(?=.)"
)
"""The regions' billing codes (USE2-, APN1-, Ireland's EU-; us-east-1 has none, or USE1-).

Local and Wavelength Zones have codes of their own (LAX1-) and prices of their own: those stay in the name.
"""


@dataclass(frozen=True, slots=True)
class UsageKey:
    """What a bill says of a usage; ``usage_type`` without region prefix, ``operation`` if needed."""

    region: str
    service: str
    usage_type: str
    operation: str = ""


def bare(usage_type: str) -> str:
    """Return a usage type without its region prefix: ``EUC1-NatGateway-Hours`` is ``NatGateway-Hours``."""
    return _REGION_PREFIX.sub("", usage_type)


def usage_key(region: str, item: Item) -> UsageKey | None:
    """Return how an item of a region is billed, None where it is not known for certain."""
    billed = _FIXED.get(item)
    if billed is None and (named := _BY_SERVICE.get(item.service)):
        billed = named(item)
    return None if billed is None else UsageKey(region, *billed)


_EC2 = "AmazonEC2"
_LOAD_BALANCING = "AWSELB"
_OPERATION_OF_BALANCER = {
    LoadBalancerKind.APPLICATION: "LoadBalancing:Application",
    LoadBalancerKind.NETWORK: "LoadBalancing:Network",
    LoadBalancerKind.GATEWAY: "LoadBalancing:Gateway",
    LoadBalancerKind.CLASSIC: "LoadBalancing",
}
_OPERATION_OF_SYSTEM = {
    "linux": "RunInstances",
    "windows": "RunInstances:0002",
    "rhel": "RunInstances:0010",
    "suse": "RunInstances:000g",
    "ubuntu-pro": "RunInstances:0g00",
    "linux-sql-std": "RunInstances:0004",
    "linux-sql-web": "RunInstances:0200",
    "linux-sql-ent": "RunInstances:0100",
    "windows-sql-std": "RunInstances:0006",
    "windows-sql-web": "RunInstances:0202",
    "windows-sql-ent": "RunInstances:0102",
}
"""EC2 user guide, "AMI billing information fields"; a Dedicated Instance has the same ones."""
_OPERATION_OF_ENGINE = {
    ("mysql", Licence.NONE): "CreateDBInstance:0002",
    ("oracle-ee", Licence.OWN): "CreateDBInstance:0005",
    ("sqlserver-ex", Licence.INCLUDED): "CreateDBInstance:0010",
    ("sqlserver-web", Licence.INCLUDED): "CreateDBInstance:0011",
    ("sqlserver-se", Licence.INCLUDED): "CreateDBInstance:0012",
    ("postgres", Licence.NONE): "CreateDBInstance:0014",
    ("sqlserver-ee", Licence.INCLUDED): "CreateDBInstance:0015",
    ("aurora-mysql", Licence.NONE): "CreateDBInstance:0016",
    ("mariadb", Licence.NONE): "CreateDBInstance:0018",
    ("oracle-se2", Licence.OWN): "CreateDBInstance:0019",
    ("oracle-se2", Licence.INCLUDED): "CreateDBInstance:0020",
    ("aurora-postgresql", Licence.NONE): "CreateDBInstance:0021",
}
_STORAGE_OF_RDS = {
    ("gp2", Unit.GB_MONTH): "GP2-Storage",
    ("gp3", Unit.GB_MONTH): "GP3-Storage",
    ("gp3", Unit.IOPS_MONTH): "GP3-PIOPS",
    ("io1", Unit.GB_MONTH): "PIOPS-Storage",
    ("io1", Unit.IOPS_MONTH): "PIOPS",
    ("standard", Unit.GB_MONTH): "StorageUsage",
}
_OPERATION_OF_CACHE = {
    "memcached": "CreateCacheCluster:0001",
    "redis": "CreateCacheCluster:0002",
    "valkey": "CreateCacheCluster:Valkey",
}
_VOLUME = {"io1": ".piops", "standard": ""}
_S3 = {
    "STANDARD": "TimedStorage-ByteHrs",
    "STANDARD_IA": "TimedStorage-SIA-ByteHrs",
    "ONEZONE_IA": "TimedStorage-ZIA-ByteHrs",
    "GLACIER_IR": "TimedStorage-GIR-ByteHrs",
    "DEEP_ARCHIVE": "TimedStorage-GDA-ByteHrs",
}

_FIXED: dict[Item, tuple[str, str, str]] = {
    items.EBS_SNAPSHOT: (_EC2, "EBS:SnapshotUsage", ""),
    items.EBS_SNAPSHOT_ARCHIVE: (_EC2, "EBS:SnapshotArchiveStorage", ""),
    items.EBS_FAST_SNAPSHOT_RESTORE: (_EC2, "EBS:FastSnapshotRestore", ""),
    items.NAT_GATEWAY_HOUR: (_EC2, "NatGateway-Hours", ""),
    items.NAT_GATEWAY_DATA: (_EC2, "NatGateway-Bytes", ""),
    items.PUBLIC_IPV4_IN_USE: ("AmazonVPC", "PublicIPv4:InUseAddress", ""),
    items.PUBLIC_IPV4_IDLE: ("AmazonVPC", "PublicIPv4:IdleAddress", ""),
    items.VPC_ENDPOINT_INTERFACE_HOUR: ("AmazonVPC", "VpcEndpoint-Hours", ""),
    items.VPC_ENDPOINT_INTERFACE_DATA: ("AmazonVPC", "VpcEndpoint-Bytes", ""),
    items.DYNAMODB_READ_CAPACITY: ("AmazonDynamoDB", "ReadCapacityUnit-Hrs", ""),
    items.DYNAMODB_WRITE_CAPACITY: ("AmazonDynamoDB", "WriteCapacityUnit-Hrs", ""),
    items.DYNAMODB_STORAGE: ("AmazonDynamoDB", "TimedStorage-ByteHrs", ""),
    items.LOGS_STORAGE: ("AmazonCloudWatch", "TimedStorage-ByteHrs", ""),
    items.LOGS_INGESTION: ("AmazonCloudWatch", "DataProcessing-Bytes", ""),
    items.AURORA_STORAGE: ("AmazonRDS", "Aurora:StorageUsage", ""),
    items.ECR_STORAGE: ("AmazonECR", "TimedStorage-ByteHrs", ""),
    items.RDS_BACKUP: ("AmazonRDS", "RDS:ChargedBackupUsage", ""),
    items.AURORA_BACKUP: ("AmazonRDS", "Aurora:BackupUsage", ""),
    items.efs_storage("standard"): ("AmazonEFS", "TimedStorage-ByteHrs", ""),
    items.efs_storage("standard_ia"): ("AmazonEFS", "IATimedStorage-ByteHrs", ""),
    items.EKS_CLUSTER: ("AmazonEKS", "AmazonEKS-Hours:perCluster", ""),
    items.fargate_vcpu(Processor.X86_64): ("AmazonECS", "Fargate-vCPU-Hours:perCPU", ""),
    items.fargate_memory(Processor.X86_64): ("AmazonECS", "Fargate-GB-Hours", ""),
    items.fargate_vcpu(Processor.ARM64): ("AmazonECS", "Fargate-ARM-vCPU-Hours:perCPU", ""),
    items.fargate_memory(Processor.ARM64): ("AmazonECS", "Fargate-ARM-GB-Hours", ""),
    items.lambda_duration(Processor.X86_64): ("AWSLambda", "Lambda-GB-Second", ""),
    items.lambda_duration(Processor.ARM64): ("AWSLambda", "Lambda-GB-Second-ARM", ""),
    items.lambda_provisioned_concurrency(Processor.X86_64): (
        "AWSLambda",
        "Lambda-Provisioned-Concurrency",
        "",
    ),
    items.lambda_provisioned_concurrency(Processor.ARM64): (
        "AWSLambda",
        "Lambda-Provisioned-Concurrency-ARM",
        "",
    ),
    items.KINESIS_SHARD: ("AmazonKinesis", "Storage-ShardHour", ""),
    items.KINESIS_ON_DEMAND_STREAM: ("AmazonKinesis", "OnDemand-StreamHour", ""),
    items.SECRET: ("AWSSecretsManager", "AWSSecretsManager-Secrets", ""),
}


def _ec2(item: Item) -> tuple[str, str, str] | None:
    instance_type, _, what = item.name.partition(":")
    system, _, tenancy = what.partition(":")
    operation = _OPERATION_OF_SYSTEM.get(system)
    usage = "DedicatedUsage" if tenancy == "dedicated" else "BoxUsage"
    return None if operation is None else (_EC2, f"{usage}:{instance_type}", operation)


def _ebs(item: Item) -> tuple[str, str, str] | None:
    kind = _VOLUME.get(item.name, f".{item.name}")
    match item.unit:
        case Unit.GB_MONTH:
            return _EC2, f"EBS:VolumeUsage{kind}", ""
        case Unit.IOPS_MONTH:
            return _EC2, f"EBS:VolumeP-IOPS{kind}", ""
        case Unit.MIBPS_MONTH:
            return _EC2, f"EBS:VolumeP-Throughput{kind}", ""
    return None


def _elb(item: Item) -> tuple[str, str, str] | None:
    if item.unit is not Unit.HOUR:
        return None
    kind, capacity = item.name.removesuffix("_capacity_unit"), item.name.endswith("_capacity_unit")
    usage = "LCUUsage" if capacity else "LoadBalancerUsage"
    return _LOAD_BALANCING, usage, _OPERATION_OF_BALANCER[LoadBalancerKind(kind)]


def _rds(item: Item) -> tuple[str, str, str] | None:
    db_class, *terms = item.name.split(":")
    if db_class.startswith("storage."):
        return _rds_storage(db_class.removeprefix("storage."), item.unit, *terms)
    if item.unit is not Unit.HOUR or len(terms) != 3:
        return None
    engine, deployment, licence = terms
    operation = _OPERATION_OF_ENGINE.get((engine, Licence(licence)))
    is_copied = deployment == Deployment.MULTI_AZ
    if operation is None or (is_copied and engine.startswith("sqlserver")):
        return None  # a copy of SQL Server is a mirror, which has names of its own
    usage = "Multi-AZUsage" if is_copied else "InstanceUsage"
    return "AmazonRDS", f"{usage}:{db_class}", operation


def _rds_storage(kind: str, unit: Unit, deployment: str) -> tuple[str, str, str] | None:
    usage = _STORAGE_OF_RDS.get((kind, unit))
    copied = "Multi-AZ-" if deployment == Deployment.MULTI_AZ else ""
    return None if usage is None else ("AmazonRDS", f"RDS:{copied}{usage}", "")


def _opensearch(item: Item) -> tuple[str, str, str] | None:
    """Return the name of a data or master node; UltraWarm and storage have names that are not known here."""
    node = item.name.removesuffix(".search")
    is_node = item.unit is Unit.HOUR and item.name.endswith(".search") and not node.startswith("ultrawarm")
    return ("AmazonES", f"ESInstance:{node}", "") if is_node else None


def _sagemaker(item: Item) -> tuple[str, str, str] | None:
    instance_type, _, use = item.name.partition(":")
    usage = {"endpoint": "Host", "notebook": "Notebk"}.get(use)
    return None if usage is None else ("AmazonSageMaker", f"{usage}:{instance_type}", "")


def _elasticache(item: Item) -> tuple[str, str, str] | None:
    node, _, engine = item.name.partition(":")
    operation = _OPERATION_OF_CACHE.get(engine)
    return None if operation is None else ("AmazonElastiCache", f"NodeUsage:{node}", operation)


def _redshift(item: Item) -> tuple[str, str, str] | None:
    return ("AmazonRedshift", f"Node:{item.name}", "") if item.unit is Unit.HOUR else None


def _s3(item: Item) -> tuple[str, str, str] | None:
    usage = _S3.get(item.name)
    return None if usage is None else ("AmazonS3", usage, "")


_BY_SERVICE: dict[str, Callable[[Item], tuple[str, str, str] | None]] = {
    "ec2": _ec2,
    "ebs": _ebs,
    "elb": _elb,
    "rds": _rds,
    "elasticache": _elasticache,
    "opensearch": _opensearch,
    "redshift": _redshift,
    "s3": _s3,
    "sagemaker": _sagemaker,
}
