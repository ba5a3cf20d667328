"""Decisions about findings: what is refused, what they do to lists and sums, and that they show at once."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.conftest import ADDRESS, dashboard
from app.test_findings import LARGE, LONELY, PARKED, SUM, TRUTH, URL, ask
from app.test_pages import HOSTILE, elements
from app.waste import CHECKS, STOPPED, wasteful
from factories import NOW
from plainbill.analyzer.lifecycle import decide
from plainbill.analyzer.what_if import variant_of
from plainbill.model.lifecycle import Ending, FindingRecord, FindingState
from plainbill.model.money import Money
from plainbill.pipeline.findings import remember_findings
from plainbill.settings import Settings
from plainbill.storage import Home, SnapshotStore, State

GONE = FindingRecord(
    finding_id="f" * 16,
    check_id=LARGE,
    arn="arn:aws:ec2:us-east-1:111122223333:volume/vol-99",
    resource_id="vol-99",
    account_id="111122223333",
    region="us-east-1",
    first_seen=NOW - timedelta(days=40),
    last_seen=NOW - timedelta(days=2),
    state=FindingState.GONE,
    state_since=NOW - timedelta(days=1),
    monthly_saving=Money(Decimal(73)),
    wasted=Decimal("92.0000000000"),
    gone_at=NOW - timedelta(days=1),
    ending=Ending.DELETED,
    features={"Size": "900"},
)


@pytest.fixture
def client(home: Home, settings: Settings) -> TestClient:
    """The company with waste, before any refresh recorded a finding."""
    SnapshotStore(home.snapshots).write(wasteful())
    return TestClient(dashboard(home, settings, checks=CHECKS), base_url=ADDRESS)


def id_of(client: TestClient, check: str, resource: str) -> str:
    rows = ask(client, state="all")["findings"]
    return next(
        str(row["finding_id"]) for row in rows if (row["check_id"], row["resource_id"]) == (check, resource)
    )


def decided(client: TestClient, finding_id: str, state: str = "dismissed", **words: Any) -> dict[str, Any]:
    answer = client.post(f"{URL}/{finding_id}/decision", json={"state": state, "who": "kim", **words})
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def total(body: dict[str, Any]) -> Decimal:
    return Decimal(body["totals"]["monthly_saving"]["USD"])


def test_what_no_refresh_has_recorded_is_open_since_nobody_knows_when(client: TestClient) -> None:
    rows = ask(client)["findings"]
    assert len(rows) == len(TRUTH)
    assert {(row["state"], row["first_seen"], row["wasted"]) for row in rows} == {("open", None, None)}
    assert ask(client, f"{URL}/{rows[0]['finding_id']}")["history"] == []
    assert "no refresh has recorded it yet" in client.get(f"/findings/{rows[0]['finding_id']}").text


@pytest.mark.parametrize(
    ("words", "parameter"),
    [
        ({"state": "gone", "who": "kim"}, "state"),
        ({"state": "burnt", "who": "kim"}, "state"),
        ({"who": "kim"}, "state"),
        ({"state": "dismissed"}, "who"),
        ({"state": "dismissed", "who": "  "}, "who"),
        ({"state": "dismissed", "who": "k" * 101}, "who"),
        ({"state": "dismissed", "who": "kim", "note": "n" * 1001}, "note"),
        ({"state": "dismissed", "who": "kim", "why": "x"}, "why"),
        ({"state": "snoozed", "who": "kim"}, "until"),
        ({"state": "snoozed", "who": "kim", "until": "soon"}, "until"),
        ({"state": "snoozed", "who": "kim", "until": f"{NOW:%Y-%m-%d}"}, "until"),
        ({"state": "acted", "who": "kim", "until": "2099-01-01"}, "until"),
    ],
)
def test_a_decision_that_cannot_be_meant_changes_nothing(
    client: TestClient, words: dict[str, str], parameter: str
) -> None:
    finding = id_of(client, LONELY, "vol-2")
    answer = client.post(f"{URL}/{finding}/decision", json=words)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["parameter"] == parameter
    assert ask(client, f"{URL}/{finding}")["finding"]["state"] == "open"


def test_a_page_of_others_decides_nothing(client: TestClient) -> None:
    finding = id_of(client, LONELY, "vol-2")
    for said in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "http://evil.example"}):
        for path in (f"{URL}/{finding}/decision", f"/findings/{finding}"):
            assert client.post(path, json={"state": "acted", "who": "x"}, headers=said).status_code == 403
    assert ask(client, f"{URL}/{finding}")["finding"]["state"] == "open"


def test_what_is_not_there_cannot_be_decided_about(client: TestClient) -> None:
    words = {"state": "acted", "who": "kim"}
    assert client.post(f"{URL}/0000000000000000/decision", json=words).status_code == 404
    assert client.post("/findings/0000000000000000", data=words).status_code == 404


def test_what_is_gone_can_be_read_and_not_decided_about(client: TestClient, home: Home) -> None:
    State(home.state_db).advance_findings(lambda _: [GONE])
    assert GONE.finding_id not in {row["finding_id"] for row in ask(client)["findings"]}
    body = ask(client, f"{URL}/{GONE.finding_id}")
    assert (body["is_found"], body["finding"]["state"], body["finding"]["wasted"]) == (False, "gone", "92.00")
    assert body["finding"]["evidence"][0]["value"] == "900"
    assert [row["resource_id"] for row in ask(client, state="gone")["findings"]] == ["vol-99"]
    assert ask(client, state="gone")["totals"]["monthly_saving"] == {}
    assert (
        client.post(f"{URL}/{GONE.finding_id}/decision", json={"state": "open", "who": "kim"}).status_code
        == 409
    )
    page = client.get(f"/findings/{GONE.finding_id}").text
    assert "$92.00 in 38\u00a0days" in page
    assert '<form method="post" action="/findings' not in page


def test_what_is_dismissed_is_in_no_list_and_in_no_sum(client: TestClient) -> None:
    before = ask(client)
    body = decided(client, id_of(client, LONELY, "vol-2"), note="for the audit")
    row = body["finding"]
    assert (row["state"], row["note"], row["who"], row["counted_saving"]) == (
        "dismissed", "for the audit", "kim", "0.00",
    )  # fmt: skip
    assert [(one["state"], one["who"]) for one in body["history"]] == [("open", None), ("dismissed", "kim")]
    after = ask(client)
    assert total(after) == total(before) - Decimal(6)
    assert after["overall"] == after["totals"]
    assert after["matching"] == len(TRUTH) - 1
    assert after["states"] == {"open": 6, "snoozed": 0, "dismissed": 1, "acted": 0, "gone": 0}
    assert [one["resource_id"] for one in ask(client, state="dismissed")["findings"]] == ["vol-2"]
    assert ask(client, state="all")["matching"] == len(TRUTH)
    checks = ask(client, "/api/checks")["checks"]
    assert sum(Decimal(one["monthly_saving"].get("USD", 0)) for one in checks) == total(after)


def test_where_the_larger_alternative_is_set_aside_the_other_one_counts(client: TestClient) -> None:
    decided(client, id_of(client, PARKED, STOPPED))
    body = ask(client)
    assert total(body) == SUM - Decimal(13) + Decimal(5)
    large = next(row for row in body["findings"] if row["resource_id"] == "vol-7")
    assert large["counted_saving"] == large["monthly_saving"]
    part = ask(client, f"{URL}/{large['finding_id']}")["parts"][0]
    assert part["counted_in"] == large["finding_id"]


def test_what_is_said_to_be_done_counts_until_a_reading_tells(client: TestClient) -> None:
    decided(client, id_of(client, LONELY, "vol-2"), "acted")
    assert total(ask(client)) == SUM


def test_a_snooze_ends_on_its_day(home: Home, settings: Settings) -> None:
    SnapshotStore(home.snapshots).write(wasteful())
    app = dashboard(home, settings, checks=CHECKS)
    client = TestClient(app, base_url=ADDRESS)
    finding = id_of(client, LONELY, "vol-2")
    until = NOW.date() + timedelta(days=2)
    assert decided(client, finding, "snoozed", until=str(until))["finding"]["until"] == f"{until}T00:00:00Z"
    for days, state in ((1, "snoozed"), (2, "open")):
        app.record._clock = lambda days=days: NOW + timedelta(days=days)  # type: ignore[misc]  # a later day
        assert ask(client, f"{URL}/{finding}")["finding"]["state"] == state


def test_what_was_set_aside_can_be_opened_again(client: TestClient) -> None:
    finding = id_of(client, LONELY, "vol-2")
    decided(client, finding, note="why")
    row = decided(client, finding, "open")["finding"]
    assert (row["state"], row["note"], row["who"]) == ("open", None, None)
    assert total(ask(client)) == SUM


PATHS = (
    URL, f"{URL}.csv", f"{URL}.md", f"{URL}?state=all", f"{URL}/ID", "/findings", "/findings/ID", "/checks",
    "/api/checks", "/",
)  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("is_elsewhere", [False, True])
def test_a_decision_shows_at_once_wherever_it_was_taken(
    client: TestClient, home: Home, path: str, is_elsewhere: bool
) -> None:
    finding = id_of(client, LONELY, "vol-2")
    decided(client, finding, "open")
    path = path.replace("ID", finding)
    before = client.get(path)
    held = {"If-None-Match": before.headers["etag"]}
    assert client.get(path, headers=held).status_code == 304
    if is_elsewhere:
        State(home.state_db).change_finding(
            finding, lambda record: decide(record, FindingState.DISMISSED, NOW, who="kim")
        )
    else:
        decided(client, finding)
    after = client.get(path, headers=held)
    assert after.status_code == 200
    assert after.headers["etag"] != before.headers["etag"]
    assert after.content != before.content


def test_a_decision_judges_nothing_anew(home: Home, settings: Settings) -> None:
    SnapshotStore(home.snapshots).write(wasteful())
    app = dashboard(home, settings, checks=CHECKS)
    client = TestClient(app, base_url=ADDRESS)
    finding = id_of(client, LONELY, "vol-2")
    before = app.record.judged(app.record.edition_of(app.record.shown))
    decided(client, finding)
    ask(client)
    assert app.record.judged(app.record.edition_of(app.record.shown)) is before


def test_the_next_refresh_keeps_what_was_dismissed_out_of_the_sum(home: Home, client: TestClient) -> None:
    store, state = SnapshotStore(home.snapshots), State(home.state_db)
    first = store.latest()
    assert first is not None
    remember_findings(state, first, CHECKS)
    finding = id_of(client, LONELY, "vol-2")
    decided(client, finding)
    store.write(wasteful(run_id="next", taken_at=NOW + timedelta(days=1)))
    second = store.latest()
    assert second is not None
    remember_findings(state, second, CHECKS)
    body = ask(client)
    assert finding not in {row["finding_id"] for row in body["findings"]}
    assert total(body) == SUM - Decimal(6)
    row = ask(client, f"{URL}/{finding}")["finding"]
    assert row["state"] == "dismissed"
    assert Decimal(row["wasted"]).quantize(Decimal("0.0001")) == (Decimal(6) * 24 / 730).quantize(
        Decimal("0.0001")
    )
    unknown = ask(client, f"{URL}/{id_of(client, LONELY, 'vol-5')}")["finding"]
    assert (unknown["wasted"], unknown["unpriced"]) == (None, True)


def test_what_only_a_policy_ends_says_so_and_is_not_called_cleared(home: Home, client: TestClient) -> None:
    store, state = SnapshotStore(home.snapshots), State(home.state_db)
    first = store.latest()
    assert first is not None
    remember_findings(state, first, CHECKS)
    finding = id_of(client, LARGE, "vol-3")
    store.write(wasteful(run_id="next", taken_at=NOW + timedelta(days=1)))
    second = store.latest()
    assert second is not None
    strict = [variant_of(check, {"most_gib": 1000}) if check.id == LARGE else check for check in CHECKS]
    remember_findings(state, second, strict, "<b>strict")
    (record,) = (one for one in state.findings() if one.finding_id == finding)
    assert (record.state, record.ending, record.unasked_by) == (FindingState.GONE, None, "<b>strict")
    strictly = TestClient(dashboard(home, Settings(home=home.root), checks=strict), base_url=ADDRESS)
    row = ask(strictly, f"{URL}/{finding}")["finding"]
    assert (row["state"], row["regressions"]) == ("gone", 0)
    assert row["reason"].startswith("no longer asked for: policy <b>strict.")
    assert "no longer asked for: policy &lt;b&gt;strict." in strictly.get(f"/findings/{finding}").text


def test_how_often_a_check_was_right_here_is_said_once_there_is_something_to_tell(
    client: TestClient, home: Home
) -> None:
    assert "held for" not in client.get("/checks").text
    old = replace(
        GONE, first_seen=NOW - timedelta(days=60), state=FindingState.OPEN, gone_at=None, ending=None
    )
    soon = NOW - timedelta(days=59)
    wrong = replace(
        GONE, finding_id="e" * 16, first_seen=NOW - timedelta(days=60), gone_at=soon, ending=Ending.CLEARED
    )
    State(home.state_db).advance_findings(lambda _: [old, wrong])
    told = {one["id"]: one["precision"] for one in ask(client, "/api/checks")["checks"]}
    assert told == {LARGE: {"held": 1, "told": 2, "days": 30}, LONELY: None, PARKED: None}
    said = "so far 1 of 2\u00a0flags held for 30\u00a0days"
    assert said in client.get("/checks").text
    assert said in client.get(f"/findings/{id_of(client, LARGE, 'vol-3')}").text
    assert "held for" not in client.get(f"/findings/{id_of(client, LONELY, 'vol-2')}").text


def test_the_form_works_without_scripts(client: TestClient) -> None:
    finding = id_of(client, LONELY, "vol-2")
    until = NOW.date() + timedelta(days=9)
    words = {"state": "snoozed", "until": str(until), "who": "kim", "note": "after the move"}
    answer = client.post(f"/findings/{finding}", data=words, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/findings/{finding}#decision")
    assert "after the move" in client.get(f"/findings/{finding}").text
    words = {"state": "dismissed", "until": str(until), "who": "kim", "note": ""}
    assert client.post(f"/findings/{finding}", data=words).status_code == 200
    assert ask(client, f"{URL}/{finding}")["finding"]["state"] == "dismissed"
    refused = client.post(f"/findings/{finding}", data={"state": "snoozed"}, headers={"Accept": "text/html"})
    assert refused.status_code == 422
    assert "who" in refused.text
    many = "&".join(f"a{number}=1" for number in range(50))
    assert client.post(f"/findings/{finding}", content=many.encode()).status_code == 422


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_note_stays_text(client: TestClient, text: str) -> None:
    finding = id_of(client, LONELY, "vol-2")
    decided(client, finding, "acted", note=text, who=text[:100])
    for url in ("/findings", f"/findings/{finding}"):
        page = client.get(url).text
        assert text in unescape(page)
        for tag, attributes in elements(page):
            assert tag not in {"img", "iframe"}
            assert not [each for each in attributes if each.startswith("on")]
            assert tag != "script" or str(attributes.get("src", "")).startswith("/static/")


def test_a_hostile_note_stays_text_in_files(client: TestClient) -> None:
    text = "=HYPERLINK(1)|<img src=x> [a](javascript:b) @all"
    decided(client, id_of(client, LONELY, "vol-2"), "acted", note=text, who="=kim")
    rows = list(csv.DictReader(io.StringIO(client.get(f"{URL}.csv").text, newline="")))
    assert [(row["note"], row["who"]) for row in rows if row["note"]] == [(f"'{text}", "'=kim")]
    told = client.get(f"{URL}.md").text
    assert "<img" not in told.replace("\\<img", "")
    assert "](" not in told.replace("\\](", "")
    assert "@all" not in told


def test_a_state_file_that_cannot_be_read_is_said(home: Home, settings: Settings) -> None:
    SnapshotStore(home.snapshots).write(wasteful())
    app = dashboard(home, settings, checks=CHECKS)
    client = TestClient(app, base_url=ADDRESS, raise_server_exceptions=False)
    home.state_db.unlink()
    home.state_db.mkdir()
    assert client.get("/healthz").status_code == 200
    assert client.get(URL).status_code == 503
