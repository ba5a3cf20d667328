"""The estate that the crash tests refresh from, read once."""

from __future__ import annotations

import pytest

from crashing import estate
from plainbill.storage import Collected


@pytest.fixture(scope="session")
def read() -> Collected:
    return estate.gather()
