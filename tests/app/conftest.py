"""The dashboard over a small company's home."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.company import collected
from app.waste import CHECKS, wasteful
from factories import NOW
from plainbill.analyzer.registry import Check
from plainbill.app import Dashboard, Refresher, create_app
from plainbill.app.doctor import Examiner
from plainbill.settings import Settings
from plainbill.storage import Home, SnapshotStore

ADDRESS = "http://127.0.0.1:8585"


def usual_settings(home: Path, **changes: Any) -> Settings:
    """The dashboard on loopback, without a password, refreshing nothing by itself."""
    return Settings(**{"home": home, "password": None, "host": "127.0.0.1", "refresh_hours": 0, **changes})


def dashboard(
    home: Home,
    settings: Settings,
    refresher: Refresher | None = None,
    checks: Sequence[Check] | None = None,
    examiner: Examiner | None = None,
) -> Dashboard:
    """The application at a fixed moment, noticing a new snapshot at once."""
    return create_app(
        home, settings, refresher, clock=lambda: NOW, look_every=0, checks=checks, examiner=examiner
    )


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return usual_settings(tmp_path / "home")


@pytest.fixture
def home(settings: Settings) -> Home:
    return Home(settings.home)


@pytest.fixture(scope="session")
def full_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Holds what a refresh of the company read; only to be looked at."""
    home = Home(tmp_path_factory.mktemp("full") / "home")
    SnapshotStore(home.snapshots).write(collected())
    return home


@pytest.fixture(scope="session")
def client(full_home: Home) -> Iterator[TestClient]:
    """A browser on the loopback address, data read a moment ago."""
    with TestClient(dashboard(full_home, usual_settings(full_home.root)), base_url=ADDRESS) as client:
        yield client


@pytest.fixture(scope="session")
def waste_client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A company with waste, judged by the checks in miniature; only to be looked at."""
    home = Home(tmp_path_factory.mktemp("waste") / "home")
    SnapshotStore(home.snapshots).write(wasteful())
    app = dashboard(home, usual_settings(home.root), checks=CHECKS)
    with TestClient(app, base_url=ADDRESS) as client:
        yield client


@pytest.fixture
def empty_client(home: Home, settings: Settings) -> Iterator[TestClient]:
    """The same before anything was read."""
    with TestClient(dashboard(home, settings), base_url=ADDRESS) as client:
        yield client
