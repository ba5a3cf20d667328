"""One endpoint for all cells."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from matrix.rig import Rig, rigged


@pytest.fixture(scope="session")
def rig() -> Iterator[Rig]:
    with rigged() as one:
        yield one
