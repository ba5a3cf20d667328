"""The doctor started from its page: a process of its own asks the endpoint, the page shows each fix."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from e2e.process import environment, plainbill
from plainbill.app import RefreshProcess, create_app
from plainbill.app.refresh import DOCTOR_COMMAND
from plainbill.demo.call import Fault
from plainbill.demo.server import DemoEndpoint
from plainbill.settings import Settings
from plainbill.storage import Home

PRODUCTION = "444455556666"
FORM = {"Accept": "text/html,*/*"}


@pytest.fixture
def demo() -> Iterator[DemoEndpoint]:
    with DemoEndpoint() as endpoint:
        yield endpoint


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def client(demo: DemoEndpoint, home: Home, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """The pages of an empty home on a machine that only knows the demo's endpoint."""
    theirs = environment(demo, home.root)
    for name in set(os.environ) - set(theirs):
        monkeypatch.delenv(name)
    for name, value in theirs.items():
        monkeypatch.setenv(name, value)
    settings = Settings(home=home.root, refresh_hours=0)
    doctor = RefreshProcess(None, DOCTOR_COMMAND, name="diagnosis", progress="/api/doctor")
    app = create_app(home, settings, RefreshProcess(home.lock), examiner=doctor)
    with TestClient(app, base_url="http://127.0.0.1:8585") as served:
        yield served


def found(client: TestClient) -> Any:
    """What the page's script waits for: the end of the diagnosis that runs."""
    for _ in range(1200):
        state = client.get("/api/doctor").json()
        if state["state"] != "running":
            return state
        time.sleep(0.1)
    raise AssertionError("the diagnosis did not end within two minutes")


def page(client: TestClient, path: str) -> str:
    return " ".join(unescape(client.get(path).text).split())


def test_a_look_at_the_page_asks_nothing_of_aws(client: TestClient, demo: DemoEndpoint) -> None:
    assert client.get("/api/doctor").json()["state"] == "never"
    assert "Nobody has looked yet" in page(client, "/doctor")
    assert demo.requests == []


def test_a_foreign_page_cannot_start_it(client: TestClient, demo: DemoEndpoint) -> None:
    answer = client.post("/api/doctor", headers={"Sec-Fetch-Site": "cross-site"})
    assert (answer.status_code, client.get("/api/doctor").json()["state"]) == (403, "never")
    assert demo.requests == []


def test_a_denied_action_is_shown_with_its_fix_and_the_first_screen_says_so(
    client: TestClient, demo: DemoEndpoint
) -> None:
    demo.change(denied=frozenset({(PRODUCTION, "us-east-1", "ec2:DescribeVolumes")}))
    started = client.post("/api/doctor", headers=FORM, follow_redirects=False)
    assert (started.status_code, started.headers["location"]) == (303, "/doctor")
    assert client.post("/api/doctor").status_code == 409
    assert "Trying the reads" in page(client, "/doctor")
    told = found(client)
    assert (told["state"], told["counts"]["denied"]) == ("found", 1)
    assert "ce" not in {request.service for request in demo.requests}
    html = page(client, "/doctor")
    assert "1 is not" in html
    assert f"{PRODUCTION} · us-east-1" in html
    assert '{"Effect": "Allow", "Action": "ec2:DescribeVolumes", "Resource": "*"}' in html
    assert "Without it you do not see" in html
    first = page(client, "/")
    assert "Credentials from the environment or .env (AWS_ACCESS_KEY_ID), 3 accounts" in first
    assert "not allowed" in first
    assert "Expected to cost at most" in first


def test_what_the_command_line_found_is_on_the_page(
    client: TestClient, demo: DemoEndpoint, home: Home
) -> None:
    expired = Fault("ExpiredToken", "The security token included in the request is expired", 403)
    demo.change(faults={("*", "*", "sts:GetCallerIdentity"): expired})
    plainbill("doctor", env=environment(demo, home.root))
    assert client.get("/api/doctor").json()["last"]["error"].startswith("The AWS credentials have expired")
    assert "The AWS credentials have expired" in page(client, "/doctor")
    assert "no access" in page(client, "/")
    demo.change(faults={})
    plainbill("doctor", env=environment(demo, home.root))
    assert "signed in" in page(client, "/")


def test_a_damaged_record_is_said_and_replaced(client: TestClient, home: Home) -> None:
    home.diagnosis.write_text("{")
    assert "doctor.json is damaged" in page(client, "/doctor")
    assert client.get("/api/doctor").json()["state"] == "failed"
    client.post("/api/doctor", headers=FORM, follow_redirects=False)
    assert found(client)["state"] == "found"


def test_a_server_that_only_shows_starts_nothing(home: Home) -> None:
    app = create_app(home, Settings(home=home.root, refresh_hours=0), None)
    with TestClient(app, base_url="http://127.0.0.1:8585") as client:
        assert client.post("/api/doctor").status_code == 503
        assert "run plainbill doctor" in page(client, "/doctor").replace("<code>", "").replace("</code>", "")
