"""Costs by service over HTTP, against sums made without the product."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.company import (
    ACCOUNTS,
    CREDIT,
    EC2,
    ESTIMATED_FROM,
    FIRST,
    PRODUCTION,
    RESEARCH,
    SERVICES,
    STORED,
    collected,
    control_records,
    cost,
    gap,
    service_records,
    spent,
)
from app.conftest import ADDRESS, dashboard
from factories import NOW, TODAY
from plainbill.model.cost import CostMetric, CostTable
from plainbill.model.period import Period
from plainbill.settings import Settings
from plainbill.storage import CostSpan, Home, SnapshotStore

DAY = timedelta(days=1)
URL = "/api/cost-by-service"
LAST_30 = Period.last_days(30, TODAY)


def ask(client: TestClient, **params: Any) -> dict[str, Any]:
    answer = client.get(URL, params={name: str(value) for name, value in params.items()})
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def serve(home: Home, settings: Settings, **changes: Any) -> TestClient:
    SnapshotStore(home.snapshots).write(collected(**changes))
    return TestClient(dashboard(home, settings), base_url=ADDRESS)


def test_before_anything_was_read_nothing_is_called_zero(empty_client: TestClient) -> None:
    body = ask(empty_client)
    assert body["total"] is None
    assert body["services"] == body["daily"] == body["by_account"] == []
    assert [gap["reason"] for gap in body["gaps"]] == ["nothing has been read yet"]
    assert len(body["missing_days"]) == 30


def test_days_outside_of_what_was_read_are_unknown(client: TestClient) -> None:
    body = ask(client, start=FIRST - 40 * DAY, end=FIRST - 10 * DAY)
    assert body["total"] is None
    assert body["services"] == []
    assert len(body["missing_days"]) == 30


def test_the_usual_period_is_the_last_whole_days(client: TestClient) -> None:
    body = ask(client)
    assert body["period"] == {"start": str(TODAY - 30 * DAY), "end": str(TODAY)}
    assert (body["metric"], body["currency"], body["account"]) == ("unblended", "USD", None)
    assert body["as_of"] == "2026-11-24T12:00:00Z"


@pytest.mark.parametrize("metric", list(CostMetric))
@pytest.mark.parametrize("account", [None, PRODUCTION, RESEARCH])
@pytest.mark.parametrize(
    "period",
    [
        LAST_30,
        Period.of_days(date(2026, 10, 31), date(2026, 11, 1)),
        Period.of_days(date(2026, 10, 1), date(2026, 11, 1)),
    ],
)
def test_every_sum_is_exact(
    client: TestClient, metric: CostMetric, account: str | None, period: Period
) -> None:
    asked = {"start": period.first_day, "end": period.end_day, "metric": metric.value}
    body = ask(client, **asked, **({"account": account} if account else {}))
    total = spent(period, account=account, metric=metric)
    assert Decimal(body["total"]) == Decimal(body["control_total"]) == total
    assert Decimal(body["difference"]) == 0
    earlier = period.previous()
    before = spent(earlier, account=account, metric=metric)
    assert body["compared"] == {"start": str(earlier.first_day), "end": str(earlier.end_day)}
    assert Decimal(body["previous_total"]) == before
    assert Decimal(body["change"]) == total - before
    assert {row["service"]: Decimal(row["cost"]) for row in body["services"]} == {
        service: spent(period, service, account, metric) for service in SERVICES
    }
    assert {day["date"]: sum(map(Decimal, day["costs"].values())) for day in body["daily"]} == {
        str(day): spent(Period.of_days(day, day + DAY), account=account, metric=metric)
        for day in period.dates()
    }
    assert {row["account_id"]: Decimal(row["cost"]) for row in body["by_account"]} == {
        owner: spent(period, account=owner, metric=metric) for owner in ACCOUNTS if account in (None, owner)
    }
    owners = 1 if account else len(ACCOUNTS)
    assert {row["record_type"]: Decimal(row["cost"]) for row in body["by_record_type"]} == {
        "Credit": CREDIT * period.days * owners,
        "Usage": total - CREDIT * period.days * owners,
    }


def test_services_come_dearest_first_with_their_share(client: TestClient) -> None:
    rows = ask(client)["services"]
    assert [row["service"] for row in rows] == sorted(SERVICES, key=lambda service: -spent(LAST_30, service))
    for row in rows:
        assert row["share"] == pytest.approx(float(spent(LAST_30, row["service"]) / spent(LAST_30)))
        assert Decimal(row["change"]) == Decimal(row["cost"]) - Decimal(row["previous_cost"])


def test_a_long_fraction_keeps_every_digit(client: TestClient) -> None:
    day = TODAY - 5 * DAY
    body = ask(client, start=day, end=day + DAY)
    assert Decimal(body["total"]) == spent(Period.of_days(day, day + DAY))
    assert Decimal(body["total"]) % Decimal("0.00000001") != 0


def test_days_that_may_still_change_are_marked(client: TestClient) -> None:
    body = ask(client)
    assert {day["date"] for day in body["daily"] if day["is_estimated"]} == {
        str(ESTIMATED_FROM + n * DAY) for n in range(3)
    }
    assert (body["is_estimated"], body["estimated_days"]) == (True, 3)
    closed = ask(client, start=ESTIMATED_FROM - DAY, end=ESTIMATED_FROM)
    assert (closed["is_estimated"], closed["estimated_days"]) == (False, 0)


def test_a_previous_period_that_was_not_wholly_read_is_unknown(client: TestClient) -> None:
    body = ask(client, start=FIRST + 10 * DAY, end=FIRST + 30 * DAY)
    assert body["total"] is not None
    assert (body["previous_total"], body["change"]) == (None, None)
    assert {row["previous_cost"] for row in body["services"]} == {None}


def test_a_period_that_is_only_partly_known_says_so_and_is_not_compared(client: TestClient) -> None:
    body = ask(client, start=FIRST - 2 * DAY, end=FIRST + 2 * DAY)
    assert body["missing_days"] == [str(FIRST - 2 * DAY), str(FIRST - DAY)]
    assert Decimal(body["total"]) == spent(Period.of_days(FIRST, FIRST + 2 * DAY))
    assert Decimal(body["difference"]) == 0
    assert body["change"] is None


def test_today_is_missing_not_free(client: TestClient) -> None:
    body = ask(client, start=TODAY - DAY, end=TODAY + DAY)
    assert body["missing_days"] == [str(TODAY)]


def test_the_latest_days_without_any_row_are_missing_and_old_ones_are_free(
    home: Home, settings: Settings
) -> None:
    quiet = {TODAY - DAY, TODAY - 20 * DAY}
    spans = {
        table: CostSpan(span.period, [row for row in span.records if row.day not in quiet])
        for table, span in collected().costs.items()
    }
    body = ask(serve(home, settings, costs=spans))
    assert body["missing_days"] == [str(TODAY - DAY)]
    assert Decimal(body["total"]) == spent(LAST_30) - sum(
        spent(Period.of_days(day, day + DAY)) for day in quiet
    )


def test_a_period_is_not_compared_with_a_day_that_aws_has_not_filled(home: Home, settings: Settings) -> None:
    today = Period.of_days(TODAY, TODAY + DAY)
    rows = [row for row in service_records() if row.day != TODAY - DAY]
    begun = CostSpan(Period.of_days(FIRST, TODAY + DAY), [*rows, *service_records(today)])
    client = serve(home, settings, costs={CostTable.SERVICE: begun})
    body = ask(client, start=TODAY, end=TODAY + DAY)
    assert Decimal(body["total"]) == spent(today)
    assert (body["previous_total"], body["change"]) == (None, None)


def test_a_day_that_was_not_over_when_it_was_read_is_held_against_no_whole_one(
    home: Home, settings: Settings
) -> None:
    today = Period.of_days(TODAY, TODAY + DAY)
    rows = [*service_records(), *service_records(today)]
    begun = CostSpan(Period.of_days(FIRST, TODAY + DAY), rows)
    client = serve(home, settings, costs={CostTable.SERVICE: begun})
    days = {"start": str(TODAY - DAY), "end": str(TODAY + DAY)}
    body = ask(client, **days)
    assert (Decimal(body["total"]), body["change"]) == (spent(Period.of_days(TODAY - DAY, TODAY + DAY)), None)
    assert "was not over when it was read" in body["may_change"][0]
    explorer = client.get("/api/costs", params=days).json()
    assert (explorer["compared"]["change"], explorer["rows"][0]["change"]) == (None, None)
    assert "not over" in explorer["compared"]["note"]
    changes = client.get("/api/changes", params=days).json()
    assert changes["change"] is None
    assert "not over" in changes["notes"][0]


def test_a_month_is_held_against_the_month_before_on_the_first_screen_and_where_that_is_asked_for(
    client: TestClient,
) -> None:
    october, september = (
        Period.of_days(date(2026, 10, 1), date(2026, 11, 1)),
        Period.of_days(date(2026, 9, 1), date(2026, 10, 1)),
    )
    asked = {"start": str(october.first_day), "end": str(october.end_day)}
    change = spent(october) - spent(september)
    assert Decimal(ask(client, **asked)["change"]) == spent(october) - spent(october.previous()) != change
    assert Decimal(ask(client, **asked, compare="months")["change"]) == change
    page = unescape(client.get("/", params=asked).text)
    assert "against 1 Sep to 30 Sep" in page.replace("\N{NO-BREAK SPACE}", " ")
    link = re.search(r'href="(/api/cost-by-service\?[^"]*)"', page)
    assert link
    assert Decimal(client.get(link[1]).json()["change"]) == change


def test_a_difference_to_aws_own_total_is_shown_to_the_last_digit(home: Home, settings: Settings) -> None:
    off = list(control_records(off_by=Decimal("0.0000000003")))
    costs = {**collected().costs, CostTable.CONTROL: CostSpan(STORED, off)}
    body = ask(serve(home, settings, costs=costs))
    assert Decimal(body["difference"]) == 30 * Decimal("0.0000000003")
    assert Decimal(body["control_total"]) == spent(LAST_30) + Decimal(body["difference"])


def test_without_aws_own_total_there_is_no_difference_and_a_note(home: Home, settings: Settings) -> None:
    costs = {table: span for table, span in collected().costs.items() if table is not CostTable.CONTROL}
    body = ask(serve(home, settings, costs=costs))
    assert (body["control_total"], body["difference"]) == (None, None)
    assert "could not be read" in body["control_note"]
    assert Decimal(body["total"]) == spent(LAST_30)


def test_a_total_of_another_age_is_not_compared(home: Home, settings: Settings) -> None:
    store = SnapshotStore(home.snapshots)
    store.write(collected(run_id="20261123T120000Z-000000", taken_at=NOW - DAY))
    costs = {table: span for table, span in collected().costs.items() if table is not CostTable.CONTROL}
    store.write(collected(costs=costs))
    body = ask(TestClient(dashboard(home, settings), base_url=ADDRESS))
    assert (body["control_total"], body["difference"]) == (None, None)
    assert "another reading" in body["control_note"]


def test_for_one_account_the_note_says_what_the_total_is(client: TestClient) -> None:
    assert ask(client)["control_note"] is None
    assert "record types" in ask(client, account=PRODUCTION)["control_note"]


def test_only_gaps_that_concern_costs_are_among_them(home: Home, settings: Settings) -> None:
    gaps = (
        gap(),
        gap(source="cloudwatch"),
        gap(source="resource_metrics"),
        gap(source="ebs_volumes"),
        gap(source="price_list"),
        gap(source="cost_explorer.control", region=None, kind="Throttled", action=None),
        gap(source="something_new"),
    )
    body = ask(serve(home, settings, gaps=gaps))
    assert [each["source"] for each in body["gaps"]] == ["cost_explorer.control", "something_new"]


def test_the_breakdown_of_a_day_adds_up(client: TestClient) -> None:
    (day,) = ask(client, start=FIRST, end=FIRST + DAY)["daily"]
    assert Decimal(day["costs"][EC2]) == sum(cost(FIRST, EC2, account) for account in ACCOUNTS)
