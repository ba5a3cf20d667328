"""The demo company at a fixed noon, served over HTTP."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from factories import NOW
from plainbill.demo.company import Company
from plainbill.demo.server import DemoEndpoint


@pytest.fixture(scope="package")
def aws() -> Iterator[DemoEndpoint]:
    """One endpoint for all that only reads."""
    with DemoEndpoint(now=NOW) as endpoint:
        yield endpoint


@pytest.fixture(scope="package")
def company() -> Company:
    """The same company without any wire."""
    return Company(NOW.date())
