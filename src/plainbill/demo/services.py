"""What Harbor & Hearth buys besides instances: services by Cost Explorer's own names, and their habits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from plainbill.demo.fleet import DEVELOPMENT, IRELAND, MANAGEMENT, OREGON, PRODUCTION, SYDNEY, VIRGINIA

EC2 = "Amazon Elastic Compute Cloud - Compute"
SAVINGS_PLANS = "Savings Plans for AWS Compute usage"
SUPPORT = "AWS Support (Business)"
TAX = "Tax"
CLOUDFRONT = "Amazon CloudFront"
RDS = "Amazon Relational Database Service"
S3 = "Amazon Simple Storage Service"
CLOUDWATCH = "AmazonCloudWatch"
DYNAMODB = "Amazon DynamoDB"
ECR = "Amazon EC2 Container Registry (ECR)"
ECS = "Amazon Elastic Container Service"
EFS = "Amazon Elastic File System"
EKS = "Amazon Elastic Container Service for Kubernetes"
ELASTICACHE = "Amazon ElastiCache"
ELB = "Amazon Elastic Load Balancing"
KINESIS = "Amazon Kinesis"
LAMBDA = "AWS Lambda"
OPENSEARCH = "Amazon OpenSearch Service"
OTHER = "EC2 - Other"
REDSHIFT = "Amazon Redshift"
SAGEMAKER = "Amazon SageMaker"
SECRETS = "AWS Secrets Manager"
VPC = "Amazon Virtual Private Cloud"
WORKSPACES = "Amazon WorkSpaces"
ROUTE53 = "Amazon Route 53"
GLOBAL, NOWHERE = "global", "NoRegion"
USAGE_PREFIX = {VIRGINIA: "", OREGON: "USW2-", IRELAND: "EU-", SYDNEY: "APS2-", GLOBAL: ""}

_ACCOUNTS = {PRODUCTION: 0.8, DEVELOPMENT: 0.2}
_REGIONS = {VIRGINIA: 0.72, IRELAND: 0.16, OREGON: 0.08, SYDNEY: 0.04}


@dataclass(frozen=True, slots=True)
class Charge:
    """A usage type of a service: dollars a month as of today, and how it is spread and grows.

    ``weekend`` is what Saturdays and Sundays cost against other days, ``growth`` the change a month.
    ``price`` is that of a unit in us-east-1, where the quantity is told.
    """

    service: str
    usage_type: str
    monthly: float
    growth: float = 0.012
    weekend: float = 1.0
    accounts: Mapping[str, float] = field(default_factory=lambda: _ACCOUNTS)
    regions: Mapping[str, float] = field(default_factory=lambda: _REGIONS)
    operation: str = "NoOperation"
    unit: str = "N/A"
    price: float | None = None


_EVERYWHERE = {PRODUCTION: 0.7, DEVELOPMENT: 0.2, MANAGEMENT: 0.1}
_ONLY_PRODUCTION = {PRODUCTION: 1.0}
_WORLD = {GLOBAL: 1.0}

CHARGES = (
    Charge(OTHER, "DataTransfer-Regional-Bytes", 610, 0.01, 1.2, _ONLY_PRODUCTION, operation="InterZone-Out",
           unit="GB", price=0.01),
    Charge(S3, "TimedStorage-ByteHrs", 1510, 0.022, operation="StandardStorage", unit="GB-Mo", price=0.023),
    Charge(S3, "Requests-Tier1", 590, 0.012, 1.25, operation="PutObject", unit="Requests", price=0.000005),
    Charge(CLOUDFRONT, "DataTransfer-Out-Bytes", 2240, 0.014, 1.3, _ONLY_PRODUCTION, _WORLD,
           operation="GET", unit="GB", price=0.085),
    Charge(CLOUDWATCH, "DataProcessing-Bytes", 735, 0.018, 1.1, _EVERYWHERE, operation="PutLogEvents",
           unit="GB", price=0.50),
    Charge(DYNAMODB, "WriteRequestUnits", 640, 0.017, 1.3, _ONLY_PRODUCTION,
           operation="PayPerRequestThroughput", unit="WriteRequestUnits", price=0.000000625),
    Charge(LAMBDA, "Lambda-GB-Second", 318, 0.02, 1.2, operation="Invoke", unit="Lambda-GB-Second",
           price=0.0000166667),
    Charge("Amazon GuardDuty", "PaidEventsAnalyzed", 342, 0.015, 1.1, _EVERYWHERE),
    Charge("Amazon Simple Queue Service", "Requests", 96, 0.012, 1.3, _ONLY_PRODUCTION),
    Charge("AWS WAF", "RequestV2", 162, 0.01, 1.25, _ONLY_PRODUCTION, _WORLD),
    Charge("AWS Config", "ConfigurationItemRecorded", 128, 0.01, 0.6, _EVERYWHERE),
    Charge("AWS CloudTrail", "PaidEventsRecorded", 74, 0.01, 0.9, {MANAGEMENT: 1.0}, {VIRGINIA: 1.0}),
    Charge("AWS Key Management Service", "KMS-Requests", 43, 0.01, 1.1),
)  # fmt: skip
"""What is billed by use, without a resource that the checks look at. What runs is in ``running_...``."""
