"""Runs and settings survive; what is damaged is set aside and said."""

from __future__ import annotations

import os
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from factories import NOW
from plainbill.errors import StorageError
from plainbill.model.inventory import Gap
from plainbill.model.run import OperationCost, Run, RunState
from plainbill.storage import CollectorLock, State
from plainbill.storage.state.database import Database, Watch
from plainbill.storage.state.migrations import Migration, all_migrations
from plainbill.storage.state.runs import INTERRUPTED
from plainbill.storage.state.soundness import connect_to_read

HOUR = timedelta(hours=1)
NEXT = len(all_migrations()) + 1
COSTS = OperationCost(
    service="ce", operation="GetCostAndUsage", calls=3, low=Decimal("0.03"), high=Decimal("0.03")
)
METRICS = OperationCost(
    service="cloudwatch", operation="GetMetricData", calls=1, low=Decimal("0.00001"), high=Decimal("0.0480")
)
DENIED = Gap(
    source="cost_explorer",
    account_id="111122223333",
    region=None,
    kind="AccessDenied",
    action="ce:GetCostAndUsage",
    reason="it's <b>denied</b>; \ud800",
    remedy="add the statement",
)


def run(run_id: str = "run-1", **changes: Any) -> Run:
    plain = Run(
        run_id=run_id,
        state=RunState.PARTIAL,
        started_at=NOW,
        finished_at=NOW + HOUR,
        accounts=("1", "2"),
        regions=("us-east-1",),
        operations=(COSTS, METRICS),
        gaps=(replace(DENIED, reason="denied"),),
    )
    return replace(plain, **changes)


def test_a_run_comes_back_equal(tmp_path: Path) -> None:
    State(tmp_path / "state.db").finish_run(run())
    state = State(tmp_path / "state.db")
    assert state.runs() == [run()]
    assert state.problems == ()


def test_a_gap_with_half_a_character_is_kept(tmp_path: Path) -> None:
    state = State(tmp_path / "state.db")
    state.finish_run(run(gaps=(DENIED,), error="\udfff"))
    assert state.runs()[0].gaps[0].reason == "it's <b>denied</b>; \ufffd"
    assert state.runs()[0].error == "\ufffd"


def test_runs_are_told_newest_first(tmp_path: Path) -> None:
    state = State(tmp_path / "state.db")
    for number in range(5):
        state.finish_run(run(f"run-{number}", started_at=NOW + number * HOUR))
    assert [one.run_id for one in state.runs(limit=2)] == ["run-4", "run-3"]


def test_finishing_a_run_replaces_what_was_said_at_its_start(tmp_path: Path) -> None:
    state = State(tmp_path / "state.db")
    with CollectorLock(tmp_path / "collector.lock"):
        state.start_run(run(operations=(), gaps=(DENIED, DENIED)))
        assert state.runs()[0].state is RunState.RUNNING
        state.finish_run(run(state=RunState.COMPLETE, gaps=()))
        assert state.runs() == [run(state=RunState.COMPLETE, gaps=())]


def test_spend_counts_from_the_given_instant_on(tmp_path: Path) -> None:
    state = State(tmp_path / "state.db")
    assert state.api_spend(NOW) == (Decimal(0), Decimal(0))
    for number in range(3):
        state.finish_run(run(f"run-{number}", started_at=NOW + number * HOUR))
    assert state.api_spend(NOW + HOUR) == (Decimal("0.06002"), Decimal("0.1560"))
    assert state.api_spend(NOW + 3 * HOUR) == (Decimal(0), Decimal(0))


def test_a_run_that_is_alive_is_left_running(tmp_path: Path) -> None:
    with CollectorLock(tmp_path / "collector.lock"):
        State(tmp_path / "state.db").start_run(run())
        assert State(tmp_path / "state.db").runs()[0].state is RunState.RUNNING


def test_a_run_of_a_dead_process_is_failed_at_the_next_open(tmp_path: Path) -> None:
    state = State(tmp_path / "state.db")
    with CollectorLock(tmp_path / "collector.lock"):
        state.start_run(run(finished_at=None))
    found = State(tmp_path / "state.db").runs()[0]
    assert (found.state, found.error, found.finished_at) == (RunState.FAILED, INTERRUPTED, None)
    assert state.runs()[0].state is RunState.FAILED


def test_a_run_of_a_dead_process_is_failed_when_the_next_one_starts(tmp_path: Path) -> None:
    with CollectorLock(tmp_path / "collector.lock"):
        state = State(tmp_path / "state.db")
        state.start_run(run("dead"))
        state.start_run(run("next", started_at=NOW + HOUR))
        states = {one.run_id: one.state for one in state.runs()}
    assert states == {"dead": RunState.FAILED, "next": RunState.RUNNING}


