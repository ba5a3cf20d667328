"""Budgets: what people set, and how the month goes against each by what is stored."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from plainbill.analyzer.budget_pace import Pace, pace
from plainbill.analyzer.daily_series import DailySeries
from plainbill.analyzer.forecast import Forecast, forecast
from plainbill.app.cost_record import CostRecord
from plainbill.app.params import Params
from plainbill.app.policies import PolicyName, Who
from plainbill.app.problems import ParameterError
from plainbill.app.record import Edition
from plainbill.app.views.bill_series import series_of, whole_days
from plainbill.app.views.budgets import BudgetsView, aws_budget_view, budget_view, change_view
from plainbill.app.views.stored_costs import exact_sum
from plainbill.model.budget import Budget, BudgetChange
from plainbill.model.cost import CostMetric, CostTable
from plainbill.model.findings import Unknown
from plainbill.model.period import month_start
from plainbill.model.resources.aws_budget import AwsBudget

_DAY = timedelta(days=1)
_LATE = timedelta(days=4)
"""So long the last month is still the one that is judged: AWS fills a day about two days after it began."""
_NOTHING = "no day of costs has been read to its end yet"
_MOST = Decimal("1e12")
_REMEMBERED = 256
Scope = tuple[CostMetric, str | None, str | None]
"""A basis, a service and an account; None is all of them."""

Known = tuple[DailySeries, Forecast | Unknown, Decimal]
"""The days of a scope, what follows, and what the present month has cost so far."""


def _blank_is_none(value: Any) -> Any:
    return None if value == "" else value


_Maybe = BeforeValidator(_blank_is_none)
Basis = Literal["unblended", "amortized", "net_unblended", "net_amortized"]


class SaveBudgetParams(Params):
    """What a month may cost."""

    name: PolicyName = Field(description="The budget's name.", examples=["production"])
    amount: Decimal = Field(
        description="For a calendar month (UTC), in the currency of the bill.",
        gt=0,
        le=_MOST,
        decimal_places=2,
        examples=["30000"],
    )
    metric: Basis = Field(default="unblended", description="The basis that is added up.")
    service: Annotated[str | None, _Maybe] = Field(
        default=None, description="One service as Cost Explorer names it; all without it.", max_length=300
    )
    account: Annotated[str | None, _Maybe] = Field(
        default=None, description="One account; all without it.", pattern=r"^\d{12}$"
    )
    who: Who = Field(description="Who sets it.", examples=["kim"])


class RemoveBudgetParams(Params):
    """Which budget is removed, and by whom."""

    name: PolicyName = Field(description="The budget's name.", examples=["production"])
    who: Who = Field(description="Who does it.", examples=["kim"])


class Budgets:
    """Answers how the month goes; series and forecasts are made once per snapshot and scope."""

    def __init__(self, costs: CostRecord) -> None:
        self.costs, self.record = costs, costs.record
        self._days = self.record.cached(2, _days)
        self._known = self.record.cached(_REMEMBERED, self._know)

    def view(self, edition: Edition) -> BudgetsView:
        """Return all budgets with their pace."""
        own, changes = self.record.state.budgets(), self.record.state.budget_changes()
        snapshot = edition.snapshot
        names = {} if snapshot is None else snapshot.manifest.accounts
        days = self._days(edition.of_reading())
        found = None if snapshot is None else snapshot.resources(AwsBudget)
        gaps = () if snapshot is None else snapshot.manifest.gaps
        return BudgetsView(
            currency="USD" if snapshot is None else snapshot.manifest.currency,
            data_until=days[-1] if days else None,
            budgets=[budget_view(one, self._pace(edition, one), names) for one in own],
            aws_budgets=None if found is None else [aws_budget_view(one, names) for one in found],
            aws_missing=[f"{gap.reason} {gap.remedy}" for gap in gaps if gap.source == AwsBudget.source],
            changes=[change_view(one) for one in changes],
        )

    def services(self, edition: Edition) -> Sequence[str]:
        """Return the services that a budget can be of."""
        return self.costs.keys(edition, CostTable.SERVICE)

    def save(self, edition: Edition, params: SaveBudgetParams) -> None:
        """Set a budget in place of the one of its name; raises ``ParameterError`` for a scope not stored."""
        accounts = self.record.known(edition).accounts or ()
        if params.service is not None and params.service not in self.services(edition):
            raise ParameterError("service", params.service, "a service that is on the bill")
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
                service=params.service,
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
        known = self._known(edition.of_reading(), (budget.metric, budget.service, budget.account))
        if isinstance(known, Unknown):
            return known
        series, said, spent = known
        if month_start(series.end) not in {month_start(edition.today), month_start(edition.today - _LATE)}:
            return Unknown(f"the costs that were read end on {series.end - _DAY}; refresh them")
        return pace(budget.amount, series, spent, said)

    def _know(self, edition: Edition, scope: Scope) -> Known | Unknown:
        days = self._days(edition)
        if edition.snapshot is None or not days:
            return Unknown(_NOTHING)
        series, exact = series_of(edition.snapshot, days, *scope)
        start = month_start(series.end)
        spent = exact_sum(cost for day, cost in exact.items() if day >= start)
        return series, forecast(series, 1), spent


def _days(edition: Edition) -> Sequence[date]:
    return [] if edition.snapshot is None else whole_days(edition.snapshot)
