"""What the cost explorer may be asked, and what a request means."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from pydantic import Field

from plainbill.analyzer.cost_periods import Compare
from plainbill.analyzer.wording import grouping_words
from plainbill.app.params import CostParams, Params
from plainbill.app.problems import ParameterError
from plainbill.app.queries import CostQuery, one_of
from plainbill.model.cost import NAMED_KINDS, AnyTable, CostColumn, CostTable


class GroupBy(StrEnum):
    """What costs are grouped by: the dimensions that are stored."""

    SERVICE = "service"
    ACCOUNT = "account"
    RECORD_TYPE = "record_type"
    REGION = "region"
    USAGE_TYPE = "usage_type"
    PURCHASE_TYPE = "purchase_type"
    TAG = "tag"
    COST_CATEGORY = "cost_category"

    @property
    def words(self) -> str:
        """The name as people write it."""
        return grouping_words(self.value)


NAMED = tuple(GroupBy(kind.value) for kind in NAMED_KINDS)
"""What there may be several of, told apart by a key or name."""
NAMED_PATTERN = r"(?:tag|cost_category)(?::[^$\x00-\x1f\x7f]{1,128})?"
DIMENSIONS: Mapping[CostTable, Mapping[GroupBy, CostColumn]] = {
    **{
        CostTable(group.value): {group: CostColumn.KEY, GroupBy.ACCOUNT: CostColumn.ACCOUNT}
        for group in GroupBy
        if group not in (GroupBy.ACCOUNT, GroupBy.USAGE_TYPE)
    },
    CostTable.USAGE_TYPE: {
        GroupBy.USAGE_TYPE: CostColumn.KEY,
        GroupBy.SERVICE: CostColumn.SERVICE,
    },
}
"""The two dimensions that each table holds, and their columns; one table must hold all that is asked for."""


class CostFilterParams(Params):
    """What costs are narrowed to, beside an account."""

    service: str | None = Field(
        default=None, max_length=200, description="Only this service.", examples=["AWS Lambda"]
    )
    record_type: str | None = Field(
        default=None,
        max_length=200,
        description="Only this record type (usage, credit, tax ...); not together with a service.",
        examples=["Credit"],
    )
    region: str | None = Field(default=None, max_length=200, description="Only this Region.")
    usage_type: str | None = Field(
        default=None, max_length=400, description="Only this usage type; it goes with a service alone."
    )
    purchase_type: str | None = Field(default=None, max_length=200, description="Only this purchase type.")
    tag: str | None = Field(
        default=None, max_length=400, description="Only this value of the tag, as `key$value`; `key$`: none."
    )
    cost_category: str | None = Field(
        default=None, max_length=400, description="Only this value of the cost category, as `name$value`."
    )

    def only(self) -> dict[GroupBy, str]:
        """Return what is asked for alone, but for the account."""
        asked = {group: getattr(self, group.value) for group in GroupBy if group is not GroupBy.ACCOUNT}
        return {group: value for group, value in asked.items() if value is not None}


class CostExplorerParams(CostFilterParams, CostParams):
    """Costs of any stored days, grouped, filtered and compared."""

    group: str | None = Field(
        default=None,
        pattern=f"^({'|'.join(one.value for one in GroupBy if one not in NAMED)}|{NAMED_PATTERN})$",
        description="What each row is; without it services, or what the one thing asked for is stored by. "
        "Where several tags or cost categories are read, `tag:team` is the one of that key or name; without "
        "a name it is the first.",
        examples=["region", "tag:team"],
    )
    granularity: Literal["daily", "monthly"] = Field(
        default="daily", description="Whether the chart and its table are of days or of calendar months."
    )
    view: Literal["bars", "lines", "treemap"] = Field(
        default="bars", description="How the page draws them: columns, lines, or the rows as a treemap."
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
    """A question that one stored table answers; ``only`` narrows it, beside the account."""

    costs: CostQuery
    table: AnyTable
    group: GroupBy
    only: tuple[tuple[GroupBy, str], ...] = ()
    is_monthly: bool
    compare: Compare
    per_day: bool

    @property
    def key(self) -> str | None:
        """What the table's own dimension is narrowed to."""
        return key_of(self.table, dict(self.only))

    @property
    def service(self) -> str | None:
        """The service that usage types are narrowed to."""
        return service_of(self.table, dict(self.only))


