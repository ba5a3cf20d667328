"""The rest protocols (rest-json, rest-xml): a request's parameters, and an answer's parts.

Where a member travels (URI, query string, header, status, body) is its shape's to say. What is in the
body is JSON or XML; errors carry their code in a header or in the document.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any

from plainbill.aws_connector.service_models import Operation, Service, Shape
from plainbill.aws_connector.xml_plan import child, read_xml, xml_plan
from plainbill.demo import wire_json, wire_xml
from plainbill.demo.wire_query import scalar
from plainbill.demo.wire_routes import Fields, Routed

_BARE_TEXT = {("s3", "GetBucketLocation"): "LocationConstraint"}
"""Answers that are one text, without an element around it (AWS's own models call them unwrapped)."""


def read_params(routed: Routed, headers: Mapping[str, str], body: bytes, *, is_xml: bool) -> dict[str, Any]:
    """Collect the parameters from wherever they travel; raises ``ValueError`` for one not of its type."""
    shape = routed.operation.input
    if shape is None:
        return {}
    params = _body_params(shape, body, is_xml=is_xml)
    for name, member in shape.members.items():
        value = _located(shape, member, member.location_name or name, routed, headers)
        if value is not None:
            params[name] = value
    return params


def _located(shape: Shape, member: Shape, wire: str, routed: Routed, headers: Mapping[str, str]) -> Any:
    """Return a member's value from outside the body; None where it is not given or not there."""
    if member.location == "uri":
        return scalar(member.kind, routed.labels[wire])
    if member.location == "querystring":
        return _from_query(shape, member, wire, routed.fields)
    if member.location == "header" and wire.lower() in headers:
        return _from_header(member, headers[wire.lower()])
    if member.location == "headers":
        prefix = wire.lower()
        return {name[len(prefix) :]: text for name, text in headers.items() if name.startswith(prefix)}
    return None


def _from_query(shape: Shape, member: Shape, wire: str, fields: Fields) -> Any:
    if member.kind == "map":
        others = {part.location_name for part in shape.members.values() if part is not member}
        left = {name: values for name, values in fields.items() if name not in others}
        is_many = member.value.kind == "list"
        return {name: list(values) if is_many else values[0] for name, values in left.items()} or None
    if wire not in fields:
        return None
    if member.kind == "list":
        return [scalar(member.member.kind, text) for text in fields[wire]]
    return scalar(member.kind, fields[wire][0])


def _from_header(member: Shape, text: str) -> Any:
    if member.kind == "list":
        return [scalar(member.member.kind, part.strip()) for part in text.split(",")]
    if member.kind == "timestamp" and member.timestamp_format != "iso8601":
        return parsedate_to_datetime(text).astimezone(UTC)
    return scalar(member.kind, text)


def _body_params(shape: Shape, body: bytes, *, is_xml: bool) -> dict[str, Any]:
    if shape.payload is None:
        return _xml_members(shape, body) if is_xml else wire_json.read(shape, body)
    payload = shape.members[shape.payload]
    if not body:
        return {}
    if payload.kind == "blob":
        return {shape.payload: body}
    if payload.kind == "string":
        return {shape.payload: body.decode(errors="replace")}
    return {shape.payload: xml_plan(payload)(read_xml(body)) if is_xml else wire_json.read(payload, body)}


def _xml_members(shape: Shape, body: bytes) -> dict[str, Any]:
    params: dict[str, Any] = {}
    root = read_xml(body) if body else ()
    for name, member in shape.members.items():
        node = None if member.location else child(root, member.location_name or name)
        if node is not None:
            params[name] = xml_plan(member)(node)
    return params


@dataclass(frozen=True, slots=True)
class Written:
    """An answer's status, the headers that are members of it, and its body."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes


def write(service: Service, operation: Operation, answer: Mapping[str, Any], *, is_xml: bool) -> Written:
    """Put each member of an answer where its shape says."""
    shape = operation.output
    if shape is None:
        return Written(operation.http_status, (), b"")
    status, headers = operation.http_status, list[tuple[bytes, bytes]]()
    for name, member in shape.members.items():
        value = answer.get(name)
        if value is not None and member.location == "statusCode":
            status = int(value)
        elif value is not None and member.location:
            headers += _header_lines(member, member.location_name or name, value)
    return Written(status, tuple(headers), _body(service, operation, shape, answer, is_xml=is_xml))


def _header_lines(member: Shape, wire: str, value: Any) -> Iterator[tuple[bytes, bytes]]:
    if member.location == "headers":
        for name, text in value.items():
            yield f"{wire}{name}".lower().encode(), _encoded(text)
    else:
        yield wire.lower().encode(), _encoded(_header_text(member, value))


def _encoded(text: str) -> bytes:
    return text.encode("latin-1", errors="replace").replace(b"\r", b" ").replace(b"\n", b" ")


def _header_text(member: Shape, value: Any) -> str:
    if member.kind == "list":
        return ", ".join(_header_text(member.member, item) for item in value)
    if isinstance(value, datetime):
        moment = value.astimezone(UTC)
        is_iso = member.timestamp_format == "iso8601"
        return f"{moment:%Y-%m-%dT%H:%M:%SZ}" if is_iso else format_datetime(moment, usegmt=True)
    if isinstance(value, bool):
        return "true" if value else "false"
    return base64.b64encode(value).decode() if isinstance(value, bytes) else str(value)


def _body(
    service: Service, operation: Operation, shape: Shape, answer: Mapping[str, Any], *, is_xml: bool
) -> bytes:
    if shape.payload is not None:
        return _payload(service, shape.members[shape.payload], answer.get(shape.payload), is_xml=is_xml)
    inside = {
        name: answer[name] for name, part in shape.members.items() if not part.location and name in answer
    }
    bare = _BARE_TEXT.get((service.name, operation.name))
    if bare is not None:
        return wire_xml.write_text_document(bare, inside.get(bare) or "")
    if is_xml:
        has_body = any(not member.location for member in shape.members.values())
        name = shape.location_name or shape.name
        return wire_xml.write_document(service, name, shape, inside) if has_body else b""
    return wire_json.write(shape, inside)


def _payload(service: Service, shape: Shape, value: Any, *, is_xml: bool) -> bytes:
    if value is None:
        return b""
    if shape.kind == "structure" and is_xml:
        return wire_xml.write_document(service, shape.location_name or shape.name, shape, value)
    if shape.kind == "structure":
        return wire_json.write(shape, value)
    return value if isinstance(value, bytes) else str(value).encode()
