"""The protocols in JSON (json, rest-json): bodies to parameters and answers to bodies, driven by shapes.

For each shape a converter is made once; a part of a shape that needs no conversion (no timestamp, no
blob, no member of another name on the wire) has none and is passed through whole, so a page of 100,800
numbers costs no Python loop.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
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
    """Serialise an answer; datetimes become epoch seconds, numbers of seconds are left as they are.

    Numbers may be in an array.
    """
    convert = _writer(shape) if shape else None
    return orjson.dumps(convert(answer) if convert else answer, option=orjson.OPT_SERIALIZE_NUMPY)


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


def _iso(value: Any) -> Any:
    if not isinstance(value, datetime):
        return value
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _reading(shape: Shape) -> Convert | None:
    if shape.kind == "timestamp":
        return instant
    return base64.b64decode if shape.kind == "blob" else None


def _writing(shape: Shape) -> Convert | None:
    if shape.kind == "timestamp":
        return _iso if shape.timestamp_format == "iso8601" else _epoch
    return _blob if shape.kind == "blob" else None


@dataclass(frozen=True, slots=True)
class _Way:
    """From the wire or to it: what becomes of a leaf, and which of a member's two names is read."""

    leaf: Callable[[Shape], Convert | None]
    is_reading: bool

    def names(self, name: str, member: Shape) -> tuple[str, str]:
        """Return the member's name in what is given and in what is made."""
        wire = member.location_name or name
        return (wire, name) if self.is_reading else (name, wire)


_READ, _WRITE = _Way(_reading, is_reading=True), _Way(_writing, is_reading=False)


@cache
def _reader(shape: Shape) -> Convert | None:
    return _converter(shape, _READ)


@cache
def _writer(shape: Shape) -> Convert | None:
    return _converter(shape, _WRITE)


def _converter(shape: Shape, way: _Way, inside: tuple[str, ...] = ()) -> Convert | None:
    """Return what converts a value of this shape, or None where there is nothing to convert."""
    if shape.name in inside:  # a shape that holds itself (Cost Explorer's Expression): no leaves down there
        return None
    inside = (*inside, shape.name)
    if shape.kind == "structure":
        return _structure(shape, way, inside)
    if shape.kind == "list":
        return _each(_converter(shape.member, way, inside))
    if shape.kind == "map":
        return _values(_converter(shape.value, way, inside))
    return way.leaf(shape)


def _structure(shape: Shape, way: _Way, inside: tuple[str, ...]) -> Convert | None:
    parts: dict[str, tuple[str, Convert | None]] = {}
    for name, member in shape.members.items():
        given, made = way.names(name, member)
        convert = _converter(member, way, inside)
        if convert or given != made:
            parts[given] = (made, convert)
    if not parts:
        return None

    def convert_all(value: Mapping[str, Any]) -> dict[str, Any]:
        done = dict(value)
        for given, (made, part) in parts.items():
            if given in done:
                item = done.pop(given) if given != made else done[given]
                done[made] = part(item) if part and item is not None else item
        return done

    return convert_all


def _each(part: Convert | None) -> Convert | None:
    if part is None:
        return None
    if part is _epoch:
        return _instants()
    return lambda values: [part(value) for value in values]


def _instants() -> Convert:
    """Return what writes timestamps; a list that many series of an answer share is written once."""
    last: tuple[Any, Any] = (None, None)

    def convert(values: list[Any]) -> Any:
        nonlocal last
        if not values or not isinstance(values[0], int):
            return [_epoch(value) for value in values]
        known, text = last  # read and set as one: endpoints of several threads write with this
        if known is not values:
            text = orjson.Fragment(orjson.dumps(values))
            last = values, text
        return text

    return convert


def _values(part: Convert | None) -> Convert | None:
    if part is None:
        return None
    return lambda value: {key: part(item) for key, item in value.items()}
