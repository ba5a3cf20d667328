"""``plainbill refresh``: its exit codes, its events, its end."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from e2e.process import environment, plainbill
from factories import NOW, gap
from plainbill.cli.codes import FAILED, INCOMPLETE, INTERRUPTED, OK
from plainbill.cli.refresh import summary
from plainbill.demo.call import Fault
from plainbill.demo.server import DemoEndpoint
from plainbill.model.run import Run, RunState
from plainbill.storage import CollectorLock, Home, State


@pytest.fixture
def demo() -> Iterator[DemoEndpoint]:
    with DemoEndpoint() as endpoint:
        yield endpoint


# --- what goes wrong -----------------------------------------------------------------------


def test_without_credentials_it_fails_and_says_the_ways_out(demo: DemoEndpoint, tmp_path: Path) -> None:
    env = environment(demo, tmp_path)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        del env[name]
    done = plainbill("refresh", env=env)
    assert (done.returncode, done.stdout) == (FAILED, "")
    assert "three ways" in done.stderr
    assert "plainbill demo" in done.stderr


def test_the_summary_names_the_place_of_a_gap_once() -> None:
    unsaid, said = gap(reason="Nothing was looked for."), gap(reason="Refused in 111122223333 us-east-1.")
    lines = summary(
        Run(
            run_id="run",
            state=RunState.PARTIAL,
            started_at=NOW,
            finished_at=NOW,
            accounts=(),
            regions=(),
            operations=(),
            gaps=(unsaid, said),
        )
    ).splitlines()
    assert lines[1].startswith("  not read: 111122223333 us-east-1: Nothing was looked for.")
    assert lines[2].startswith("  not read: Refused in 111122223333 us-east-1.")


def test_a_second_refresh_is_refused_while_one_runs(demo: DemoEndpoint, tmp_path: Path) -> None:
    with CollectorLock(Home(tmp_path).lock):
        done = plainbill("refresh", env=environment(demo, tmp_path))
    assert done.returncode == FAILED
    assert "another refresh is running" in done.stderr
    assert demo.requests == []


def test_a_refresh_that_would_pass_the_month_s_cap_asks_for_nothing(
    demo: DemoEndpoint, tmp_path: Path
) -> None:
    done = plainbill(
        "refresh", "--events", env=environment(demo, tmp_path, PLAINBILL_MONTHLY_API_DOLLARS="0")
    )
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == FAILED
    assert events[-1]["event"] == "failed"
    assert "$0 that PLAINBILL_MONTHLY_API_DOLLARS allows" in events[-1]["error"]
    assert demo.requests == []


def test_what_could_not_be_read_makes_it_incomplete_and_is_named(demo: DemoEndpoint, tmp_path: Path) -> None:
    demo.change(denied=frozenset({("444455556666", "*", "cloudwatch:GetMetricData")}))
    done = plainbill("refresh", env=environment(demo, tmp_path))
    assert (done.returncode, done.stderr) == (INCOMPLETE, "")  # no bars where there is no terminal
    assert done.stdout.startswith("partial: ")
    assert "not read: Not permitted: cloudwatch:GetMetricData in 444455556666" in done.stdout
    assert plainbill("idle", env=environment(demo, tmp_path)).returncode == INCOMPLETE


def test_nothing_read_is_a_failure_and_its_last_event_says_why(demo: DemoEndpoint, tmp_path: Path) -> None:
    expired = Fault("ExpiredToken", "The security token included in the request is expired", 403)
    demo.change(faults={("*", "*", "*"): expired})
    done = plainbill("refresh", "--events", env=environment(demo, tmp_path))
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == FAILED
    assert [event["event"] for event in events] == ["started", "failed"]
    assert "expired" in events[-1]["error"]


def test_a_terminated_refresh_is_recorded_as_failed(demo: DemoEndpoint, tmp_path: Path) -> None:
    demo.change(is_throttled=True)  # so that it lasts long enough to be ended
    command = [sys.executable, "-m", "plainbill", "refresh", "--events"]
    with subprocess.Popen(
        command, env=environment(demo, tmp_path), stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        for line in child.stdout:
            if json.loads(line)["event"] == "progress":
                break
        child.send_signal(signal.SIGTERM)
        child.stdout.read()
        assert child.wait(60) == INTERRUPTED
    assert not CollectorLock(Home(tmp_path).lock).is_held()
    assert _last_state(tmp_path) == "failed"


def _last_state(home: Path) -> str:
    return State(Home(home).state_db).runs(1)[0].state.value


# --- what it tells -------------------------------------------------------------------------


def test_every_step_is_an_event_and_the_run_is_the_last(demo: DemoEndpoint, tmp_path: Path) -> None:
    began = time.time()
    done = plainbill("refresh", "--events", env=environment(demo, tmp_path))
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == OK
    assert (events[0]["event"], events[-1]["event"]) == ("started", "finished")
    assert {event["event"] for event in events[1:-1]} == {"progress"}
    assert all(event["state"] in {"waiting", "running", "done", "gap"} for event in events[1:-1])
    run = events[-1]["run"]
    assert run["state"] == "complete"
    assert 0 < run["seconds"] <= time.time() - began
    assert run["calls"] == sum(operation["calls"] for operation in run["operations"])
