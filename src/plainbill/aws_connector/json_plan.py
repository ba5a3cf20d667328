"""How an answer in JSON becomes what botocore would make of it, without walking what needs no change."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Callable, Mapping
from typing import Any

import orjson

from plainbill.aws_connector.service_models import Shape

Parse = Callable[[bytes], tuple[Mapping[str, Any], bytes]]
"""Gives the parsed answer and what is left for botocore to parse: the request's id, if it is in the body."""
Change = Callable[[Any], Any]
"""Turns a decoded value into botocore's; None in a plan's place means that the value stays as it is."""


class UnplannableError(ValueError):
    """A shape that is left to botocore: unions, documents, streams and recursive types."""


def decode(body: bytes) -> dict[str, Any]:
    """Return the object a body holds; NaN and Infinity are numbers, as they are for botocore.

    Raises ``ValueError`` for anything but one JSON object (botocore would take it for an empty answer).
    """
    try:
        decoded = orjson.loads(body)
    except orjson.JSONDecodeError:
        decoded = json.loads(body)
    if not isinstance(decoded, dict):
        raise ValueError("not a JSON object")  # noqa: TRY004 - the type of the answer's value, not of an argument
    return decoded


def json_plan(shape: Shape) -> Change | None:
    """Compile what changes values of ``shape`` into botocore's; raises ``UnplannableError``."""
    return _plan(shape, ())


def _plan(shape: Shape, above: tuple[str, ...]) -> Change | None:
    if shape.name in above or shape.is_special:
        raise UnplannableError(shape.name)
    inside = (*above, shape.name)
    if shape.kind == "structure":
        return _structure(
            {
                name: (member.location_name or name, _plan(member, inside))
                for name, member in shape.members.items()
            }
        )
    if shape.kind == "list":
        return _list(_plan(shape.member, inside))
    if shape.kind == "map":
        return _map(_plan(shape.value, inside))
    return b64decode if shape.kind == "blob" else None


def _structure(members: Mapping[str, tuple[str, Change | None]]) -> Change:
    known = frozenset(members)
    renamed = any(name != wire for name, (wire, _) in members.items())
    changes = {wire: (name, change) for name, (wire, change) in members.items()}
    changing = [(name, change) for name, (_, change) in members.items() if change]

    def in_place(value: Any) -> Any:
        if value is None:
            return None
        if renamed or not value.keys() <= known or None in value.values():
            return pruned(value)
        for name, change in changing:
            if name in value:
                value[name] = change(value[name])
        return value

    def pruned(value: dict[str, Any]) -> dict[str, Any]:
        """Leave out what the model does not know and what is null, as botocore does."""
        kept = (
            (*changes[wire], item) for wire, item in value.items() if item is not None and wire in changes
        )
        return {name: change(item) if change else item for name, change, item in kept}

    return in_place


def _list(change: Change | None) -> Change | None:
    if change is None:
        return None
    return lambda values: [None if value is None else change(value) for value in values]


def _map(change: Change | None) -> Change | None:
    if change is None:
        return None
    return lambda values: {key: change(value) for key, value in values.items()}
