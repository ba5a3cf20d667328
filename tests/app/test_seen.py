"""A page is made from the very state of the data that it is remembered by."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

from app.company import collected
from app.conftest import ADDRESS, dashboard
from app.test_security import Counter
from plainbill.app.places import MORE_PLACES, PLACES
from plainbill.settings import Settings
from plainbill.storage import Home, SnapshotStore

HIDDEN = re.compile(r'<section[^>]* id="progress"[^>]* hidden')


class Begins(Counter):
    """A refresh that begins right after somebody looked whether one runs, and ends before the next page."""

    looks = 0

    @property
    def is_running(self) -> bool:
        self.looks += 1
        return self.looks > 1

    @is_running.setter
    def is_running(self, value: bool) -> None:
        """It runs as it is looked at, whatever is said."""


@pytest.mark.parametrize("path", [place.path for place in (*PLACES, *MORE_PLACES)])
def test_a_refresh_that_begins_while_a_page_is_made_is_not_remembered_as_running(
    home: Home, settings: Settings, path: str
) -> None:
    SnapshotStore(home.snapshots).write(collected())
    begins = Begins()
    client = TestClient(dashboard(home, settings, begins), base_url=ADDRESS)
    begins.looks = 0
    first = client.get(path)
    assert first.status_code == 200
    begins.looks = 0
    assert HIDDEN.search(client.get(path).text)
