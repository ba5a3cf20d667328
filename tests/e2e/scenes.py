"""Homes as ``plainbill demo --with ...`` fills them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from starlette.testclient import TestClient

from e2e.process import plainbill
from plainbill.app import create_app
from plainbill.cli.demo import endpoint, isolate, read_before
from plainbill.settings import Settings
from plainbill.storage import Home


def fill(scene: str, home: Path) -> None:
    """Do what the demo does before and after it starts to serve: read old data, then refresh."""
    kept = dict(os.environ)
    try:
        isolate(os.environ, home)
        read_before(scene)
        with endpoint(scene) as variables:
            if scene != "new":
                plainbill("refresh", env={**os.environ, **variables})
    finally:
        os.environ.clear()
        os.environ.update(kept)


@contextmanager
def client_of(home: Path) -> Iterator[TestClient]:
    """A browser on the pages of a home."""
    settings = Settings(home=home, password=None, host="127.0.0.1", refresh_hours=0)
    with TestClient(create_app(Home(home), settings, None), base_url="http://127.0.0.1:8585") as client:
        yield client
