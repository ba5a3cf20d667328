"""AWS Budgets: ``DescribeBudgets`` once an account, free of charge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from plainbill.aws_connector import Connector, Read, Scope, instant
from plainbill.data_fetcher.collector import Collector, Page
from plainbill.model.resources.aws_budget import AwsBudget

_OF_COSTS = "COST"


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
    spend, limit = raw.get("CalculatedSpend") or {}, raw.get("BudgetLimit")
    actual, forecast = spend.get("ActualSpend"), spend.get("ForecastedSpend")
    updated = raw.get("LastUpdatedTime")
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
        updated_at=instant(updated) if updated else None,
        health=(raw.get("HealthStatus") or {}).get("Status"),
    )


def _amount(raw: Mapping[str, Any] | None) -> str | None:
    return None if raw is None else str(raw["Amount"])