def test_threads_share_one_state(tmp_path: Path) -> None:
    state = State(tmp_path / "state.db")
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda number: state.finish_run(run(f"run-{number}")), range(40)))
        assert len(state.runs(limit=100)) == 40


def test_processes_open_it_at_the_same_time(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        states = list(threads.map(lambda _: State(tmp_path / "state.db"), range(8)))
    for number, state in enumerate(states):
        state.finish_run(run(f"run-{number}"))
    assert {len(state.runs()) for state in states} == {8}


@pytest.mark.parametrize("damage", ["no database", "torn page"])
def test_a_damaged_file_is_set_aside_and_said(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "state.db"
    state = State(path)
    for number in range(50):
        state.finish_run(run(f"run-{number}"))
    state.close()
    content = bytearray(path.read_bytes())
    where = slice(0, 100) if damage == "no database" else slice(len(content) // 2, len(content))
    content[where] = os.urandom(len(content[where]))
    path.write_bytes(content)
    again = State(path)
    (said,) = again.problems
    assert "state.db was damaged" in said
    (aside,) = (one for one in tmp_path.glob("state.db.corrupt-*") if one.suffix != ".txt")
    assert aside.name in said
    assert aside.read_bytes() == content
    assert again.runs() == [run("run-0")], "the copy was made when the first run ended"
    again.finish_run(run())
    assert State(path).runs() == [run(), run("run-0")]
    assert State(path).problems == (said,), "whoever opens it later is told as well"


def test_a_locked_file_is_not_taken_for_a_damaged_one(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    State(path).finish_run(run())
    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert State(path).runs() == [run()]


def test_an_error_names_the_file(tmp_path: Path) -> None:
    state = State(tmp_path / "state.db")
    with closing(sqlite3.connect(tmp_path / "state.db")) as other:
        other.execute("DROP TABLE policy_uses")
    with pytest.raises(StorageError, match=r"state\.db: no such table"):
        state.policy_uses()


def test_a_step_that_fails_leaves_the_version_before(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    State(path).finish_run(run())
    broken = Migration(
        NEXT,
        "9999_broken.sql",
        "CREATE TABLE extra (a TEXT);\nDROP TABLE runs;\nINSERT INTO nowhere VALUES (1);",
    )
    with pytest.raises(StorageError, match="nowhere"):
        Database(path, [*all_migrations(), broken])
    state = State(path)
    assert state.runs() == [run()]
    with closing(sqlite3.connect(path)) as other:
        assert other.execute("SELECT max(version) FROM migrations").fetchone() == (NEXT - 1,)
        assert not other.execute("SELECT 1 FROM sqlite_master WHERE name = 'extra'").fetchall()


def test_a_step_forward_keeps_a_copy_of_the_file_before_it(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    State(path).finish_run(run())
    sql = "ALTER TABLE settings ADD COLUMN note TEXT; -- one statement\nUPDATE settings SET note = 'a;b';"
    steps = [*all_migrations(), Migration(NEXT, "9999_note.sql", sql)]
    Database(path, steps)
    Database(path, steps)
    with closing(sqlite3.connect(tmp_path / f"state.db.before-{NEXT:04}")) as before:
        assert before.execute("SELECT max(version) FROM migrations").fetchone() == (NEXT - 1,)
        assert before.execute("SELECT run_id FROM runs").fetchall() == [("run-1",)]
    with closing(sqlite3.connect(path)) as after:
        assert after.execute("SELECT version FROM migrations").fetchall() == [
            (n,) for n in range(1, NEXT + 1)
        ]


def test_a_file_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    Database(path, [*all_migrations(), Migration(NEXT, "9999_next.sql", "CREATE TABLE next (a TEXT);")])
    with pytest.raises(StorageError, match="newer Plainbill"):
        State(path)
    assert not list(tmp_path.glob("*.corrupt-*"))


def test_steps_are_numbered_without_holes() -> None:
    assert [step.version for step in all_migrations()] == list(range(1, len(all_migrations()) + 1))


def test_what_is_away_with_its_disk_is_said_each_time_and_read_on_when_it_is_back(tmp_path: Path) -> None:
    home, away = tmp_path / "home", tmp_path / "away"
    home.mkdir()
    state, watch = State(home / "state.db"), Watch(home / "state.db")
    state.finish_run(run())
    home.rename(away)
    for _ in range(2):
        with pytest.raises(StorageError, match="No such file or directory"):
            state.runs()
        with pytest.raises(StorageError, match="unable to open database file"):
            watch.version()
    away.rename(home)
    assert watch.version()
    assert state.runs() == [run()]
    watch.close()


def test_where_there_is_no_copy_none_is_made_by_looking_for_one(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    with pytest.raises(sqlite3.OperationalError):
        connect_to_read(path)
    assert list(tmp_path.iterdir()) == []
