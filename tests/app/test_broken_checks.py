"""The pages stand when a check of another package breaks, and say so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.conftest import ADDRESS, usual_settings
from app.waste import CHECKS, wasteful
from factories import NOW
from plainbill.analyzer.isolation import SOURCE, Failed, failure_gap
from plainbill.analyzer.waste_check import Context, WasteCheck
from plainbill.app import create_app
from plainbill.model.findings import Action, Effort, Verdict
from plainbill.model.resources.ebs import EbsVolume
from plainbill.storage import Home, SnapshotStore

PAGES = (
    "/",
    "/findings",
    "/coverage",
    "/checks",
    "/what-if",
    "/api/findings",
    "/api/coverage",
    "/api/checks",
)
SAID = "ebs_volume_broken failed with LookupError"
SECRET = "wJalrXUtnFEMI/K7MDENG"


@dataclass(frozen=True)
class EbsVolumeBroken(WasteCheck[EbsVolume]):
    """Breaks at every volume."""

    id, title = "ebs_volume_broken", "Broken EBS volume"
    resource, action, effort = EbsVolume, Action.DELETE, Effort.LOW
    rule = "None."

    def evaluate(self, resource: EbsVolume, context: Context) -> Verdict:
        assert context
        raise LookupError(f"{SECRET} {resource.tags}")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    home = Home(tmp_path_factory.mktemp("broken") / "home")
    SnapshotStore(home.snapshots).write(wasteful())
    checks = (*CHECKS, EbsVolumeBroken())
    app = create_app(home, usual_settings(home.root), None, clock=lambda: NOW, look_every=0, checks=checks)
    with TestClient(app, base_url=ADDRESS) as client:
        yield client


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_there_and_repeats_nothing_of_the_error(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert SECRET not in answer.text


def test_what_the_other_checks_found_is_as_it_was(client: TestClient, waste_client: TestClient) -> None:
    with_it, without = (one.get("/api/findings").json() for one in (client, waste_client))
    assert with_it["findings"] == without["findings"]
    assert with_it["totals"] == without["totals"]


def test_where_it_broke_the_coverage_says_that_it_could_not_check_and_why(client: TestClient) -> None:
    said: dict[str, Any] = client.get("/api/coverage?check=ebs_volume_broken").json()
    broken = [
        cell for cell in said["cells"] if cell["state"] == "could_not_check" and cell["could_not_judge"]
    ]
    assert broken
    for cell in broken:
        gap = said["gaps"][cell["gap"]]
        assert (gap["source"], gap["kind"]) == (SOURCE, "LookupError")
        assert (gap["account_id"], gap["region"]) == (cell["account_id"], cell["region"])
        assert SAID in gap["reason"]
    assert SAID in client.get("/coverage").text


def test_the_list_of_checks_says_which_one_broke(client: TestClient) -> None:
    checks = {one["id"]: one for one in client.get("/api/checks").json()["checks"]}
    assert SAID in checks["ebs_volume_broken"]["failure"]
    assert checks["ebs_volume_lonely"]["failure"] is None
    assert SAID in client.get("/checks").text


def test_it_is_no_clean_bill(client: TestClient, waste_client: TestClient) -> None:
    with_it, without = (one.get("/api/findings").json()["could_not_check"] for one in (client, waste_client))
    assert with_it["could_not_check"] > without["could_not_check"]
    gaps = client.get("/api/findings").json()["gaps"]
    assert [gap for gap in gaps if gap["source"] == SOURCE]


def test_a_package_that_cannot_be_used_is_named_by_the_pages_of_checks_and_of_coverage(
    tmp_path: Path,
) -> None:
    home = Home(tmp_path / "home")
    SnapshotStore(home.snapshots).write(wasteful())
    app = create_app(home, usual_settings(home.root), None, clock=lambda: NOW, look_every=0, checks=CHECKS)
    app.record.refused = (
        failure_gap(Failed("the entry point theirs failed with OSError", "OSError"), None, None),
    )
    client = TestClient(app, base_url=ADDRESS)
    for path in ("/checks", "/coverage"):
        assert "the entry point theirs failed with OSError" in client.get(path).text
    (refused,) = client.get("/api/checks").json()["refused"]
    assert refused["kind"] == "OSError"
    before = client.get("/api/findings?check=ebs_volume_lonely").json()["could_not_check"]["could_not_check"]
    assert client.get("/api/findings").json()["could_not_check"]["could_not_check"] > before
