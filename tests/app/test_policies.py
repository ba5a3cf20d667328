"""Policies on the page and in the API: kept, put in force, followed by every list, forgotten."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from app.conftest import ADDRESS, dashboard
from app.test_pages import HOSTILE, elements
from app.waste import CHECKS, wasteful
from plainbill.settings import Settings
from plainbill.storage import Home, SnapshotStore

URL, PAGE = "/api/policies", "/what-if/policies"
LARGE, LONELY = "ebs_volume_large", "ebs_volume_lonely"


@pytest.fixture
def client(home: Home, settings: Settings) -> TestClient:
    SnapshotStore(home.snapshots).write(wasteful())
    return TestClient(dashboard(home, settings, checks=CHECKS), base_url=ADDRESS)


def keep(client: TestClient, name: str = "ours", **changes: Any) -> dict[str, Any]:
    said = {"name": name, "check": LARGE, "thresholds": {"most_gib": "150"}, "who": "kim"} | changes
    answer = client.post(URL, json=said)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def judge_by(client: TestClient, name: str | None) -> dict[str, Any]:
    answer = client.post(f"{URL}/in-force", json={"name": name, "who": "kim"})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def found(client: TestClient) -> int:
    return int(client.get("/api/findings", params={"check": LARGE}).json()["matching"])


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"check": "ebs_volume_of_old"}, "the id of a check"),
        ({"thresholds": {"most_gib": "many"}}, "a whole number"),
        ({"thresholds": {"days": "3"}}, "the thresholds of ebs_volume_large: most_gib"),
        ({"who": " "}, "who"),
        ({"who": None}, "who"),
        ({"name": ""}, "name"),
        ({"name": "a/b"}, "name"),
        ({"name": "a\nb"}, "name"),
        ({"name": "x" * 61}, "name"),
        ({"more": 1}, "more"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_nothing_kept(
    client: TestClient, changes: dict[str, Any], words: str
) -> None:
    said = {"name": "ours", "check": LARGE, "thresholds": {"most_gib": "150"}, "who": "kim"} | changes
    answer = client.post(URL, json=said)
    assert answer.status_code == 422, answer.text
    assert words in answer.text
    assert client.get(URL).json() == {"in_force": None, "policies": [], "uses": []}


def test_a_blank_name_is_no_name(client: TestClient) -> None:
    assert client.delete(f"{URL}/%20", params={"who": "kim"}).status_code == 422
    assert client.post(f"{URL}/in-force", json={"name": " ", "who": "kim"}).status_code == 422


def test_what_is_not_there_is_not_found(client: TestClient) -> None:
    assert client.post(f"{URL}/in-force", json={"name": "ours", "who": "kim"}).status_code == 404
    assert client.delete(f"{URL}/ours", params={"who": "kim"}).status_code == 404
    assert client.post(PAGE, data={"act": "use", "name": "ours", "who": "kim"}).status_code == 404
    assert client.post(PAGE, data={"act": "forget", "who": "kim"}).status_code == 404


def test_a_kept_policy_judges_nothing(client: TestClient) -> None:
    before = client.get("/api/findings").json()
    (kept,) = keep(client, note="why")["policies"]
    assert client.get("/api/findings").json() == before
    assert (kept["name"], kept["note"], kept["who"], kept["is_in_force"]) == ("ours", "why", "kim", False)
    assert kept["checks"] == [
        {
            "check_id": LARGE,
            "title": "Too large an EBS volume",
            "thresholds": [{"name": "most_gib", "value": "150", "usual": 80}],
            "question": {"check": LARGE, "most_gib": "150"},
        }
    ]


def test_a_policy_in_force_judges_everything_and_says_so(client: TestClient) -> None:
    usual = found(client)
    keep(client)
    assert judge_by(client, "ours")["in_force"] == "ours"
    assert found(client) == usual - 1
    checks = client.get("/api/checks").json()["checks"]
    (threshold,) = next(check for check in checks if check["id"] == LARGE)["thresholds"]
    assert (threshold["default"], threshold["value"]) == (80, 150)
    question = client.get("/api/what-if", params={"check": LARGE}).json()
    assert (question["settings"][0]["default"], question["gone"], question["came"]) == (150, [], [])
    assert client.get("/api/status").json()["policy"] == "ours"
    (change,) = client.get("/api/status").json()["policy_changes"]
    assert change == {
        "check_id": LARGE, "title": "Too large an EBS volume", "name": "most_gib", "value": 150, "usual": 80,
    }  # fmt: skip
    for path in ("/", "/findings", "/checks", "/coverage", "/what-if"):
        page = client.get(path).text
        assert "judged by the policy <a" in page, path
        assert "<code>most_gib</code> 150 instead of 80" in page, path
    assert judge_by(client, None)["in_force"] is None
    assert found(client) == usual
    assert "judged by the policy <a" not in client.get("/findings").text


def test_saving_again_replaces_what_it_said_of_that_check_only(client: TestClient) -> None:
    keep(client, note="why")
    keep(client, check=LONELY, thresholds={"days": "14"})
    (kept,) = keep(client, thresholds={"most_gib": "80"})["policies"]
    assert [one["check_id"] for one in kept["checks"]] == ["ebs_volume_lonely"]
    assert kept["note"] == "why"


def test_what_is_asked_under_a_policy_is_kept_with_what_the_policy_says(client: TestClient) -> None:
    keep(client, check=LONELY, thresholds={"days": "14"})
    judge_by(client, "ours")
    page = client.get("/what-if", params={"check": LONELY, "most_operations": "9"}).text
    assert 'name="set-days" value="14"' in page
    assert 'name="set-most_operations" value="9.0"' in page
    assert "in force 14, usually 7" in page
    back = client.get("/what-if", params={"check": LONELY, "days": "7"}).text
    assert 'name="set-days"' not in back
    assert "These are the thresholds in force" in client.get("/what-if", params={"check": LONELY}).text


def test_opening_a_policy_asks_what_it_says_whatever_is_in_force(client: TestClient) -> None:
    keep(client, "theirs", check=LONELY, thresholds={"most_operations": "9"})
    keep(client, "ours", check=LONELY, thresholds={"days": "14"})
    judge_by(client, "ours")
    theirs = next(one for one in client.get(URL).json()["policies"] if one["name"] == "theirs")
    question = theirs["checks"][0]["question"]
    assert question == {"check": LONELY, "days": "7", "most_operations": "9"}
    asked = client.get("/api/what-if", params=question).json()["settings"]
    assert {one["name"]: one["value"] for one in asked} == {"days": 7, "most_operations": 9.0}
    assert {one["name"]: (one["default"], one["usual"]) for one in asked}["days"] == (14, 7)
    assert "days=7&amp;most_operations=9" in client.get(PAGE).text


def test_changing_the_one_in_force_is_noted_and_keeping_the_same_is_not(client: TestClient) -> None:
    keep(client)
    judge_by(client, "ours")
    assert len(keep(client)["uses"]) == 1
    changed = keep(client, thresholds={"most_gib": "160"}, who="lee")
    assert [(use["name"], use["who"]) for use in changed["uses"]] == [("ours", "lee"), ("ours", "kim")]


def test_forgetting_the_one_in_force_leaves_the_usual(client: TestClient) -> None:
    usual = found(client)
    keep(client)
    judge_by(client, "ours")
    answer = client.delete(f"{URL}/ours", params={"who": "lee"}).json()
    assert (answer["in_force"], answer["policies"]) == (None, [])
    assert [(use["name"], use["who"]) for use in answer["uses"]] == [(None, "lee"), ("ours", "kim")]
    assert found(client) == usual


def test_the_page_keeps_uses_and_forgets(client: TestClient) -> None:
    asked = client.get("/what-if", params={"check": LARGE, "most_gib": "150"}).text
    assert 'name="set-most_gib" value="150"' in asked
    form = {"check": LARGE, "set-most_gib": "150", "name": "ours", "who": "kim", "note": ""}
    assert client.post(f"{PAGE}/save", data=form, follow_redirects=False).headers["location"] == PAGE
    assert "Unattached" not in client.get(PAGE).text
    assert "Too large an EBS volume" in client.get(PAGE).text
    client.post(PAGE, data={"act": "use", "name": "ours", "who": "kim"})
    assert client.get(URL).json()["in_force"] == "ours"
    client.post(PAGE, data={"act": "usual", "who": "kim"})
    assert client.get(URL).json()["in_force"] is None
    client.post(PAGE, data={"act": "forget", "name": "ours", "who": "kim"})
    assert client.get(URL).json()["policies"] == []


def test_a_policy_of_an_older_time_is_followed_as_far_as_it_goes(
    home: Home, settings: Settings, client: TestClient
) -> None:
    keep(client)
    keep(client, check=LONELY, thresholds={"days": "14"})
    judge_by(client, "ours")
    fewer = TestClient(dashboard(home, settings, checks=CHECKS[:1]), base_url=ADDRESS)
    status = fewer.get("/api/status").json()
    assert (status["policy"], status["policy_problems"]) == ("ours", ["there is no check ebs_volume_lonely"])
    assert "It cannot be followed wholly: there is no check ebs_volume_lonely" in fewer.get("/findings").text
    assert "(is no more)" in fewer.get(PAGE).text
    assert [one["name"] for one in status["policy_changes"]] == ["most_gib"]


def test_what_cannot_be_followed_is_not_put_in_force_until_it_is_taken_out(
    home: Home, settings: Settings, client: TestClient
) -> None:
    keep(client)
    keep(client, check=LONELY, thresholds={"days": "14"})
    fewer = TestClient(dashboard(home, settings, checks=CHECKS[:1]), base_url=ADDRESS)
    for answer in (
        fewer.post(f"{URL}/in-force", json={"name": "ours", "who": "kim"}),
        fewer.post(PAGE, data={"act": "use", "name": "ours", "who": "kim"}),
    ):
        assert (answer.status_code, "there is no check ebs_volume_lonely" in answer.text) == (409, True)
    assert fewer.get(URL).json()["in_force"] is None
    assert 'value="use"' not in fewer.get(PAGE).text
    gone = {"name": "ours", "check": LONELY, "who": "kim"}
    assert fewer.post(f"{PAGE}/save", data={**gone, "set-days": "3"}).status_code == 422
    assert fewer.post(f"{PAGE}/save", data={**gone, "name": "other"}).status_code == 422
    assert f"Take {LONELY} out" in fewer.get(PAGE).text
    fewer.post(f"{PAGE}/save", data=gone)
    assert judge_by(fewer, "ours")["in_force"] == "ours"
    assert fewer.get("/api/status").json()["policy_problems"] == []


def test_the_page_of_checks_says_of_each_threshold_what_it_may_be(client: TestClient) -> None:
    keep(client)
    judge_by(client, "ours")
    (one,) = next(check for check in client.get("/api/checks").json()["checks"] if check["id"] == LARGE)[
        "thresholds"
    ]
    assert (one["value"], one["default"], one["lowest"], one["allowed"][:14]) == (
        150,
        80,
        0,
        "a whole number",
    )
    page = client.get("/checks").text
    assert one["allowed"] in page
    assert f'href="/what-if?check={LARGE}#set-most_gib"' in page


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_stay_text(client: TestClient, text: str) -> None:
    def pages() -> list[list[str]]:
        return [
            [tag for tag, _ in elements(client.get(path).text)] for path in (PAGE, "/findings", "/checks")
        ]

    name = re.sub(r"[/\\\\\x00-\x1f]", " ", text)[:60].strip()
    keep(client, "plain", note="plain", who="plain")
    judge_by(client, "plain")
    plain = pages()
    client.delete(f"{URL}/plain", params={"who": "plain"})
    keep(client, name, note=text, who=text[:100])
    judge_by(client, name)
    client.post(f"{URL}/in-force", json={"name": name, "who": text[:100]})
    assert [set(tags) for tags in pages()] == [set(tags) for tags in plain]
    assert client.delete(f"{URL}/{quote(name)}", params={"who": "kim"}).json()["policies"] == []
