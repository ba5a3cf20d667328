"""How much room is taken, also while a refresh clears old readings away."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

from plainbill.storage import Home
from plainbill.storage.sizes import stored_sizes


def test_an_empty_home_takes_no_room(tmp_path: Path) -> None:
    assert [(one.files, one.size) for one in stored_sizes(Home(tmp_path))] == [(0, 0), (0, 0)]


def test_every_file_is_counted_with_its_bytes(tmp_path: Path) -> None:
    home = Home(tmp_path)
    _reading(home, "one")
    home.state_db.write_bytes(b"12345")

    assert [(one.files, one.size) for one in stored_sizes(home)] == [(2, 6), (1, 5)]


def test_a_reading_that_is_cleared_away_meanwhile_is_no_error(tmp_path: Path) -> None:
    home = Home(tmp_path)
    thread = threading.Thread(target=_come_and_go, args=(home, 300))
    thread.start()
    while thread.is_alive():
        stored_sizes(home)

    assert stored_sizes(home)[0].files == 0


def _come_and_go(home: Home, times: int) -> None:
    for index in range(times):
        shutil.rmtree(_reading(home, f"reading-{index}"))


def _reading(home: Home, name: str) -> Path:
    folder = home.snapshots / name
    (folder / "costs").mkdir(parents=True)
    (folder / "manifest.json").write_bytes(b"{}")
    (folder / "costs" / "part.parquet").write_bytes(b"PAR1")
    return folder
