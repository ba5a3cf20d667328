"""Every setting in force is shown with where it comes from and what it does; no secret ever is."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from app.conftest import ADDRESS, dashboard, usual_settings
from app.test_security import Counter
from plainbill.app import create_app
from plainbill.app.views.installation import AccessView
from plainbill.settings import Origin, Settings, load_settings
from plainbill.storage import Home

CANARIES = {
    "PLAINBILL_PASSWORD": "canary-password",
    "PLAINBILL_EXTERNAL_ID": "canary-external-id",
    "AWS_ACCESS_KEY_ID": "canary-key-id",
    "AWS_SECRET_ACCESS_KEY": "canary-secret-key",
    "AWS_SESSION_TOKEN": "canary-session-token",
    "AWS_ENDPOINT_URL": "http://canary-user:canary-word@localhost:1",
}


@pytest.fixture
def dotenv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file that PLAINBILL_DOTENV names; what is read of it into the environment is taken out again."""
    file = tmp_path / "settings.env"
    monkeypatch.setenv("PLAINBILL_DOTENV", str(file))
    for name in Settings.model_fields:
        variable = f"PLAINBILL_{name.upper()}"
        monkeypatch.setenv(variable, "")  # remembered, so that it is put back whatever the test does
        monkeypatch.delenv(variable)
    return file


@pytest.mark.usefixtures("dotenv")
@pytest.mark.parametrize("path", ["/settings", "/api/settings"])
def test_no_secret_is_shown_wherever_it_comes_from(
    path: str, monkeypatch: pytest.MonkeyPatch, full_home: Home
) -> None:
    for name, value in CANARIES.items():
        monkeypatch.setenv(name, value)
    settings = load_settings(home=full_home.root)
    app = create_app(full_home, settings, None)
    with TestClient(app, base_url=ADDRESS) as client:
        answer = client.get(path, auth=("any", CANARIES["PLAINBILL_PASSWORD"]))
    assert answer.status_code == 200
    assert "canary" not in answer.text.casefold()
    assert "PLAINBILL_PASSWORD" in answer.text.replace("<wbr>", "")


def test_of_a_secret_it_is_said_whether_it_is_set(full_home: Home) -> None:
    rows = {}
    for password in (None, "canary"):
        settings = usual_settings(full_home.root, password=password)
        with TestClient(create_app(full_home, settings, None), base_url=ADDRESS) as client:
            auth = ("any", password) if password else None
            shown = client.get("/api/settings", auth=auth).json()["settings"]
        rows[password] = next(row for row in shown if row["variable"] == "PLAINBILL_PASSWORD")
    assert [row["value"] for row in rows.values()] == ["", "set"]
    assert all(row["is_secret"] for row in rows.values())


def test_every_setting_is_there_with_what_it_does_and_costs(client: TestClient) -> None:
    rows = client.get("/api/settings").json()["settings"]
    assert [row["variable"] for row in rows] == [
        f"PLAINBILL_{name.upper()}" for name in Settings.model_fields
    ]
    assert [row["variable"] for row in rows if not row["description"] or not row["effect"]] == []
    page = client.get("/settings").text.replace("<wbr>", "")
    assert [row["variable"] for row in rows if row["variable"] not in page] == []


def test_a_value_is_told_by_where_it_comes_from(dotenv: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dotenv.write_text("PLAINBILL_COST_DAYS=20\nPLAINBILL_IDLE_DAYS=10\nPLAINBILL_PORT=7001\n")
    monkeypatch.setenv("PLAINBILL_IDLE_DAYS", "12")
    monkeypatch.setenv("PLAINBILL_REGIONS", "eu-central-1")
    for _ in range(2):  # the file is in the environment after the first time
        settings = load_settings(port=7002)
        assert (settings.cost_days, settings.idle_days, settings.port) == (20, 12, 7002)
        assert settings.origin("cost_days") is Origin.DOTENV
        assert settings.origin("idle_days") is Origin.ENVIRONMENT
        assert settings.origin("regions") is Origin.ENVIRONMENT
        assert settings.origin("port") is Origin.OPTION
        assert settings.origin("metric_days") is Origin.DEFAULT


def test_without_a_refresher_nothing_refreshes_by_itself(client: TestClient) -> None:
    assert client.get("/api/settings").json()["next_refresh"] is None
    assert "Nothing refreshes by itself here" in client.get("/settings").text


def test_the_next_refresh_is_the_last_one_and_the_hours(full_home: Home) -> None:
    app = dashboard(full_home, usual_settings(full_home.root, refresh_hours=24), Counter())
    shown = TestClient(app, base_url=ADDRESS).get("/api/settings").json()  # unstarted: nothing is refreshed
    assert shown["last_refresh"][:10] < shown["next_refresh"][:10]
    assert shown["last_refresh"][10:] == shown["next_refresh"][10:]


def test_before_anything_was_read_the_page_stands(empty_client: TestClient) -> None:
    page = empty_client.get("/settings").text
    assert "none yet" in page
    assert "$0.00" not in page.partition("<dialog")[0].partition("This installation")[2]
    assert empty_client.get("/search", params={"q": "x"}).status_code == 200


def test_what_is_stored_has_its_size(client: TestClient, full_home: Home) -> None:
    readings, state = client.get("/api/settings").json()["stored"]
    files = [file for file in full_home.snapshots.rglob("*") if file.is_file()]
    assert (readings["files"], readings["size"]) == (len(files), sum(file.stat().st_size for file in files))
    assert state["size"] >= full_home.state_db.stat().st_size > 0


def test_policies_are_there_to_copy_and_stay_text(full_home: Home) -> None:
    text = '{"Statement": "</code><script>alert(1)</script>"}'
    access = [AccessView(title="Policy", command="plainbill iam-policy", text=text)]
    app = create_app(full_home, usual_settings(full_home.root), None, access=lambda: access)
    with TestClient(app, base_url=ADDRESS) as client:
        page = client.get("/settings").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
