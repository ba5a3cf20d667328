"""Budgets on the page, in the API and in the terminal's words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.company import EC2, PRODUCTION, collected, spent
from app.conftest import ADDRESS, dashboard
from factories import NOW, TODAY, gap
from plainbill.app import create_app
from plainbill.model.cost import CostMetric
from plainbill.model.period import Period
from plainbill.model.resources.aws_budget import AwsBudget
from plainbill.settings import Settings
from plainbill.storage import Home, SnapshotStore

PAGE = "/budgets"
OURS = {"name": "ours", "amount": "1000", "who": "kim"}
GONE = {"name": "ours", "who": "kim"}
HOSTILE = '"><img src=x onerror=alert(1)>'
THEIRS = AwsBudget(
    account_id=PRODUCTION,
    region="us-east-1",
    budget_name=HOSTILE,
    time_unit="MONTHLY",
    currency="USD",
    limit="200.0",
    spent="94.0",
)
REFUSED = gap(source=AwsBudget.source, reason="AWS refused budgets:ViewBudget.", remedy="Allow it.")


@pytest.fixture
def browser(home: Home, settings: Settings) -> TestClient:
    SnapshotStore(home.snapshots).write(collected())
    return TestClient(dashboard(home, settings), base_url=ADDRESS)


def budgets(client: TestClient) -> dict[str, Any]:
    answer = client.get("/api/budgets")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def saved(client: TestClient, **more: str) -> dict[str, Any]:
    answer = client.post("/api/budgets", json={**OURS, **more})
    assert answer.status_code == 200, answer.text
    return dict(answer.json()["budgets"][0])


# --- what must not be claimed --------------------------------------------------------------


def test_before_anything_was_read_no_budget_has_a_currency_and_aws_s_were_not_asked_for(
    home: Home, settings: Settings
) -> None:
    client = TestClient(dashboard(home, settings), base_url=ADDRESS)
    answer = client.post("/api/budgets", json=OURS)
    assert (answer.status_code, "once costs were read" in answer.text) == (422, True)
    assert (budgets(client)["budgets"], budgets(client)["aws_budgets"]) == ([], None)
    assert "not asked for yet" in client.get(PAGE).text


def test_of_costs_that_end_in_an_earlier_month_nothing_follows_for_this_one(
    home: Home, settings: Settings
) -> None:
    SnapshotStore(home.snapshots).write(collected())
    later = create_app(home, settings, None, clock=lambda: NOW + timedelta(days=20), look_every=0)
    one = saved(TestClient(later, base_url=ADDRESS))
    assert (one["state"], one["pace"]) == ("unknown", None)
    assert "end on" in one["why_unknown"]


def test_aws_budgets_that_could_not_be_read_are_not_none(home: Home, settings: Settings) -> None:
    whole = collected(gaps=(REFUSED,))
    SnapshotStore(home.snapshots).write(replace(whole, resources={AwsBudget: []}))
    client = TestClient(dashboard(home, settings), base_url=ADDRESS)
    assert budgets(client)["aws_missing"] == ["AWS refused budgets:ViewBudget. Allow it."]
    page = client.get(PAGE).text
    assert "Allow it." in page
    assert "There are none" not in page


@pytest.mark.parametrize(
    ("more", "word"),
    [
        ({"amount": "0"}, "greater than 0"),
        ({"amount": "NaN"}, "finite"),
        ({"amount": "1.234"}, "decimal"),
        ({"service": "Amazon Nothing"}, "a service that is on the bill"),
        ({"account": "999999999999"}, "an account that is on the bill"),
        ({"name": " "}, "name"),
    ],
)
def test_what_cannot_be_a_budget_is_refused_and_nothing_is_kept(
    browser: TestClient, more: dict[str, str], word: str
) -> None:
    answer = browser.post("/api/budgets", json={**OURS, **more})
    assert answer.status_code == 422
    assert word in answer.text
    assert budgets(browser)["budgets"] == []


def test_only_pages_of_ours_may_set_or_remove_one(browser: TestClient) -> None:
    saved(browser)
    elsewhere = {"origin": "https://evil.example"}
    assert browser.post(PAGE, data=OURS, headers=elsewhere).status_code == 403
    assert browser.post(f"{PAGE}/remove", data=GONE, headers=elsewhere).status_code == 403
    assert browser.delete("/api/budgets/ours?who=x", headers=elsewhere).status_code == 403
    assert len(budgets(browser)["budgets"]) == 1


def test_what_is_not_there_cannot_be_removed(browser: TestClient) -> None:
    assert browser.delete("/api/budgets/other?who=kim").status_code == 404


# --- what is said --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "scope",
    [{}, {"service": EC2}, {"account": PRODUCTION}, {"service": EC2, "account": PRODUCTION}],
    ids=["all", "service", "account", "both"],
)
def test_what_is_spent_is_the_stored_costs_of_the_scope_to_the_last_digit(
    browser: TestClient, scope: dict[str, str]
) -> None:
    one = saved(browser, metric="amortized", **scope)
    until = date.fromisoformat(budgets(browser)["data_until"])
    first = until.replace(day=1)
    month = Period.of_days(first, date.fromordinal(until.toordinal() + 1))
    truth = spent(month, scope.get("service"), scope.get("account"), CostMetric.AMORTIZED)
    assert Decimal(one["pace"]["spent"]) == truth
    assert (one["pace"]["start"], one["pace"]["days_gone"]) == (first.isoformat(), until.day)


def test_a_budget_far_too_small_is_over_and_a_large_one_is_on_track(browser: TestClient) -> None:
    assert saved(browser, amount="1")["state"] == "over"
    one = saved(browser, amount="1000000")
    assert one["state"] == "on track"
    assert Decimal(one["pace"]["expected"]) > Decimal(one["pace"]["spent"])


def test_the_page_s_forms_set_change_and_remove_one(browser: TestClient) -> None:
    for data in (OURS, {**OURS, "amount": "2000.50", "service": "", "account": PRODUCTION}):
        assert browser.post(PAGE, data=data, follow_redirects=False).status_code == 303
    (one,) = budgets(browser)["budgets"]
    assert (one["amount"], one["account"], one["only"]) == ("2000.50", PRODUCTION, {})
    assert "2,000.50" in browser.get(PAGE).text
    assert browser.post(f"{PAGE}/remove", data=GONE, follow_redirects=False).status_code == 303
    assert budgets(browser)["budgets"] == []
    assert [change["amount"] for change in budgets(browser)["changes"]] == [None, "2000.50", "1000.00"]


def test_names_are_text_on_the_page_and_aws_s_figures_are_aws_s(home: Home, settings: Settings) -> None:
    SnapshotStore(home.snapshots).write(replace(collected(), resources={AwsBudget: [THEIRS]}))
    client = TestClient(dashboard(home, settings), base_url=ADDRESS)
    saved(client, name="<script>alert(1)<!--")
    (theirs,) = budgets(client)["aws_budgets"]
    assert (theirs["spent"], theirs["spent_percent"], theirs["forecast"]) == ("94.00", "47.00", None)
    page = client.get(PAGE).text
    assert "<script>alert" not in page
    assert HOSTILE not in page
    assert "47.0 %" in page


def test_today_is_not_counted_before_aws_has_filled_it(browser: TestClient) -> None:
    saved(browser)
    assert date.fromisoformat(budgets(browser)["data_until"]) < TODAY


# --- on the first screen -------------------------------------------------------------------


def test_the_first_screen_says_nothing_of_budgets_that_are_on_track(browser: TestClient) -> None:
    saved(browser, amount="1000000")
    assert "off-track" not in browser.get("/").text


def test_the_first_screen_names_budgets_that_are_over_or_at_risk(home: Home, settings: Settings) -> None:
    over = replace(THEIRS, budget_name="theirs", spent="200.01")
    dear = replace(THEIRS, forecast="300.0")
    fine = replace(THEIRS, budget_name="fine", forecast="200.0")
    untold = replace(THEIRS, budget_name="untold", limit=None, spent="1e9")
    found = replace(collected(), resources={AwsBudget: [dear, fine, over, untold]})
    SnapshotStore(home.snapshots).write(found)
    client = TestClient(dashboard(home, settings), base_url=ADDRESS)
    saved(client, amount="0.01")
    page = client.get("/").text
    line = page[page.index('id="off-track"') :].partition("</p>")[0]
    assert "budgets need a look" in line
    assert "ours is over" in line
    assert "theirs (AWS Budgets) is over" in line
    assert HOSTILE not in line
    assert "fine" not in line
    assert "untold" not in line
    assert 'href="/budgets"' in line


def test_limits_that_aws_has_planned_are_shown_with_their_day(home: Home, settings: Settings) -> None:
    planned = replace(THEIRS, planned={"2026-12-01": "210.0", "2027-01-01": "220.0"})
    SnapshotStore(home.snapshots).write(replace(collected(), resources={AwsBudget: [planned]}))
    client = TestClient(dashboard(home, settings), base_url=ADDRESS)
    [one] = budgets(client)["aws_budgets"]
    assert [each["start"] for each in one["planned"]] == ["2026-12-01", "2027-01-01"]
    assert "2 planned" in client.get(PAGE).text
