"""Answers for any output shape, and their spelling on the wire, made here from AWS's own models."""

from __future__ import annotations

import json
from base64 import b64encode
from datetime import UTC, datetime
from typing import Any
from xml.sax.saxutils import escape

from plainbill.aws_connector.service_models import Operation, Service, Shape

MOMENT = datetime(2026, 11, 24, 12, 0, 30, tzinfo=UTC)
_SCALARS: dict[str, Any] = {
    "boolean": True,
    "integer": -7,
    "long": 2**40,
    "float": 1.5,
    "double": 1e-10,
    "timestamp": MOMENT,
    "blob": b"\x00\xff<&>",
    "bigdecimal": "1.25",
    "biginteger": "9",
    "character": "c",
}


def value_of(shape: Shape, page: int, above: tuple[str, ...] = ()) -> Any:
    """A value with every member set, two of what may be several; types that hold themselves end."""
    if shape.name in above:
        return {}
    inside = (*above, shape.name)
    if shape.kind == "structure":
        return {
            name: value_of(member, page, inside)
            for name, member in shape.members.items()
            if member.name not in inside
        }
    if shape.kind == "list":
        return [value_of(shape.member, page + item, inside) for item in range(2)]
    if shape.kind == "map":
        return {f"key {item} <é>": value_of(shape.value, page + item, inside) for item in range(2)}
    return _SCALARS.get(shape.kind, f" {shape.name} {page} <&>'\"é\u2028🚀 ")


def body_of(service: Service, operation: Operation, value: Any) -> bytes:
    """An answer as AWS writes it in the service's protocol."""
    assert operation.output is not None
    if service.protocol == "json":
        return json.dumps(_json(operation.output, value)).encode()
    inner = _structure(operation.output, value)
    if service.protocol == "query":
        wrapper = operation.output.result_wrapper
        inner = (f"<{wrapper}>{inner}</{wrapper}>" if wrapper else inner) + (
            "<ResponseMetadata><RequestId>request-1</RequestId></ResponseMetadata>"
        )
    else:
        inner = f"<requestId>request-1</requestId>{inner}"
    namespace = service.xml_namespace
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<{operation.name}Response xmlns="{namespace}/">{inner}'
        f"</{operation.name}Response>"
    ).encode()


def _json(shape: Shape, value: Any) -> Any:
    if shape.kind == "structure":
        named = {name: shape.members[name] for name in value if name in shape.members}
        return {member.location_name or name: _json(member, value[name]) for name, member in named.items()}
    if shape.kind == "list":
        return [_json(shape.member, item) for item in value]
    if shape.kind == "map":
        return {key: _json(shape.value, item) for key, item in value.items()}
    if isinstance(value, datetime):
        return value.timestamp()
    return b64encode(value).decode() if isinstance(value, bytes) else value


def _structure(shape: Shape, value: Any) -> str:
    return "".join(
        _member(name, shape.members[name], item) for name, item in value.items() if name in shape.members
    )


def _member(name: str, shape: Shape, value: Any) -> str:
    if shape.is_flattened and shape.kind == "list":
        wire = shape.member.location_name or shape.location_name or name
        return "".join(_element(wire, shape.member, item) for item in value)
    if shape.is_flattened:
        return "".join(_entry(shape.location_name or name, shape, *item) for item in value.items())
    return _element(shape.location_name or name, shape, value)


def _element(wire: str, shape: Shape, value: Any) -> str:
    return f"<{wire}>{_content(shape, value)}</{wire}>"


def _content(shape: Shape, value: Any) -> str:
    if shape.kind == "structure":
        return _structure(shape, value)
    if shape.kind == "list":
        return "".join(_element(shape.member.location_name or "member", shape.member, item) for item in value)
    if shape.kind == "map":
        return "".join(_entry("entry", shape, *item) for item in value.items())
    return escape(_text(value))


def _entry(wire: str, shape: Shape, key: str, value: Any) -> str:
    parts = _element(shape.key.location_name or "key", shape.key, key)
    return f"<{wire}>{parts}{_element(shape.value.location_name or 'value', shape.value, value)}</{wire}>"


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    return b64encode(value).decode() if isinstance(value, bytes) else str(value)
