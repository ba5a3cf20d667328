"""Resources of any kind as rows: the columns are the fields of the kind's dataclass."""

from __future__ import annotations

import types
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import UTC, datetime
from functools import cache
from itertools import accumulate, chain, pairwise
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

import pyarrow as pa

from plainbill.model.resources import Resource, table_of
from plainbill.storage.snapshot.columns import INSTANT, without_zone
from plainbill.storage.text import storable, storable_texts

R = TypeVar("R", bound=Resource)
_AT_ONCE = 2_000
"""Rows that are Python's dicts at the same time: those of a large fleet take more than the fleet."""

_COLUMNS: Mapping[Any, pa.DataType] = {
    str: pa.string(),
    int: pa.int64(),
    float: pa.float64(),
    bool: pa.bool_(),
    datetime: INSTANT,
    tuple[str, ...]: pa.list_(pa.string()),
    Mapping[str, str]: pa.map_(pa.string(), pa.string()),
}


def file_name(kind: type[Resource]) -> str:
    """Return the name of the file that holds a kind."""
    return f"{table_of(kind)}.parquet"


@cache
def schema_of(kind: type[Resource]) -> pa.Schema:
    """Return the columns of a kind; raises ``TypeError`` for a field that has no column."""
    hints = get_type_hints(kind)
    return pa.schema([_column(kind, one.name, hints[one.name]) for one in fields(kind)])


def _column(kind: type[Resource], name: str, hint: Any) -> pa.Field:
    is_optional = get_origin(hint) in {Union, types.UnionType} and type(None) in get_args(hint)
    if is_optional:
        (hint,) = (part for part in get_args(hint) if part is not type(None))
    if hint not in _COLUMNS:
        raise TypeError(f"{kind.__name__}.{name} is a {hint}, which is no column")
    return pa.field(name, _COLUMNS[hint], nullable=is_optional)


def resource_rows(kind: type[Resource], resources: Sequence[Resource]) -> pa.Table:
    """Return resources of one kind as a table, one row each."""
    schema = schema_of(kind)
    several = (resources[first : first + _AT_ONCE] for first in range(0, len(resources), _AT_ONCE))
    batches = (
        pa.RecordBatch.from_arrays(
            [_stored([getattr(one, field.name) for one in some], field.type) for field in schema],
            schema=schema,
        )
        for some in several
    )
    return pa.Table.from_batches(batches, schema=schema)


def resources_of(kind: type[R], table: pa.Table) -> tuple[R, ...]:
    """Read resources back, equal to what was stored; a field that was not stored has its default."""
    stored = pa.schema([field for field in schema_of(kind) if field.name in table.schema.names])
    batches = table.select(stored.names).cast(without_zone(stored)).to_batches(max_chunksize=_AT_ONCE)
    known: dict[str, str] = {}
    rows = (zip(*(_restored(column, known) for column in batch.columns), strict=True) for batch in batches)
    return tuple(kind(**dict(zip(stored.names, row, strict=True))) for row in chain.from_iterable(rows))


def _stored(values: Sequence[Any], data_type: pa.DataType) -> pa.Array:
    """Return the values of one field as a column: of all at once, which is quicker than one by one."""
    try:
        if None in values or not pa.types.is_nested(data_type):
            return pa.array(values, data_type)
        offsets = [0, *accumulate(map(len, values))]
        if not pa.types.is_map(data_type):
            return pa.ListArray.from_arrays(offsets, pa.array(chain.from_iterable(values), pa.string()))
        keys, texts = (
            pa.array(list(chain.from_iterable(some)), pa.string())
            for some in (values, (one.values() for one in values))
        )
        return pa.MapArray.from_arrays(offsets, keys, texts)
    except UnicodeEncodeError:
        return pa.array([_plain(value) for value in values], data_type)


def _plain(value: object) -> object:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, Mapping):
        return list(storable_texts(value).items())
    return list(map(_plain, value)) if isinstance(value, tuple) else value


def _restored(column: pa.Array, known: dict[str, str]) -> Sequence[Any]:
    """Return a column's values as resources have them; equal texts (Regions, types, tags) are one object."""
    if pa.types.is_string(column.type):
        return _texts(column, known)
    if pa.types.is_timestamp(column.type):
        instants = column.to_numpy(zero_copy_only=False).astype("datetime64[us]").tolist()
        return [None if one is None else one.replace(tzinfo=UTC) for one in instants]
    if not pa.types.is_nested(column.type):
        return list(column.to_pylist())
    offsets = column.offsets.to_numpy()
    spans = list(pairwise((offsets - offsets[0]).tolist()))
    parts = (column.keys, column.items) if pa.types.is_map(column.type) else (column.values,)
    keys, *texts = (_texts(part[int(offsets[0]) : int(offsets[-1])], known) for part in parts)
    values: list[Any] = [
        dict(zip(keys[first:end], texts[0][first:end], strict=True)) if texts else tuple(keys[first:end])
        for first, end in spans
    ]
    for number in column.is_null().to_numpy(zero_copy_only=False).nonzero()[0].tolist():
        values[number] = None
    return values


def _texts(column: pa.Array, known: dict[str, str]) -> list[Any]:
    texts = column.to_numpy(zero_copy_only=False).tolist()
    return [text if text is None else known.setdefault(text, text) for text in texts]
