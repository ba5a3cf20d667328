"""What AWS gives advice on, in its own words, and the rules it names for it."""

from __future__ import annotations

from collections.abc import Mapping

from plainbill.model.findings import Action
from plainbill.model.resources.aws_advice import (
    ComputeOptimizerRecommendation,
    TrustedAdvisorRecommendation,
)
from plainbill.model.resources.recommendation import AwsRecommendation

SOURCES: Mapping[str, str] = {
    "AuroraDbClusterStorage": "rds_clusters",
    "DynamoDBTable": "dynamodb_tables",
    "EbsVolume": "ebs_volumes",
    "Ec2Instance": "ec2_instances",
    "EcsService": "ecs_services",
    "ElastiCacheCluster": "elasticache_clusters",
    "ElasticIp": "elastic_ips",
    "ElbClassic": "classic_load_balancers",
    "LambdaFunction": "lambda_functions",
    "NatGateway": "nat_gateways",
    "RdsDbInstance": "rds_instances",
    "RdsDbInstanceStorage": "rds_instances",
    "RedshiftCluster": "redshift_clusters",
    "SageMakerEndpoint": "sagemaker_endpoints",
    "VpcEndpoint": "vpc_endpoints",
    "WorkSpaces": "workspaces",
}
"""The source of our resources by Cost Optimization Hub's ``ResourceType``, where we read that kind.

Classic Load Balancers, Elastic IPs, Redshift clusters and VPC endpoints are ours: only Trusted Advisor speaks
of them, and gives kinds no names.
"""

_OF_CHECKS = frozenset({"classic_load_balancers", "elastic_ips", "redshift_clusters", "vpc_endpoints"})
_OF_THE_HUB = frozenset(SOURCES.values()) - _OF_CHECKS
COVERED: Mapping[type[AwsRecommendation], frozenset[str]] = {
    AwsRecommendation: _OF_THE_HUB,
    ComputeOptimizerRecommendation: _OF_THE_HUB,
    TrustedAdvisorRecommendation: _OF_CHECKS
    | {"ebs_volumes", "ec2_instances", "lambda_functions", "nat_gateways", "rds_instances"},
}
"""Our sources that each of AWS's voices can speak of at all."""

RULES: Mapping[str, str] = {
    "dynamodb_tables": "no capacity consumed in 14 days",
    "ebs_volumes": "attached to nothing for 32 days, or less than one operation a day in 14 days",
    "ec2_instances": "CPU never at 5 % and less than 5 MB of traffic a day in 14 days",
    "ecs_services": "CPU and memory never at 1 % in 14 days, on Fargate",
    "elasticache_clusters": "no new connections and no reads in 14 days",
    "nat_gateways": "in no route table and without traffic for 32 days",
    "rds_instances": "no connections and little load in 14 days, on MySQL and PostgreSQL",
    "sagemaker_endpoints": "no invocations in 14 days",
    "workspaces": "no user for 63 days",
}
"""What AWS calls idle, by our source: AWS Compute Optimizer user guide, "Viewing idle resources"."""

PURCHASES = frozenset({Action.PURCHASE_SAVINGS_PLANS, Action.PURCHASE_RESERVED_INSTANCES})

_DIRECTIONS: Mapping[Action, str] = {
    Action.DELETE: "stop or delete it",
    Action.STOP: "stop or delete it",
    Action.RIGHTSIZE: "make it smaller",
    Action.SCALE_IN: "make it smaller",
    Action.UPGRADE: "replace it by a newer kind",
    Action.MIGRATE_TO_GRAVITON: "move it to Graviton",
    Action.PURCHASE_SAVINGS_PLANS: "commit to it",
    Action.PURCHASE_RESERVED_INSTANCES: "commit to it",
}


def direction(action: Action) -> str:
    """Return what an action comes to, as words after "would"; actions of one direction agree."""
    return _DIRECTIONS[action]
