"""AWS Budgets: ``DescribeBudgets`` once an account, free of charge.

Each account is asked, for a budget is of the account that made it: the payer's answer does not hold those of
members (AWS Cost Management User Guide, "Managing your costs with AWS Budgets").
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from plainbill.aws_connector import Connector, Read, Scope, instant
from plainbill.data_fetcher.collector import Collector, Page
from plainbill.model.resources.aws_budget import AwsBudget

_OF_COSTS = "COST"
Spend = Mapping[str, str]
"""AWS's ``Spend``: an amount and its unit."""


class AwsBudgets(Collector):
    """Budgets of costs, with what AWS says was spent and will be: no check judges them.

    Budgets of usage and of the use of commitments are left out. Actions of a budget are neither read nor run.
    """

    name = "aws_budgets"
    kind = AwsBudget
    is_global = True
    always = True
    reads = (Read("budgets", "DescribeBudgets", "the budgets of AWS Budgets beside your own"),)

    @classmethod
    def fetch(cls, connector: Connector, scope: Scope) -> Iterator[Page]:
        """Yield the pages of ``DescribeBudgets``."""
        return connector.pages(scope, "budgets", "DescribeBudgets", AccountId=scope.account_id)

    @classmethod
    def parse(cls, page: Page, scope: Scope) -> Iterator[AwsBudget]:
        """Yield the budgets of costs of a page."""
        return (_budget(raw, scope) for raw in page.get("Budgets", ()) if raw["BudgetType"] == _OF_COSTS)


def _budget(raw: Mapping[str, Any], scope: Scope) -> AwsBudget:
    spend, planned = raw.get("CalculatedSpend") or {}, dict(_planned(raw.get("PlannedBudgetLimits") or {}))
    actual, forecast = spend.get("ActualSpend"), spend.get("ForecastedSpend")
    updated = instant(raw["LastUpdatedTime"]) if raw.get("LastUpdatedTime") else None
    limit = raw.get("BudgetLimit") or _in_force(planned, updated)
    return AwsBudget(
        account_id=scope.account_id,
        region=scope.region,
        budget_name=raw["BudgetName"],
        time_unit=raw["TimeUnit"],
        currency=next((one["Unit"] for one in (limit, actual, forecast) if one), None),
        limit=_amount(limit),
        spent=_amount(actual),
        forecast=_amount(forecast),
        is_filtered=bool(raw.get("CostFilters") or raw.get("FilterExpression")),
        updated_at=updated,
        health=(raw.get("HealthStatus") or {}).get("Status"),
        planned={day: str(one["Amount"]) for day, one in planned.items()},
    )


def _planned(limits: Mapping[str, Spend]) -> Iterator[tuple[str, Spend]]:
    """Yield the limit of each month or quarter, in order; AWS names it by its first instant in seconds."""
    for seconds in sorted(limits, key=float):
        yield instant(float(seconds)).date().isoformat(), limits[seconds]


def _in_force(planned: Mapping[str, Spend], at: datetime | None) -> Spend | None:
    """Return the planned limit of an instant: the last one goes on. AWS mostly tells it itself."""
    begun = [one for day, one in planned.items() if at is not None and day <= at.date().isoformat()]
    return begun[-1] if begun else None


def _amount(raw: Mapping[str, Any] | None) -> str | None:
    return None if raw is None else str(raw["Amount"])
