"""A snapshot that is not what was written is not served: the one before it is, and it is said."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from factories import NOW, instance, utilization
from plainbill.errors import StorageError
from plainbill.model.cost import CostMetric, CostTable
from plainbill.model.period import Period
from plainbill.storage import Snapshot, SnapshotStore
from plainbill.storage.snapshot.manifest import SCHEMA_VERSION, encode
from storage.keeping import DAY, collected, flat_costs

OCTOBER = Period.of_days(date(2026, 10, 1), date(2026, 11, 1))
FILES = (
    "service-2026-10.parquet",
    "control-2026-11.parquet",
    "instances.parquet",
    "utilization.parquet",
    "manifest.json",
)


def write(store: SnapshotStore, number: int, amount: str = "1") -> Snapshot:
    costs = flat_costs(date(2026, 10, 1), date(2026, 11, 24), amount)
    return store.write(
        collected(
            f"run-{number}",
            costs,
            NOW + number * DAY,
            instances=(instance(),),
            utilization={instance().arn: utilization()},
        )
    )


def served(folder: Path) -> str | None:
    latest = SnapshotStore(folder).latest()
    return latest.manifest.run_id if latest else None


def tear(content: bytes) -> bytes:
    return content[: len(content) // 2]


def flip(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


def put(path: Path, content: bytes) -> None:
    """Put a new file in the place of another, whose other hard links stay whole."""
    path.unlink()
    path.write_bytes(content)


def change(path: Path, harm: Callable[[bytes], bytes]) -> None:
    put(path, harm(path.read_bytes()))


def test_an_unharmed_folder_has_no_problems(tmp_path: Path) -> None:
    store = SnapshotStore(tmp_path)
    assert store.latest() is None
    write(store, 1)
    again = SnapshotStore(tmp_path)
    assert again.latest() is not None
    assert again.problems == ()


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("harm", [tear, flip, None], ids=["torn", "flipped", "lost"])
def test_the_one_before_is_served(tmp_path: Path, name: str, harm: Callable[[bytes], bytes] | None) -> None:
    store = SnapshotStore(tmp_path)
    write(store, 1)
    newest = write(store, 2, "2").folder
    if harm is None:
        (newest / name).unlink()
    else:
        change(newest / name, harm)
    again = SnapshotStore(tmp_path)
    latest = again.latest()
    assert latest is not None
    assert latest.manifest.run_id == "run-1"
    assert {cost.cost for cost in latest.daily_costs(CostTable.SERVICE, OCTOBER, CostMetric.BLENDED)} == {
        Decimal(1)
    }
    (problem,) = again.problems
    (aside,) = tmp_path.glob("run-2.corrupt-*")
    assert name in problem
    assert aside.name in problem
    assert SnapshotStore(tmp_path).problems == (
        f"the snapshot run-2 was damaged and was set aside as {aside.name}",
    )


def test_every_byte_of_the_manifest_counts(tmp_path: Path) -> None:
    folder = write(SnapshotStore(tmp_path), 1).folder
    whole = (folder / "manifest.json").read_bytes()
    for place in range(0, len(whole), 37):
        put(folder / "manifest.json", whole[:place] + bytes([whole[place] ^ 4]) + whole[place + 1 :])
        assert served(tmp_path) is None, f"byte {place} of the manifest was changed unseen"
        (aside,) = tmp_path.glob("*.corrupt-*")
        aside.rename(folder)
    put(folder / "manifest.json", whole)
    assert served(tmp_path) == "run-1"


def test_a_manifest_can_be_read_by_other_programs(tmp_path: Path) -> None:
    folder = write(SnapshotStore(tmp_path), 1).folder
    said = json.loads((folder / "manifest.json").read_bytes())
    assert said["manifest"]["run_id"] == "run-1"
    assert said["schema_version"] == SCHEMA_VERSION


def test_when_all_are_damaged_nothing_is_served_and_a_refresh_begins_anew(tmp_path: Path) -> None:
    for number in (1, 2):
        change(write(SnapshotStore(tmp_path), number).folder / "instances.parquet", tear)
    store = SnapshotStore(tmp_path)
    assert store.latest() is None
    assert len(store.problems) == 2
    assert write(store, 3).manifest.run_id == "run-3"
    assert served(tmp_path) == "run-3"


def test_a_renamed_snapshot_is_not_taken_for_another(tmp_path: Path) -> None:
    write(SnapshotStore(tmp_path), 1).folder.rename(tmp_path / "run-9")
    assert served(tmp_path) is None


def test_a_snapshot_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    store = SnapshotStore(tmp_path)
    write(store, 1)
    newest = write(store, 2)
    ours, newer = (b'{"schema_version":%d' % version for version in (SCHEMA_VERSION, SCHEMA_VERSION + 1))
    later = encode(newest.manifest).replace(ours, newer, 1)
    put(newest.folder / "manifest.json", later)
    again = SnapshotStore(tmp_path)
    assert served(tmp_path) == "run-1"
    third = write(again, 3)
    assert third.manifest.sequence > newest.manifest.sequence
    assert "upgrade Plainbill" in again.problems[0]
    assert newest.folder.exists()


def test_the_order_is_that_of_writing_whatever_the_clock_says(tmp_path: Path) -> None:
    store = SnapshotStore(tmp_path)
    store.write(collected("b", taken_at=NOW))
    store.write(collected("a", taken_at=NOW - 100 * DAY))
    assert served(tmp_path) == "a"


def test_too_many_open_files_is_not_taken_for_damage(tmp_path: Path) -> None:
    write(SnapshotStore(tmp_path), 1)
    store = SnapshotStore(tmp_path)
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    free = os.dup(0)
    os.close(free)
    resource.setrlimit(resource.RLIMIT_NOFILE, (free + 1, limits[1]))
    try:
        with pytest.raises(StorageError, match="Too many open files"):
            store.latest()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
    assert store.latest() is not None
    assert store.problems == ()


def test_a_file_that_goes_while_it_is_open_is_an_error_of_ours(tmp_path: Path) -> None:
    snapshot = write(SnapshotStore(tmp_path), 1)
    (snapshot.folder / "instances.parquet").unlink()
    with pytest.raises(StorageError, match=r"cannot read .*instances\.parquet"):
        snapshot.instances()


def test_load_that_goes_before_it_is_looked_at_is_an_error_of_ours(tmp_path: Path) -> None:
    snapshot = write(SnapshotStore(tmp_path), 1)
    (snapshot.folder / "utilization.parquet").unlink()
    with pytest.raises(StorageError, match=r"utilization\.parquet"):
        snapshot.utilization()


def test_every_kept_snapshot_can_be_verified_not_only_the_newest(tmp_path: Path) -> None:
    store = SnapshotStore(tmp_path)
    oldest = write(store, 1).folder
    write(store, 2, "2")
    assert SnapshotStore(tmp_path).verify() == 2
    change(oldest / "instances.parquet", tear)
    again = SnapshotStore(tmp_path)
    assert again.verify() == 1
    assert "run-1 was damaged" in again.problems[0]
    assert again.served().startswith("served is the snapshot run-2, read 2026-")


FILL_THE_DISK = """
import resource, sys
from pathlib import Path
from storage.test_damage import write
from plainbill.errors import StorageError
from plainbill.storage import SnapshotStore
store = SnapshotStore(Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
try:
    write(store, 2)
except StorageError as error:
    print(error)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
print(store.latest().manifest.run_id, write(store, 3).manifest.run_id)
"""


@pytest.mark.parametrize("limit", [10, 2950, 4000])
def test_a_full_disk_is_said_and_the_last_complete_one_stays(tmp_path: Path, limit: int) -> None:
    write(SnapshotStore(tmp_path), 1)
    command = [sys.executable, "-c", FILL_THE_DISK, str(tmp_path), str(limit)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[1])
    said, after = done.stdout.splitlines()
    assert "cannot write the snapshot" in said
    assert "the last complete one stays in use; free some space" in said
    assert after == "run-1 run-3"
    assert sorted(path.name for path in tmp_path.iterdir()) == [".writer.lock", "run-1", "run-3"]
