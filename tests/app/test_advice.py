"""AWS's advice beside our findings, on its page and as JSON: nothing unread passes for silence."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from starlette.testclient import TestClient

from advice_factories import flag, of_volume, recommendation
from app.conftest import ADDRESS, dashboard
from app.test_findings import ask
from app.test_pages import HOSTILE, elements
from app.waste import CHECKS, volumes, wasteful
from factories import gap
from plainbill.model.resources.aws_advice import (
    ADVICE,
    ComputeOptimizerRecommendation,
    TrustedAdvisorRecommendation,
)
from plainbill.model.resources.ebs import EbsVolume
from plainbill.model.resources.recommendation import AwsRecommendation
from plainbill.settings import Settings
from plainbill.storage import Home, SnapshotStore

PAGE, API = "/findings/aws-advice", "/api/findings/aws-advice"
DISKS = list(volumes().values())
NONE: dict[Any, Any] = {kind: [] for kind in ADVICE}


def advised(home: Home, settings: Settings, resources: dict[Any, Any], **changes: Any) -> TestClient:
    plain = wasteful(**changes)
    SnapshotStore(home.snapshots).write(replace(plain, resources={EbsVolume: DISKS} | resources))
    return TestClient(dashboard(home, settings, checks=CHECKS), base_url=ADDRESS)


def on(disk: EbsVolume, advice: AwsRecommendation, **changes: Any) -> Any:
    """The same advice on another volume."""
    place: dict[str, Any] = {"account_id": disk.account_id, "region": disk.region}
    subject: dict[str, Any] = {
        "subject_arn": disk.arn,
        "subject_id": disk.volume_id,
        "recommendation_id": disk.volume_id,
    }
    return replace(advice, **place, **subject, **changes)


def test_before_anything_was_read_nothing_is_agreed(empty_client: TestClient) -> None:
    body = ask(empty_client, API)
    assert (body["taken_at"], body["opinions"], body["sources"]) == (None, [], [])
    assert body["gaps"][0]["kind"] == "Empty"
    assert "Nothing has been read yet" in empty_client.get(PAGE).text


def test_advice_that_was_not_asked_for_is_not_silence_of_aws(waste_client: TestClient) -> None:
    body = ask(waste_client, API, stance="all")
    assert (body["matching"], set(body["counts"].values())) == (0, {0})
    assert {one["state"] for one in body["sources"]} == {"not asked"}
    assert body["unasked"] > 0
    assert "that is not AWS saying nothing" in waste_client.get(PAGE).text


def test_advice_that_was_never_switched_on_is_said_so(home: Home, settings: Settings) -> None:
    off = tuple(
        gap(source=kind.source, account_id=None, region=None, kind="NotEnabled", remedy="Opt in. It is free.")
        for kind in ADVICE
    )
    client = advised(home, settings, NONE, gaps=off)
    body = ask(client, API)
    assert {one["state"] for one in body["sources"]} == {"not read"}
    assert {one["source"] for one in body["gaps"]} == {kind.source for kind in ADVICE}
    page = client.get(PAGE).text
    assert page.count("Not switched on") == 3
    assert "Opt in. It is free." in page


def test_what_is_not_shared_comes_first_and_the_counts_are_of_everything(
    home: Home, settings: Settings
) -> None:
    first, second, *_ = DISKS
    elsewhere = recommendation(
        subject_arn=None, subject_id=None, action_type="PurchaseSavingsPlans", monthly_saving="100.00"
    )
    again = on(first, of_volume(), monthly_saving="500.00")
    resources = {
        AwsRecommendation: [on(first, recommendation()), elsewhere],
        ComputeOptimizerRecommendation: [again],
        TrustedAdvisorRecommendation: [on(second, flag(), action_type="Rightsize")],
    }
    client = advised(home, settings, resources)
    everything, shown = ask(client, API, stance="all", size=500), ask(client, API)
    assert sum(everything["counts"].values()) == everything["matching"] == len(everything["opinions"])
    assert {row["stance"] for row in shown["opinions"]} <= {"disagree", "only theirs"}
    assert shown["counts"] == everything["counts"]
    assert Decimal(shown["their_saving"]["only theirs"]["USD"]) >= Decimal(100)
    (both,) = [row for row in everything["opinions"] if row["arn"] == first.arn]
    assert both["sources"] == ["Cost Optimization Hub", "Compute Optimizer"]
    assert both["their_saving"] == "8.00", "one opinion, with the leading voice's saving"
    (purchase,) = [row for row in shown["opinions"] if row["because"] == "a purchase"]
    assert (purchase["arn"], purchase["finding_id"], purchase["our_saving"]) == (None, None, None)


def test_pages_of_one_show_each_opinion_once(home: Home, settings: Settings) -> None:
    resources = NONE | {AwsRecommendation: [on(disk, recommendation()) for disk in DISKS]}
    client = advised(home, settings, resources)
    whole = ask(client, API, stance="all", size=500)["opinions"]
    pages = [ask(client, API, stance="all", size=1, page=page) for page in range(1, len(whole) + 1)]
    assert [row for page in pages for row in page["opinions"]] == whole
    assert ask(client, API, stance="all", size=1, page=99_999)["page"] == len(whole)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_advice_stays_text(home: Home, settings: Settings, text: str) -> None:
    said = on(
        DISKS[0],
        flag(action_type=text, finding=text, measured={text: text, "CPU": text}, current_type=text),
    )
    lost = gap(source=ComputeOptimizerRecommendation.source, reason=text, remedy=text, kind=text)
    client = advised(home, settings, NONE | {TrustedAdvisorRecommendation: [said]}, gaps=(lost,))
    for url in (PAGE, f"{PAGE}?stance=all&size=500"):
        page = client.get(url)
        assert page.status_code == 200
        for tag, attributes in elements(page.text):
            assert tag not in {"img", "iframe"}
            assert not [each for each in attributes if each.startswith("on")], (tag, attributes)
            assert tag != "script" or str(attributes.get("src", "")).startswith("/static/")
    assert text in unescape(client.get(PAGE).text)


def test_the_page_of_findings_leads_there(waste_client: TestClient) -> None:
    assert f'href="{PAGE}"' in waste_client.get("/findings").text
    assert waste_client.get("/findings/aws-advicf").status_code == 422
