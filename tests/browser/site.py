"""The real application on a loopback port, with a refresher whose events the test gives one by one."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.request import urlopen

import uvicorn

from browser.company import fill
from plainbill.analyzer.registry import Check
from plainbill.app import create_app
from plainbill.app.refresh import RefreshEvent
from plainbill.errors import RefreshRunningError
from plainbill.settings import Settings
from plainbill.storage import Home


class ScriptedRefresher:
    """Does what the test says: ``tell`` publishes an event to whoever follows."""

    def __init__(self) -> None:
        self.starts = 0
        self._events: list[RefreshEvent] = []
        self._is_running = False

    @property
    def is_running(self) -> bool:
        return self._is_running

    @property
    def last_event(self) -> RefreshEvent | None:
        return None if self._is_running or not self._events else self._events[-1]

    async def start(self) -> None:
        if self._is_running:
            raise RefreshRunningError("a refresh is running already")
        self.begin()

    def begin(self) -> None:
        """Run from now on, without anybody having pressed a button."""
        self._events, self._is_running, self.starts = [], True, self.starts + 1

    def tell(self, name: str, **facts: Any) -> None:
        """Publish an event; called by the test, from another thread than the server's."""
        data = json.dumps({"event": name, **facts})
        if name in {"finished", "failed"}:
            self._is_running = False
        self._events.append(RefreshEvent("run", len(self._events) + 1, name, data))

    async def follow(self, last_id: str | None = None) -> AsyncIterator[RefreshEvent]:
        seen = int(last_id.rpartition("-")[2]) if last_id else 0
        while self._is_running or seen < len(self._events):
            for event in self._events[seen:]:
                seen += 1
                yield event
            await asyncio.sleep(0.02)

    async def close(self) -> None:
        self._is_running = False


@dataclass(frozen=True)
class Site:
    """A served home."""

    url: str
    home: Home
    refresher: ScriptedRefresher

    def fill(self, **changes: Any) -> None:
        """Store what a refresh read, and wait until the server shows it: it is judged before it is shown."""
        taken_at = fill(self.home, **changes).taken_at
        for _ in range(600):
            with urlopen(f"{self.url}/api/status") as answer:  # noqa: S310 - of our own server
                shown = json.load(answer)["taken_at"]
            if shown is not None and datetime.fromisoformat(shown) == taken_at:
                return
            time.sleep(0.05)
        raise AssertionError("what was stored was not shown within half a minute")


@contextmanager
def served(home: Home, checks: Sequence[Check] | None = None) -> Iterator[Site]:
    """Serve a home on a free port until the block ends."""
    refresher = ScriptedRefresher()
    settings = Settings(home=home.root, refresh_hours=0)
    app = create_app(home, settings, refresher, look_every=0.0, checks=checks)
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield Site(f"http://127.0.0.1:{listener.getsockname()[1]}", home, refresher)
    finally:
        server.should_exit = True
        thread.join(timeout=20)
        listener.close()
