"""The json protocols: bodies to parameters and answers to bodies, driven by shapes.

For each shape a converter is made once; a part of a shape that needs no conversion (no timestamp, no
blob in it) has none and is passed through whole, so a page of 100,800 numbers costs no Python loop.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

import orjson

from plainbill.aws_connector.service_models import Shape

Convert = Callable[[Any], Any]


def read(shape: Shape | None, body: bytes) -> dict[str, Any]:
    """Parse a request's body; timestamps become aware UTC datetimes, blobs bytes.

    Raises ``ValueError`` (orjson's is one) for a body that is not an object of that shape.
    """
    params = orjson.loads(body or b"{}")
    if not isinstance(params, dict):
        raise ValueError("the body is not a JSON object")  # noqa: TRY004 -- one error for every malformed body
    convert = _reader(shape) if shape else None
    try:
        return dict(convert(params) if convert else params)
    except (TypeError, AttributeError) as error:
        raise ValueError(f"the body does not fit the operation: {error}") from error


def write(shape: Shape | None, answer: Mapping[str, Any]) -> bytes:
    """Serialise an answer; datetimes become epoch seconds, numbers of seconds are left as they are."""
    convert = _writer(shape) if shape else None
    return orjson.dumps(convert(answer) if convert else answer)


def instant(value: Any) -> datetime:
    """Read a timestamp as the json protocol sends it: epoch seconds, or ISO 8601 from some clients."""
    if isinstance(value, str):
        return datetime.fromisoformat(value).astimezone(UTC)
    return datetime.fromtimestamp(value, UTC)


def _epoch(value: Any) -> Any:
    if not isinstance(value, datetime):
        return value
    seconds = value.timestamp()
    return int(seconds) if seconds.is_integer() else seconds


def _blob(value: bytes) -> str:
    return base64.b64encode(value).decode()


_READ: Mapping[str, Convert] = {"timestamp": instant, "blob": base64.b64decode}
_WRITE: Mapping[str, Convert] = {"timestamp": _epoch, "blob": _blob}


@cache
def _reader(shape: Shape) -> Convert | None:
    return _converter(shape, _READ)


@cache
def _writer(shape: Shape) -> Convert | None:
    return _converter(shape, _WRITE)


def _converter(shape: Shape, leaves: Mapping[str, Convert], inside: tuple[str, ...] = ()) -> Convert | None:
    """Return what converts a value of this shape, or None where there is nothing to convert."""
    if shape.name in inside:  # a shape that holds itself (Cost Explorer's Expression): no leaves down there
        return None
    inside = (*inside, shape.name)
    if shape.kind == "structure":
        parts = {name: _converter(part, leaves, inside) for name, part in shape.members.items()}
        return _structure({name: convert for name, convert in parts.items() if convert})
    if shape.kind == "list":
        return _each(_converter(shape.member, leaves, inside))
    if shape.kind == "map":
        return _values(_converter(shape.value, leaves, inside))
    return leaves.get(shape.kind)


def _structure(parts: Mapping[str, Convert]) -> Convert | None:
    if not parts:
        return None

    def convert(value: Mapping[str, Any]) -> dict[str, Any]:
        done = dict(value)
        for name, part in parts.items():
            if done.get(name) is not None:
                done[name] = part(done[name])
        return done

    return convert


def _each(part: Convert | None) -> Convert | None:
    if part is None:
        return None

    def convert(values: list[Any]) -> list[Any]:
        if part is _epoch and values and isinstance(values[0], int):
            return values  # a series' timestamps, already epoch seconds
        return [part(value) for value in values]

    return convert


def _values(part: Convert | None) -> Convert | None:
    if part is None:
        return None
    return lambda value: {key: part(item) for key, item in value.items()}