def key_of(table: AnyTable, only: Mapping[GroupBy, str]) -> str | None:
    """Return what the own dimension of a table is narrowed to."""
    return next((value for group, value in only.items() if group.value == table.kind.value), None)


def service_of(table: AnyTable, only: Mapping[GroupBy, str]) -> str | None:
    """Return the service that a table of usage types is narrowed to; services have a table of their own."""
    return only.get(GroupBy.SERVICE) if table is CostTable.USAGE_TYPE else None


Keys = Callable[[AnyTable], Sequence[str]]
"""The values that a table's own dimension has."""
TableOf = Callable[[GroupBy, str, str], AnyTable]
"""The table of a tag or cost category, of the first where the name is empty; raises ``ParameterError``."""


def explorer_query(
    params: CostExplorerParams, costs: CostQuery, keys: Keys, table_of: TableOf
) -> ExplorerQuery:
    """Return what the parameters mean; raises ``ParameterError`` for what no one table holds.

    Cost Explorer groups by two things at most, so that no guess of the cells of a third could be proved.
    """
    only = params.only()
    tables = tables_of(only, costs.account)
    group, name = by_and_name(params.group) if params.group else (_usual_group(tables[0], only), "")
    table: AnyTable | None = next((one for one in tables if group in DIMENSIONS[one]), None)
    if table is None:
        goes = dict.fromkeys(other.value for one in tables for other in DIMENSIONS[one])
        raise ParameterError("group", group.value, f"{' or '.join(goes)} beside what is asked for: {_TWO}")
    if table.kind in NAMED_KINDS:
        named = GroupBy(table.kind.value)
        of_value = only.get(named, "").partition("$")[0]
        if name and of_value not in ("", name):
            narrowed = f"{named.value}:{of_value}, which it is narrowed to: {_TWO}"
            raise ParameterError("group", params.group, narrowed)
        table = table_of(named, of_value or name, named.value if of_value else "group")
    for one, value in only.items():
        of_one = table if one.value == table.kind.value else CostTable(one.value)
        one_of(one.value, value, keys(of_one) or None)
    return ExplorerQuery(
        costs=costs,
        table=table,
        group=group,
        only=tuple(only.items()),
        is_monthly=params.granularity == "monthly",
        compare=params.compare,
        per_day=params.per_day,
    )


def by_and_name(text: str) -> tuple[GroupBy, str]:
    """Return what ``tag:team`` is: a tag, and its key; the name is empty where there is none."""
    kind, _, name = text.partition(":")
    return GroupBy(kind), name


def tables_of(only: Mapping[GroupBy, str], account: str | None) -> Sequence[CostTable]:
    """Return the tables that hold all that is asked for alone; raises ``ParameterError`` where none does."""
    asked = dict(only) if account is None else {**only, GroupBy.ACCOUNT: account}
    tables = [table for table, dimensions in DIMENSIONS.items() if asked.keys() <= dimensions.keys()]
    if not tables:
        (first, _), (second, value), *_ = asked.items()
        raise ParameterError(second.value, value, f"nothing beside {first.words}: {_TWO}")
    return tables


def _usual_group(table: CostTable, only: Mapping[GroupBy, str]) -> GroupBy:
    """Return the other dimension of what is asked for alone."""
    return (
        next((one for one in DIMENSIONS[table] if one not in only), GroupBy.SERVICE)
        if only
        else GroupBy.SERVICE
    )


_TWO = "AWS is asked for two things at a time, usage types by service and all else by account"
