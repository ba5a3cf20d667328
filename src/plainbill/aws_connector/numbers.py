"""Numbers written out, made an array of without a Python object each, and while other threads work."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import csv

_A_LINE_EACH = csv.ParseOptions(delimiter="\t", quote_char=False, escape_char=False)
_NUMBERS = csv.ConvertOptions(column_types={"number": pa.float64()}, null_values=[])


def doubles(told: bytes) -> NDArray[np.float64]:
    """Return the numbers between the commas of a text, as near as doubles come to them.

    Memory is that of the C library: what pyarrow has of its own, each thread keeps some of.

    Raises ``ValueError`` for what is no number. Of nothing between two commas nothing comes.
    """
    if not told.strip():
        return np.empty(0)
    reading = csv.ReadOptions(use_threads=False, column_names=["number"], block_size=len(told) + 1)
    lines = pa.BufferReader(told.replace(b",", b"\n"))
    table: Any = csv.read_csv(lines, reading, _A_LINE_EACH, _NUMBERS, pa.system_memory_pool())
    numbers: NDArray[np.float64] = table["number"].to_numpy()
    return numbers
