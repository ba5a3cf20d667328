"""How much room the stored files take."""

from __future__ import annotations

import os
from collections.abc import Iterable
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
    """Return the sizes of what a home holds; what vanishes while it is looked at counts as gone."""
    walk = os.walk(home.snapshots, onerror=_let_go)
    snapshots = _sizes(Path(folder, name) for folder, _, names in walk for name in names)
    state = _sizes(home.root.glob(f"{home.state_db.name}*"))
    return (
        StoredSize("readings of AWS (Parquet)", len(snapshots), sum(snapshots)),
        StoredSize("refreshes, findings and decisions (SQLite)", len(state), sum(state)),
    )


def _sizes(files: Iterable[Path]) -> list[int]:
    sizes = []
    for file in files:
        try:
            sizes.append(file.stat().st_size)
        except FileNotFoundError:  # a refresh clears old readings away
            continue
    return sizes


def _let_go(error: OSError) -> None:
    # A folder of an old reading may be cleared away as well; os.walk passes over any other error too.
    if not isinstance(error, FileNotFoundError):
        raise error
