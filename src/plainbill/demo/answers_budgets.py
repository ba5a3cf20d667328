"""AWS Budgets: what the company set there, with what its bill says of the month."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from plainbill.demo.call import Answer, Call, paged
from plainbill.demo.fleet import MANAGEMENT, PRODUCTION
from plainbill.model.cost import CostMetric
from plainbill.model.period import Period, midnight, month_start

_SET_SINCE = midnight(date(2024, 1, 1))
_NO_END = midnight(date(2087, 6, 15))  # AWS's own word for it
_COMPUTED = timedelta(hours=5)
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class _Set:
    """A budget of the payer: of everything, or of one account."""

    name: str
    limit: Decimal
    account_id: str | None = None


_BUDGETS = (
    _Set("whole company", Decimal(48_000)),
    _Set("production account", Decimal(30_000), PRODUCTION),
)


def describe_budgets(call: Call) -> Mapping[str, Any]:
    """List the payer's budgets by pages; the other accounts have set none."""
    own = [_told(one, call) for one in _BUDGETS] if call.account == MANAGEMENT else []
    return paged(
        call, "Budgets", own, limit="MaxResults", token=("NextToken", "NextToken"), most=1000, default=100
    )


def _told(one: _Set, call: Call) -> dict[str, Any]:
    today = call.company.today
    first = month_start(today)
    gone = Period.of_days(first, today) if today > first else None
    only = {} if one.account_id is None else {"account_id": one.account_id}
    spent = call.company.bill.total(gone, CostMetric.UNBLENDED, **only) if gone else Decimal(0)
    days = (today - first).days
    in_month = (month_start(first, 1) - first).days
    spend = {"ActualSpend": _money(spent)}
    if days:  # the straight line; AWS's own model is not known
        spend["ForecastedSpend"] = _money(spent / days * in_month)
    return {
        "BudgetName": one.name,
        "BudgetLimit": _money(one.limit),
        "CostFilters": {"LinkedAccount": [one.account_id]} if one.account_id else {},
        "TimeUnit": "MONTHLY",
        "TimePeriod": {"Start": _SET_SINCE, "End": _NO_END},
        "CalculatedSpend": spend,
        "BudgetType": "COST",
        "LastUpdatedTime": midnight(today) + _COMPUTED,
        "HealthStatus": {"Status": "HEALTHY", "LastUpdatedTime": midnight(today) + _COMPUTED},
    }


def _money(amount: Decimal) -> dict[str, str]:
    return {"Amount": str(amount.quantize(_CENT)), "Unit": "USD"}


ANSWERS: Mapping[str, Answer] = {"budgets:DescribeBudgets": describe_budgets}
