"""Real refreshes are killed and their system calls fail: what was promised is kept, nothing half is seen."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from crashing import estate, shim
from crashing.campaign import strike
from crashing.disk import mounted, why_no_mount
from crashing.needs import needs
from crashing.nursery import CANNOT_BE_WRITTEN
from crashing.story import Promises, broken, live
from plainbill.storage import Collected, Home, SnapshotStore, State

LIVES = {"kills": 8, "errors": 12}


@pytest.fixture(scope="module")
def lived(read: Collected, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Promises]:
    """A home in which three refreshes went well, and what they promised."""
    home, promises = tmp_path_factory.mktemp("lived") / "home", Promises()
    ours, theirs = os.pipe()
    for number in (1, 2, 3):
        live(home, read, estate.checks(), number, theirs)
    os.close(theirs)
    promises.hear(os.read(ours, 65536))
    os.close(ours)
    promises.tried = 3
    return home, promises


def test_an_unharmed_home_keeps_every_promise(lived: tuple[Path, Promises], read: Collected) -> None:
    home, promises = lived
    assert promises.last("use") == 3
    assert broken(home, read, promises) == []


def test_killed_and_refused_refreshes_lose_nothing_and_show_nothing_half(read: Collected) -> None:
    needs(shim.why_not())
    tallies = strike(read, seed=1, **LIVES)
    assert {name: tallies[name]["lives"] for name in LIVES} == LIVES
    assert [tally["broken"] for tally in tallies.values()] == [[]] * len(tallies)
    assert all(tallies[name]["struck"] for name in LIVES), "no life was struck: the test tried nothing"


def test_a_disk_that_fills_up_loses_nothing_and_is_served_while_it_is_full(read: Collected) -> None:
    needs(shim.why_not() or why_no_mount())
    tally = strike(read, seed=2, full_disks=4)["full disks"]
    assert (tally["lives"], tally["broken"]) == (4, [])
    assert tally["struck"], "there was always enough space: the test tried nothing"


@pytest.mark.parametrize("missing", ["", "-shm"], ids=["after a kill", "after a power cut"])
def test_what_the_log_of_a_killed_process_holds_is_served_from_a_disk_that_can_only_be_read(
    read: Collected, tmp_path: Path, missing: str
) -> None:
    needs(why_no_mount())
    with mounted(tmp_path / "disk") as disk:
        home, promises = _left_by_a_kill(read, tmp_path, disk.root / "home")
        assert (home / "state.db-wal").stat().st_size, "there is no log: the test tried nothing"
        if missing:
            (home / f"state.db{missing}").unlink()
        disk.only_read()
        said = [one for one in broken(home, read, promises) if not one.startswith(CANNOT_BE_WRITTEN)]
        assert said == []
        disk.write_again()
        assert broken(home, read, promises) == []


def _left_by_a_kill(read: Collected, tmp_path: Path, to: Path) -> tuple[Path, Promises]:
    """Copy a home while its state is in use: that is what a kill leaves."""
    home, (ours, theirs) = tmp_path / "home", os.pipe()
    in_use = State(Home(home).state_db)
    live(home, read, estate.checks(), 1, theirs)
    os.close(theirs)
    promises = Promises(tried=1)
    promises.hear(os.read(ours, 65536))
    os.close(ours)
    shutil.copytree(home, to)
    in_use.close()
    return to, promises


def test_after_a_power_cut_the_last_complete_snapshot_is_there_and_nothing_promised_is_lost(
    read: Collected,
) -> None:
    needs(shim.why_not())
    tally = strike(read, seed=3, power_cuts=6)["power cuts"]
    assert (tally["lives"], tally["broken"]) == (6, [])


def test_the_judge_sees_what_a_disk_lost_that_only_said_that_it_had_synced(read: Collected) -> None:
    needs(shim.why_not())
    broken = strike(read, seed=3, lying_disks=4)["lying disks"]["broken"]
    assert any("lost: snapshot" in sentence for sentence in broken)
    assert any("lost: decision" in sentence for sentence in broken)


def _newest(home: Path) -> Path:
    latest = SnapshotStore(Home(home).snapshots).latest()
    assert latest
    return latest.folder


def _lose_the_newest(home: Path) -> None:
    shutil.rmtree(_newest(home))


def _lose_the_state(home: Path) -> None:
    for file in home.glob("state.db*"):
        file.unlink()


def _tear_a_file(home: Path) -> None:
    torn = _newest(home) / "instances.parquet"
    content = torn.read_bytes()
    torn.unlink()
    torn.write_bytes(content[: len(content) // 2])


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (_lose_the_newest, "lost: snapshot 3"),
        (_lose_the_state, "lost: run 1"),
        (_lose_the_state, "lost: decision 2"),
        (_lose_the_state, "lost: policy 3"),
        (_lose_the_state, "lost: use 1"),
        (_tear_a_file, "dropped: the snapshot run-3 was damaged"),
        (_tear_a_file, "lost: snapshot 3"),
    ],
)
def test_the_judge_sees_planted_harm(
    lived: tuple[Path, Promises],
    read: Collected,
    tmp_path: Path,
    harm: Callable[[Path], None],
    said: str,
) -> None:
    home = tmp_path / "home"
    shutil.copytree(lived[0], home, copy_function=shutil.copy2)
    harm(home)
    assert any(sentence.startswith(said) for sentence in broken(home, read, lived[1]))


def test_the_judge_sees_a_snapshot_that_is_not_what_was_read(
    lived: tuple[Path, Promises], read: Collected, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    shutil.copytree(lived[0], home)
    promises = Promises(kept=lived[1].kept, tried=4)
    SnapshotStore(Home(home).snapshots).write(replace(estate.reading(read, 2), run_id=estate.run_id(4)))
    said = broken(home, read, promises)
    assert {"partial: accounts of snapshot 4", "partial: control of snapshot 4"} <= set(said)
    assert "partial: instances of snapshot 4" in said


def test_a_promise_that_was_cut_short_is_none() -> None:
    promises = Promises()
    promises.hear(b"run 1\ndecision 1\nrun 12")
    assert (promises.kept["run"], promises.kept["decision"]) == ([1], [1])
