"""Several tags and cost categories: each can be chosen, none is guessed, all sum to the bill."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from html import unescape

import pytest
from starlette.testclient import TestClient

from app.company import ACCOUNTS, EC2, S3, STORED, TAX, collected, service_records, spent
from app.conftest import ADDRESS, dashboard, usual_settings
from app.test_showback import LAST_30, PAGE, TAGS, URL, ask, page, rows, tagged
from plainbill.analyzer.cents import to_cent
from plainbill.model.cost import CostRecord, CostTable, NamedTable
from plainbill.storage import CostSpan, Home, SnapshotStore

PROJECT = NamedTable(CostTable.TAG, "project")
PROJECTS = {EC2: "project$a", S3: "project$b", TAX: "project$b"}
UNITS = NamedTable(CostTable.COST_CATEGORY, "Unit")
COSTS = "/api/costs"


def by_account(name: str) -> Iterator[CostRecord]:
    return (replace(row, key=f"{name}$of {row.account_id}") for row in service_records())


@pytest.fixture
def home(home: Home) -> Home:
    costs = {
        **collected().costs,
        CostTable.TAG: CostSpan(STORED, list(tagged(TAGS))),
        PROJECT: CostSpan(STORED, list(tagged(PROJECTS))),
        CostTable.COST_CATEGORY: CostSpan(STORED, list(by_account("Environment"))),
        UNITS: CostSpan(STORED, list(by_account("Unit"))),
    }
    SnapshotStore(home.snapshots).write(collected(costs=costs))
    return home


@pytest.fixture
def browser(home: Home) -> TestClient:
    settings = usual_settings(
        home.root, cost_tag="project,team,owner", cost_category="Environment,Unit", cost_groupings=()
    )
    return TestClient(dashboard(home, settings), base_url=ADDRESS)


# --- what must not be claimed --------------------------------------------------------------


def test_a_tag_that_was_not_read_yet_is_not_an_untagged_bill(browser: TestClient) -> None:
    for path, query in ((URL, "by=tag:owner"), (COSTS, "group=tag:owner")):
        body = browser.get(f"{path}?{query}").json()
        assert (body["total"], body["rows"]) == (None, [])
        assert body["notes"][0].startswith("Costs by tag owner have not been read yet")
    assert "Costs by tag owner have not been read yet" in page(browser, "?by=tag:owner")


@pytest.mark.parametrize(
    ("address", "parameter"),
    [
        (f"{URL}?by=tag:other", "by"),
        (f"{URL}?by=tag:", "by"),
        (f"{URL}?by=tag:a$b", "by"),
        (f"{URL}?by=account:team", "by"),
        (f"{URL}?by=tag:project&shared=web", "shared"),
        (f"{COSTS}?group=tag:other", "group"),
        (f"{COSTS}?group=service:x", "group"),
        (f"{COSTS}?group=tag:project&tag=team$web", "group"),
        (f"{COSTS}?tag=project$web", "tag"),
        (f"{COSTS}?tag=other$web", "tag"),
    ],
)
def test_what_is_not_stored_together_is_refused(browser: TestClient, address: str, parameter: str) -> None:
    answer = browser.get(address)
    assert (answer.status_code, answer.json()["parameter"]) == (422, parameter)


# --- each can be chosen --------------------------------------------------------------------


def test_without_a_choice_it_is_the_first_of_the_settings_that_is_stored(browser: TestClient) -> None:
    body = ask(browser)
    assert (body["by"], body["named"]) == ("tag", "tag:project")
    assert rows(body).keys() == {"a", "b"}
    assert rows(ask(browser, "?by=tag")) == rows(body)
    assert rows(ask(browser, "?by=tag:team")).keys() == {"web", "shared", ""}


@pytest.mark.parametrize("by", ["tag:project", "tag:team", "cost_category:Environment", "cost_category:Unit"])
def test_each_sums_to_the_same_bill_on_every_page(browser: TestClient, by: str) -> None:
    body = ask(browser, f"?by={by}")
    costs = browser.get(f"{COSTS}?group={by}&start={LAST_30.first_day}&end={LAST_30.end_day}").json()
    total = spent(LAST_30)
    assert Decimal(costs["total"]) == total == Decimal(body["reconciliation"]["control_total"])
    assert [Decimal(one["reconciliation"]["difference"]) for one in (costs, body)] == [0, 0]
    assert sum(rows(body).values()) == to_cent(total)
    assert {row["key"].partition("$")[0] for row in costs["rows"]} == {by.partition(":")[2]}


def test_the_pages_let_one_choose_and_each_row_leads_to_its_own(browser: TestClient) -> None:
    text = page(browser, "?by=tag:team")
    for value, label in (("tag:project", "tag project"), ("cost_category:Unit", "cost category Unit")):
        assert f'<option value="{value}">{label}</option>' in text
    assert '<option value="tag:team" selected>tag team</option>' in text
    link = unescape(text.partition('data-label="Own"><a href="')[2].partition('"')[0])
    assert "tag=team%24web" in link
    assert Decimal(browser.get(link.replace("/cost", COSTS, 1)).json()["total"]) == spent(LAST_30, EC2)
    shown = browser.get("/cost?group=tag:team").text
    assert '<option value="tag:team" selected>tag team</option>' in shown
    assert '<option value="project$a">project: a</option>' in shown
    assert "by tag team, USD" in shown
    narrowed = browser.get("/cost?tag=project$a").text
    assert "group=tag%3Aproject" in narrowed


def test_one_account_of_a_further_tag(browser: TestClient) -> None:
    for account in ACCOUNTS:
        body = browser.get(f"{COSTS}?group=tag:project&account={account}&start={LAST_30.first_day}").json()
        assert Decimal(body["total"]) == spent(LAST_30, account=account)


def test_a_budget_of_a_further_tag_is_held_against_its_own_costs(browser: TestClient) -> None:
    body = {"name": "ours", "amount": "1000", "tag": "project$a", "who": "kim"}
    answer = browser.post("/api/budgets", json=body)
    assert answer.status_code == 200, answer.text
    (one,) = answer.json()["budgets"]
    costs = browser.get(f"{COSTS}?tag=project$a&start=2026-11-01").json()
    assert 0 < Decimal(one["pace"]["spent"]) <= Decimal(costs["total"])
    assert "project: a" in browser.get("/budgets").text
    refused = browser.post("/api/budgets", json={**body, "tag": "project$web"})
    assert (refused.status_code, refused.json()["parameter"]) == (422, "tag")


def test_what_is_no_longer_asked_for_can_still_be_seen(home: Home) -> None:
    client = TestClient(dashboard(home, usual_settings(home.root, cost_tag="team")), base_url=ADDRESS)
    body = ask(client, "?by=tag:project")
    assert sum(rows(body).values()) == Decimal(body["total"])
    assert "Costs by tag project are not asked for: name it in PLAINBILL_COST_TAG" in body["notes"][0]
    assert ask(client)["named"] == "tag:team"
    assert client.get(PAGE).status_code == 200
