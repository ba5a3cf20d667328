"""What-if answers: nothing changes by itself, the same as judging anew, and every wrong question refused."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.company import PRODUCTION, fleet
from app.conftest import ADDRESS, dashboard, usual_settings
from app.test_finding_pages import hostile_client
from app.test_pages import HOSTILE, elements
from app.waste import CHECKS, EbsVolumeLarge, EbsVolumeLonely, wasteful
from plainbill.analyzer.ec2_idle import PRESETS
from plainbill.analyzer.registry import Check
from plainbill.app.views.idle_presets import SUMMARIES
from plainbill.settings import Settings
from plainbill.storage import Home, SnapshotStore

LARGE, LONELY = "/api/what-if?check=ebs_volume_large", "/api/what-if?check=ebs_volume_lonely"
PAGES = ("/what-if", "/what-if/idle-rules")


def ask(client: TestClient, url: str) -> Any:
    answer = client.get(url)
    assert answer.status_code == 200, answer.text
    return answer.json()


def anew(home: Home, settings: Settings, *checks: Check) -> Any:
    """Everything that these checks find, judged from the beginning."""
    SnapshotStore(home.snapshots).write(wasteful())
    return ask(
        TestClient(dashboard(home, settings, checks=checks), base_url=ADDRESS), "/api/findings?size=500"
    )


@pytest.mark.parametrize("query", ["", "&most_gib=80", "&most_gib="])
def test_the_usual_thresholds_change_nothing(waste_client: TestClient, query: str) -> None:
    view = ask(waste_client, LARGE + query)
    assert view["before"] == view["after"]
    assert (view["gone"], view["came"], view["changed"]) == ([], [], [])


def test_a_question_leaves_the_findings_as_they_are(waste_client: TestClient) -> None:
    before = ask(waste_client, "/api/findings")
    ask(waste_client, LARGE + "&most_gib=1")
    assert ask(waste_client, "/api/findings") == before


@pytest.mark.parametrize(
    ("url", "variant"),
    [
        (LARGE + "&most_gib=150", EbsVolumeLarge(most_gib=150)),
        (LARGE + "&most_gib=1", EbsVolumeLarge(most_gib=1)),
        (LONELY + "&days=30", EbsVolumeLonely(days=30)),
        (LONELY + "&days=36500", EbsVolumeLonely(days=36_500)),
        (LONELY + "&most_operations=0.5", EbsVolumeLonely(most_operations=0.5)),
    ],
)
def test_the_answer_is_that_of_judging_everything_anew(
    waste_client: TestClient, home: Home, settings: Settings, url: str, variant: Check
) -> None:
    view = ask(waste_client, url)
    whole = anew(home, settings, *(variant if each.id == variant.id else each for each in CHECKS))
    own = {row["finding_id"]: row for row in whole["findings"] if row["check_id"] == variant.id}
    was = {
        row["finding_id"]
        for row in ask(waste_client, "/api/findings?size=500")["findings"]
        if row["check_id"] == variant.id
    }
    assert view["after"]["findings"] == len(own)
    assert view["after"]["all_checks_monthly_saving"] == whole["totals"]["monthly_saving"]
    counted = [Decimal(row["counted_saving"]) for row in own.values() if row["counted_saving"] is not None]
    assert Decimal(view["after"]["monthly_saving"].get("USD", "0")) == sum(counted, Decimal(0))
    assert {one["finding"]["finding_id"] for one in view["gone"]} == was - own.keys()
    assert {one["finding"]["finding_id"] for one in view["came"]} == own.keys() - was
    assert all(one["finding"] == own[one["finding"]["finding_id"]] for one in view["came"])


def test_what_could_not_be_judged_is_not_called_in_order(waste_client: TestClient) -> None:
    view = ask(waste_client, LONELY + "&days=90")
    assert view["gone"]
    assert {one["instead"] for one in view["gone"]} == {"could_not_judge"}
    page = waste_client.get("/what-if?check=ebs_volume_lonely&days=90").text
    assert "would not be in order" in page
    assert view["after"]["could_not_check"] == view["before"]["could_not_check"] > 0


def test_money_is_a_plain_decimal_string(waste_client: TestClient) -> None:
    saving = ask(waste_client, LARGE)["before"]["all_checks_monthly_saving"]["USD"]
    assert isinstance(saving, str)
    assert Decimal(saving) > 0


@pytest.mark.parametrize(
    ("query", "parameter", "allowed"),
    [
        ("", "check", "ebs_volume_large, ebs_volume_lonely"),
        ("check=", "check", "ebs_volume_large, ebs_volume_lonely"),
        ("check=nothing", "check", "ebs_volume_large, ebs_volume_lonely"),
        ("check=ec2_instance_parked", "check", "ebs_volume_large, ebs_volume_lonely"),
        ("check=ebs_volume_large&days=3", "days", "most_gib"),
        ("check=ebs_volume_large&most_gib=x", "most_gib", "a whole number from 0"),
        ("check=ebs_volume_lonely&days=0", "days", "a whole number from 1 to 36500"),
        ("check=ebs_volume_lonely&%3Cscript%3E=1", "<script>", "days, most_operations"),
        ("days=3", "days", "only with a check"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_says_what_can(
    waste_client: TestClient, query: str, parameter: str, allowed: str
) -> None:
    answer = waste_client.get(f"/api/what-if?{query}")
    assert answer.status_code == 422
    assert answer.json()["parameter"] == parameter
    assert allowed in answer.json()["detail"]
    if query.partition("=")[2]:
        assert waste_client.get(f"/what-if?{query}").status_code == 422


def test_before_anything_was_read_nothing_is_said(empty_client: TestClient) -> None:
    view = ask(empty_client, "/api/what-if?check=ec2_instance_idle&look_back_days=14")
    assert (view["taken_at"], view["before"], view["after"]) == (None, None, None)
    for page in PAGES:
        assert "Nothing has been read yet" in empty_client.get(page).text


def test_every_check_with_thresholds_can_be_asked(client: TestClient) -> None:
    for check in ask(client, "/api/checks")["checks"]:
        if check["thresholds"]:
            one = check["thresholds"][0]
            usual = ask(client, f"/api/what-if?check={check['id']}")["settings"][0]
            value = max(1, usual["lowest"] or 0)
            view = ask(client, f"/api/what-if?check={check['id']}&{one['name']}={value}")
            assert view["rule"], check["id"]
            page = client.get(f"/what-if?check={check['id']}&{one['name']}={value}")
            assert page.status_code == 200, check["id"]
            assert unescape(page.text).count(one["help"]) == 1


def test_every_rule_counts_every_running_instance(client: TestClient) -> None:
    view = ask(client, "/api/idle-presets")
    assert [one["name"] for one in view["presets"]] == list(PRESETS) == list(SUMMARIES)
    assert view["running"] == len(fleet())
    for one in view["presets"]:
        assert one["idle"] + one["not_idle"] + one["could_not_tell"] == view["running"], one["name"]


def test_the_first_rule_says_what_the_idle_page_says(client: TestClient) -> None:
    seed = ask(client, "/api/idle-presets")["presets"][0]
    idle = ask(client, "/api/idle-instances")
    assert seed["idle"] == idle["counts"]["idle"]
    assert seed["unknown_price"] == idle["unknown_price"]
    assert Decimal(seed["monthly_cost"]["USD"]) == Decimal(idle["monthly_cost_total"])


def test_only_who_says_idle_and_who_says_not_disagree(client: TestClient) -> None:
    view = ask(client, "/api/idle-presets")
    assert view["disagreements"]
    for one in view["disagreements"]:
        answers = {each["answer"] for each in one["answers"]}
        assert {"idle", "not_idle"} <= answers
        assert all(each["reason"] for each in one["answers"])
    without = fleet()["without metrics"][0].instance_id
    assert without not in {one["instance_id"] for one in view["disagreements"]}


def test_a_place_narrows_the_rules(client: TestClient) -> None:
    whole, part = ask(client, "/api/idle-presets"), ask(client, f"/api/idle-presets?account={PRODUCTION}")
    assert 0 < part["running"] < whole["running"]
    assert client.get("/api/idle-presets?account=999999999999").status_code == 422
    assert client.get("/api/idle-presets?check=ec2_instance_idle").status_code == 422


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names_stay_text(home: Home, settings: Settings, text: str) -> None:
    client = hostile_client(home, settings, text)
    for url in (
        *PAGES,
        "/what-if?check=ebs_volume_large&most_gib=150",
        "/what-if?check=ebs_volume_lonely&days=90",
    ):
        page = client.get(url)
        assert page.status_code == 200, url
        for tag, attributes in elements(page.text):
            assert tag not in {"img", "iframe"}
            assert not [each for each in attributes if each.startswith("on")], (tag, attributes)
            assert tag != "script" or str(attributes.get("src", "")).startswith("/static/")
            assert "style" not in attributes


def test_hostile_instances_stay_text_among_the_rules(tmp_path: Any) -> None:
    text = HOSTILE[0]
    settings = usual_settings(tmp_path / "home")
    home = Home(settings.home)
    plain = wasteful(name=text)
    named = [replace(each, tags={"Name": text}) for each in plain.instances]
    SnapshotStore(home.snapshots).write(replace(plain, instances=named))
    page = TestClient(dashboard(home, settings), base_url=ADDRESS).get("/what-if/idle-rules").text
    assert text in unescape(page)
    assert text not in page
