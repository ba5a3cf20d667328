"""Who may ask, from where and by which name: every route, every combination."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator, Mapping
from itertools import product
from pathlib import Path

import pytest
from fastapi.routing import iter_route_contexts
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Message

from app.conftest import ADDRESS, dashboard, usual_settings
from plainbill.app.refresh import RefreshEvent
from plainbill.app.security import HEADERS, check_exposure
from plainbill.errors import ConfigError
from plainbill.settings import Settings
from plainbill.storage import Home

OWN, EVIL = "127.0.0.1:8585", "attacker.example"
METHODS = ("GET", "HEAD", "POST", "DELETE", "OPTIONS")
HOSTS = (OWN, "[::1]:8585", EVIL)
ORIGINS = (None, f"http://{OWN}", f"http://{EVIL}", "null")
SITES = (None, "same-origin", "none", "same-site", "cross-site")
PASSWORD = "correct horse"
NO_FINDING = NO_ANOMALY = "0" * 16


class Counter:
    """A refresher that counts how often it was started."""

    def __init__(self) -> None:
        self.started = 0
        self.is_running = False
        self.last_event: RefreshEvent | None = None
        self.latest: RefreshEvent | None = None

    async def start(self) -> None:
        self.started += 1

    async def follow(self, last_id: str | None = None) -> AsyncIterator[RefreshEvent]:  # noqa: ARG002  of the protocol
        nothing: tuple[RefreshEvent, ...] = ()
        for event in nothing:
            yield event

    async def close(self) -> None:
        self.is_running = False


@pytest.fixture(scope="module")
def counter() -> Counter:
    return Counter()


@pytest.fixture(scope="module")
def app_client(full_home: Home, counter: Counter) -> TestClient:
    app = dashboard(full_home, usual_settings(full_home.root), counter, examiner=counter)
    return TestClient(app, base_url=ADDRESS)


def all_paths(client: TestClient) -> list[str]:
    app = client.app
    contexts = iter_route_contexts(app.routes)  # type: ignore[attr-defined]  # a Dashboard
    paths = {str(each.path).replace("{name:path}", "css/base.css") for each in contexts}
    return sorted(
        path.replace("{finding_id}", NO_FINDING).replace("{anomaly_id}", NO_ANOMALY) for path in paths
    )


def may_pass(method: str, host: str, origin: str | None, site: str | None) -> bool:
    """The rule, written a second time."""
    if host == EVIL:
        return False
    if method in {"GET", "HEAD"}:
        return True
    if site is not None:
        return site in {"same-origin", "none"}
    return origin is None or origin == f"http://{host}"


def test_the_routes_are_those_that_are_meant(app_client: TestClient) -> None:
    assert all_paths(app_client) == [
        "/",
        "/anomalies",
        "/api/anomalies",
        "/api/anomalies.csv",
        f"/api/anomalies/{NO_ANOMALY}/decision",
        "/api/budgets",
        "/api/budgets/{name}",
        "/api/changes",
        "/api/changes.csv",
        "/api/checks",
        "/api/commitments",
        "/api/commitments.csv",
        "/api/cost-by-service",
        "/api/cost-by-service.csv",
        "/api/costs",
        "/api/costs.csv",
        "/api/coverage",
        "/api/doctor",
        "/api/findings",
        "/api/findings.csv",
        "/api/findings.md",
        f"/api/findings/{NO_FINDING}",
        f"/api/findings/{NO_FINDING}/decision",
        "/api/findings/aws-advice",
        "/api/forecast",
        "/api/idle-instances",
        "/api/idle-instances.csv",
        "/api/idle-presets",
        "/api/policies",
        "/api/policies/in-force",
        "/api/policies/{name}",
        "/api/refresh",
        "/api/refresh/events",
        "/api/search",
        "/api/settings",
        "/api/showback",
        "/api/showback.csv",
        "/api/showback/rules",
        "/api/showback/rules/{name}",
        "/api/status",
        "/api/unit-costs.csv",
        "/api/what-if",
        "/budgets",
        "/budgets/remove",
        "/changes",
        "/checks",
        "/commitments",
        "/cost",
        "/coverage",
        "/doctor",
        "/findings",
        f"/findings/{NO_FINDING}",
        "/findings/aws-advice",
        "/healthz",
        "/openapi.json",
        "/report",
        "/report.md",
        "/search",
        "/settings",
        "/showback",
        "/showback/rule",
        "/showback/rule/remove",
        "/static/css/base.css",
        "/what-if",
        "/what-if/idle-rules",
        "/what-if/policies",
        "/what-if/policies/save",
    ]


async def asked(app: ASGIApp, method: str, path: str, said: Mapping[str, str]) -> tuple[int, dict[str, str]]:
    """Send a request without a body straight to the application; return the answer's status and headers.

    A ``TestClient`` starts a thread and a loop for each request, which thousands of them would wait for.
    """
    headers = [(name.lower().encode(), value.encode()) for name, value in said.items()]
    at = {"scheme": "http", "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": ""}
    scope = {"type": "http", "http_version": "1.1", "method": method, "headers": headers, **at}
    told: list[Message] = []
    bodies: list[Message] = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive() -> Message:
        return bodies.pop() if bodies else await asyncio.Future()  # nobody hangs up

    async def send(message: Message) -> None:
        told.append(message)

    await app({**scope, "client": ("127.0.0.1", 50_000), "server": ("127.0.0.1", 8585)}, receive, send)
    start = told[0]
    return start["status"], {name.decode().lower(): value.decode() for name, value in start["headers"]}


def test_every_route_refuses_what_others_send(app_client: TestClient, counter: Counter) -> None:
    asyncio.run(every_route_refuses(app_client, counter))


async def every_route_refuses(app_client: TestClient, counter: Counter) -> None:
    before, expected, cases = counter.started, 0, 0
    for path, method, host, origin, site in product(all_paths(app_client), METHODS, HOSTS, ORIGINS, SITES):
        said = {"Host": host, "Origin": origin, "Sec-Fetch-Site": site}
        headers = {name: value for name, value in said.items() if value is not None}
        status, answered = await asked(app_client.app, method, path, headers)
        is_refused = status == 403
        assert is_refused is not may_pass(method, host, origin, site), (path, method, said)
        assert status < 500, (path, method, said, status)
        assert {name: answered.get(name.lower()) for name in HEADERS} == HEADERS, (path, method)
        expected += path in {"/api/doctor", "/api/refresh"} and method == "POST" and not is_refused
        cases += 1
    assert counter.started - before == expected == 38
    assert cases == 67 * 5 * 3 * 4 * 5


@pytest.mark.parametrize(
    "host",
    [
        "",
        "127.0.0.1:8585@evil",
        "127.0.0.1 ",
        "127.0.0.1:x",
        "[::1",
        "localhost:8585:1",
        "a\\b",
        "127.0.0.2",
        f"127.0.0.1.{EVIL}",
        "169.254.169.254",
    ],
)
def test_a_host_that_is_none_is_refused(app_client: TestClient, host: str) -> None:
    assert app_client.get("/healthz", headers={"Host": host}).status_code == 403


def test_a_trailing_dot_and_capitals_are_the_same_host(app_client: TestClient) -> None:
    assert app_client.get("/healthz", headers={"Host": "LOCALHOST.:8585"}).status_code == 200


def test_two_hosts_are_refused(app_client: TestClient) -> None:
    headers = [("Host", OWN), ("Host", EVIL)]
    assert app_client.get("/healthz", headers=headers).status_code == 400


def test_further_names_are_answered_to_when_they_are_allowed(full_home: Home) -> None:
    settings = usual_settings(full_home.root, allowed_hosts=("costs.example",))
    client = TestClient(dashboard(full_home, settings), base_url=ADDRESS)
    assert client.get("/healthz", headers={"Host": "costs.example"}).status_code == 200
    assert client.get("/healthz", headers={"Host": EVIL}).status_code == 403


def test_beyond_loopback_addresses_are_answered_to_but_names_are_not(full_home: Home) -> None:
    settings = usual_settings(full_home.root, host="0.0.0.0", password=PASSWORD)  # noqa: S104  the case itself
    client = TestClient(dashboard(full_home, settings), base_url=ADDRESS)
    assert client.get("/healthz", headers={"Host": "192.168.1.5:8585"}).status_code == 200
    assert client.get("/healthz", headers={"Host": EVIL}).status_code == 403


def basic(password: str, user: str = "anyone") -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


def test_without_the_password_nothing_but_the_health_check_is_answered(full_home: Home) -> None:
    settings = usual_settings(full_home.root, password=PASSWORD)
    client = TestClient(dashboard(full_home, settings), base_url=ADDRESS)
    for path in all_paths(client):
        answer = client.get(path)
        assert answer.status_code == (200 if path == "/healthz" else 401), path
        assert client.get(path, headers=basic(PASSWORD)).status_code in {200, 404, 405, 422}, path
    assert client.get("/").headers["www-authenticate"].startswith("Basic ")


@pytest.mark.parametrize(
    "said",
    [
        basic(""),
        basic(PASSWORD + " "),
        basic(PASSWORD[:-1]),
        {"Authorization": "Basic"},
        {"Authorization": "Basic !!!"},
        {"Authorization": f"Bearer {PASSWORD}"},
        {"Authorization": ""},
    ],
)
def test_anything_but_the_password_is_wrong(full_home: Home, said: dict[str, str]) -> None:
    settings = usual_settings(full_home.root, password=PASSWORD)
    client = TestClient(dashboard(full_home, settings), base_url=ADDRESS)
    assert client.get("/api/status", headers=said).status_code == 401


def test_a_password_may_hold_any_characters(full_home: Home) -> None:
    settings = usual_settings(full_home.root, password="pä:ss:wörd ✓")
    client = TestClient(dashboard(full_home, settings), base_url=ADDRESS)
    assert client.get("/api/status", headers=basic("pä:ss:wörd ✓")).status_code == 200


def test_wrong_passwords_are_slowed_down_and_the_health_check_is_not(full_home: Home) -> None:
    settings = usual_settings(full_home.root, password=PASSWORD)
    client = TestClient(dashboard(full_home, settings), base_url=ADDRESS)
    answers = [client.get("/api/status", headers=basic(f"guess {n}")).status_code for n in range(7)]
    assert answers == [401, 401, 401, 401, 401, 429, 429]
    slowed = client.get("/api/status", headers=basic(PASSWORD))
    assert slowed.status_code == 429
    assert int(slowed.headers["retry-after"]) >= 1
    assert client.get("/healthz").status_code == 200


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.8.9.10", "::ffff:127.0.0.1"])
def test_loopback_needs_no_password(tmp_path: Path, host: str) -> None:
    check_exposure(usual_settings(tmp_path, host=host))


@pytest.mark.parametrize(
    "host",
    [
        "0.0.0.0",  # noqa: S104  the case itself
        "::",
        "192.168.1.5",
        "10.0.0.1",
        "::ffff:0.0.0.0",
        "::ffff:192.168.1.5",
        "fe80::1",
        "",
        "myhost",
    ],
)
def test_any_other_address_needs_one(tmp_path: Path, host: str) -> None:
    with pytest.raises(ConfigError, match="PLAINBILL_PASSWORD"):
        check_exposure(usual_settings(tmp_path, host=host))
    check_exposure(Settings(home=tmp_path, host=host, password=PASSWORD))  # type: ignore[arg-type]  # as from the environment
