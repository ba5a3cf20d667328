"""Starting a refresh and watching it, over a real server and a real child process."""

from __future__ import annotations

import json
import socket
import sys
import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest
import uvicorn

from app.conftest import dashboard, usual_settings
from plainbill.app.refresh import RefreshProcess
from plainbill.app.server import server_config
from plainbill.storage import CollectorLock, Home

OWN_PAGE = {"Sec-Fetch-Site": "same-origin"}
SCRIPT = """
import json, os, sys, time
print(json.dumps({"event": "started", "run_id": "r1"}), flush=True)
step = {"event": "progress", "source": "cost_explorer.service", "state": "done", "items": 3}
print(json.dumps(step), flush=True)
while not os.path.exists(sys.argv[1]):
    time.sleep(0.01)
print(json.dumps({"event": "finished", "run": {"run_id": "r1"}}), flush=True)
"""
Event = tuple[str, str | None, object]


@contextmanager
def serving(home: Home, refresher: RefreshProcess | None) -> Iterator[httpx2.Client]:
    """A real server on a free port, with the options that the product runs under."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        app = dashboard(home, usual_settings(home.root), refresher)
        server = uvicorn.Server(server_config(app, app.settings))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            with httpx2.Client(base_url=f"http://127.0.0.1:{port}", headers=OWN_PAGE, timeout=20) as client:
                wait_until(lambda: server.started)
                yield client
        finally:
            server.should_exit = True
            thread.join(20)
        assert not thread.is_alive()


def wait_until(is_true: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.01)


def events(client: httpx2.Client, last_id: str | None = None) -> Generator[Event, None, None]:
    """The events of the stream until it ends."""
    headers = {} if last_id is None else {"Last-Event-ID": last_id}
    with client.stream("GET", "/api/refresh/events", headers=headers) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.headers["cache-control"] == "no-cache"
        fields: dict[str, str] = {}
        for line in answer.iter_lines():
            name, _, value = line.partition(": ")
            if line:
                fields[name] = value
            elif "event" in fields:
                yield fields["event"], fields.get("id"), json.loads(fields["data"])
                fields = {}


@pytest.fixture
def gate(tmp_path: Path) -> Path:
    return tmp_path / "gate"


@pytest.fixture
def refresher(home: Home, gate: Path) -> RefreshProcess:
    return RefreshProcess(home.lock, (sys.executable, "-c", SCRIPT, str(gate)))


def test_where_nothing_runs_the_stream_says_so_and_ends(home: Home, refresher: RefreshProcess) -> None:
    with serving(home, refresher) as client:
        assert list(events(client)) == [("idle", None, {"event": "idle", "elsewhere": False, "last": None})]
        with CollectorLock(home.lock):
            assert next(events(client))[2] == {"event": "idle", "elsewhere": True, "last": None}


def test_a_server_without_a_refresher_says_so(home: Home) -> None:
    with serving(home, None) as client:
        assert client.post("/api/refresh").status_code == 503
        assert [name for name, _, _ in events(client)] == ["idle"]


def test_a_refresh_is_started_followed_and_ends(home: Home, refresher: RefreshProcess, gate: Path) -> None:
    with serving(home, refresher) as client:
        answer = client.post("/api/refresh")
        assert (answer.status_code, answer.json()) == (
            202,
            {"state": "started", "events": "/api/refresh/events"},
        )
        second = client.post("/api/refresh")
        assert second.status_code == 409
        assert "running already" in second.json()["detail"]
        stream = events(client)
        seen = [next(stream), next(stream)]
        assert client.get("/api/status").json()["is_refreshing"] is True
        gate.touch()
        seen += stream
        assert [name for name, _, _ in seen] == ["started", "progress", "finished"]
        assert seen[1][2] == {
            "event": "progress", "source": "cost_explorer.service", "state": "done", "items": 3,
        }  # fmt: skip
        assert client.get("/api/status").json()["is_refreshing"] is False
        assert [name for name, _, _ in events(client, seen[0][1])] == ["progress", "finished"]
        ((name, _, data),) = events(client)
        assert name == "idle"
        assert data == {"event": "idle", "elsewhere": False, "last": seen[-1][2]}


def test_a_form_without_scripts_gets_back_to_the_page(
    home: Home, refresher: RefreshProcess, gate: Path
) -> None:
    gate.touch()
    with serving(home, refresher) as client:
        for _ in range(2):
            answer = client.post("/api/refresh", headers={"Accept": "text/html,*/*;q=0.8"})
            assert (answer.status_code, answer.headers["location"]) == (303, "/")


def test_a_refresh_of_another_process_is_not_joined(home: Home, refresher: RefreshProcess) -> None:
    with serving(home, refresher) as client, CollectorLock(home.lock):
        assert client.post("/api/refresh").status_code == 409
        assert client.get("/api/status").json()["is_refreshing"] is True


def test_stopping_the_server_ends_the_stream_and_the_child(home: Home, refresher: RefreshProcess) -> None:
    with serving(home, refresher) as client:
        client.post("/api/refresh")
        stream = events(client)
        assert next(stream)[0] == "started"
        stream.close()
    assert not refresher.is_running
    assert refresher.last_event is not None
    assert refresher.last_event.name == "failed"
