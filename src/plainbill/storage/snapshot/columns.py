"""What all stored tables have in common: instants and lists of hours."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

INSTANT = pa.timestamp("us", tz="UTC")


def without_zone(schema: pa.Schema) -> pa.Schema:
    """Return the schema with naive instants: pyarrow asks the system's zone files even for UTC."""
    naive = (field.with_type(pa.timestamp("us")) if field.type == INSTANT else field for field in schema)
    return pa.schema(list(naive))


def hours_of(values: pa.DoubleArray) -> tuple[float | None, ...]:
    """Return one row's values as Python's; null, an hour without a datapoint, is None."""
    if len(values) == 0:
        return ()
    span = slice(values.offset, values.offset + len(values))
    hours: list[float | None] = list(memoryview(values.buffers()[1]).cast("d")[span])
    if values.null_count:
        for hour in pc.indices_nonzero(values.is_null()).to_pylist():
            hours[hour] = None
    return tuple(hours)
