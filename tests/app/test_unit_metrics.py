"""What the last refresh could not read of a unit's metric, and what CloudWatch did not say, on the page."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

from app.company import collected
from app.conftest import ADDRESS, dashboard
from factories import NOW, gap
from plainbill.demo.units import requests
from plainbill.model.inventory import NO_DATAPOINT
from plainbill.settings import Settings
from plainbill.storage import Home, SnapshotStore, State


@pytest.mark.parametrize(("kind", "is_warned"), [("AccessDenied", True), (NO_DATAPOINT, False)])
def test_what_was_refused_is_a_warning_and_a_day_without_a_datapoint_is_not(
    home: Home, settings: Settings, kind: str, is_warned: bool
) -> None:
    metric = requests(NOW)
    said = gap(source="unit_metrics", account_id=metric.account_id, region=metric.region, kind=kind)
    SnapshotStore(home.snapshots).write(collected(gaps=(said,)))
    State(home.state_db).name_unit_metric(metric)
    client = TestClient(dashboard(home, settings), base_url=ADDRESS)
    shown = re.search(rf'<p class="([^"]*)">{said.reason}', client.get("/showback").text)
    assert shown
    assert ("warn" in shown[1]) == is_warned
    assert (client.get("/api/status").json()["state"] == "partial") == is_warned
