"""In every state of the data no page is a dead end: links lead somewhere, amounts to rows, gaps to fixes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from e2e.crawl import Crawl, page_of
from e2e.scenes import client_of, fill
from plainbill.app.places import MORE_PLACES, PLACES

ALL = [place.path for place in (*PLACES, *MORE_PLACES)]


@pytest.fixture(scope="module", params=["gaps", "stale", "empty", "new"])
def scene(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, TestClient]]:
    home = tmp_path_factory.mktemp(request.param) / "home"
    fill(request.param, home)
    with client_of(home) as client:
        yield request.param, client


def test_the_state_is_the_one_that_the_scene_is_named_for(scene: tuple[str, TestClient]) -> None:
    name, client = scene
    status = client.get("/api/status").json()
    states = {"gaps": "partial", "stale": "stale", "empty": "complete", "new": "empty"}
    assert status["state"] == states[name]
    assert (status["last_error"] is not None) == (name == "stale")


def test_every_link_is_answered_and_every_anchor_is_there(scene: tuple[str, TestClient]) -> None:
    crawl = Crawl(scene[1])
    crawl.walk(*ALL)
    assert crawl.broken == []
    assert len(crawl.pages) >= len(ALL)


@pytest.mark.parametrize("path", ["/", "/cost", "/findings"])
def test_every_amount_leads_to_the_rows_behind_it(scene: tuple[str, TestClient], path: str) -> None:
    amounts = page_of(scene[1].get(path).text).amounts
    assert [text for text, is_linked in amounts if not is_linked] == []
    assert amounts or scene[0] in {"new", "empty"}


def test_every_gap_shows_its_fix(scene: tuple[str, TestClient]) -> None:
    name, client = scene
    status, page = client.get("/api/status").json(), client.get("/").text
    assert all(gap["remedy"] for gap in status["gaps"])
    shown = page.count('class="remedy"')
    assert shown >= len({(gap["kind"], gap["action"], gap["remedy"]) for gap in status["gaps"]})
    assert (shown > 0) == (name in {"gaps", "stale"})


def test_what_is_missing_is_said_on_every_page(scene: tuple[str, TestClient]) -> None:
    name, client = scene
    words = {
        "gaps": ("2 of 3 accounts", "left out, not counted as zero"),
        "stale": ("Read 6 days ago", "the last refresh failed"),
        "new": (),
        "empty": (),
    }[name]
    for path in [path for path in ALL if path not in {"/", "/report"}]:
        html = " ".join(client.get(path).text.split())
        assert [word for word in words if word not in html] == [], path
        assert 'id="standing-' in html if words else 'id="standing-' not in html


def test_nothing_unread_is_called_zero(scene: tuple[str, TestClient]) -> None:
    if scene[0] == "new":
        for path in ALL:
            assert "$0.00" not in scene[1].get(path).text, path


def test_days_that_are_in_no_row_are_named_with_awss_own_total(scene: tuple[str, TestClient]) -> None:
    name, client = scene
    costs = client.get("/api/cost-by-service").json()
    if name != "gaps":
        assert costs["missing_total"] is None or costs["missing_days"]
        return
    assert len(costs["missing_days"]) == 2
    assert float(costs["missing_total"]) > 0
    html = " ".join(client.get("/cost").text.split())
    assert "2 days of this period could not be read and are in no row: by AWS's own total they are" in html
