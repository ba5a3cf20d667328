"""Bytes are made once, sent in the form the client likes, and never outlive their data."""

from __future__ import annotations

import gzip
from datetime import timedelta
from pathlib import Path
from typing import Any

import brotli
import pytest
from starlette.testclient import TestClient

from app.company import collected
from app.conftest import ADDRESS, dashboard, usual_settings
from factories import NOW
from plainbill.app import create_app, missing_assets
from plainbill.app.assets import STATIC, Assets
from plainbill.settings import Settings
from plainbill.storage import Home, SnapshotStore

PREPARED = (
    "/api/cost-by-service",
    "/api/idle-instances",
    "/api/cost-by-service.csv",
    "/api/idle-instances.csv",
    "/",
)
DAY = timedelta(days=1)


def raw(client: TestClient, url: str, **headers: str) -> tuple[Any, bytes]:
    """An answer as it travelled, not unpacked."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with client.stream("GET", url, headers=named) as answer:
        return answer, b"".join(answer.iter_raw())


@pytest.mark.parametrize("url", [url for url in PREPARED if url != "/api/cost-by-service.csv"])
def test_all_codings_hold_the_same_bytes(client: TestClient, url: str) -> None:
    _, plain = raw(client, url, accept_encoding="identity")
    zipped, packed = raw(client, url, accept_encoding="gzip")
    squeezed, smaller = raw(client, url, accept_encoding="gzip, br")
    assert (zipped.headers["content-encoding"], squeezed.headers["content-encoding"]) == ("gzip", "br")
    assert gzip.decompress(packed) == brotli.decompress(smaller) == plain
    assert len(smaller) < len(plain)


@pytest.mark.parametrize("url", PREPARED)
def test_a_client_that_holds_the_bytes_gets_none(client: TestClient, url: str) -> None:
    for coding in ("identity", "gzip", "br"):
        first, _ = raw(client, url, accept_encoding=coding)
        again, body = raw(client, url, accept_encoding=coding, if_none_match=first.headers["etag"])
        assert (again.status_code, body) == (304, b"")
        assert again.headers["etag"] == first.headers["etag"]
        for answer in (first, again):
            assert answer.headers["cache-control"] == "private, no-cache"
            assert answer.headers["vary"] == "Accept-Encoding"
    stale, _ = raw(client, url, if_none_match='"something-else"')
    assert stale.status_code == 200


@pytest.mark.parametrize(
    "url", [*PREPARED, "/api/status", "/healthz", "/openapi.json", "/static/css/base.css"]
)
def test_head_is_get_without_the_body(client: TestClient, url: str) -> None:
    head, get = client.head(url), client.get(url)
    assert (head.status_code, head.content) == (200, b"")
    for name in ("content-type", "etag", "cache-control"):
        assert head.headers.get(name) == get.headers.get(name)


def test_the_second_request_is_answered_from_the_first_ones_bytes(full_home: Home) -> None:
    app = dashboard(full_home, usual_settings(full_home.root))
    client = TestClient(app, base_url=ADDRESS)
    assert len(app.record.answers) == 0
    first = client.get("/api/cost-by-service?metric=amortized")
    assert len(app.record.answers) == 1
    assert client.get("/api/cost-by-service?metric=amortized").content == first.content
    assert len(app.record.answers) == 1
    client.get("/api/cost-by-service?metric=nonsense")
    client.get("/api/status")
    assert len(app.record.answers) == 1


def test_a_snapshot_that_appears_is_shown_without_a_restart(home: Home, settings: Settings) -> None:
    client = TestClient(dashboard(home, settings), base_url=ADDRESS)
    assert client.get("/api/cost-by-service").json()["total"] is None
    assert client.get("/api/status").json()["state"] == "empty"
    store = SnapshotStore(home.snapshots)
    store.write(collected())
    first = client.get("/api/cost-by-service")
    assert first.json()["total"] is not None
    assert "Nothing has been read" not in client.get("/").text
    fewer = collected().instances[:1]
    store.write(collected(run_id="20261124T130000Z-bbbbbb", instances=fewer))
    assert client.get("/api/idle-instances").json()["counts"]["running"] == 1
    held = client.get("/api/cost-by-service", headers={"If-None-Match": first.headers["etag"]})
    assert held.status_code == 304


def test_an_old_snapshot_is_let_go_when_a_new_one_is_shown(home: Home, settings: Settings) -> None:
    store = SnapshotStore(home.snapshots)
    store.write(collected())
    client = TestClient(dashboard(home, settings), base_url=ADDRESS)
    for url in PREPARED:
        client.get(url)
    store.write(collected(run_id="20261124T130000Z-bbbbbb"))
    client.get("/")
    assert store.prune(keep=1) == ("20261124T120000Z-aaaaaa",)


def test_the_next_day_is_another_period_though_nothing_new_was_read(full_home: Home) -> None:
    moment = [NOW]
    app = create_app(full_home, usual_settings(full_home.root), None, clock=lambda: moment[0])
    client = TestClient(app, base_url=ADDRESS)
    assert client.get("/api/cost-by-service").json()["missing_days"] == []
    moment[0] = NOW + DAY
    assert client.get("/api/cost-by-service").json()["missing_days"] == [str(NOW.date())]


def test_the_page_is_the_same_for_a_minute_and_then_older(full_home: Home) -> None:
    moment = [NOW + timedelta(minutes=10)]
    app = create_app(full_home, usual_settings(full_home.root), None, clock=lambda: moment[0])
    client = TestClient(app, base_url=ADDRESS)
    first = client.get("/")
    moment[0] += timedelta(seconds=30)
    assert client.get("/", headers={"If-None-Match": first.headers["etag"]}).status_code == 304
    moment[0] += timedelta(minutes=1)
    assert client.get("/", headers={"If-None-Match": first.headers["etag"]}).status_code == 200


def test_a_csv_holds_all_rows_of_the_query_and_names_its_file(client: TestClient) -> None:
    answer = client.get("/api/idle-instances.csv?sort=instance_id&region=us-east-1")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8; header=present"
    assert answer.headers["content-disposition"] == 'attachment; filename="plainbill-idle-instances.csv"'
    rows = answer.text.splitlines()
    assert [row.split(",")[0] for row in rows] == [
        "instance_id",
        "i-00000000000000003",
        "i-00000000000000005",
    ]


def test_the_costs_csv_adds_up_to_the_json(client: TestClient) -> None:
    shown = client.get("/api/cost-by-service").json()["services"]
    rows = [row.split(",") for row in client.get("/api/cost-by-service.csv").text.splitlines()[1:]]
    assert [(row[0], row[1]) for row in rows] == [(each["service"], each["cost"]) for each in shown]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "js").mkdir()
    (tmp_path / "js" / "main.js").write_text("export const answer = 42;\n" * 50)
    (tmp_path / "secret.py").write_text("no")
    return tmp_path


def test_a_static_file_may_be_kept_for_ever_only_by_its_hash(client: TestClient) -> None:
    url = Assets().url("css/base.css")
    assert client.get(url).headers["cache-control"] == "public, max-age=31536000, immutable"
    for other in ("/static/css/base.css", "/static/css/base.css?v=000000000000", "/static/css/base.css?v="):
        assert client.get(other).headers["cache-control"] == "no-cache"
    assert client.get(url).headers["content-type"] == "text/css; charset=utf-8"
    assert client.get(url).content == (STATIC / "css" / "base.css").read_bytes()


def test_only_files_for_browsers_are_served(folder: Path) -> None:
    assets = Assets(folder)
    assert assets.find("secret.py", None) is None
    assert assets.find("../secret.js", None) is None
    assert assets.find("js/main.js", None) is not None
    assert assets.url("js/absent.js") == "/static/js/absent.js"


def test_another_content_is_another_address(folder: Path) -> None:
    before = Assets(folder).url("js/main.js")
    (folder / "js" / "main.js").write_text("changed")
    assert Assets(folder).url("js/main.js") != before


def test_missing_vendor_files_are_said_in_a_sentence(folder: Path) -> None:
    assert "vendor/chart.umd.js is missing" in str(missing_assets(folder))
    (folder / "vendor").mkdir()
    (folder / "vendor" / "chart.umd.js").write_text("chart")
    assert missing_assets(folder) is None
