"""The whole product against the demo's endpoint: the real command, real HTTP, real files."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from e2e.process import Refreshed, environment, plainbill
from plainbill.app import create_app
from plainbill.demo.server import DemoEndpoint
from plainbill.model.period import utc_now
from plainbill.settings import Settings
from plainbill.storage import Home


@pytest.fixture(scope="session")
def refreshed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Refreshed]:
    home = tmp_path_factory.mktemp("home")
    with DemoEndpoint(now=utc_now()) as demo:  # a day that stays the same past midnight
        done = plainbill("refresh", "--json", env=environment(demo, home))
        assert done.returncode == 0, done.stderr
        yield Refreshed(demo, home, json.loads(done.stdout))


@pytest.fixture(scope="session")
def client(refreshed: Refreshed) -> Iterator[TestClient]:
    settings = Settings(home=refreshed.home)
    clock = refreshed.demo.endpoint.clock
    app = create_app(Home(refreshed.home), settings, None, clock=clock)
    with TestClient(app, base_url="http://127.0.0.1:8585") as client:
        yield client
