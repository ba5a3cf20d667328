"""How much room the stored files take."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from plainbill.storage.home import Home


@dataclass(frozen=True, slots=True)
class StoredSize:
    """What some files are for, how many they are and how many bytes they hold."""

    what: str
    files: int
    size: int


def stored_sizes(home: Home) -> tuple[StoredSize, ...]:
    """Return the sizes of what a home holds; a file that vanishes while it is looked at counts as gone."""
    snapshots = list(_sizes(home.snapshots))
    state = [size for file in home.root.glob(f"{home.state_db.name}*") for size in _sizes(file)]
    return (
        StoredSize("readings of AWS (Parquet)", len(snapshots), sum(snapshots)),
        StoredSize("refreshes, findings and decisions (SQLite)", len(state), sum(state)),
    )


def _sizes(place: Path) -> Iterator[int]:
    for file in (place, *place.rglob("*")):
        try:
            if file.is_file():
                yield file.stat().st_size
        except FileNotFoundError:  # a refresh clears old readings away
            continue
