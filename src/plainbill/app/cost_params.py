"""What the cost explorer may be asked, and what a request means."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from pydantic import Field

from plainbill.analyzer.cost_periods import Compare
from plainbill.app.params import CostParams
from plainbill.app.problems import ParameterError
from plainbill.app.queries import CostQuery, one_of
from plainbill.model.cost import CostTable


class GroupBy(StrEnum):
    """What costs are grouped by: the dimensions that are stored."""

    SERVICE = "service"
    ACCOUNT = "account"
    RECORD_TYPE = "record_type"


class CostExplorerParams(CostParams):
    """Costs of any stored days, grouped, filtered and compared."""

    group: GroupBy | None = Field(
        default=None,
        description="What each row is; without it services, or accounts of one service or record type.",
    )
    granularity: Literal["daily", "monthly"] = Field(
        default="daily", description="Whether the chart and its table are of days or of calendar months."
    )
    service: str | None = Field(
        default=None, max_length=200, description="Only this service.", examples=["AWS Lambda"]
    )
    record_type: str | None = Field(
        default=None,
        max_length=200,
        description="Only this record type (usage, credit, tax ...); not together with a service.",
        examples=["Credit"],
    )
    compare: Compare = Field(
        default=Compare.PREVIOUS,
        description="The period to compare with: the one before (whole months with whole months), the same "
        "days last year, or nothing.",
    )
    per_day: bool = Field(
        default=False, description="Whether the page shows averages per day: months have different lengths."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplorerQuery:
    """A question that the stored tables can answer; ``key`` is the service or record type asked for."""

    costs: CostQuery
    table: CostTable
    group: GroupBy
    key: str | None
    is_monthly: bool
    compare: Compare
    per_day: bool


def explorer_query(
    params: CostExplorerParams, costs: CostQuery, services: Collection[str], record_types: Collection[str]
) -> ExplorerQuery:
    """Return what the parameters mean; raises ``ParameterError`` for what is not stored.

    Cost Explorer groups by two things at most, so services are stored by account, and record types by
    account, but not services by record type.
    """
    group = params.group or _usual_group(params)
    by_type = group is GroupBy.RECORD_TYPE or params.record_type is not None
    if by_type and params.service is not None:
        raise ParameterError("service", params.service, "nothing beside record types: " + _TWO)
    if params.record_type is not None and params.group is GroupBy.SERVICE:
        raise ParameterError(
            "group", params.group.value, "account or record_type of one record type: " + _TWO
        )
    key = (
        one_of("record_type", params.record_type, record_types or None)
        if by_type
        else one_of("service", params.service, services or None)
    )
    return ExplorerQuery(
        costs=costs,
        table=CostTable.RECORD_TYPE if by_type else CostTable.SERVICE,
        group=group,
        key=key,
        is_monthly=params.granularity == "monthly",
        compare=params.compare,
        per_day=params.per_day,
    )


def _usual_group(params: CostExplorerParams) -> GroupBy:
    return GroupBy.SERVICE if params.service is params.record_type is None else GroupBy.ACCOUNT


_TWO = "AWS is asked for services by account and for record types by account, not for one by the other"
