"""What can stop being paid for, end to end: what is really saved, what AWS says, what people decided."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

import pytest
from starlette.testclient import TestClient

from e2e.process import Refreshed
from plainbill.model.lifecycle import FindingState


@pytest.fixture(scope="module")
def body(client: TestClient) -> dict[str, Any]:
    answer = client.get("/api/findings", params={"size": 200})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def proof_of(client: TestClient, name: str, check: str) -> dict[str, Any]:
    rows = client.get("/api/findings", params={"q": name, "check": check}).json()["findings"]
    proof: dict[str, Any] = client.get(f"/api/findings/{rows[0]['finding_id']}").json()
    return proof


def test_pages_of_findings_ask_aws_for_nothing(client: TestClient, refreshed: Refreshed) -> None:
    before = len(refreshed.demo.requests)
    for path in ("/findings", "/coverage", "/checks", "/what-if", "/api/findings", "/api/coverage"):
        assert client.get(path).status_code == 200, path
    assert len(refreshed.demo.requests) == before


def test_no_saving_is_above_the_cost_and_the_sum_is_that_of_what_counts(body: dict[str, Any]) -> None:
    assert body["matching"] == len(body["findings"]) or body["pages"] > 1
    for row in body["findings"]:
        if row["monthly_saving"] is not None and row["monthly_cost"] is not None:
            assert 0 <= Decimal(row["monthly_saving"]) <= Decimal(row["monthly_cost"]), row["arn"]
    counted = sum(Decimal(row["counted_saving"]) for row in body["findings"] if row["counted_saving"])
    assert counted <= Decimal(body["overall"]["monthly_saving"]["USD"])


def test_what_is_really_saved_is_not_more_than_the_list_says(body: dict[str, Any]) -> None:
    listed = Decimal(body["overall"]["monthly_saving"]["USD"])
    assert 0 < Decimal(body["realisable"]["monthly_saving"]["USD"]) < listed


def test_a_reservation_that_goes_on_being_billed_saves_nothing(client: TestClient) -> None:
    proof = proof_of(client, "session-cache-old-01", "ec2_instance_idle")
    assert Decimal(proof["finding"]["monthly_saving"]) > 0
    assert Decimal(proof["realisable"]["monthly_saving"]) == 0
    page = client.get(f"/findings/{proof['finding']['finding_id']}").text
    assert "$0.00" in page.partition('id="realisable"')[2].partition("</p>")[0]


def test_aws_s_own_word_stands_beside_ours_and_in_no_sum(client: TestClient, body: dict[str, Any]) -> None:
    stances = Counter(
        opinion["stance"]
        for row in body["findings"][:80]
        for opinion in client.get(f"/api/findings/{row['finding_id']}").json()["second_opinions"]
    )
    assert stances["agree"] >= 1
    assert stances["only ours"] >= 1


def test_what_is_dismissed_is_out_of_the_list_and_of_the_sum(client: TestClient) -> None:
    before = client.get("/api/findings").json()
    first = before["findings"][0]
    path = f"/api/findings/{first['finding_id']}/decision"
    said = {"state": "dismissed", "note": "kept on purpose", "who": "kim"}
    try:
        assert client.post(path, json=said).status_code == 200
        after = client.get("/api/findings").json()
        assert first["finding_id"] not in {row["finding_id"] for row in after["findings"]}
        assert after["matching"] == before["matching"] - 1
        fell = Decimal(before["overall"]["monthly_saving"]["USD"]) - Decimal(
            after["overall"]["monthly_saving"]["USD"]
        )
        assert 0 <= fell <= Decimal(first["counted_saving"])
        dismissed = client.get("/api/findings", params={"state": FindingState.DISMISSED.value}).json()
        assert [row["who"] for row in dismissed["findings"]] == ["kim"]
    finally:
        client.post(path, json={"state": "open", "who": "kim"})
