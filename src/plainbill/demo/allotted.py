"""Which cost allocation tag and cost category of the company a charge has; none is the empty string."""

from __future__ import annotations

from collections.abc import Mapping

from plainbill.demo.cell import Cell
from plainbill.demo.fleet import DEVELOPMENT, MANAGEMENT, PRODUCTION
from plainbill.demo.services import CLOUDFRONT, EC2, NOWHERE, OTHER, RDS, REDSHIFT, S3

COST_TAG, COST_CATEGORY = "team", "Environment"
_TEAMS: Mapping[str, str] = {
    EC2: "platform", OTHER: "platform", RDS: "checkout", S3: "storefront", CLOUDFRONT: "storefront",
    REDSHIFT: "data",
}  # fmt: skip
_ENVIRONMENTS: Mapping[str, str] = {
    PRODUCTION: "Production",
    DEVELOPMENT: "Development",
    MANAGEMENT: "Shared",
}


def cost_tag(key: str, cell: Cell) -> str:
    """Return the value of a tag: some services are a team's own, what is in no Region cannot be tagged."""
    if key != COST_TAG or cell.region == NOWHERE:
        return ""
    return _TEAMS.get(cell.service, "")


def cost_category(name: str, cell: Cell) -> str:
    """Return the value of a cost category, whose rules go by account."""
    return _ENVIRONMENTS.get(cell.account_id, "") if name == COST_CATEGORY else ""
