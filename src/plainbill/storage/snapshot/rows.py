"""Reading one Parquet file, with errors that name it."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from plainbill.errors import StorageError


def read_rows(path: Path) -> pa.Table:
    """Return all rows of a file; raises ``StorageError`` where the machine or the file does not let it."""
    try:
        return pq.read_table(path)
    except (OSError, pa.ArrowException) as error:
        raise StorageError(f"cannot read {path}: {error}") from error
