"""A damaged state file is replaced by its copy; whoever has it open goes on with the new one."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from factories import NOW
from plainbill.errors import StorageError
from plainbill.model.policy import Policy
from plainbill.storage import State
from plainbill.storage.state.copies import COPY_EVERY, TOLD_FOR
from storage.test_state import run

SAVED = Policy(name="ours", settings={}, note="agreed", who="me", saved_at=NOW)


def put_noise(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[: len(content) // 2] = os.urandom(len(content) // 2)
    path.write_bytes(content)


def write_back(path: Path) -> None:
    """Bring what is in the log into the file, where damage is damage."""
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def age(path: Path, by: timedelta) -> None:
    moment = (datetime.now(UTC) - by).timestamp()
    os.utime(path, (moment, moment))


def test_a_sound_file_is_left_alone_and_nothing_is_said(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    State(path).finish_run(run())
    before = path.stat().st_ino
    assert State(path).problems == ()
    assert path.stat().st_ino == before
    assert not list(tmp_path.glob("*.corrupt-*"))


def test_a_run_that_ended_and_what_people_decided_are_in_the_copy(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    state = State(path)
    state.finish_run(run())
    age(tmp_path / "state.db.copy", COPY_EVERY)
    state.save_policy("ours", lambda _: SAVED)
    state.close()
    put_noise(path)
    again = State(path)
    assert (again.runs(), again.policies()) == ([run()], [SAVED])
    (said,) = again.problems
    assert "took its place: runs, decisions and policies of later are missing" in said


def test_the_copy_is_made_anew_only_when_it_is_old_or_from_the_future(tmp_path: Path) -> None:
    copy, state = tmp_path / "state.db.copy", State(tmp_path / "state.db")
    state.finish_run(run("run-1"))
    made = copy.stat().st_ino
    state.finish_run(run("run-2"))
    assert copy.stat().st_ino == made
    for by in (COPY_EVERY, -2 * COPY_EVERY):
        age(copy, by)
        state.finish_run(run("run-3"))
        assert copy.stat().st_ino != made
        made = copy.stat().st_ino


@pytest.mark.parametrize("lost", ["gone", "empty"])
def test_a_file_that_is_lost_comes_back_from_the_copy(tmp_path: Path, lost: str) -> None:
    path = tmp_path / "state.db"
    state = State(path)
    state.finish_run(run())
    state.close()
    path.unlink() if lost == "gone" else path.write_bytes(b"")
    again = State(path)
    assert again.runs() == [run()]
    assert f"state.db was {lost}" in again.problems[0]


def test_a_damaged_copy_is_not_put_in_place(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    state = State(path)
    state.finish_run(run())
    state.close()
    put_noise(path)
    put_noise(tmp_path / "state.db.copy")
    again = State(path)
    assert again.runs() == []
    assert "there was no copy" in again.problems[0]


def test_a_process_that_has_the_damaged_file_open_goes_on_with_the_one_that_took_its_place(
    tmp_path: Path,
) -> None:
    path = tmp_path / "state.db"
    web = State(path)
    web.finish_run(run("run-1"))
    version = web.version()
    write_back(path)
    put_noise(path)
    collector = State(path)  # finds the damage
    collector.finish_run(run("run-2"))
    assert {one.run_id for one in web.runs()} == {"run-1", "run-2"}
    web.save_policy("ours", lambda _: SAVED)
    assert collector.policies() == [SAVED]
    assert web.version() != version
    assert web.problems == collector.problems
    assert "was damaged" in web.problems[0]


def test_damage_met_while_it_is_open_is_mended_without_a_new_start(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    state = State(path)
    for number in range(200):
        state.finish_run(run(f"run-{number}"))
    write_back(path)
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(os.urandom(size - 4096))
    with pytest.raises(StorageError, match="malformed"):
        state.runs()
    assert state.runs()
    assert "was damaged" in state.problems[0]


def test_after_a_month_the_damaged_file_goes_and_is_told_no_more(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    State(path).close()
    put_noise(path)
    state = State(path)
    old = (datetime.now(UTC) - TOLD_FOR - timedelta(days=1)).strftime("%Y%m%dT%H%M%S.%fZ")
    for aside in tmp_path.glob("*.corrupt-*"):
        age(aside, TOLD_FOR + timedelta(days=1))
        aside.rename(tmp_path / f"state.db.corrupt-{old}{'.txt' if aside.suffix == '.txt' else ''}")
    assert state.problems == ()
    state.finish_run(run())
    assert not list(tmp_path.glob("*.corrupt-*"))


def test_runs_are_told_in_the_order_of_their_writing_when_the_clock_was_set_back(tmp_path: Path) -> None:
    state = State(tmp_path / "state.db")
    state.finish_run(run("run-1", started_at=NOW))
    state.finish_run(run("run-2", started_at=NOW - timedelta(days=400)))
    assert [one.run_id for one in state.runs()] == ["run-2", "run-1"]
