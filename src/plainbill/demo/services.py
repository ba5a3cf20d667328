"""What Harbor & Hearth buys besides instances: services by Cost Explorer's own names, and their habits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from plainbill.demo.fleet import DEVELOPMENT, IRELAND, MANAGEMENT, OREGON, PRODUCTION, SYDNEY, VIRGINIA

EC2_OTHER = "EC2 - Other"
EC2 = "Amazon Elastic Compute Cloud - Compute"
SAVINGS_PLANS = "Savings Plans for AWS Compute usage"
SUPPORT = "AWS Support (Business)"
TAX = "Tax"
CLOUDFRONT = "Amazon CloudFront"
RDS = "Amazon Relational Database Service"
S3 = "Amazon Simple Storage Service"
CLOUDWATCH = "AmazonCloudWatch"
ROUTE53 = "Amazon Route 53"
GLOBAL, NOWHERE = "global", "NoRegion"
USAGE_PREFIX = {VIRGINIA: "", OREGON: "USW2-", IRELAND: "EU-", SYDNEY: "APS2-", GLOBAL: ""}

_ACCOUNTS = {PRODUCTION: 0.8, DEVELOPMENT: 0.2}
_REGIONS = {VIRGINIA: 0.72, IRELAND: 0.16, OREGON: 0.08, SYDNEY: 0.04}
_HOME = {VIRGINIA: 1.0}


@dataclass(frozen=True, slots=True)
class Charge:
    """A usage type of a service: dollars a month as of today, and how it is spread and grows.

    ``weekend`` is what Saturdays and Sundays cost against other days, ``growth`` the change a month.
    """

    service: str
    usage_type: str
    monthly: float
    growth: float = 0.012
    weekend: float = 1.0
    accounts: Mapping[str, float] = field(default_factory=lambda: _ACCOUNTS)
    regions: Mapping[str, float] = field(default_factory=lambda: _REGIONS)


_EVERYWHERE = {PRODUCTION: 0.7, DEVELOPMENT: 0.2, MANAGEMENT: 0.1}
_ONLY_PRODUCTION = {PRODUCTION: 1.0}
_WORLD = {GLOBAL: 1.0}

CHARGES = (
    Charge(EC2_OTHER, "EBS:VolumeUsage.gp3", 2350, 0.015),
    Charge(EC2_OTHER, "EBS:SnapshotUsage", 460, 0.03),
    Charge(EC2_OTHER, "NatGateway-Bytes", 890, 0.01, 1.15, _ONLY_PRODUCTION),
    Charge(EC2_OTHER, "DataTransfer-Regional-Bytes", 610, 0.01, 1.2, _ONLY_PRODUCTION),
    Charge(RDS, "InstanceUsage:db.r6g.2xlarge", 4900, 0.005, 1.0, _ACCOUNTS, {VIRGINIA: 0.8, IRELAND: 0.2}),
    Charge(RDS, "RDS:GP3-Storage", 1640, 0.02, 1.0, _ACCOUNTS, {VIRGINIA: 0.8, IRELAND: 0.2}),
    Charge("Amazon ElastiCache", "NodeUsage:cache.r6g.large", 1350, 0.004, 1.0, _ONLY_PRODUCTION),
    Charge("Amazon OpenSearch Service", "ESInstance:r6g.large", 1480, 0.006, 1.0, _ACCOUNTS, _HOME),
    Charge(S3, "TimedStorage-ByteHrs", 1510, 0.022),
    Charge(S3, "Requests-Tier1", 590, 0.012, 1.25),
    Charge(CLOUDFRONT, "DataTransfer-Out-Bytes", 2240, 0.014, 1.3, _ONLY_PRODUCTION, _WORLD),
    Charge("Amazon Elastic Load Balancing", "LoadBalancerUsage", 980, 0.008, 1.05),
    Charge(CLOUDWATCH, "DataProcessing-Bytes", 735, 0.018, 1.1, _EVERYWHERE),
    Charge("Amazon DynamoDB", "WriteRequestUnits", 640, 0.017, 1.3, _ONLY_PRODUCTION),
    Charge("AWS Lambda", "Lambda-GB-Second", 318, 0.02, 1.2),
    Charge("Amazon Elastic Container Service for Kubernetes", "AmazonEKS-Hours:perCluster", 292, 0.0, 1.0,
           _ACCOUNTS, {VIRGINIA: 0.66, IRELAND: 0.34}),
    Charge("Amazon Virtual Private Cloud", "PublicIPv4:InUseAddress", 385, 0.006),
    Charge("Amazon GuardDuty", "PaidEventsAnalyzed", 342, 0.015, 1.1, _EVERYWHERE),
    Charge("Amazon SageMaker", "Host:ml.m5.xlarge", 415, 0.03, 0.55, {DEVELOPMENT: 1.0}, _HOME),
    Charge("Amazon Simple Queue Service", "Requests", 96, 0.012, 1.3, _ONLY_PRODUCTION),
    Charge("AWS WAF", "RequestV2", 162, 0.01, 1.25, _ONLY_PRODUCTION, _WORLD),
    Charge("AWS Config", "ConfigurationItemRecorded", 128, 0.01, 0.6, _EVERYWHERE),
    Charge("AWS CloudTrail", "PaidEventsRecorded", 74, 0.01, 0.9, {MANAGEMENT: 1.0}, _HOME),
    Charge("AWS Secrets Manager", "AWSSecretsManager-Secrets", 58, 0.008),
    Charge("AWS Key Management Service", "KMS-Requests", 43, 0.01, 1.1),
)  # fmt: skip
