"""The demo company, and a home to refresh from it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from factories import NOW
from faults import FaultProxy
from pipeline.desk import Desk
from plainbill.demo.server import DemoEndpoint


@pytest.fixture(scope="session")
def demo() -> Iterator[DemoEndpoint]:
    with DemoEndpoint(now=NOW) as endpoint:
        yield endpoint


@pytest.fixture
def desk(tmp_path: Path, demo: DemoEndpoint) -> Iterator[Desk]:
    with FaultProxy(demo.url) as proxy:
        desk = Desk(tmp_path / "home", demo, proxy)
        yield desk
        desk.close()
