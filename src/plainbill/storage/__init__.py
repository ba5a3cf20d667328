"""The record: SQLite for state, Parquet snapshots for data, DuckDB for questions; nobody else speaks SQL."""

from plainbill.storage.home import Home
from plainbill.storage.journal import Journal
from plainbill.storage.lock import CollectorLock
from plainbill.storage.snapshot.collected import Collected, CostSpan
from plainbill.storage.snapshot.covered import covered_list_per_hour
from plainbill.storage.snapshot.load_file import LoadFile, LoadWriter, without_network
from plainbill.storage.snapshot.manifest import Manifest, Reading, TableSpan
from plainbill.storage.snapshot.reader import Snapshot, open_snapshot
from plainbill.storage.snapshot.store import SnapshotStore
from plainbill.storage.state import State

__all__ = [
    "Collected",
    "CollectorLock",
    "CostSpan",
    "Home",
    "Journal",
    "LoadFile",
    "LoadWriter",
    "Manifest",
    "Reading",
    "Snapshot",
    "SnapshotStore",
    "State",
    "TableSpan",
    "covered_list_per_hour",
    "open_snapshot",
    "without_network",
]
