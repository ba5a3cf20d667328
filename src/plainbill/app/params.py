"""The parameters that addresses take: their form here, their meaning in ``queries``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from plainbill.model.cost import CostMetric

Percent = Annotated[float | None, Field(ge=0, le=100, allow_inf_nan=False)]
SortField = Literal[
    "monthly_cost",
    "cpu_average",
    "cpu_maximum",
    "network_bytes_per_day",
    "coverage",
    "launched_at",
    "name",
    "instance_id",
    "instance_type",
    "account_id",
    "region",
]
SORT_PATTERN = "^-?(" + "|".join(SortField.__args__) + ")$"  # type: ignore[attr-defined]  # of a Literal


class Params(BaseModel):
    """Query parameters: unknown ones are refused, empty ones (an unused form field) do not count."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _drop_empty(cls, values: Any) -> Any:
        if not isinstance(values, Mapping):
            return values
        return {name: value for name, value in values.items() if value not in ("", [""])}


class CostParams(Params):
    """Which costs are asked for."""

    start: date | None = Field(
        default=None,
        description="First UTC day, `YYYY-MM-DD`; without it the usual number of days before `end`.",
        examples=["2026-10-25"],
    )
    end: date | None = Field(
        default=None,
        description="First UTC day that is no longer part of the period; without it today.",
        examples=["2026-11-24"],
    )
    metric: CostMetric = Field(
        default=CostMetric.UNBLENDED, description="The cost metric, as Cost Explorer defines it."
    )
    account: str | None = Field(
        default=None,
        pattern=r"^\d{12}$",
        description="Only this linked account.",
        examples=["111122223333"],
    )


class CostByServiceParams(CostParams):
    """Which costs are asked for, and what a change is since."""

    compare: Literal["days", "months"] = Field(
        default="days",
        description="`days`: since as many days before. `months`: of whole months since as many months "
        "before, of the first days of a month since the same of the month before, of others as `days`.",
    )


PresetName = Literal[
    "seed", "compute-optimizer", "trusted-advisor", "cost-explorer", "gcp", "azure", "plainbill"
]


class IdleParams(Params):
    """Which instances are asked about, and under which rule."""

    preset: PresetName = Field(
        default="seed",
        description="The named rule, as `/api/idle-presets` explains it; only `seed` takes thresholds.",
        examples=["compute-optimizer"],
    )

    cpu_average: Percent = Field(
        default=None, description="Idle is below this average CPU, percent; without it 5."
    )
    cpu_maximum: Percent = Field(
        default=None, description="Idle is also below this highest CPU sample, percent; without it 10."
    )
    days: int | None = Field(
        default=None,
        ge=1,
        le=455,
        description="Days to judge by, at most as many as are stored; without it the usual number.",
    )
    account: str | None = Field(
        default=None,
        pattern=r"^\d{12}$",
        description="Only this account.",
        examples=["111122223333"],
    )
    region: str | None = Field(
        default=None,
        pattern=r"^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$",
        description="Only this region.",
        examples=["us-east-1"],
    )


class IdleTableParams(IdleParams):
    """The idle instances as the table shows them: filtered and sorted."""

    q: str = Field(
        default="",
        max_length=200,
        description="Only rows that hold all these words in name, id, type, account, region or zone.",
    )
    sort: str = Field(
        default="-monthly_cost",
        pattern=SORT_PATTERN,
        description="The field to sort by, with `-` in front for the largest first; unknown values last.",
    )


class OverviewParams(CostParams, IdleTableParams):
    """Everything the first screen can be asked for."""

    page: int = Field(
        default=1, ge=1, le=100_000, description="The page of the idle table; beyond the last is the last."
    )
    part: Literal["idle"] | None = Field(default=None, description="Only this part of the page.")
