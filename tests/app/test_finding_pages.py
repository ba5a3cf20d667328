"""The pages of findings say what the JSON says, and names written by others stay text."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

import pytest
from starlette.testclient import TestClient

from app.conftest import ADDRESS, dashboard
from app.test_findings import ask
from app.test_pages import HOSTILE, elements
from app.waste import CHECKS, volumes, wasteful
from plainbill.app.formats import money
from plainbill.settings import Settings
from plainbill.storage import Home, SnapshotStore

PAGES = ("/findings", "/findings/aws-advice", "/coverage", "/coverage?by=account", "/checks")


def hostile_client(home: Home, settings: Settings, text: str) -> TestClient:
    """Everything that somebody outside can choose is the same hostile text."""
    plain = wasteful(name=text)
    disks = [
        replace(disk, tags={"Name": text, text: text}, availability_zone=text, snapshot_id=text)
        for disk in volumes().values()
    ]
    gaps = [replace(each, reason=text, remedy=text, kind=text, action=text) for each in plain.gaps]
    names = dict.fromkeys(plain.accounts, text)
    SnapshotStore(home.snapshots).write(
        replace(plain, resources={type(disks[0]): disks}, accounts=names, gaps=gaps)
    )
    return TestClient(dashboard(home, settings, checks=CHECKS), base_url=ADDRESS)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names_stay_text_on_every_page(home: Home, settings: Settings, text: str) -> None:
    client = hostile_client(home, settings, text)
    ids = [row["finding_id"] for row in ask(client)["findings"]]
    assert ids
    for url in (*PAGES, f"/findings?q={'x' * 5}", *(f"/findings/{each}" for each in ids)):
        page = client.get(url)
        assert page.status_code == 200, url
        for tag, attributes in elements(page.text):
            assert tag not in {"img", "iframe"}
            assert not [each for each in attributes if each.startswith("on")], (tag, attributes)
            assert tag != "script" or str(attributes.get("src", "")).startswith("/static/")
            assert not str(attributes.get("href") or "").startswith("javascript:")
            assert "style" not in attributes
    assert text in unescape(client.get("/findings").text)


@pytest.mark.parametrize("text", [text for text in HOSTILE if not text.isidentifier()])
def test_a_hostile_value_makes_no_command(home: Home, settings: Settings, text: str) -> None:
    client = hostile_client(home, settings, text)
    for row in ask(client)["findings"]:
        remedy = ask(client, f"/api/findings/{row['finding_id']}")["remedy"]
        assert remedy is None or row["check_id"] == "ec2_instance_parked"


def test_the_page_says_what_the_json_says(waste_client: TestClient) -> None:
    page, body = unescape(waste_client.get("/findings").text), ask(waste_client)
    assert "<strong>$41.00</strong> a month can stop being paid for: 7\u00a0findings" in page
    assert "and 1 of them of unknown price" in page
    for row in body["findings"]:
        assert f'href="/findings/{row["finding_id"]}"' in page
        assert row["reason"] in page
    order = re.findall(r'href="/findings/([0-9a-f]{16})"', page)
    assert order == [row["finding_id"] for row in body["findings"]]


def test_an_unknown_amount_is_a_word_and_no_zero(waste_client: TestClient) -> None:
    row = next(row for row in ask(waste_client)["findings"] if row["monthly_saving"] is None)
    page = waste_client.get(f"/findings/{row['finding_id']}").text
    assert "no list price is known for it" in page
    assert "not known" in page
    assert money(None) == "not known"
    assert "$0.00" not in page


def test_the_first_screen_leads_to_the_findings(waste_client: TestClient, empty_client: TestClient) -> None:
    card = re.search(r'id="saving">(.*?)</p>', waste_client.get("/").text, re.DOTALL)
    assert card is not None
    assert '<a href="/findings"><strong>$41.00</strong> a month can stop being paid for' in card[1]
    assert 'href="/coverage"' in card[1]
    assert 'id="saving"' not in empty_client.get("/").text


def test_nothing_read_is_never_nothing_wasted(empty_client: TestClient) -> None:
    for url in ("/findings", "/coverage"):
        page = empty_client.get(url)
        assert page.status_code == 200
        assert "Nothing has been read yet" in page.text
        assert "No waste" not in page.text


@pytest.mark.parametrize("url", ["/", *PAGES, "/findings?page=x"])
def test_every_page_has_the_way_to_all_others(waste_client: TestClient, url: str) -> None:
    page = waste_client.get(url, headers={"Accept": "text/html"}).text
    links = {attributes.get("href") for tag, attributes in elements(page) if tag == "a"}
    assert {"/", "/findings", "/coverage", "/checks"} <= links


def test_a_page_that_is_not_there_says_so_to_a_person(waste_client: TestClient) -> None:
    page = waste_client.get("/findings/0000000000000000", headers={"Accept": "text/html"})
    assert page.status_code == 404
    assert "no such finding" in page.text


def test_every_id_on_a_page_is_there_once(waste_client: TestClient) -> None:
    finding = ask(waste_client)["findings"][0]["finding_id"]
    for url in (*PAGES, f"/findings/{finding}"):
        ids = [each["id"] for _, each in elements(waste_client.get(url).text) if each.get("id")]
        assert len(ids) == len(set(ids)), url
