"""Which cost allocation tag and cost category of the company a charge has; none is the empty string."""

from __future__ import annotations

from collections.abc import Mapping

from plainbill.demo.cell import Cell
from plainbill.demo.fleet import DEVELOPMENT, MANAGEMENT, PRODUCTION
from plainbill.demo.services import (
    CLOUDFRONT,
    CLOUDWATCH,
    DYNAMODB,
    EC2,
    ELASTICACHE,
    KINESIS,
    NOWHERE,
    OPENSEARCH,
    OTHER,
    RDS,
    REDSHIFT,
    S3,
    SAGEMAKER,
    SECRETS,
    VPC,
)

COST_TAG, SECOND_TAG, COST_CATEGORY, SHARED = "team", "project", "Environment", "shared"
_TEAMS: Mapping[str, str] = {
    EC2: "platform", OTHER: "platform", RDS: "checkout", S3: "storefront", CLOUDFRONT: "storefront",
    OPENSEARCH: "storefront", DYNAMODB: "checkout", ELASTICACHE: "checkout", REDSHIFT: "data",
    KINESIS: "data", SAGEMAKER: "data", CLOUDWATCH: SHARED, SECRETS: SHARED, VPC: SHARED,
}  # fmt: skip
_PROJECTS: Mapping[str, str] = {
    S3: "webshop", CLOUDFRONT: "webshop", OPENSEARCH: "webshop", RDS: "payments", DYNAMODB: "payments",
    REDSHIFT: "insights", KINESIS: "insights", SAGEMAKER: "insights",
}  # fmt: skip
_TAGS: Mapping[str, Mapping[str, str]] = {COST_TAG: _TEAMS, SECOND_TAG: _PROJECTS}
_ENVIRONMENTS: Mapping[str, str] = {
    PRODUCTION: "Production",
    DEVELOPMENT: "Development",
    MANAGEMENT: "Shared",
}


def cost_tag(key: str, cell: Cell) -> str:
    """Return the value of a tag: some services are a team's own, what is in no Region cannot be tagged."""
    return "" if cell.region == NOWHERE else _TAGS.get(key, {}).get(cell.service, "")


def cost_category(name: str, cell: Cell) -> str:
    """Return the value of a cost category, whose rules go by account."""
    return _ENVIRONMENTS.get(cell.account_id, "") if name == COST_CATEGORY else ""
