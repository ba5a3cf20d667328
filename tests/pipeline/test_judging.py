"""A large fleet is judged by two processes: they say what one says, and neither outlives the other."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest

from pipeline.desk import ACCOUNTS, Desk
from plainbill.analyzer.engine import run_checks
from plainbill.analyzer.reading import context_of
from plainbill.analyzer.registry import Check, all_checks
from plainbill.analyzer.waste_check import Context
from plainbill.errors import JudgingError
from plainbill.model.resources import Ec2Instance
from plainbill.pipeline.judging import Second, judged
from plainbill.storage import Snapshot

ALONE = (
    "import signal;"
    "signal.signal(signal.SIGINT, signal.default_int_handler);"  # a shell's background job ignores it
    "from pathlib import Path;"
    "from plainbill.analyzer.reading import context_of;"
    "from plainbill.analyzer.registry import all_checks;"
    "from plainbill.pipeline.judging import Second, judged;"
    "from plainbill.storage import open_snapshot;"
    "import sys;"
    "snapshot = open_snapshot(Path(sys.argv[1]));"
    "context = context_of(snapshot, (), snapshot.manifest.taken_at, all_checks());"
    "second = Second();"
    "second.start_for(2, 1, fewest=0);"
    "judged(snapshot, context, all_checks(), second)"
)
CHECKS = tuple(check for check in all_checks() if check.resource is Ec2Instance or not check.metrics)

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")


@pytest.fixture
def snapshot(desk: Desk) -> Snapshot:
    desk.answer_a_dollar_a_day(*ACCOUNTS)
    desk.refresh(checks=CHECKS)
    return desk.snapshot


def context_in(snapshot: Snapshot, checks: tuple[Check, ...] = CHECKS) -> Context:
    return context_of(snapshot, snapshot.manifest.gaps, snapshot.manifest.taken_at, checks)


def beside(process: int) -> list[int]:
    """The processes that judge for another one."""
    tasks = Path(f"/proc/{process}/task").glob("*/children")
    return [int(one) for task in tasks for one in task.read_text().split() if is_judging(int(one))]


def is_judging(process: int) -> bool:
    try:
        return b"judging_part" in Path(f"/proc/{process}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return False


def awaited(process: int) -> int:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if found := beside(process):
            return found[0]
        time.sleep(0.01)
    raise AssertionError("no second process came")


@contextmanager
def ending_the_second() -> Iterator[None]:
    def end() -> None:
        os.kill(awaited(os.getpid()), signal.SIGKILL)

    ending = Thread(target=end)
    ending.start()
    yield
    ending.join()


def started() -> Second:
    second = Second()
    second.start_for(2, 1, fewest=0)
    assert second.is_started
    return second


def test_a_small_fleet_starts_no_second_process_and_no_fleet_needs_one(
    snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    second = Second()
    second.start_for(len(snapshot.instances()), 60 * 24)
    assert not second.is_started
    second.start_for(1, 60 * 24, fewest=0)
    assert not second.is_started
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    second.start_for(2, 1, fewest=0)
    assert not second.is_started
    assert "one process judges all" in caplog.text
    assert judged(snapshot, context_in(snapshot), CHECKS, second).findings


def test_hours_are_the_work_and_not_instances_alone() -> None:
    few, many = Second(), Second()
    few.start_for(8_000, 14 * 24)
    many.start_for(8_000, 60 * 24)
    assert (few.is_started, many.is_started) == (False, True)
    many.end()
    assert not many.is_started


def test_a_second_process_that_is_given_nothing_to_judge_ends_without_a_word() -> None:
    command = [sys.executable, "-c", "from plainbill.pipeline.judging_part import main; main()"]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_two_processes_say_what_one_says(snapshot: Snapshot) -> None:
    alone = run_checks(CHECKS, context_in(snapshot), snapshot.manifest.places)
    both = judged(snapshot, context_in(snapshot), CHECKS, started())
    assert {finding.check.id for finding in alone.findings} >= {"ec2_instance_idle", "ebs_volume_gp2"}
    assert list(both.findings) == list(alone.findings)
    assert list(both.undecided) == list(alone.undecided)
    assert both.tallies == alone.tallies
    assert beside(os.getpid()) == []


def test_a_second_process_that_is_killed_is_an_error_and_not_half_an_answer(snapshot: Snapshot) -> None:
    with pytest.raises(JudgingError, match="ended by signal 9"), ending_the_second():
        judged(snapshot, context_in(snapshot), CHECKS, started())
    assert beside(os.getpid()) == []


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_the_second_process_ends_with_the_first(snapshot: Snapshot, how: signal.Signals) -> None:
    command = [sys.executable, "-c", ALONE, str(snapshot.folder)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as first:
        second = awaited(first.pid)
        first.send_signal(how)
        assert first.wait(60) == -how
    end = time.monotonic() + 60
    while is_judging(second) and time.monotonic() < end:
        time.sleep(0.05)
    assert not is_judging(second)
