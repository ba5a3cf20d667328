"""An in-memory DuckDB that can read the files of one snapshot and touch nothing else."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from plainbill.errors import StorageError

MEMORY_LIMIT = "1GB"

_CLOSE_THE_DOORS = (
    "SET autoinstall_known_extensions = false",
    "SET autoload_known_extensions = false",
    f"SET memory_limit = '{MEMORY_LIMIT}'",
    "SET temp_directory = ''",
    "SET enable_external_access = false",
    "SET lock_configuration = true",
)


class Engine:
    """Answers SQL over the named files of a folder; any number of threads may ask at once.

    The files are allowed one by one, not their folder: ``COPY ... TO`` may write whatever is inside an
    allowed folder.
    """

    def __init__(self, folder: Path, names: Sequence[str]) -> None:
        self._folder, self._names = folder, names
        self._database: duckdb.DuckDBPyConnection | None = None
        self._opening = threading.Lock()
        self._threads = threading.local()

    def paths(self, names: Sequence[str]) -> list[str]:
        """Return the names as ``read_parquet`` wants them."""
        return [str(self._folder / name) for name in names]

    def rows(self, sql: str, parameters: Mapping[str, object]) -> list[tuple[Any, ...]]:
        """Run a query with bound parameters; raises ``StorageError`` naming the folder."""
        try:
            return self._cursor().execute(sql, parameters).fetchall()
        except duckdb.Error as error:
            raise StorageError(f"cannot read the snapshot {self._folder}: {error}") from error

    def close(self) -> None:
        """Free the memory; no question may follow."""
        with self._opening:
            if self._database is not None:
                self._database.close()

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        cursor: duckdb.DuckDBPyConnection | None = getattr(self._threads, "cursor", None)
        if cursor is None:
            cursor = self._threads.cursor = self._opened().cursor()
        return cursor

    def _opened(self) -> duckdb.DuckDBPyConnection:
        """Open the database at the first question: a refresh compares two snapshots and asks no SQL."""
        with self._opening:
            if self._database is None:
                self._database = duckdb.connect(":memory:")
                allowed = [str(self._folder / name) for name in self._names]
                self._database.execute("SET allowed_paths = $1", [allowed])
                for statement in _CLOSE_THE_DOORS:
                    self._database.execute(statement)
            return self._database
