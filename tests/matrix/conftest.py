"""One endpoint for all cells."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from matrix.rig import Rig, rigged


@pytest.fixture(scope="session")
def for_all() -> Iterator[Rig]:
    with rigged() as one:
        yield one


@pytest.fixture(scope="module")
def rig(for_all: Rig) -> Iterator[Rig]:
    """The rig of all files; its connector is let go of with each, and with it the environment."""
    yield for_all
    for_all.renew()
