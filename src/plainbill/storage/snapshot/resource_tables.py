"""Resources of any kind as rows: the columns are the fields of the kind's dataclass."""

from __future__ import annotations

import types
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import UTC, datetime
from functools import cache
from itertools import chain
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
    names = schema_of(kind).names
    several = (resources[first : first + _AT_ONCE] for first in range(0, len(resources), _AT_ONCE))
    batches = (
        pa.RecordBatch.from_pylist(
            [{name: _plain(getattr(one, name)) for name in names} for one in some], schema=schema_of(kind)
        )
        for some in several
    )
    return pa.Table.from_batches(batches, schema=schema_of(kind))


def resources_of(kind: type[R], table: pa.Table) -> tuple[R, ...]:
    """Read resources back, equal to what was stored; a field that was not stored has its default."""
    stored = pa.schema([field for field in schema_of(kind) if field.name in table.schema.names])
    batches = table.select(stored.names).cast(without_zone(stored)).to_batches(max_chunksize=_AT_ONCE)
    rows: Iterable[dict[str, Any]] = chain.from_iterable(
        batch.to_pylist(maps_as_pydicts="strict") for batch in batches
    )
    known: dict[str, str] = {}
    return tuple(kind(**{name: _restored(value, known) for name, value in row.items()}) for row in rows)


def _plain(value: object) -> object:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, Mapping):
        return list(storable_texts(value).items())
    return list(map(_plain, value)) if isinstance(value, tuple) else value


def _restored(value: object, known: dict[str, str]) -> Any:
    """Return a value as a resource has it; texts that are equal (Regions, types, tags) are one object."""
    if isinstance(value, str):
        return known.setdefault(value, value)
    if isinstance(value, dict):
        return {known.setdefault(key, key): known.setdefault(text, text) for key, text in value.items()}
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC)
    return tuple(value) if isinstance(value, list) else value
