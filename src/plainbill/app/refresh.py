"""Refreshes, and the doctor, run in processes of their own; this module starts, follows and stops them."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import sys
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Protocol

import orjson

from plainbill.errors import PlainbillError, RefreshRunningError
from plainbill.model.period import is_of_the_future
from plainbill.storage import CollectorLock

# -P: a file called json.py in the folder that Plainbill is started in is none of ours.
REFRESH_COMMAND = (sys.executable, "-P", "-m", "plainbill", "refresh", "--events")
DOCTOR_COMMAND = (sys.executable, "-P", "-m", "plainbill", "doctor", "--events")
_LONGEST_LINE = 16 * 1024 * 1024  # bytes; the last event carries the whole record of the run
_MOST_EVENTS = 20_000
_MOST_DIGITS = 10
_EVENTS = frozenset({"started", "progress", "finished", "failed"})
_LAST_EVENTS = frozenset({"finished", "failed"})
_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RefreshEvent:
    """One event of a refresh: ``name`` is started, progress, finished or failed; ``data`` is its JSON.

    ``id`` tells a client that lost its connection where to go on.
    """

    run: str
    number: int
    name: str
    data: str

    @property
    def id(self) -> str:
        """The run and the number of the event in it."""
        return f"{self.run}-{self.number}"


class Refresher(Protocol):
    """What the dashboard needs of whatever refreshes the data."""

    @property
    def is_running(self) -> bool:
        """Whether a refresh runs, here or in another process."""

    @property
    def last_event(self) -> RefreshEvent | None:
        """How the last refresh that was started here ended; None while one runs or none ran."""

    async def start(self) -> None:
        """Start a refresh; raises ``RefreshRunningError`` when one runs already."""

    def follow(self, last_id: str | None = None) -> AsyncIterator[RefreshEvent]:
        """Yield the events of the running refresh until it ends; nothing when none runs.

        ``last_id`` is the last event that a client already has: what follows it is given, and so is the
        end of a refresh that ended while the client was away.
        """

    async def close(self) -> None:
        """Stop a running refresh and wait for its end."""


class RefreshProcess:
    """Runs ``plainbill refresh --events`` as a child and relays the events it prints, one JSON a line.

    A second start is refused, also while another process (a cron job, a terminal) holds the lock; None is
    for a command that needs none. ``patience`` is in seconds: how long a child may take to end when asked
    to. ``name`` is what the child is called, and ``progress`` where its progress is to be seen.
    """

    def __init__(
        self,
        lock: Path | None,
        command: Sequence[str] = REFRESH_COMMAND,
        *,
        patience: float = 5.0,
        name: str = "refresh",
        progress: str = "/api/refresh/events",
    ) -> None:
        self._lock = None if lock is None else CollectorLock(lock)
        self._command, self._patience = tuple(command), patience
        self._name, self._progress = name, progress
        self._child: asyncio.subprocess.Process | None = None
        self._relay: asyncio.Task[None] | None = None
        self._events: list[RefreshEvent] = []
        self._run, self._count = "", 0
        self._is_ours = False  # from the start of a child until its end was told
        self._news = asyncio.Condition()

    @property
    def is_running(self) -> bool:
        """Whether a refresh runs, here or in another process."""
        return self._is_ours or (self._lock is not None and self._lock.is_held())

    @property
    def last_event(self) -> RefreshEvent | None:
        """How the last refresh that was started here ended."""
        return None if self._is_ours or not self._events else self._events[-1]

    @property
    def latest(self) -> RefreshEvent | None:
        """The latest event of the child that runs or ran last; None where none was started."""
        return self._events[-1] if self._events else None

    async def start(self) -> None:
        """Start the child; raises ``RefreshRunningError`` when a refresh runs already."""
        if self.is_running:
            raise RefreshRunningError(
                f"a {self._name} is running already; its progress is at {self._progress}"
            )
        self._is_ours = True
        self._events.clear()
        self._run, self._count = secrets.token_hex(8), 0
        try:
            self._child = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                limit=_LONGEST_LINE,
                start_new_session=True,  # Ctrl-C reaches us, and we end the child in order
            )
            self._relay = asyncio.create_task(self._follow_child(self._child))
        except OSError as error:
            await self._publish("failed", _failed(f"the {self._name} could not be started: {error}"))

    async def follow(self, last_id: str | None = None) -> AsyncIterator[RefreshEvent]:
        """Yield the events of the running refresh until it ends; see ``Refresher.follow``."""
        after = self._number_of(last_id)
        if after is None and not self._is_ours:
            return
        run, seen = self._run, after or 0
        while self._run == run:
            news = [event for event in self._events if event.number > seen]
            for event in news:
                yield event
            if news and news[-1].name in _LAST_EVENTS:
                return
            seen = news[-1].number if news else seen
            if not news and not await self._has_more(seen):
                return

    async def _has_more(self, seen: int) -> bool:
        async with self._news:
            await self._news.wait_for(lambda: self._count > seen or not self._is_ours)
        return self._count > seen

    def _number_of(self, event_id: str | None) -> int | None:
        """Return the number of an event of the current or last run, None for any other."""
        run, _, number = (event_id or "").rpartition("-")
        is_number = number.isascii() and number.isdigit() and len(number) < _MOST_DIGITS
        return int(number) if is_number and run == self._run else None

    async def close(self) -> None:
        """End the child: ask first, then insist."""
        if self._child is not None and self._child.returncode is None:
            with contextlib.suppress(ProcessLookupError):  # it ended by itself just now
                self._child.terminate()
                try:
                    await asyncio.wait_for(self._child.wait(), self._patience)
                except TimeoutError:
                    self._child.kill()
        if self._relay is not None:
            await self._relay

    async def _follow_child(self, child: asyncio.subprocess.Process) -> None:
        """Relay what the child says; whatever happens, those who follow are told of an end."""
        end = "failed", _failed(f"the {self._name} could not be followed; the server's log says why")
        try:
            end = await self._relay_events(child)
        finally:
            await self._publish(*end)

    async def _relay_events(self, child: asyncio.subprocess.Process) -> tuple[str, str]:
        """Publish each event but the last, which is returned when the child is gone."""
        assert child.stdout is not None  # noqa: S101  opened as a pipe
        assert child.stderr is not None  # noqa: S101  opened as a pipe
        said = asyncio.create_task(_last_line(child.stderr))
        end: tuple[str, str] | None = None
        try:
            async for line in child.stdout:
                name, data = _event_name(line), line.decode("utf-8", "replace").strip()
                if name in _LAST_EVENTS:
                    end = end or (name, data)
                elif name and not end:
                    await self._publish(name, data)
        except ValueError:  # a line beyond the limit: the stream cannot be followed any further
            child.kill()
        code, last_line = await child.wait(), await said
        early = f"the {self._name} ended early (exit code {code}): {last_line or 'it said nothing'}"
        return end or ("failed", _failed(early))

    async def _publish(self, name: str, data: str) -> None:
        async with self._news:
            self._count += 1
            self._events.append(RefreshEvent(self._run, self._count, name, data))
            del self._events[:-_MOST_EVENTS]
            self._is_ours = self._is_ours and name not in _LAST_EVENTS
            self._news.notify_all()


async def keep_fresh(
    refresher: Refresher,
    age: Callable[[], timedelta | None],
    hours: int,
    *,
    check_every: float = 3600.0,
) -> None:
    """Start a refresh whenever the data are missing, older than ``hours`` or of the future; 0 never does.

    ``age`` returns None when there are no data. Runs until cancelled.
    """
    while hours > 0:
        try:
            old = await asyncio.to_thread(age)
            is_due = old is None or old >= timedelta(hours=hours) or is_of_the_future(old)
            if is_due and not refresher.is_running:
                await refresher.start()
        except RefreshRunningError:
            _logger.info("another process was quicker to refresh")
        except PlainbillError as error:  # a damaged file must not end the watch
            _logger.warning("cannot tell how old the data are: %s", error)
        await asyncio.sleep(check_every)


async def _last_line(stream: asyncio.StreamReader) -> str:
    """Read a stream to its end, keeping only the last line that says something."""
    tail: deque[bytes] = deque(maxlen=2)
    while chunk := await stream.read(65536):
        tail.append(chunk)
    lines = [line.strip() for line in b"".join(tail).decode("utf-8", "replace").splitlines()]
    return next((line[:500] for line in reversed(lines) if line), "")


def _event_name(line: bytes) -> str:
    """Return what kind of event a line holds, "" for anything that is not one of ours."""
    try:
        event = orjson.loads(line)
    except orjson.JSONDecodeError:
        _logger.warning("the refresh printed a line that is not an event")
        return ""
    name = event.get("event") if isinstance(event, dict) else None
    return name if isinstance(name, str) and name in _EVENTS else ""


def _failed(reason: str) -> str:
    return orjson.dumps({"event": "failed", "error": reason}).decode("ascii")
