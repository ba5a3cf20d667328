"""The folder is its owner's alone, and one collector works in it at a time."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from factories import NOW
from plainbill.errors import RefreshRunningError, StorageError
from plainbill.model.diagnosis import Diagnosis
from plainbill.model.run import Run, RunState
from plainbill.storage import CollectorLock, Home, SnapshotStore, State
from plainbill.storage.diagnosis import keep_diagnosis
from storage.keeping import collected

HOLD_THE_LOCK = """
import sys
from pathlib import Path
from plainbill.storage.lock import CollectorLock
with CollectorLock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def open_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


@pytest.mark.usefixtures("open_umask")
def test_a_folder_with_files_of_others_keeps_its_mode(tmp_path: Path) -> None:
    root = tmp_path / "shared"
    root.mkdir(mode=0o755)
    (root / "theirs.txt").write_text("left alone")
    home = Home(root)
    assert mode(root) == 0o755
    assert mode(home.snapshots) == 0o700
    assert mode(root / "theirs.txt") == 0o666


@pytest.mark.usefixtures("open_umask")
def test_every_file_is_private_even_with_an_open_umask(tmp_path: Path) -> None:
    home = Home(tmp_path / "new" / "home")
    with CollectorLock(home.lock):
        state = State(home.state_db)
        state.start_run(run())
        store = SnapshotStore(home.snapshots)
        store.write(collected("run-1"))
        store.write(collected("run-2"))
        modes = {path: mode(path) for path in (home.root, *home.root.rglob("*"))}
    assert {mode for path, mode in modes.items() if path.is_dir()} == {0o700}
    inside = {mode for path, mode in modes.items() if path.is_file() and home.snapshots in path.parents[1:2]}
    assert inside == {0o400}
    others = {
        mode for path, mode in modes.items() if path.is_file() and home.snapshots not in path.parents[1:]
    }
    assert others == {0o600}
    assert {"state.db", "state.db-wal", "state.db-shm"} <= {path.name for path in modes}


def test_a_file_in_place_of_the_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="PLAINBILL_HOME must name a folder"):
        Home(tmp_path / "file")


def test_a_folder_that_cannot_be_made_is_said() -> None:
    with pytest.raises(StorageError, match=r"cannot create the folder /proc/plainbill.*PLAINBILL_HOME"):
        Home(Path("/proc/plainbill"))


def test_a_free_lock_is_not_held(tmp_path: Path) -> None:
    lock = CollectorLock(tmp_path / "lock")
    assert not lock.is_held()
    assert not (tmp_path / "lock").exists()
    with lock:
        assert lock.is_held()
        assert CollectorLock(tmp_path / "lock").is_held()
    assert not lock.is_held()


def test_a_second_collector_is_refused_and_told_by_whom(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with subprocess.Popen(
        [sys.executable, "-c", HOLD_THE_LOCK, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdin is not None
        assert holder.stdout.readline() == b"held\n"
        assert CollectorLock(path).is_held()
        with pytest.raises(RefreshRunningError, match=rf"process {holder.pid}\b"), CollectorLock(path):
            pytest.fail("two collectors at once")
        holder.kill()
    with CollectorLock(path):
        assert path.read_text() == f"{os.getpid()}\n"
    assert path.read_text() == ""


def test_a_lock_that_is_held_for_an_instant_refuses_nobody(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with path.open("w") as question:
        fcntl.flock(question, fcntl.LOCK_EX)
        answered = threading.Timer(0.05, fcntl.flock, [question, fcntl.LOCK_UN])
        answered.start()
        with CollectorLock(path) as lock:
            assert lock.is_held()
        answered.join()


def test_only_one_process_writes_snapshots(tmp_path: Path) -> None:
    store = SnapshotStore(tmp_path)
    with CollectorLock(tmp_path / ".writer.lock"):
        with pytest.raises(RefreshRunningError):
            store.write(collected())
        with pytest.raises(RefreshRunningError):
            store.prune()
    assert store.write(collected()).manifest.run_id == "run-1"


def run() -> Run:
    return Run(
        run_id="run-1",
        state=RunState.RUNNING,
        started_at=NOW,
        finished_at=None,
        accounts=(),
        regions=(),
        operations=(),
        gaps=(),
    )


def test_a_diagnosis_that_can_neither_be_written_nor_cleared_away_is_an_error_of_ours(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    shutil.rmtree(home.root)
    home.root.write_text("a file")
    with pytest.raises(StorageError, match=r"cannot write .*doctor\.json"):
        keep_diagnosis(home, Diagnosis(at=NOW, seconds=1, endpoint=None, error=None))
