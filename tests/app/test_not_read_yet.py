"""What was not read yet is told from what could not be read, in every answer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.company import FIRST, STORED, collected, gap, service_records
from app.conftest import ADDRESS, dashboard
from factories import TODAY
from plainbill.app.places import MORE_PLACES, PLACES
from plainbill.model.cost import CostTable
from plainbill.settings import Settings
from plainbill.storage import CostSpan, Home, SnapshotStore

DAY = timedelta(days=1)
CSV = (
    "/api/anomalies.csv", "/api/changes.csv", "/api/commitments.csv", "/api/cost-by-service.csv",
    "/api/costs.csv", "/api/findings.csv", "/api/idle-instances.csv", "/api/showback.csv",
    "/api/unit-costs.csv",
)  # fmt: skip
NOTED = ("/api/cost-by-service", "/api/costs", "/api/showback")
REASONED = ("/api/anomalies", "/api/changes", "/api/commitments", "/api/findings", "/api/forecast", *NOTED)
WHAT_TO_DO = "nothing has been read yet; start a refresh: the button on the page, or `plainbill refresh`"


def serve(home: Home, settings: Settings, **changes: Any) -> TestClient:
    SnapshotStore(home.snapshots).write(collected(**changes))
    return TestClient(dashboard(home, settings), base_url=ADDRESS)


def note(client: TestClient, url: str, **params: Any) -> str:
    body = client.get(url, params={name: str(value) for name, value in params.items()}).json()
    said: str = body["control_note"] if "control_note" in body else body["reconciliation"]["note"]
    return said


# --- leaves alone -------------------------------------------------------------------------


@pytest.mark.parametrize("url", NOTED)
def test_what_aws_refused_could_not_be_read(home: Home, settings: Settings, url: str) -> None:
    refused = gap(source="cost_explorer.service", region=None)
    client = serve(home, settings, costs={}, gaps=(refused,))
    assert note(client, url) == "the costs of these days could not be read"
    assert "could not be read" in client.get("/cost").text


@pytest.mark.parametrize("url", CSV)
def test_a_table_of_what_was_read_is_given_even_without_rows(
    home: Home, settings: Settings, url: str
) -> None:
    client = serve(home, settings, costs={})
    assert (client.get(url).status_code, client.get(url).text.count(",") > 5) == (200, True)


def test_no_findings_of_what_was_read_are_no_findings(client: TestClient) -> None:
    assert "No findings." in client.get("/api/findings.md", params={"q": "of no such name"}).text


# --- says ---------------------------------------------------------------------------------


@pytest.mark.parametrize("url", NOTED)
def test_days_that_nobody_asked_for_were_not_read(client: TestClient, url: str) -> None:
    before = {"start": FIRST - 40 * DAY, "end": FIRST - 10 * DAY}
    assert note(client, url, **before) == "no cost of these days has been read"


@pytest.mark.parametrize("url", NOTED)
def test_days_that_aws_has_not_filled_are_not_called_unread(home: Home, settings: Settings, url: str) -> None:
    filled = [row for row in service_records() if row.day < TODAY - DAY]
    client = serve(home, settings, costs={CostTable.SERVICE: CostSpan(STORED, filled)})
    said = note(client, url, start=TODAY - DAY, end=TODAY)
    assert said == "AWS has put nothing on the bill yet for these days"


def test_before_the_first_reading_no_answer_says_that_something_could_not_be_read(
    empty_client: TestClient,
) -> None:
    described = empty_client.get("/openapi.json").json()["paths"]
    asked = [path for path, way in described.items() if "get" in way and "{" not in path]
    asked.remove("/api/refresh/events")
    pages = [place.path for place in (*PLACES, *MORE_PLACES)]
    assert len(asked) > 25
    for url in (*asked, *pages):
        assert "could not be read" not in empty_client.get(url).text, url


@pytest.mark.parametrize("url", REASONED)
def test_before_the_first_reading_every_answer_says_what_to_do(empty_client: TestClient, url: str) -> None:
    assert "start a refresh: the button on the page, or `plainbill refresh`" in empty_client.get(url).text


@pytest.mark.parametrize("url", NOTED)
def test_before_the_first_reading_a_total_says_so(empty_client: TestClient, url: str) -> None:
    assert note(empty_client, url) == WHAT_TO_DO


@pytest.mark.parametrize("url", CSV)
def test_before_the_first_reading_there_is_no_table_that_looks_like_nothing_found(
    empty_client: TestClient, url: str
) -> None:
    answer = empty_client.get(url)
    assert (answer.status_code, answer.json()["detail"]) == (409, WHAT_TO_DO)


@pytest.mark.parametrize("url", ["/api/findings.md", "/report.md"])
def test_before_the_first_reading_markdown_says_so_and_nothing_else(
    empty_client: TestClient, url: str
) -> None:
    title, said = empty_client.get(url).text.strip().split("\n\n")
    assert title.startswith("# ")
    assert said == f"N{WHAT_TO_DO[1:]}."
