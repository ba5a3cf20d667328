"""Budgets as AWS describes them."""

from __future__ import annotations

from typing import Any

from plainbill.aws_connector import Scope
from plainbill.data_fetcher.aws_budgets import AwsBudgets
from plainbill.model.resources.aws_budget import AwsBudget

SCOPE = Scope("111122223333", "us-east-1")
LEAST: dict[str, Any] = {"BudgetName": "all", "TimeUnit": "MONTHLY", "BudgetType": "COST"}


def parsed(raw: dict[str, Any]) -> AwsBudget:
    (one,) = AwsBudgets.parse({"Budgets": [raw]}, SCOPE)
    return one


def test_no_budgets_are_an_empty_page() -> None:
    assert list(AwsBudgets.parse({"Budgets": []}, SCOPE)) == []
    assert list(AwsBudgets.parse({}, SCOPE)) == []


def test_budgets_of_other_things_than_costs_are_left_out() -> None:
    assert list(AwsBudgets.parse({"Budgets": [LEAST | {"BudgetType": "RI_COVERAGE"}]}, SCOPE)) == []


def test_amounts_that_aws_does_not_tell_are_not_known() -> None:
    one = parsed(LEAST)
    assert (one.limit, one.spent, one.forecast, one.updated_at, one.health) == (None,) * 5
    assert (one.is_filtered, one.currency) == (False, None)


def test_a_budget_says_its_limit_and_what_aws_counted() -> None:
    name = '"><script>alert(1)</script>'
    one = parsed(
        LEAST
        | {
            "BudgetName": name,
            "BudgetLimit": {"Amount": "48000.0", "Unit": "EUR"},
            "CostFilters": {"LinkedAccount": ["111122223333"]},
            "CalculatedSpend": {
                "ActualSpend": {"Amount": "17.44", "Unit": "EUR"},
                "ForecastedSpend": {"Amount": "42.1", "Unit": "EUR"},
            },
            "LastUpdatedTime": 1_795_000_000.0,
            "HealthStatus": {"Status": "UNHEALTHY", "StatusReason": "FILTER_LIMIT_EXCEEDED"},
        }
    )
    assert (one.limit, one.spent, one.forecast, one.currency) == ("48000.0", "17.44", "42.1", "EUR")
    assert (one.name, one.arn) == (name, f"arn:aws:budgets::111122223333:budget/{name}")
    assert (one.is_filtered, one.health) == (True, "UNHEALTHY")


DECEMBER, JANUARY = "1796083200", "1798761600.0"
PLANNED = {
    JANUARY: {"Amount": "300.0", "Unit": "USD"},
    DECEMBER: {"Amount": "200.0", "Unit": "USD"},
}


def test_a_planned_limit_that_has_not_begun_is_not_the_present_one() -> None:
    assert parsed(LEAST | {"PlannedBudgetLimits": PLANNED}).limit is None
    before = parsed(LEAST | {"PlannedBudgetLimits": PLANNED, "LastUpdatedTime": 1_796_083_199.0})
    assert (before.limit, before.planned) == (None, {"2026-12-01": "200.0", "2027-01-01": "300.0"})


def test_of_planned_limits_the_one_in_force_counts_and_the_last_goes_on() -> None:
    one = LEAST | {"PlannedBudgetLimits": PLANNED}
    assert parsed(one | {"LastUpdatedTime": 1_796_083_200.0}).limit == "200.0"
    assert parsed(one | {"LastUpdatedTime": 1_900_000_000.0}).limit == "300.0"
    told = parsed(one | {"BudgetLimit": {"Amount": "250.0", "Unit": "USD"}})
    assert (told.limit, told.currency) == ("250.0", "USD")
