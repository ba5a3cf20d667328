"""A refresh that is killed is gone on with: nothing of it is lost, and nothing is paid for twice."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from e2e.process import environment
from factories import NOW
from plainbill.cli.refresh import collect
from plainbill.demo.server import DemoEndpoint
from plainbill.model.run import Run
from plainbill.settings import load_settings
from plainbill.storage import Home, SnapshotStore, State

pytestmark = pytest.mark.slow

KILLED_AFTER = (3, 12, 25, 60, 120, 200)
"""Requests that AWS has seen of a process when it is killed; each process goes on with what is left."""
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(
    ["plainbill.cli.refresh", "plainbill.demo.server", "duckdb", "pyarrow.parquet", "pytest"]
)
"""Each process that is killed is a fork of one that has everything loaded and nothing open."""


def refresh_once(minutes: int = 0) -> Run:
    """Refresh as the command does, by a clock that stands still."""
    now = NOW + timedelta(minutes=minutes)
    return collect(load_settings(), lambda _: None, clock=lambda: now)


def refresh_as(variables: Mapping[str, str]) -> None:
    """Refresh in a process that is given its environment."""
    os.environ.clear()
    os.environ.update(variables)
    refresh_once()


@pytest.fixture(scope="module")
def demo() -> Iterator[DemoEndpoint]:
    with DemoEndpoint(now=NOW) as endpoint:
        yield endpoint


def in_this_process(
    demo: DemoEndpoint, home: Path, monkeypatch: pytest.MonkeyPatch, minutes: int = 0, **more: str
) -> Run:
    for name, value in environment(demo, home, PLAINBILL_COST_EXPLORER_REQUESTS_A_DAY="100", **more).items():
        monkeypatch.setenv(name, value)
    return refresh_once(minutes)


def killed(demo: DemoEndpoint, home: Path, after: int) -> bool:
    """Refresh in a process of its own and kill it once AWS has seen so many requests of it."""
    before = len(demo.requests)
    env = environment(demo, home, PLAINBILL_COST_EXPLORER_REQUESTS_A_DAY="100")
    process = FORKS.Process(target=refresh_as, args=(env,))
    process.start()
    while len(demo.requests) - before < after and process.is_alive():
        time.sleep(0.001)
    process.kill()
    process.join()
    return process.exitcode == -signal.SIGKILL


def billed(demo: DemoEndpoint) -> int:
    return sum(request.service == "ce" for request in demo.requests)


def stored(home: Path) -> Mapping[str, str]:
    """The checksums of all that is in the latest snapshot; the load is stored as it comes, in any order."""
    latest = SnapshotStore(Home(home).snapshots).latest()
    assert latest is not None
    load = sorted(f"{arn}: {used}" for arn, used in latest.utilization().items())
    files = {name: file.sha256 for name, file in latest.manifest.files.items()}
    return files | {"utilization.parquet": sha256("\n".join(load).encode()).hexdigest()}


def runs(home: Path) -> Sequence[Run]:
    return State(Home(home).state_db).runs()


def remarks(run: Run) -> list[str]:
    return [gap.reason for gap in run.gaps if gap.kind == "Resumed"]


def test_a_refresh_killed_again_and_again_ends_as_an_undisturbed_one(
    demo: DemoEndpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    undisturbed = in_this_process(demo, tmp_path / "undisturbed", monkeypatch)
    alone, requests_alone = billed(demo), len(demo.requests)
    home = tmp_path / "killed"
    for after in KILLED_AFTER:
        assert killed(demo, home, after), "a refresh ended before it was killed: the test tried too little"
    last = in_this_process(demo, home, monkeypatch, minutes=50)
    assert stored(home) == stored(tmp_path / "undisturbed")
    assert (last.started_at, last.state) == (NOW, undisturbed.state)
    [said] = remarks(last)
    assert "were taken over from the refresh that was stopped at 2026-11-24 12:00 UTC" in said
    assert billed(demo) - alone <= alone + len(KILLED_AFTER)
    assert len(demo.requests) - requests_alone < 2 * requests_alone
    assert not Home(home).journal.exists()
    written_down = sum(one.calls for run in runs(home) for one in run.operations if one.service == "ce")
    # What a process wrote down just before it was killed may not have been sent any more.
    assert 0 <= written_down - (billed(demo) - alone) <= len(KILLED_AFTER)
    metrics = sum(one.calls for run in runs(home) for one in run.operations if one.service == "cloudwatch")
    assert metrics, "what the killed had asked beside the bill is not written down"


def test_a_kill_while_the_bill_is_read_costs_one_request_at_most(
    demo: DemoEndpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = billed(demo)
    in_this_process(demo, tmp_path / "undisturbed", monkeypatch)
    alone = billed(demo) - before
    for after in (5, 9, 30):
        before = billed(demo)
        assert killed(demo, tmp_path / str(after), after)
        assert billed(demo) - before < alone, "the bill was read to its end before the kill"
        in_this_process(demo, tmp_path / str(after), monkeypatch)
        assert billed(demo) - before <= alone + 1
