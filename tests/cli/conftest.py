"""A home that the real command has filled from the demo's endpoint, hostile names and all."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from e2e.process import Refreshed, environment, plainbill
from plainbill.demo.server import DemoEndpoint


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Refreshed]:
    home = tmp_path_factory.mktemp("filled")
    with DemoEndpoint(hostile=True) as demo:
        done = plainbill("refresh", "--json", env=environment(demo, home))
        assert done.returncode == 0, done.stderr
        yield Refreshed(demo, home, json.loads(done.stdout))
