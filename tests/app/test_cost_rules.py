"""Saved rules for shared costs: on the page, in the API, for unit costs and in the report."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from html import unescape
from typing import Any
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from app.company import EC2, S3, TAX, collected, spent
from app.conftest import ADDRESS, dashboard, usual_settings
from app.test_showback import HOSTILE, LAST_30, PAGE, TAGS, URL, ask, page, rows, series, write
from factories import NOW
from plainbill.analyzer.cents import to_cent
from plainbill.model.cost_rule import CostRule, SavedCostRule, Spread
from plainbill.storage import Home, SnapshotStore, State

RULES = "/api/showback/rules"
OURS = {"name": "ours", "shared": "shared", "untagged": "shared", "usual": True, "who": "kim"}
THREE = {EC2: "team$web", S3: "team$shared", TAX: "team$data"}
GONE = SavedCostRule(
    name="old",
    rule=CostRule(
        by="tag",
        shared=("shared", "platform"),
        spread=Spread.FIXED,
        fixed=(("web", Decimal(60)), ("data", Decimal(20)), ("lab", Decimal(20))),
    ),
    is_usual=True,
    who="kim",
    saved_at=NOW,
)


@pytest.fixture
def browser(home: Home) -> TestClient:
    write(home, THREE)
    return TestClient(dashboard(home, usual_settings(home.root, cost_tag="team")), base_url=ADDRESS)


def save(client: TestClient, **more: object) -> dict[str, Any]:
    answer = client.post(RULES, json={**OURS, **more})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def form(text: str, action: str) -> Mapping[str, str]:
    """Return what a form of a page would send as it stands."""
    inside = text.partition(f'action="{action}"')[2].partition("</form>")[0]
    fields = dict.fromkeys(re.findall(r'<(?:input|select)[^>]*? name="(\w+)"', inside), "")
    for found in re.finditer(r'<input[^>]*? name="(\w+)"(?: value="([^"]*)")?', inside):
        fields[found[1]] = unescape(found[2] or "")
    for found in re.finditer(r'<select name="(\w+)".*?</select>', inside, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', found[0])
        fields[found[1]] = unescape(chosen[1]) if chosen else ""
    return fields


# --- what must be left alone ----------------------------------------------------------------


def test_without_a_saved_rule_nothing_is_shared_and_the_page_offers_to_save(browser: TestClient) -> None:
    body = ask(browser)
    assert (body["saved"], body["saved_rules"], body["rule_changes"]) == (None, [], [])
    assert body["rule_words"] == "Owners by tag team; nothing is shared."
    assert "Save the shown rule" in page(browser)


def test_only_pages_of_ours_may_save_or_remove_one(browser: TestClient) -> None:
    save(browser)
    elsewhere, gone = {"origin": "https://evil.example"}, {"name": "ours", "who": "x"}
    assert browser.post(f"{PAGE}/rule", data=gone, headers=elsewhere).status_code == 403
    assert browser.post(f"{PAGE}/rule/remove", data=gone, headers=elsewhere).status_code == 403
    assert browser.post(RULES, json=OURS, headers=elsewhere).status_code == 403
    assert browser.delete(f"{RULES}/ours?who=x", headers=elsewhere).status_code == 403
    assert [one["name"] for one in ask(browser)["saved_rules"]] == ["ours"]


@pytest.mark.parametrize(
    ("more", "word"),
    [
        ({"name": " "}, "name"),
        ({"name": "a/b"}, "name"),
        ({"who": ""}, "who"),
        ({"shared": "nobody"}, "allowed: data, shared, web"),
        ({"rule": "fixed", "fixed": "web:60"}, "sum to 100"),
        ({"rule": "fixed", "fixed": "web:100,data:1e-9"}, "sum to 100"),
        ({"by": "tag", "types": "Tax"}, "two things at a time"),
        ({"by": "service"}, "account"),
        ({"usual": "perhaps"}, "usual"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_nothing_is_kept(
    browser: TestClient, more: dict[str, str], word: str
) -> None:
    answer = browser.post(RULES, json={**OURS, **more})
    assert answer.status_code == 422
    assert word in answer.text
    assert ask(browser)["rule_changes"] == []


def test_what_is_not_there_can_neither_be_used_nor_removed(browser: TestClient) -> None:
    answer = browser.get(f"{URL}?saved=other")
    assert (answer.status_code, answer.json()["parameter"]) == (422, "saved")
    assert browser.delete(f"{RULES}/other?who=kim").status_code == 404
    gone = {"name": "other", "who": "kim"}
    assert browser.post(f"{PAGE}/rule/remove", data=gone).status_code == 404


def test_a_rule_in_the_address_is_not_mixed_with_the_saved_one(browser: TestClient) -> None:
    save(browser)
    body = ask(browser, "?shared=data")
    assert (body["saved"], body["shared"], body["is_untagged_shared"]) == (None, ["data"], False)
    assert "This rule is not saved" in page(browser, "?shared=data")
    assert ask(browser, "?rule=proportional")["shared"] == []


# --- a saved rule --------------------------------------------------------------------------


def test_the_usual_rule_holds_everywhere_without_a_long_address(browser: TestClient, home: Home) -> None:
    save(browser)
    body = ask(browser)
    assert facts(body) == facts(ask(browser, "?shared=shared&untagged=shared"))
    assert body["saved"] == "ours"
    assert rows(body)["shared"] == 0
    State(home.state_db).save_units(series({(day, None): Decimal(1) for day in LAST_30.dates()}))
    units = ask(browser, "?divided=charged")["units"]
    assert [Decimal(one["cost"]) for one in units["owners"]] == list(rows(body).values())
    report = browser.get("/report.md").text.replace("\\", "")
    assert (
        "By the saved rule ours: Owners by tag team; the costs of shared and those of no owner are shared"
        in report
    )
    assert "| web |" in report


def facts(body: dict[str, Any]) -> object:
    return [(row["owner"], row["direct"], row["charged"]) for row in body["rows"]]


def test_the_forms_and_links_of_the_page_carry_the_whole_rule(browser: TestClient) -> None:
    save(browser)
    shown = form(page(browser), "/showback")
    again = ask(browser, "?" + "&".join(f"{name}={quote(value)}" for name, value in shown.items() if value))
    assert (again["saved"], facts(again)) == ("ours", facts(ask(browser)))
    text = page(browser)
    link = unescape(text.partition('class="share-it small" href="')[2].partition('"')[0])
    body = ask(browser, link.removeprefix(PAGE))
    assert (body["saved"], body["is_untagged_shared"], len(body["shared"])) == (None, True, 2)
    shown = form(page(browser, "?shared=data"), f"{PAGE}/rule")
    answer = browser.post(f"{PAGE}/rule", data={**shown, "name": "b", "usual": "on", "who": "lee"})
    assert answer.url.query == b""
    body = ask(browser)
    assert (body["saved"], body["shared"], body["is_untagged_shared"]) == ("b", ["data"], False)
    assert [(one["name"], one["is_usual"]) for one in body["saved_rules"]] == [("b", True), ("ours", False)]


def test_no_longer_sharing_the_last_owner_does_not_bring_the_usual_rule_back(browser: TestClient) -> None:
    save(browser, untagged="own")
    text = page(browser)
    links = re.findall(r'class="share-it small" href="([^"]*)">no longer', text)
    body = ask(browser, unescape(links[0]).removeprefix(PAGE))
    assert (body["saved"], body["shared"]) == (None, [])


def test_one_is_changed_and_removed_with_a_record_of_it(browser: TestClient) -> None:
    save(browser)
    save(browser, rule="even", usual=False)
    assert ask(browser)["saved"] is None
    assert ask(browser, "?saved=ours")["rule_used"] == "even"
    gone = browser.delete(f"{RULES}/ours?who=lee").json()
    assert gone["saved_rules"] == []
    assert [(one["who"], one["words"] is None, one["is_usual"]) for one in gone["rule_changes"]] == [
        ("lee", True, False),
        ("kim", False, False),
        ("kim", False, True),
    ]
    assert "ours removed by lee" in page(browser)


def test_names_of_a_saved_rule_are_text_on_the_page(browser: TestClient) -> None:
    save(browser, name=HOSTILE.replace("/", ""), who=HOSTILE)
    assert "<img src=x" not in page(browser)


# --- what a saved rule names and nothing has any more ---------------------------------------


def test_who_is_gone_is_named_with_what_becomes_of_its_part_and_no_cent_is_lost(
    browser: TestClient, home: Home
) -> None:
    State(home.state_db).save_cost_rule(GONE)
    body, by_old = ask(browser), "the saved rule old, but owns no cost that is stored"
    assert body["notes"] == [
        f"platform is shared by {by_old}: nothing of it is spread, and the rest of the rule holds.",
        f"lab bears 20 % by {by_old}: its part is borne by web and data, in proportion to their percentages.",
    ]
    total, pool = to_cent(spent(LAST_30)), to_cent(spent(LAST_30, S3))
    assert sum(rows(body).values()) == Decimal(body["total"]) == total
    assert Decimal(body["shared_total"]) == pool
    assert rows(body)["web"] == to_cent(spent(LAST_30, EC2)) + to_cent(pool * 3 / 4)
    assert Decimal(body["unallocated"]) == 0
    text = page(browser)
    assert "lab bears 20 % by the saved rule old" in text
    assert "no longer sum to 100" in text
    shown = form(text, "/showback")
    again = ask(browser, "?" + "&".join(f"{name}={quote(value)}" for name, value in shown.items() if value))
    assert facts(again) == facts(body)


def test_where_nobody_with_a_percentage_is_left_the_costs_stay_where_they_are(home: Home) -> None:
    write(home, TAGS)
    client = TestClient(dashboard(home, usual_settings(home.root, cost_tag="team")), base_url=ADDRESS)
    rule = CostRule(by="tag", shared=("shared",), spread=Spread.FIXED, fixed=(("lab", Decimal(100)),))
    State(home.state_db).save_cost_rule(
        SavedCostRule(name="old", rule=rule, is_usual=True, who="x", saved_at=NOW)
    )
    body = ask(client)
    assert "nobody with a percentage is left" in body["notes"][0]
    assert (body["rule_used"], body["why"]) == (None, "no owner with a percentage is left to bear them")
    assert sum(rows(body).values()) == Decimal(body["total"])
    assert rows(body)["shared"] == to_cent(spent(LAST_30, S3))


def test_a_record_type_that_is_gone_is_named(browser: TestClient, home: Home) -> None:
    rule = CostRule(by="account", types=("Credit", "Support"))
    State(home.state_db).save_cost_rule(
        SavedCostRule(name="old", rule=rule, is_usual=True, who="x", saved_at=NOW)
    )
    body = ask(browser)
    assert (body["types"], "Support is a record type" in body["notes"][0]) == (["Credit"], True)
    assert sum(rows(body).values()) == Decimal(body["total"])


@pytest.mark.parametrize("by", ["tag", "tag:gone", "cost_category:gone"])
def test_a_rule_of_a_tag_that_is_not_stored_says_so_and_refuses_nothing(home: Home, by: str) -> None:
    SnapshotStore(home.snapshots).write(collected())
    client = TestClient(dashboard(home, usual_settings(home.root)), base_url=ADDRESS)
    State(home.state_db).save_cost_rule(replace(GONE, rule=replace(GONE.rule, by=by)))
    for path in (URL, f"{URL}.csv", PAGE, "/api/unit-costs.csv", "/report"):
        assert client.get(path).status_code == 200
    body = ask(client)
    assert (body["total"], body["saved"], body["fixed"].keys()) == (None, "old", {"web", "data", "lab"})
    assert "not asked for" in body["notes"][0]
