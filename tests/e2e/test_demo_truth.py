"""What the screen says is what the company is, by its own arithmetic, apart from fetching and storing."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from starlette.testclient import TestClient

from e2e.process import Refreshed
from plainbill.demo.habits import Expected
from plainbill.model.cost import CostMetric
from plainbill.model.period import Period

CENT = Decimal("0.005")


def costs(client: TestClient, **parameters: str) -> dict[str, Any]:
    answer = client.get("/api/cost-by-service", params=parameters)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def shown_period(body: dict[str, Any]) -> Period:
    return Period.of_days(
        date.fromisoformat(body["period"]["start"]), date.fromisoformat(body["period"]["end"])
    )


def test_a_page_view_asks_aws_for_nothing(client: TestClient, refreshed: Refreshed) -> None:
    before = len(refreshed.demo.requests)
    for path in ("/", "/api/cost-by-service", "/api/idle-instances?cpu_average=9", "/api/status", "/healthz"):
        assert client.get(path).status_code == 200
    assert len(refreshed.demo.requests) == before


def test_the_default_period_is_the_last_thirty_whole_days(client: TestClient, refreshed: Refreshed) -> None:
    today = refreshed.demo.company.today
    assert shown_period(costs(client)) == Period.last_days(30, today)


@pytest.mark.parametrize("metric", list(CostMetric))
def test_every_metric_reconciles_with_the_company_and_with_the_control_total(
    client: TestClient, refreshed: Refreshed, metric: CostMetric
) -> None:
    body = costs(client, metric=metric)
    truth = refreshed.demo.company.bill.total(shown_period(body), metric)
    assert Decimal(body["total"]) == truth
    assert Decimal(body["control_total"]) == truth
    assert Decimal(body["difference"]) == 0
    assert sum(Decimal(row["cost"]) for row in body["by_record_type"]) == truth
    assert sum(Decimal(cost) for day in body["daily"] for cost in day["costs"].values()) == truth


def test_each_service_costs_what_the_company_was_charged(client: TestClient, refreshed: Refreshed) -> None:
    body = costs(client)
    period, bill = shown_period(body), refreshed.demo.company.bill
    truth = bill.totals(period, CostMetric.UNBLENDED, "service")
    before = bill.totals(period.previous(), CostMetric.UNBLENDED, "service")
    for row in body["services"]:
        assert Decimal(row["cost"]) == truth.get((row["service"],), 0)
        assert Decimal(row["previous_cost"]) == before.get((row["service"],), 0)
    assert {row["service"] for row in body["services"]} >= {service for (service,) in truth}


def test_one_account_shows_its_own_costs_only(client: TestClient, refreshed: Refreshed) -> None:
    for account in refreshed.demo.company.accounts:
        body = costs(client, account=account.account_id)
        truth = refreshed.demo.company.bill.total(
            shown_period(body), CostMetric.UNBLENDED, account_id=account.account_id
        )
        assert Decimal(body["total"]) == truth


def test_thirteen_months_are_kept(client: TestClient, refreshed: Refreshed) -> None:
    first = refreshed.demo.company.bill.first_day
    body = costs(client, start=first.isoformat(), end=refreshed.demo.company.today.isoformat())
    assert Decimal(body["total"]) == refreshed.demo.company.bill.total(
        shown_period(body), CostMetric.UNBLENDED
    )
    assert body["missing_days"] == []


def test_every_day_is_shown_once_and_under_its_own_date(client: TestClient, refreshed: Refreshed) -> None:
    body = costs(client)
    bill = refreshed.demo.company.bill
    assert [day["date"] for day in body["daily"]] == [day.isoformat() for day in shown_period(body).dates()]
    for row in body["daily"]:
        day = date.fromisoformat(row["date"])
        truth = bill.total(Period.of_days(day, day + timedelta(days=1)), CostMetric.UNBLENDED)
        assert sum(Decimal(cost) for cost in row["costs"].values()) == truth
        assert row["is_estimated"] == bill.is_estimated(day)


def test_every_running_instance_gets_the_verdict_it_was_made_for(
    client: TestClient, refreshed: Refreshed
) -> None:
    body = client.get("/api/idle-instances").json()
    expected = refreshed.demo.company.expected
    idle = {row["instance_id"] for row in body["instances"]}
    unknown = {row["instance_id"] for row in body["could_not_tell"]}
    assert idle == {name for name, verdict in expected.items() if verdict is Expected.IDLE}
    assert unknown == {name for name, verdict in expected.items() if verdict is Expected.COULD_NOT_TELL}
    tally = Counter(expected.values())
    assert body["counts"] == {
        "running": len(expected),
        "idle": tally[Expected.IDLE],
        "not_idle": tally[Expected.NOT_IDLE],
        "could_not_tell": tally[Expected.COULD_NOT_TELL],
    }


def test_savings_never_exceed_the_compute_bill_they_are_on(client: TestClient, refreshed: Refreshed) -> None:
    today = refreshed.demo.company.today
    for account in refreshed.demo.company.accounts:
        rows = client.get("/api/idle-instances", params={"account": account.account_id}).json()["instances"]
        saving = sum((Decimal(row["monthly_cost"]) for row in rows if row["monthly_cost"]), Decimal(0))
        bill = refreshed.demo.company.bill.total(
            Period.last_days(30, today),
            CostMetric.AMORTIZED,
            account_id=account.account_id,
            service="Amazon Elastic Compute Cloud - Compute",
        )
        assert saving <= bill + CENT


def test_the_run_says_what_it_asked_and_what_that_cost(refreshed: Refreshed) -> None:
    asked = Counter((request.service, request.operation) for request in refreshed.demo.requests)
    told = {(row["service"], row["operation"]): row["calls"] for row in refreshed.run["operations"]}
    assert told == dict(asked)
    cost_explorer = sum(calls for (service, _), calls in told.items() if service == "ce")
    prices = (Decimal(row["low"]) for row in refreshed.run["operations"] if row["service"] == "ce")
    assert sum(prices) == Decimal("0.01") * cost_explorer
    running = len(refreshed.demo.company.expected)
    metrics_calls = told["cloudwatch", "GetMetricData"]
    assert metrics_calls < running / 4, "never one call per instance"
