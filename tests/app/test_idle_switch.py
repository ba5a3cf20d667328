"""The idle table under another rule: by one parameter, and it says where another rule disagrees."""

from __future__ import annotations

from collections.abc import Collection

import pytest
from starlette.testclient import TestClient

from app.company import PRODUCTION, fleet
from app.conftest import ADDRESS, dashboard
from app.shown import idle_row, idle_view
from app.test_pages import elements
from app.waste import CHECKS
from plainbill.analyzer.ec2_idle import PRESETS
from plainbill.app.views.idle_switch import Said, otherwise, said_by_check, said_by_table
from plainbill.app.views.shapes import OtherwiseView
from plainbill.settings import Settings
from plainbill.storage import Home

UNJUDGED = {
    machine.instance_id for what, (machine, _) in fleet().items() if what in {"young", "without metrics"}
}
"""On these the check gives no verdict."""


def said(idle: Collection[str] = (), unsure: Collection[str] = ()) -> Said:
    return Said(set(idle), set(unsure))


def test_who_is_unsure_disagrees_with_nobody() -> None:
    assert otherwise(said("ab", "c"), said("c", "ab"), "X") == OtherwiseView(count=0, title="X")
    assert otherwise(said(), said(), "X") == OtherwiseView(count=0, title="X")


def test_idle_here_and_not_there_counts_both_ways() -> None:
    assert otherwise(said("ab"), said("bc"), "X") == OtherwiseView(count=2, title="X")


def test_a_rule_that_judged_nothing_is_not_held_against_any() -> None:
    assert otherwise(said("ab"), None, "X") is None
    assert said_by_check(None, None, None) is None


def test_the_table_says_what_its_rows_say() -> None:
    assert said_by_table(idle_view(instances=[idle_row(instance_id="i-1")])) == said({"i-1"})


def test_without_the_graded_check_nothing_is_said_of_it(home: Home, settings: Settings) -> None:
    bare = TestClient(dashboard(home, settings, checks=CHECKS), base_url=ADDRESS)
    assert "judged otherwise" not in bare.get("/").text


@pytest.mark.parametrize("name", PRESETS)
def test_every_rule_fills_the_table_and_says_which_it_is(client: TestClient, name: str) -> None:
    page = client.get("/", params={"preset": name, "q": "machine", "account": PRODUCTION}).text
    links = {
        attrs["id"]: attrs for tag, attrs in elements(page) if (attrs.get("id") or "").startswith("preset-")
    }
    assert [one for one, attrs in links.items() if "aria-current" in attrs] == [f"preset-{name}"]
    for one, attrs in links.items():
        assert "q=machine" in str(attrs["href"])
        assert f"account={PRODUCTION}" in str(attrs["href"])
        assert ("preset=" in str(attrs["href"])) == (one != "preset-seed")
    assert ("Judge again" in page) == (name == "seed")
    shown = client.get("/api/idle-instances", params={"preset": name, "account": PRODUCTION}).json()
    assert f"<strong>{shown['counts']['idle']} idle</strong>" in page


def test_switching_leaves_the_thresholds_of_the_first_rule_behind(client: TestClient) -> None:
    page = client.get("/", params={"cpu_average": "4", "days": "7", "sort": "name"}).text
    (link,) = (attrs["href"] for _, attrs in elements(page) if attrs.get("id") == "preset-azure")
    assert link == "/?sort=name&preset=azure"
    assert client.get(link).status_code == 200


def test_the_page_counts_where_the_graded_rule_says_otherwise(client: TestClient) -> None:
    asked = {"cpu_maximum": 100, "cpu_average": 100}
    table = client.get("/api/idle-instances", params=asked).json()
    found = client.get("/api/findings", params={"check": "ec2_instance_idle"}).json()["findings"]
    sure = {row["resource_id"] for row in found if row["confidence"] != "review"}
    asked_after = {row["resource_id"] for row in found} - sure
    idle = {row["instance_id"] for row in table["instances"]}
    assert sure, "the company has instances that the check finds"
    assert sure | asked_after | UNJUDGED < idle | UNJUDGED, "and some that it takes for busy"
    assert len(idle - sure - asked_after - UNJUDGED) == 1
    text = client.get("/", params=asked).text
    assert ">1\N{NO-BREAK SPACE}instance is judged otherwise by Plainbill&#39;s graded rule</a>" in text


def test_the_graded_rule_is_held_against_the_first(client: TestClient) -> None:
    text = client.get("/", params={"preset": "plainbill", "region": "us-east-1"}).text
    assert (
        "by Plainbill&#39;s first rule</a>" in text
        or "Plainbill&#39;s first rule judges none otherwise" in text
    )
    assert 'href="/what-if/idle-rules?region=us-east-1"' in text


def test_the_export_is_of_the_shown_rule(client: TestClient) -> None:
    page = client.get("/", params={"preset": "azure"}).text
    (link,) = (
        attrs["href"]
        for tag, attrs in elements(page)
        if tag == "a" and "download" in attrs and "idle" in str(attrs["href"])
    )
    assert "preset=azure" in str(link)
    rows = client.get(str(link)).text.splitlines()
    assert len(rows) - 1 == client.get("/api/idle-instances?preset=azure").json()["counts"]["idle"]
