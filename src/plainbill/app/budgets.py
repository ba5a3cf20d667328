"""Budgets: what people set, and how the month goes against each by what is stored."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from pydantic import Field

from plainbill.analyzer.budget_pace import Pace, pace
from plainbill.analyzer.daily_series import DailySeries
from plainbill.analyzer.forecast import Forecast, forecast
from plainbill.app.cost_params import CostFilterParams, GroupBy, key_of, service_of, tables_of
from plainbill.app.cost_record import CostRecord
from plainbill.app.forms import Who
from plainbill.app.params import Params
from plainbill.app.policies import PolicyName
from plainbill.app.problems import ParameterError
from plainbill.app.record import Edition
from plainbill.app.views.bill_series import Part, series_of, whole_days, why_no_day
from plainbill.app.views.budgets import BudgetsView, aws_budget_view, budget_view, change_view, worst_first
from plainbill.model.budget import Budget, BudgetChange
from plainbill.model.cost import AnyTable, CostMetric, CostTable
from plainbill.model.exact import exact_sum
from plainbill.model.findings import Unknown
from plainbill.model.period import month_start
from plainbill.model.resources.aws_budget import AwsBudget

_DAY = timedelta(days=1)
_LATE = timedelta(days=4)
"""So long the last month is still the one that is judged: AWS fills a day about two days after it began."""
_MOST = Decimal("1e12")
_REMEMBERED = 256
Known = tuple[DailySeries, Forecast | Unknown, Decimal]
"""The days of a part of the bill, what follows, and what the present month has cost so far."""


Basis = Literal["unblended", "amortized", "net_unblended", "net_amortized"]


class SaveBudgetParams(CostFilterParams):
    """What a month may cost, of all or of what one stored table holds alone."""

    name: PolicyName = Field(description="The budget's name.", examples=["production"])
    amount: Decimal = Field(
        description="For a calendar month (UTC), in the currency of the bill.",
        gt=0,
        le=_MOST,
        decimal_places=2,
        examples=["30000"],
    )
    metric: Basis = Field(default="unblended", description="The basis that is added up.")
    account: str | None = Field(default=None, description="Only this linked account.", pattern=r"^\d{12}$")
    who: Who = Field(description="Who sets it.", examples=["kim"])


class RemoveBudgetParams(Params):
    """Which budget is removed, and by whom."""

    name: PolicyName = Field(description="The budget's name.", examples=["production"])
    who: Who = Field(description="Who does it.", examples=["kim"])


class Budgets:
    """Answers how the month goes; series and forecasts are made once per snapshot and scope."""

    def __init__(self, costs: CostRecord) -> None:
        self.costs, self.record = costs, costs.record
        self._days = self.record.cached(len(CostTable), _days)
        self._known = self.record.cached(_REMEMBERED, self._know)

    def view(self, edition: Edition) -> BudgetsView:
        """Return all budgets with their pace, those that need a look first."""
        own, changes = self.record.state.budgets(), self.record.state.budget_changes()
        snapshot = edition.snapshot
        names = {} if snapshot is None else snapshot.manifest.accounts
        days = self._days(edition.of_reading(), CostTable.SERVICE)
        found = None if snapshot is None else snapshot.resources(AwsBudget)
        gaps = () if snapshot is None else snapshot.manifest.gaps
        return BudgetsView(
            currency="USD" if snapshot is None else snapshot.manifest.currency,
            data_until=days[-1] if days else None,
            budgets=worst_first(budget_view(one, self._pace(edition, one), names) for one in own),
            aws_budgets=None if found is None else [aws_budget_view(one, names) for one in found],
            aws_missing=[f"{gap.reason} {gap.remedy}" for gap in gaps if gap.source == AwsBudget.source],
            changes=[change_view(one) for one in changes],
        )

    def save(self, edition: Edition, params: SaveBudgetParams) -> None:
        """Set a budget in place of the one of its name; raises ``ParameterError`` for what is not stored."""
        accounts, only = self.record.known(edition).accounts or (), params.only()
        tables_of(only, params.account)
        for group, value in only.items():
            if value not in self.costs.keys(edition, self.costs.table_with(edition, group, value)):
                raise ParameterError(group.value, value, f"a {group.words} that is on the bill, as stored")
        if params.account is not None and params.account not in accounts:
            raise ParameterError("account", params.account, "an account that is on the bill")
        if edition.snapshot is None or not edition.snapshot.manifest.tables:
            raise ParameterError(
                "amount", str(params.amount), "an amount once costs were read: in their currency"
            )
        self.record.state.save_budget(
            Budget(
                name=params.name,
                amount=params.amount,
                currency=edition.snapshot.manifest.currency,
                metric=CostMetric(params.metric),
                only={group.value: value for group, value in only.items()},
                account=params.account,
                who=params.who,
                saved_at=self.record.now(),
            )
        )

    def remove(self, params: RemoveBudgetParams) -> bool:
        """Remove a budget; False where there is none of that name."""
        change = BudgetChange(at=self.record.now(), name=params.name, amount=None, who=params.who)
        return self.record.state.remove_budget(change)

    def _pace(self, edition: Edition, budget: Budget) -> Pace | Unknown:
        snapshot = edition.snapshot
        if snapshot is not None and snapshot.manifest.currency != budget.currency:
            return Unknown(f"the budget is in {budget.currency}, the bill in {snapshot.manifest.currency}")
        known = self._known(edition.of_reading(), self._part(edition, budget))
        if isinstance(known, Unknown):
            return known
        series, said, spent = known
        if month_start(series.end) not in {month_start(edition.today), month_start(edition.today - _LATE)}:
            return Unknown(f"the costs that were read end on {series.end - _DAY}; refresh them")
        return pace(budget.amount, series, spent, said)

    def _know(self, edition: Edition, part: Part) -> Known | Unknown:
        days = self._days(edition, part.table)
        if edition.snapshot is None or not days:
            return Unknown(why_no_day(edition.snapshot))
        series, exact = series_of(edition.snapshot, days, part)
        start = month_start(series.end)
        spent = exact_sum(cost for day, cost in exact.items() if day >= start)
        return series, forecast(series, 1), spent

    def _part(self, edition: Edition, budget: Budget) -> Part:
        """Return the part of a stored table that a budget is of; two filters at most go with one table."""
        only = {GroupBy(name): value for name, value in budget.only.items()}
        table = tables_of(only, budget.account)[0]
        key = key_of(table, only)
        return Part(
            table=table if key is None else self.costs.table_with(edition, GroupBy(table.value), key),
            metric=budget.metric,
            key=key,
            account=budget.account,
            service=service_of(table, only),
        )


def _days(edition: Edition, table: AnyTable) -> Sequence[date]:
    return [] if edition.snapshot is None else whole_days(edition.snapshot, table)
