"""Findings over HTTP: what is left alone, what is found, what it comes to, and what nobody could look at."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.company import PRODUCTION, RESEARCH, collected
from app.conftest import ADDRESS, dashboard, usual_settings
from app.waste import A_GIB, CHECKS, DENIED, EAST, STOPPED, WEST, volumes, wasteful
from factories import gap
from plainbill.settings import Settings
from plainbill.storage import Home, SnapshotStore

URL = "/api/findings"
LONELY, LARGE, PARKED = "ebs_volume_lonely", "ebs_volume_large", "ec2_instance_parked"
DISKS = {what: disk.volume_id for what, disk in volumes().items()}
COST = {disk.volume_id: disk.size_gib * A_GIB for disk in volumes().values()}
TRUTH = {
    (LONELY, DISKS["lonely"]): COST["vol-2"],
    (LONELY, DISKS["lonely and large"]): COST["vol-3"],
    (LONELY, DISKS["lonely elsewhere"]): COST["vol-4"],
    (LONELY, DISKS["lonely at a price not known"]): None,
    (LARGE, DISKS["lonely and large"]): COST["vol-3"] / 2,
    (LARGE, DISKS["of a stopped instance"]): COST["vol-7"] / 2,
    (PARKED, STOPPED): COST["vol-7"] + COST["vol-8"],
}
"""The saving of every finding there is to be."""
SUM = COST["vol-2"] + COST["vol-3"] + COST["vol-4"] + COST["vol-7"] + COST["vol-8"]
"""What all of it comes to: each volume once, by the finding that saves most of it."""


def ask(client: TestClient, path: str = URL, **params: Any) -> dict[str, Any]:
    answer = client.get(path, params={name: str(value) for name, value in params.items()})
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def found(body: dict[str, Any]) -> set[tuple[str, str]]:
    return {(row["check_id"], row["resource_id"]) for row in body["findings"]}


def client_of(home: Home, settings: Settings, **changes: Any) -> TestClient:
    SnapshotStore(home.snapshots).write(wasteful(**changes))
    return TestClient(dashboard(home, settings, checks=CHECKS), base_url=ADDRESS)


def test_before_anything_was_read_nothing_is_known(empty_client: TestClient) -> None:
    body = ask(empty_client)
    assert (body["taken_at"], body["findings"], body["totals"]["monthly_saving"]) == (None, [], {})
    assert [each["reason"] for each in body["gaps"]] == ["nothing has been read yet"]
    assert ask(empty_client, "/api/coverage")["cells"] == []
    assert {check["counts"] for check in ask(empty_client, "/api/checks")["checks"]} == {None}


def test_what_works_for_its_money_and_what_cannot_be_judged_is_no_finding(waste_client: TestClient) -> None:
    ids = {resource for _, resource in found(ask(waste_client))}
    assert ids.isdisjoint({DISKS["attached"], DISKS["without metrics"], DISKS["also of it"]})


def test_every_finding_is_there_with_its_saving(waste_client: TestClient) -> None:
    rows = ask(waste_client)["findings"]
    told = {(row["check_id"], row["resource_id"]): row["monthly_saving"] for row in rows}
    assert {key: None if saving is None else Decimal(saving) for key, saving in told.items()} == TRUTH


def test_no_dollar_is_in_the_sum_twice(waste_client: TestClient) -> None:
    body = ask(waste_client)
    assert {money: Decimal(amount) for money, amount in body["totals"]["monthly_saving"].items()} == {
        "USD": SUM
    }
    assert sum(Decimal(row["counted_saving"] or 0) for row in body["findings"]) == SUM
    assert body["totals"] == body["overall"]
    assert body["totals"]["unknown_price"] == 1
    assert body["totals"]["by_check"] == {LARGE: 2, LONELY: 4, PARKED: 1}
    assert body["totals"]["by_confidence"] == {"high": 4, "medium": 2, "review": 1}


def test_each_row_carries_its_proof(waste_client: TestClient) -> None:
    row = next(row for row in ask(waste_client)["findings"] if row["resource_id"] == "vol-2")
    assert (row["account_id"], row["account_name"], row["region"]) == (PRODUCTION, "Production", EAST)
    assert (row["action"], row["effort"], row["confidence"]) == ("Delete", "VeryLow", "high")
    assert row["evidence"][0] == {
        "label": "Highest VolumeReadOps", "value": 3.0, "unit": "operations", "threshold": 5.0,
    }  # fmt: skip
    assert row["evidence"][2]["value"] is None
    assert row["keeps_billing"] == ["the snapshot made before"]
    assert row["doubts"] == ["somebody may want its data"]
    assert row["cleared_by"] == "attaching it to an instance"


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"check": LARGE}, {"vol-3", "vol-7"}),
        ({"account": RESEARCH}, {"vol-4"}),
        ({"region": WEST}, {"vol-4"}),
        ({"region": DENIED}, set()),
        ({"service": "ec2"}, {STOPPED}),
        ({"action": "Rightsize"}, {"vol-3", "vol-7"}),
        ({"confidence": "review"}, {"vol-4"}),
        ({"check": LARGE, "account": RESEARCH}, set()),
        ({"q": "LONELY us-east vol-2"}, {"vol-2"}),
        ({"q": "stopped"}, {STOPPED}),
        ({"q": "nothing like it"}, set()),
        ({"check": "", "account": "", "q": ""}, {resource for _, resource in TRUTH}),
    ],
)
def test_the_address_says_which(waste_client: TestClient, asked: dict[str, str], expected: set[str]) -> None:
    body = ask(waste_client, **asked)
    assert {resource for _, resource in found(body)} == expected
    assert body["overall"]["findings"] == len(TRUTH)
    counted = sum(Decimal(row["counted_saving"] or 0) for row in body["findings"])
    assert sum(map(Decimal, body["totals"]["monthly_saving"].values())) == counted


@pytest.mark.parametrize("sort", ["monthly_saving", "-monthly_saving", "counted_saving", "-monthly_cost"])
def test_unknown_amounts_come_last_whichever_way(waste_client: TestClient, sort: str) -> None:
    rows = ask(waste_client, sort=sort)["findings"]
    amounts = [row[sort.removeprefix("-")] for row in rows]
    assert amounts[-1] is None
    known = [Decimal(amount) for amount in amounts[:-1]]
    assert known == sorted(known, reverse=sort.startswith("-"))


@pytest.mark.parametrize(
    ("sort", "field", "order"),
    [
        ("-effort", "effort", ["High", "High", "Low", "VeryLow"]),
        ("effort", "effort", ["VeryLow", "VeryLow", "VeryLow", "VeryLow", "Low"]),
        ("-confidence", "confidence", ["high"] * 4 + ["medium"] * 2 + ["review"]),
        ("title", "title", ["Lonely EBS volume"] * 4 + ["Parked EC2 instance"]),
        ("region", "region", [WEST, EAST]),
    ],
)
def test_words_are_sorted_by_what_they_mean(
    waste_client: TestClient, sort: str, field: str, order: list[str]
) -> None:
    rows = ask(waste_client, sort=sort)["findings"]
    assert [row[field] for row in rows][: len(order)] == order


def test_pages_follow_each_other_and_a_page_beyond_the_last_is_the_last(waste_client: TestClient) -> None:
    whole = [row["finding_id"] for row in ask(waste_client, sort="title")["findings"]]
    pages = [ask(waste_client, sort="title", size=3, page=page) for page in (1, 2, 3, 9)]
    ids = [[row["finding_id"] for row in page["findings"]] for page in pages]
    assert ids[0] + ids[1] + ids[2] == whole
    assert ids[3] == ids[2]
    assert {(page["pages"], page["matching"]) for page in pages} == {(3, 7)}
    assert {page["totals"]["findings"] for page in pages} == {7}


def test_what_could_not_be_read_is_counted_and_named_with_its_remedy(waste_client: TestClient) -> None:
    body = ask(waste_client)
    assert body["could_not_check"] == {"checks": 18, "could_not_check": 2, "could_not_judge": 1}
    assert [(each["region"], each["action"]) for each in body["gaps"]] == [(DENIED, "ec2:DescribeVolumes")]
    elsewhere = ask(waste_client, region=EAST)
    assert elsewhere["could_not_check"] == {"checks": 6, "could_not_check": 0, "could_not_judge": 1}
    assert elsewhere["gaps"] == []
    assert ask(waste_client, service="ec2")["could_not_check"]["could_not_check"] == 0


def test_a_kind_that_was_never_asked_for_is_not_all_good(home: Home, settings: Settings) -> None:
    client = client_of(home, settings, resources={}, series={}, gaps=())
    body = ask(client)
    assert body["could_not_check"]["could_not_check"] == 2 * 6
    assert "did not ask for this kind" in body["gaps"][0]["reason"]
    states = ask(client, "/api/coverage")["states"]
    assert (states["clean"], states["could_not_judge"], states["waste"]) == (1, 1, 0)  # of the instances


def test_a_snapshot_from_before_there_were_checks_is_not_all_good(home: Home, settings: Settings) -> None:
    SnapshotStore(home.snapshots).write(collected())
    client = TestClient(dashboard(home, settings, checks=CHECKS), base_url=ADDRESS)
    body = ask(client)
    assert body["could_not_check"]["could_not_check"] == 2 * 2
    assert "did not ask for this kind" in body["gaps"][0]["reason"]


def test_an_account_that_was_not_entered_is_clean_nowhere(home: Home, settings: Settings) -> None:
    places = [(PRODUCTION, EAST)]
    only_here = [disk for disk in volumes().values() if disk.account_id == PRODUCTION]
    changes = {
        "places": tuple(places),
        "resources": {type(only_here[0]): only_here},
        "instances": [],
        "gaps": (),
    }
    client = client_of(home, settings, **changes)
    cells = [cell for cell in ask(client, "/api/coverage")["cells"] if cell["account_id"] == RESEARCH]
    assert {(cell["region"], cell["state"]) for cell in cells} == {(None, "could_not_check")}
    assert ask(client)["could_not_check"]["could_not_check"] == len(CHECKS)
    refused = gap(source="accounts", account_id=RESEARCH, region=None, reason="the role is not there")
    again = ask(
        client_of(home, settings, **{**changes, "gaps": (refused,), "run_id": "next"}), "/api/coverage"
    )
    reasons = {
        again["gaps"][cell["gap"]]["reason"] for cell in again["cells"] if cell["account_id"] == RESEARCH
    }
    assert reasons == {"the role is not there"}


def test_the_checks_run_once_for_a_snapshot_and_again_for_the_next(home: Home, settings: Settings) -> None:
    SnapshotStore(home.snapshots).write(wasteful())
    app = dashboard(home, settings, checks=CHECKS)
    client = TestClient(app, base_url=ADDRESS)

    def judged() -> object:
        edition = app.record.edition_of(app.record.shown)
        return app.record.judged(edition)

    first = ask(client, sort="title")
    before = judged()
    ask(client, "/api/coverage")
    client.get("/findings?page=2")
    assert judged() is before
    SnapshotStore(home.snapshots).write(wasteful(run_id="next", resources={}, series={}))
    assert ask(client, sort="title") != first
    assert judged() is not before


def test_the_table_has_every_row_and_unknown_amounts_are_empty(waste_client: TestClient) -> None:
    answer = waste_client.get(f"{URL}.csv", params={"sort": "monthly_saving"})
    assert "plainbill-findings.csv" in answer.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.text, newline="")))
    told = {(row["check_id"], row["resource_id"]): row["monthly_saving"] for row in rows}
    assert {key: Decimal(saving) if saving else None for key, saving in told.items()} == TRUTH
    assert rows[-1]["resource_id"] == DISKS["lonely at a price not known"]


def test_the_same_bytes_are_not_sent_twice(waste_client: TestClient) -> None:
    for path in (URL, f"{URL}.md", "/api/coverage", "/api/checks", "/findings", "/coverage", "/checks"):
        first = waste_client.get(path, headers={"Accept-Encoding": "br"})
        assert first.headers["content-encoding"] == "br", path
        again = waste_client.get(path, headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b""), path


@pytest.mark.parametrize("url", [URL, f"{URL}.csv", f"{URL}.md", "/findings", "/api/coverage", "/coverage"])
@pytest.mark.parametrize(
    ("query", "parameter", "hint"),
    [
        ("check=ebs_volume_unheard", "check", "ebs_volume_large, ebs_volume_lonely"),
        ("check=%3Cscript%3E", "check", "pattern"),
        ("service=mainframe", "service", "ebs, ec2"),
        ("account=999999999999", "account", PRODUCTION),
        ("region=xx-nowhere-1", "region", EAST),
        ("chekc=ebs_volume_lonely", "chekc", "not a parameter"),
    ],
)
def test_a_wrong_name_is_answered_with_what_is_allowed(
    waste_client: TestClient, url: str, query: str, parameter: str, hint: str
) -> None:
    answer = waste_client.get(f"{url}?{query}")
    assert answer.status_code == 422
    assert answer.json()["parameter"] == parameter
    assert hint in answer.json()["detail"]


@pytest.mark.parametrize(
    "query", ["page=0", "size=0", "size=501", "sort=price", "action=Burn", "confidence=low"]
)
def test_what_cannot_be_meant_is_refused(waste_client: TestClient, query: str) -> None:
    assert waste_client.get(f"{URL}?{query}").status_code == 422


def test_hostile_names_stay_text_in_files(home: Home, settings: Settings) -> None:
    client = client_of(home, settings, name="=HYPERLINK(1)|<img src=x>\n[a](javascript:b) @all")
    rows = list(csv.DictReader(io.StringIO(client.get(f"{URL}.csv").text, newline="")))
    named = [row["name"] for row in rows if row["name"]]
    assert named
    assert all(name.startswith("'=") for name in named)
    text = client.get(f"{URL}.md").text
    assert len([line for line in text.splitlines() if line.startswith("| ")]) == 1 + len(TRUTH)
    assert "<img" not in text.replace("\\<img", "")
    assert "](" not in text.replace("\\](", "")
    assert "@all" not in text


def test_a_password_guards_findings_too(home: Home) -> None:
    SnapshotStore(home.snapshots).write(wasteful())
    app = dashboard(home, usual_settings(home.root, password="secret"), checks=CHECKS)
    client = TestClient(app, base_url=ADDRESS)
    assert [client.get(path).status_code for path in (URL, "/findings", "/coverage", "/checks")] == [401] * 4
