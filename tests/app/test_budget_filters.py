"""A budget of any part of the bill that one stored table holds, to the last digit."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import cycle
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.conftest import ADDRESS, dashboard
from app.estates import (
    ACCOUNTS,
    CATEGORIES,
    DAY,
    PURCHASE_TYPES,
    RECORD_TYPES,
    REGIONS,
    SERVICES,
    TAGS,
    USAGE_TYPES,
    Charge,
    Estate,
)
from factories import TODAY
from plainbill.model.cost import CostMetric, CostTable
from plainbill.model.period import Period
from plainbill.settings import Settings
from plainbill.storage import Home, SnapshotStore

STORED = Period.of_days(TODAY - 100 * DAY, TODAY)
BUDGET = {"name": "ours", "amount": "100", "who": "kim"}


def charges() -> tuple[Charge, ...]:
    """Some charges a day whose dimensions go round at different speeds."""
    wheels = [cycle(some) for some in (ACCOUNTS, SERVICES, RECORD_TYPES, REGIONS, USAGE_TYPES)]
    more = [cycle(some) for some in (PURCHASE_TYPES, TAGS, CATEGORIES)]
    made = []
    for number, day in enumerate(day for day in STORED.dates() for _ in range(7)):
        account, service, record_type, region, usage_type = (next(wheel) for wheel in wheels)
        purchase_type, tag, category = (next(wheel) for wheel in more)
        amount = Decimal(number % 11 - 1) / 8
        made.append(
            Charge(
                day, account, service, record_type, amount, region, usage_type, purchase_type, tag, category
            )
        )
    return tuple(made)


BILL = Estate(STORED, TODAY, charges())


@pytest.fixture
def browser(home: Home, settings: Settings) -> TestClient:
    SnapshotStore(home.snapshots).write(BILL.collected())
    return TestClient(dashboard(home, settings), base_url=ADDRESS)


def saved(client: TestClient, **more: str) -> dict[str, Any]:
    answer = client.post("/api/budgets", json={**BUDGET, **more})
    assert answer.status_code == 200, answer.text
    return dict(answer.json()["budgets"][0])


@pytest.mark.parametrize(
    ("scope", "words"),
    [
        ({"region": REGIONS[0], "service": SERVICES[0]}, "two things at a time"),
        ({"usage_type": USAGE_TYPES[0], "account": ACCOUNTS[0]}, "two things at a time"),
        ({"tag": TAGS[1], "cost_category": CATEGORIES[1], "account": ACCOUNTS[0]}, "two things at a time"),
        ({"region": "eu-west-9"}, "a region that is on the bill"),
        ({"tag": "team$nobody"}, "a tag that is on the bill"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_no_stored_table_holds_is_refused_and_nothing_is_kept(
    browser: TestClient, scope: dict[str, str], words: str
) -> None:
    answer = browser.post("/api/budgets", json={**BUDGET, **scope})
    assert answer.status_code == 422
    assert words in answer.text
    assert browser.get("/api/budgets").json()["budgets"] == []


def test_what_was_not_read_by_is_not_free_and_no_budget_can_be_of_it(home: Home, settings: Settings) -> None:
    whole = BILL.collected()
    costs = dict(whole.costs)
    del costs[CostTable.REGION]
    SnapshotStore(home.snapshots).write(replace(whole, costs=costs))
    client = TestClient(dashboard(home, settings), base_url=ADDRESS)
    assert client.post("/api/budgets", json={**BUDGET, "region": REGIONS[0]}).status_code == 422


def test_days_that_a_table_lacks_are_missing_from_its_budget_alone(home: Home, settings: Settings) -> None:
    whole = BILL.collected()
    short = replace(BILL, stored=Period.of_days(STORED.first_day, TODAY - 4 * DAY))
    short = replace(short, charges=tuple(one for one in BILL.charges if one.day < short.stored.end_day))
    costs = {**whole.costs, CostTable.REGION: short.collected().costs[CostTable.REGION]}
    SnapshotStore(home.snapshots).write(replace(whole, costs=costs))
    client = TestClient(dashboard(home, settings), base_url=ADDRESS)
    part, all_of_it = saved(client, region=REGIONS[0])["pace"], saved(client)["pace"]
    assert part["days_gone"] < all_of_it["days_gone"]
    assert all_of_it["missing_days"] == 0


@pytest.mark.parametrize("metric", [CostMetric.UNBLENDED, CostMetric.NET_AMORTIZED])
@pytest.mark.parametrize(
    "scope",
    [
        {},
        {"account": ACCOUNTS[1]},
        {"service": SERVICES[1]},
        {"service": SERVICES[1], "account": ACCOUNTS[1]},
        {"record_type": RECORD_TYPES[1]},
        {"region": REGIONS[1], "account": ACCOUNTS[0]},
        {"usage_type": USAGE_TYPES[1]},
        {"usage_type": USAGE_TYPES[1], "service": SERVICES[1]},
        {"purchase_type": PURCHASE_TYPES[1]},
        {"tag": TAGS[0]},
        {"tag": TAGS[2], "account": ACCOUNTS[2]},
        {"cost_category": CATEGORIES[1]},
    ],
    ids=lambda scope: "+".join(scope) or "all",
)
def test_what_is_spent_is_the_charges_of_the_month_that_it_is_of(
    browser: TestClient, scope: dict[str, str], metric: CostMetric
) -> None:
    one = saved(browser, metric=metric.value, **scope)
    data_until = browser.get("/api/budgets").json()["data_until"]
    truth = sum(
        charge.of(metric)
        for charge in BILL.charges
        if one["pace"]["start"] <= charge.day.isoformat() <= data_until
        and all(getattr(charge, name) == value for name, value in scope.items())
    )
    assert Decimal(one["pace"]["spent"]) == truth
    assert {**one["only"], **({"account": one["account"]} if one["account"] else {})} == scope


def test_the_page_names_what_a_budget_is_of_and_leads_to_its_rows(browser: TestClient) -> None:
    form = {**BUDGET, "service": "", "account": ACCOUNTS[0], "tag": "team$a$b", "region": ""}
    assert browser.post("/budgets", data=form, follow_redirects=False).status_code == 303
    page = browser.get("/budgets").text
    assert "Tag team: a$b of" in page
    link = page.partition('href="/cost?')[2].partition('"')[0].replace("&amp;", "&")
    assert "tag=team%24a%24b" in link
    answer = browser.get(f"/cost?{link}")
    assert answer.status_code == 200, answer.text


def test_those_that_need_a_look_come_first(browser: TestClient) -> None:
    for name, amount in (("b fine", "1000000"), ("a fine", "1000000"), ("over", "0.01")):
        browser.post("/api/budgets", json={**BUDGET, "name": name, "amount": amount})
    assert [one["name"] for one in browser.get("/api/budgets").json()["budgets"]] == [
        "over",
        "a fine",
        "b fine",
    ]
