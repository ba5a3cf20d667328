"""What the state remembers of refreshes is read once, and again whenever it may be another."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.test_status import a_run
from factories import NOW
from plainbill.app.run_memory import RunMemory
from plainbill.model.run import RunState
from plainbill.storage import CollectorLock, Home, State

RUNNING = a_run(state=RunState.RUNNING, finished_at=None)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


@pytest.fixture
def state(home: Home) -> Iterator[State]:
    opened = State(home.state_db)
    yield opened
    opened.close()


def test_nothing_is_read_again_while_nothing_was_committed(state: State) -> None:
    state.finish_run(a_run())
    ask, version = RunMemory(state), state.version()
    first = ask(version, NOW, is_refreshing=False)
    assert ask(version, NOW + timedelta(minutes=1), is_refreshing=False) is first


def test_what_another_process_commits_is_seen_at_once(home: Home, state: State) -> None:
    ask, other = RunMemory(state), State(home.state_db)
    assert not ask(state.version(), NOW, is_refreshing=False).runs
    other.finish_run(a_run())
    assert ask(state.version(), NOW, is_refreshing=False).runs == [a_run()]
    other.close()


def test_the_requests_of_yesterday_are_not_those_of_today(state: State) -> None:
    state.finish_run(a_run())
    ask, version = RunMemory(state), state.version()
    assert ask(version, a_run().started_at, is_refreshing=False).requests_today
    tomorrow = a_run().started_at + timedelta(days=1)
    assert not ask(version, tomorrow, is_refreshing=False).requests_today


def test_a_refresh_whose_process_died_is_not_remembered_as_running(home: Home, state: State) -> None:
    ask, lock = RunMemory(state), CollectorLock(home.lock)
    with lock:
        state.start_run(RUNNING)
        assert ask(state.version(), NOW, is_refreshing=True).runs[0].state is RunState.RUNNING
        version = state.version()
        assert ask(version, NOW, is_refreshing=False).runs[0].state is RunState.RUNNING
    assert ask(version, NOW, is_refreshing=False).runs[0].state is RunState.FAILED
