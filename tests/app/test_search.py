"""Search finds what has a name and nothing else, and never answers with more than a screenful."""

from __future__ import annotations

from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from app.company import PRODUCTION
from plainbill.app.examples_findings import FINDINGS
from plainbill.app.places import MORE_PLACES, PLACES
from plainbill.app.views.finding_table import FindingTable
from plainbill.app.views.search import MOST_FINDINGS, MOST_OF_A_KIND, HitView, search_view

ENTRIES = [
    HitView(kind="Service", label=f"Amazon Thing {n}", detail="cost", href="/cost") for n in range(300)
]


def hits(client: TestClient, q: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = client.get("/api/search", params={"q": q}).json()["hits"]
    return found


def test_without_words_only_pages_are_there(waste_client: TestClient) -> None:
    assert [hit["href"] for hit in hits(waste_client, " ")] == [each.path for each in (*PLACES, *MORE_PLACES)]


def test_what_no_name_holds_is_not_found(waste_client: TestClient) -> None:
    answer = waste_client.get("/api/search", params={"q": "no such thing"}).json()
    assert answer == {"q": "no such thing", "hits": [], "findings": 0}
    page = waste_client.get("/search", params={"q": "<b>no</b>"})
    assert "<b>no</b>" not in page.text


def test_every_page_has_a_key_of_its_own() -> None:
    keys = [place.key for place in (*PLACES, *MORE_PLACES)]
    assert len(keys) == len(set(keys))
    assert "g" not in keys


@pytest.mark.parametrize(
    ("q", "kind", "href"),
    [
        ("coverage", "Page", "/coverage"),
        (PRODUCTION, "Account", f"/cost?account={PRODUCTION}&group=service"),
        ("storage service", "Service", "/cost?service=Amazon+Simple+Storage+Service"),
    ],
)
def test_a_page_an_account_and_a_service_are_found_by_name(
    client: TestClient, q: str, kind: str, href: str
) -> None:
    assert (kind, href) in [(hit["kind"], hit["href"]) for hit in hits(client, q)]


def test_every_hit_leads_to_a_page(waste_client: TestClient) -> None:
    found = {hit["href"] for q in ("", "a", "e", "volume") for hit in hits(waste_client, q)}
    assert {"Check", "Finding"} <= {hit["kind"] for hit in hits(waste_client, "volume")}
    assert [href for href in found if waste_client.get(href).status_code != 200] == []


def test_however_much_is_stored_the_answer_stays_small() -> None:
    table = FindingTable([replace(FINDINGS.findings[0], title="thing") for _ in range(2_000)])
    view = search_view("thing", ENTRIES, table)
    assert len(view.hits) <= MOST_OF_A_KIND + MOST_FINDINGS + 1
    assert [hit.label for hit in view.hits[:2]] == ["Amazon Thing 0", "Amazon Thing 1"]


def test_a_name_that_begins_with_the_word_comes_first() -> None:
    names = ["Idle NAT", "NAT idle"]
    entries = [HitView(kind="Check", label=label, detail="", href="/checks") for label in names]
    found = search_view("nat", entries, FindingTable([])).hits
    assert [hit.label for hit in found] == ["NAT idle", "Idle NAT"]
