"""The cost explorer over HTTP, against sums made without the product."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.company import (
    ACCOUNTS,
    CREDIT,
    FIRST,
    PRODUCTION,
    RESEARCH,
    SERVICES,
    STORED,
    TAX,
    collected,
    control_records,
    spent,
)
from app.conftest import ADDRESS, dashboard
from factories import NOW, TODAY, cost_record
from plainbill.model.cost import CostMetric, CostTable
from plainbill.model.period import Period
from plainbill.settings import Settings
from plainbill.storage import CostSpan, Home, SnapshotStore

DAY = timedelta(days=1)
URL = "/api/costs"
OCTOBER = Period.of_days(date(2026, 10, 1), date(2026, 11, 1))
LAST_30 = Period.last_days(30, TODAY)


def ask(client: TestClient, **params: Any) -> dict[str, Any]:
    answer = client.get(URL, params={name: str(value) for name, value in params.items()})
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def page(client: TestClient, query: str = "") -> str:
    answer = client.get(f"/cost{query}", headers={"Accept": "text/html"})
    assert answer.status_code == 200
    return answer.text


def test_before_anything_was_read_nothing_is_called_zero(empty_client: TestClient) -> None:
    body = ask(empty_client)
    assert (body["total"], body["per_day"], body["compared"]) == (None, None, None)
    assert body["rows"] == body["spans"] == []
    assert body["reconciliation"]["difference"] is None
    assert "Nothing has been read yet" in page(empty_client)


def test_days_that_were_not_read_are_unknown(client: TestClient) -> None:
    query = f"?start={FIRST - 40 * DAY}&end={FIRST - 10 * DAY}"
    assert client.get(URL + query).json()["total"] is None
    assert "is not known" in page(client, query)


def test_a_day_that_was_not_read_has_no_total_and_no_cell(client: TestClient) -> None:
    days = {"start": str(TODAY - DAY), "end": str(TODAY + DAY)}
    assert [span["total"] is None for span in ask(client, **days)["spans"]] == [False, True]
    table = list(csv.reader(io.StringIO(client.get(f"{URL}.csv", params=days).text)))
    assert [row[-1] for row in table[1:]] == [""] * 3


def test_a_part_is_not_compared_with_a_whole(client: TestClient) -> None:
    compared = ask(client, start=TODAY - DAY, end=TODAY + DAY)["compared"]
    assert (compared["change"], compared["change_per_day"]) == (None, None)
    assert "not known yet" in compared["note"]
    query = f"?start={TODAY - DAY}&end={TODAY + DAY}"
    assert "not compared" in page(client, query)
    first = client.get(f"/{query}", headers={"Accept": "text/html"}).text
    assert "not compared</span>: only a part of these days is known" in first
    assert "no earlier figure" not in page(client, query) + first


def test_an_earlier_period_that_was_not_read_is_not_compared(client: TestClient) -> None:
    body = ask(client, compare="last_year")
    assert body["compared"]["period"] == {"start": "2025-10-25", "end": "2025-11-24"}
    assert body["compared"]["total"] is None
    assert {row["previous_cost"] for row in body["rows"]} == {None}


@pytest.mark.parametrize("granularity", ["daily", "monthly"])
@pytest.mark.parametrize("metric", list(CostMetric))
@pytest.mark.parametrize("group", ["service", "account", "record_type"])
@pytest.mark.parametrize("account", [None, PRODUCTION])
def test_every_grouping_sums_to_aws_own_total(
    client: TestClient, granularity: str, metric: CostMetric, group: str, account: str | None
) -> None:
    asked = {"granularity": granularity, "metric": metric.value, "group": group}
    body = ask(client, **asked, **({"account": account} if account else {}))
    total = spent(LAST_30, account=account, metric=metric)
    proof = body["reconciliation"]
    assert Decimal(body["total"]) == Decimal(proof["total"]) == Decimal(proof["control_total"]) == total
    assert Decimal(proof["difference"]) == Decimal(proof["record_types_difference"]) == 0
    assert sum(Decimal(row["cost"]) for row in body["rows"]) == total
    assert sum(Decimal(span["total"]) for span in body["spans"]) == total
    assert sum(Decimal(cost) for span in body["spans"] for cost in span["costs"].values()) == total


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_is_shown_by_account_and_as_a_part_of_the_bill(client: TestClient, service: str) -> None:
    body = ask(client, service=service)
    assert body["group"] == "account"
    assert {row["key"]: Decimal(row["cost"]) for row in body["rows"]} == {
        account: spent(LAST_30, service, account) for account in ACCOUNTS
    }
    assert Decimal(body["reconciliation"]["part"]) == spent(LAST_30, service)
    assert Decimal(body["reconciliation"]["total"]) == spent(LAST_30)


@pytest.mark.parametrize(
    ("group", "said"),
    [
        ("region", "Costs by region have not been read yet. They come with the next refresh"),
        ("tag", "name it in PLAINBILL_COST_TAG and refresh"),
    ],
)
def test_a_table_that_was_never_read_is_unknown_and_says_when_it_comes(
    client: TestClient, group: str, said: str
) -> None:
    body = ask(client, group=group)
    assert (body["total"], body["rows"]) == (None, [])
    assert said in body["notes"][0]
    assert said in page(client, f"?group={group}")


def test_a_treemap_holds_every_row_above_zero_and_leads_behind_it(client: TestClient) -> None:
    text = page(client, "?view=treemap")
    rows = [row for row in ask(client)["rows"] if Decimal(row["cost"]) > 0]
    assert text.count("<title>") == 1 + len(rows)
    assert "canvas" not in text.partition('id="treemap"')[2].partition("</section>")[0]
    assert "view=treemap&amp;service=" in text


def test_a_record_type_is_shown_by_account(client: TestClient) -> None:
    body = ask(client, record_type="Credit")
    assert {row["key"]: Decimal(row["cost"]) for row in body["rows"]} == dict.fromkeys(ACCOUNTS, 30 * CREDIT)


def test_one_cell_of_the_bill_can_be_seen_alone(client: TestClient) -> None:
    day = Period.of_days(FIRST, FIRST + DAY)
    body = ask(client, service=TAX, account=RESEARCH, start=FIRST, end=FIRST + DAY)
    assert Decimal(body["total"]) == spent(day, TAX, RESEARCH)


def test_whole_months_are_compared_with_whole_months_also_per_day(client: TestClient) -> None:
    body = ask(client, start=OCTOBER.first_day, end=OCTOBER.end_day)
    september = Period.of_days(date(2026, 9, 1), date(2026, 10, 1))
    compared = body["compared"]
    assert compared["period"] == {"start": "2026-09-01", "end": "2026-10-01"}
    assert Decimal(compared["change"]) == spent(OCTOBER) - spent(september)
    per_day = spent(OCTOBER) / 31 - spent(september) / 30
    assert Decimal(compared["change_per_day"]) == pytest.approx(per_day, abs=Decimal("1e-9"))


def test_rows_whose_shown_cents_do_not_add_up_say_why(home: Home, settings: Settings) -> None:
    day = Period.of_days(TODAY - DAY, TODAY)
    thirds = [cost_record(TODAY - DAY, key, "0.334", PRODUCTION) for key in SERVICES]
    SnapshotStore(home.snapshots).write(collected(costs={CostTable.SERVICE: CostSpan(day, thirds)}))
    client = TestClient(dashboard(home, settings), base_url=ADDRESS)
    text = page(client, f"?start={day.first_day}&end={day.end_day}")
    assert "$0.33</td>" in text
    assert "$1.00</td>" in text
    assert "Each row is rounded to the cent by itself" in text
    one_row = page(client, f"?start={day.first_day}&end={day.end_day}&service={TAX}")
    assert "rounded to the cent" not in one_row


def test_a_service_that_is_gone_stands_among_the_rows(home: Home, settings: Settings) -> None:
    costs = collected().costs
    gone = [row for row in costs[CostTable.SERVICE].records if row.key != TAX or row.day < LAST_30.first_day]
    SnapshotStore(home.snapshots).write(collected(costs={**costs, CostTable.SERVICE: CostSpan(STORED, gone)}))
    body = ask(TestClient(dashboard(home, settings), base_url=ADDRESS))
    (row,) = [row for row in body["rows"] if row["key"] == TAX]
    assert Decimal(row["cost"]) == 0
    assert Decimal(row["change"]) == -spent(LAST_30.previous(), TAX)
    assert Decimal(body["reconciliation"]["difference"]) == spent(LAST_30, TAX)


def test_a_difference_is_named(home: Home, settings: Settings) -> None:
    off = CostSpan(STORED, list(control_records(off_by=Decimal("0.5"))))
    SnapshotStore(home.snapshots).write(collected(costs={**collected().costs, CostTable.CONTROL: off}))
    client = TestClient(dashboard(home, settings), base_url=ADDRESS)
    for path in ("/cost", "/"):
        text = client.get(path, headers={"Accept": "text/html"}).text
        assert '<strong class="difference">$15.00</strong>' in text
        assert "AWS names more than its rows hold" in text


def test_record_types_of_another_reading_are_not_held_against_the_total(
    home: Home, settings: Settings
) -> None:
    store, costs = SnapshotStore(home.snapshots), collected().costs
    store.write(collected(run_id="20261123T120000Z-000000", taken_at=NOW - DAY))
    store.write(collected(costs={t: s for t, s in costs.items() if t is not CostTable.RECORD_TYPE}))
    proof = ask(TestClient(dashboard(home, settings), base_url=ADDRESS), group="record_type")[
        "reconciliation"
    ]
    assert (proof["control_total"], proof["difference"]) == (None, None)
    assert "not compared" in proof["note"]


def test_what_may_still_change_is_said(client: TestClient) -> None:
    said = " ".join(ask(client)["reconciliation"]["may_change"])
    assert "3\N{NO-BREAK SPACE}days are estimated" in said
    assert "November 2026 was not final when it was read: its support fee" in said
    assert "October" not in said
    spans = ask(client)["spans"]
    assert {span["start"] for span in spans if span["is_unsettled"]} == {
        str(date(2026, 11, day)) for day in range(1, 24)
    }


def test_of_final_days_nothing_may_change(client: TestClient) -> None:
    query = "?start=2026-10-01&end=2026-11-01"
    assert client.get(URL + query).json()["reconciliation"]["may_change"] == []
    text = page(client, query)
    assert "nothing of it should change" in text
    assert "Every day is read and final." in text


@pytest.mark.parametrize(
    ("query", "parameter", "hint"),
    [
        ("service=Tax&group=record_type", "group", "service or account or usage_type beside"),
        ("service=Tax&record_type=Credit", "record_type", "nothing beside service"),
        ("record_type=Credit&group=service", "group", "record_type or account beside"),
        ("service=Nothing", "service", "Tax"),
        ("record_type=Nothing", "record_type", "Credit, Usage"),
        ("compare=tomorrow", "compare", "last_year"),
        ("granularity=hourly", "granularity", "monthly"),
    ],
)
def test_what_is_not_stored_is_refused_with_what_is(
    client: TestClient, query: str, parameter: str, hint: str
) -> None:
    for path in (URL, f"{URL}.csv", "/cost"):
        body = client.get(f"{path}?{query}").json()
        assert (body["status"], body["parameter"]) == (422, parameter)
        assert hint in body["detail"]


def test_the_table_of_months_is_what_the_csv_holds(client: TestClient) -> None:
    text = client.get(f"{URL}.csv?group=account&granularity=monthly&start=2026-10-01&end=2026-11-24").text
    heads, *rows = list(csv.reader(io.StringIO(text)))
    assert heads[:2] == ["account", "name"]
    assert heads[-2:] == ["2026-10", "2026-11"]
    assert [(row[0], row[1]) for row in rows] == [(PRODUCTION, "Production"), (RESEARCH, "")]
    assert [Decimal(row[-2]) for row in rows] == [spent(OCTOBER, account=account) for account in ACCOUNTS]


def test_each_row_leads_to_what_is_behind_it(client: TestClient) -> None:
    assert 'href="/cost?service=Tax&amp;group=account"' in page(client)
    by_account = page(client, "?service=Tax&group=account")
    assert f'href="/cost?service=Tax&amp;group=service&amp;account={PRODUCTION}"' in by_account
    assert 'href="/cost?group=account&amp;record_type=Credit"' in page(client, "?group=record_type")
    assert 'href="/cost?start=2026-10-01&amp;end=2026-11-01&amp;granularity=daily"' in page(
        client, "?start=2026-09-01&end=2026-11-01&granularity=monthly"
    )
    assert 'href="/cost?start=2026-10-31&amp;end=2026-11-01&amp;granularity=daily"' in page(client)
