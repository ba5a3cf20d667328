"""Reading one Parquet file, with errors that name it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from plainbill.errors import StorageError


def read_rows(path: Path, columns: Sequence[str] | None = None) -> pa.Table:
    """Return all rows of a file, of some columns only where they are named.

    Raises ``StorageError`` where the machine or the file does not let it.
    """
    with named(path):
        return pq.read_table(path, columns=columns)


@contextmanager
def named(path: Path) -> Iterator[None]:
    """Raise ``StorageError``, which names the file, where the machine or the file does not let it be read."""
    try:
        yield
    except (OSError, pa.ArrowException) as error:
        raise StorageError(f"cannot read {path}: {error}") from error
