"""Idle instances over HTTP: judged anew by every request's thresholds."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.company import PRODUCTION, RESEARCH, collected, fleet, gap
from app.conftest import ADDRESS, dashboard
from factories import last_hours
from plainbill.analyzer.ec2_idle import PRESETS
from plainbill.prices import PriceBook
from plainbill.settings import Settings
from plainbill.storage import Home, SnapshotStore

URL = "/api/idle-instances"
ID = {what: machine.instance_id for what, (machine, _) in fleet().items()}


def ask(client: TestClient, **params: Any) -> dict[str, Any]:
    answer = client.get(URL, params={name: str(value) for name, value in params.items()})
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def found(body: dict[str, Any], field: str = "instances") -> set[str]:
    return {row["instance_id"] for row in body[field]}


def test_before_anything_was_read_nothing_is_known(empty_client: TestClient) -> None:
    body = ask(empty_client)
    assert body["counts"] == {"running": 0, "idle": 0, "not_idle": 0, "could_not_tell": 0}
    assert [gap["reason"] for gap in body["gaps"]] == ["nothing has been read yet"]
    assert (body["start"], body["end"]) == (None, None)


def test_machines_at_work_and_machines_that_cannot_be_judged_are_left_alone(client: TestClient) -> None:
    body = ask(client)
    assert {ID["busy"], ID["spiky"]}.isdisjoint(found(body) | found(body, "could_not_tell"))
    assert found(body, "could_not_tell") == {ID["young"], ID["without metrics"]}
    assert all(row["reason"] for row in body["could_not_tell"])


def test_the_usual_rule_finds_the_idle_ones(client: TestClient) -> None:
    body = ask(client)
    assert body["criteria"] == {
        "name": "seed", "cpu_average": 5.0, "cpu_maximum": 10.0, "days": 14, "min_coverage": 0.9,
    }  # fmt: skip
    assert found(body) == {ID["idle"], ID["idle elsewhere"], ID["idle at a price not known"]}
    assert body["counts"] == {"running": 7, "idle": 3, "not_idle": 2, "could_not_tell": 2}


@pytest.mark.parametrize("name", PRESETS)
def test_every_named_rule_leaves_machines_at_work_alone(client: TestClient, name: str) -> None:
    body = ask(client, preset=name)
    assert ID["busy"] not in found(body) | found(body, "could_not_tell")
    assert ID["without metrics"] in found(body, "could_not_tell")
    assert sum(count for what, count in body["counts"].items() if what != "running") == 7


def test_a_named_rule_answers_as_it_does_beside_the_others(client: TestClient) -> None:
    beside = {one["name"]: one for one in client.get("/api/idle-presets").json()["presets"]}
    for name, one in beside.items():
        counts = ask(client, preset=name)["counts"]
        assert {what: one[what] for what in ("idle", "not_idle", "could_not_tell")} == {
            what: count for what, count in counts.items() if what != "running"
        }, name


def test_a_named_rule_has_no_thresholds_to_show_or_to_set(client: TestClient) -> None:
    criteria = ask(client, preset="azure")["criteria"]
    assert criteria == {
        "name": "azure", "cpu_average": None, "cpu_maximum": None, "days": 7, "min_coverage": None,
    }  # fmt: skip
    for name, value in {"cpu_average": 4, "cpu_maximum": 9, "days": 7}.items():
        answer = client.get(URL, params={"preset": "azure", name: value})
        assert (answer.status_code, answer.json()["parameter"]) == (422, name)
        assert "the rule azure has thresholds of its own" in answer.json()["detail"]
    assert client.get(URL, params={"preset": "ours"}).status_code == 422


def test_each_row_carries_its_proof(client: TestClient) -> None:
    row = next(row for row in ask(client)["instances"] if row["instance_id"] == ID["idle"])
    assert (row["cpu_average"], row["cpu_maximum"], row["coverage"]) == (1.5, 4.25, 1.0)
    assert row["network_bytes_per_day"] == 24 * 1000
    assert (row["account_id"], row["account_name"], row["region"]) == (PRODUCTION, "Production", "us-east-1")
    assert row["launched_at"] == "2025-03-02T08:00:00Z"
    assert row["reason"]


def test_an_unknown_price_is_left_out_of_the_sum_and_counted(client: TestClient) -> None:
    body = ask(client)
    prices = [PriceBook.load().monthly(machine) for what, (machine, _) in fleet().items() if "idle" in what]
    known = [price.amount for price in prices if price is not None]
    assert Decimal(body["monthly_cost_total"]) == sum(known) > 0
    assert body["unknown_price"] == len(prices) - len(known) > 0
    shown = {row["instance_id"]: row["monthly_cost"] for row in body["instances"]}
    assert shown[ID["idle at a price not known"]] is None


@pytest.mark.parametrize(
    ("asked", "idle"),
    [
        ({"cpu_average": 0}, set()),
        ({"cpu_maximum": 0}, set()),
        ({"cpu_maximum": 4.25}, {"idle elsewhere", "idle at a price not known"}),
        ({"cpu_average": 1.5}, {"idle at a price not known"}),
        ({"cpu_maximum": 10.5}, {"idle", "idle elsewhere", "idle at a price not known", "spiky"}),
        ({"days": 2}, {"idle", "idle elsewhere", "idle at a price not known", "young"}),
        ({"account": RESEARCH}, {"idle elsewhere"}),
        ({"region": "us-east-1"}, {"idle", "idle at a price not known"}),
        ({"account": RESEARCH, "region": "us-east-1"}, set()),
        ({"cpu_average": "", "account": ""}, {"idle", "idle elsewhere", "idle at a price not known"}),
    ],
)
def test_the_request_sets_the_rule_and_the_place(
    client: TestClient, asked: dict[str, Any], idle: set[str]
) -> None:
    assert found(ask(client, **asked)) == {ID[what] for what in idle}


def test_the_window_is_the_days_that_were_asked_for(client: TestClient) -> None:
    body = ask(client, days=2)
    assert (body["start"], body["end"]) == ("2026-11-22T12:00:00Z", "2026-11-24T12:00:00Z")


def test_fewer_stored_days_than_usual_are_judged_by_what_is_stored(home: Home, settings: Settings) -> None:
    SnapshotStore(home.snapshots).write(
        collected(
            metrics_period=last_hours(7 * 24), utilization={}, gaps=(gap(), gap(source="cost_explorer"))
        )
    )
    body = ask(TestClient(dashboard(home, settings), base_url=ADDRESS))
    assert body["criteria"]["days"] == 7
    assert body["counts"]["could_not_tell"] == body["counts"]["running"] == 7


def test_only_gaps_that_concern_the_asked_instances_are_among_them(home: Home, settings: Settings) -> None:
    gaps = (
        gap(source="cost_explorer.service", region=None),
        gap(region="eu-west-3"),
        gap(source="cloudwatch", region="us-east-1", account_id=PRODUCTION),
        gap(source="sts", region=None),
    )
    SnapshotStore(home.snapshots).write(collected(gaps=gaps))
    client = TestClient(dashboard(home, settings), base_url=ADDRESS)
    assert {each["source"] for each in ask(client)["gaps"]} == {"ec2_instances", "cloudwatch", "sts"}
    assert {each["source"] for each in ask(client, account=PRODUCTION)["gaps"]} == {"cloudwatch"}
    assert {each["source"] for each in ask(client, region="us-east-1")["gaps"]} == {"cloudwatch", "sts"}
