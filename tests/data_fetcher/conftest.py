"""The demo company behind its endpoint, and a proxy in front of it that fails on demand."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from aws import connected
from factories import NOW
from faults import FaultProxy
from plainbill.aws_connector import Connector
from plainbill.demo.call import Options
from plainbill.demo.server import DemoEndpoint


@pytest.fixture(scope="session")
def running() -> Iterator[DemoEndpoint]:
    with DemoEndpoint(now=NOW) as endpoint:
        yield endpoint


@pytest.fixture
def demo(running: DemoEndpoint) -> Iterator[DemoEndpoint]:
    """The endpoint as AWS is; what a test changes of it is undone."""
    yield running
    running.options = running.endpoint.options = Options()


@pytest.fixture
def proxy(demo: DemoEndpoint) -> Iterator[FaultProxy]:
    with FaultProxy(demo.url) as between:
        yield between


@pytest.fixture
def connector(demo: DemoEndpoint, proxy: FaultProxy) -> Iterator[Connector]:
    with connected(demo.environment, proxy.url) as opened:
        yield opened
