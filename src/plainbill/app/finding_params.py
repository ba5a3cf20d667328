"""The parameters of findings and of their coverage: their form here, their meaning in ``finding_queries``."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Path
from pydantic import Field

from plainbill.app.params import Params
from plainbill.model.findings import Action, Confidence

FindingSort = Literal[
    "monthly_saving",
    "counted_saving",
    "monthly_cost",
    "title",
    "check_id",
    "service",
    "name",
    "resource_id",
    "account_id",
    "region",
    "action",
    "effort",
    "confidence",
]
FINDING_SORT_PATTERN = "^-?(" + "|".join(FindingSort.__args__) + ")$"  # type: ignore[attr-defined]  # of a Literal
EVERY_STATE = "all"
DEAREST_FIRST = "-monthly_saving"
FindingId = Annotated[
    str,
    Path(
        pattern=r"^[0-9a-f]{16}$",
        description="The id of a finding, the same in every refresh.",
        examples=["6f1d2c3b4a596877"],
    ),
]


class WhereParams(Params):
    """Where to look."""

    account: str | None = Field(
        default=None, pattern=r"^\d{12}$", description="Only this account.", examples=["111122223333"]
    )
    region: str | None = Field(
        default=None,
        pattern=r"^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$",
        description="Only this Region.",
        examples=["us-east-1"],
    )


class PlaceParams(WhereParams):
    """Which checks, and where."""

    check: str | None = Field(
        default=None,
        pattern=r"^[a-z0-9]+(_[a-z0-9]+)+$",
        max_length=100,
        description="Only this check.",
        examples=["ebs_volume_unattached"],
    )
    service: str | None = Field(
        default=None,
        pattern=r"^[a-z0-9]{1,40}$",
        description="Only checks of this service: the first word of their ids.",
        examples=["ebs"],
    )


class FindingParams(PlaceParams):
    """Which findings are asked for, and in which order."""

    action: Action | None = Field(default=None, description="Only findings that this would end.")
    confidence: Confidence | None = Field(default=None, description="Only findings that are this sure.")
    state: Literal["open", "snoozed", "dismissed", "acted", "gone", "all"] | None = Field(
        default=None,
        description="Only findings in this state; without it the open and the acted ones, `all` for any.",
    )
    q: str = Field(
        default="",
        max_length=200,
        description="Only findings that hold all these words in title, name, id, account, Region or reason.",
    )
    sort: str = Field(
        default=DEAREST_FIRST,
        pattern=FINDING_SORT_PATTERN,
        description="The field to sort by, with `-` in front for the largest first; unknown values last.",
    )


class FindingTableParams(FindingParams):
    """One page of them."""

    page: int = Field(default=1, ge=1, le=100_000, description="The page; beyond the last is the last.")
    size: int = Field(default=25, ge=1, le=500, description="Findings on a page.")


class AdviceParams(Params):
    """Which of AWS's advice is asked for, and which page of it."""

    stance: Literal["not_shared", "agree", "disagree", "only_theirs", "only_ours", "all"] = Field(
        default="not_shared",
        description="How we stand to it; `not_shared` is what we disagree with and what only AWS says.",
    )
    page: int = Field(default=1, ge=1, le=100_000, description="The page; beyond the last is the last.")
    size: int = Field(default=25, ge=1, le=500, description="Opinions on a page.")


class CoveragePageParams(PlaceParams):
    """The page of coverage: which checks and places, and what its columns are."""

    by: Literal["region", "account"] = Field(
        default="region", description="What the columns are: Regions, or accounts."
    )
