"""The answers of the protocols in XML (query, ec2, rest-xml): values to elements, driven by shapes."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from plainbill.aws_connector.service_models import Operation, Service, Shape


@dataclass(frozen=True, slots=True)
class Written:
    """Elements of a list that are written already, in the place of its values."""

    text: str


Emit = Callable[[list[str], Any], None]
_writers: dict[tuple[str, str], Emit] = {}
_UNSPEAKABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML document may hold, not even escaped."""


def write(
    service: Service, operation: Operation, answer: Mapping[str, Any], request_id: str, *, is_ec2: bool
) -> bytes:
    """Serialise an answer as the service's XML."""
    name = f"{operation.name}Response"
    out = [f'<?xml version="1.0" encoding="UTF-8"?>\n<{name} xmlns="{_namespace(service, is_ec2=is_ec2)}">']
    wrapper = operation.output.result_wrapper if operation.output else None
    out.append(f"<requestId>{request_id}</requestId>" if is_ec2 else f"<{wrapper}>" if wrapper else "")
    if operation.output is not None:
        _fields(service, operation.output)(out, answer)
    if not is_ec2:
        out.append(f"</{wrapper}>" if wrapper else "")
        out.append(f"<ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata>")
    out.append(f"</{name}>")
    return "".join(out).encode()


def write_document(service: Service, name: str, shape: Shape, value: Mapping[str, Any]) -> bytes:
    """Serialise a structure as a document of its own, as rest-xml does."""
    out = [f'<?xml version="1.0" encoding="UTF-8"?>\n<{name} xmlns="{service.xml_namespace or ""}">']
    _fields(service, shape)(out, value)
    out.append(f"</{name}>")
    return "".join(out).encode()


def write_text_document(name: str, text: str) -> bytes:
    """Serialise one text as a document, as S3 tells a bucket's region."""
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{name}>{_escape(text)}</{name}>'.encode()


def write_rest_error(
    code: str, message: str, request_id: str, details: Mapping[str, str], *, is_s3: bool
) -> bytes:
    """Serialise a rest-xml error: S3's stands alone, with details of its own; the others' is wrapped."""
    more = "".join(f"<{name}>{_escape(text)}</{name}>" for name, text in details.items())
    inside = f"<Code>{code}</Code><Message>{_escape(message)}</Message>{more}"
    if is_s3:
        return f"<Error>{inside}<RequestId>{request_id}</RequestId></Error>".encode()
    return (
        f"<ErrorResponse><Error>{inside}</Error><RequestId>{request_id}</RequestId></ErrorResponse>".encode()
    )


def write_error(code: str, message: str, status: int, request_id: str, *, is_ec2: bool) -> bytes:
    """Serialise an error in the protocol's own form."""
    text = _escape(message)
    if is_ec2:
        inside = f"<Errors><Error><Code>{code}</Code><Message>{text}</Message></Error></Errors>"
        return f"<Response>{inside}<RequestID>{request_id}</RequestID></Response>".encode()
    kind = "Receiver" if status >= 500 else "Sender"
    inside = f"<Error><Type>{kind}</Type><Code>{code}</Code><Message>{text}</Message></Error>"
    return f"<ErrorResponse>{inside}<RequestId>{request_id}</RequestId></ErrorResponse>".encode()


def _namespace(service: Service, *, is_ec2: bool) -> str:
    if is_ec2:
        return f"http://ec2.amazonaws.com/doc/{service.api_version}/"
    return service.xml_namespace or ""


def _escape(text: str) -> str:
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#xD;")
    text = text.replace('"', "&quot;")
    return _UNSPEAKABLE.sub("\ufffd", text)


def _fields(service: Service, shape: Shape) -> Emit:
    """Return the writer of a structure's members; made once for each structure."""
    key = (service.name, shape.name)
    made = _writers.get(key)
    if made is not None:
        return made
    parts: dict[str, Emit] = {}

    def emit(out: list[str], value: Mapping[str, Any]) -> None:
        for name, item in value.items():
            part = parts.get(name)
            if part is not None and item is not None:
                part(out, item)

    _writers[key] = emit  # before its members: a shape may hold itself
    inside = {name: member for name, member in shape.members.items() if not member.is_xml_attribute}
    parts.update({name: _element(service, name, member) for name, member in inside.items()})
    return emit


def _element(service: Service, name: str, shape: Shape) -> Emit:
    """Return the writer of one member under its element name."""
    tag = shape.location_name or name
    if shape.kind == "list":
        return _list(service, tag, shape)
    if shape.kind == "map":
        return _map(service, tag, shape)
    if shape.kind == "structure":
        return _structure(service, tag, shape)
    opening, closing, text = f"<{tag}>", f"</{tag}>", _text_of(shape)
    return lambda out, value: out.extend((opening, text(value), closing))


def _structure(service: Service, tag: str, shape: Shape) -> Emit:
    inner, attributes = _fields(service, shape), _attributes(shape)
    if not attributes:
        return _wrapped(tag, inner)
    namespace = shape.element_namespace
    declared = f' xmlns:{namespace["prefix"]}="{namespace["uri"]}"' if "prefix" in namespace else ""

    def emit(out: list[str], value: Mapping[str, Any]) -> None:
        told = (f' {wire}="{_escape(value[name])}"' for name, wire in attributes.items() if name in value)
        out.append(f"<{tag}{declared}{''.join(told)}>")
        inner(out, value)
        out.append(f"</{tag}>")

    return emit


def _attributes(shape: Shape) -> Mapping[str, str]:
    """Return the members that are attributes of the structure's element, and their names there."""
    members = shape.members.items()
    return {name: member.location_name or name for name, member in members if member.is_xml_attribute}


def _list(service: Service, tag: str, shape: Shape) -> Emit:
    if shape.is_flattened:
        item = _element(service, shape.member.location_name or tag, shape.member)
        return lambda out, values: _all(item, out, values)
    item = _element(service, "member", shape.member)
    return _wrapped(tag, lambda out, values: _all(item, out, values))


def _all(item: Emit, out: list[str], values: Iterable[Any] | Written) -> None:
    if isinstance(values, Written):
        out.append(values.text)
        return
    for value in values:
        item(out, value)


def _map(service: Service, tag: str, shape: Shape) -> Emit:
    key, value = _element(service, "key", shape.key), _element(service, "value", shape.value)

    def entries(out: list[str], pairs: Mapping[str, Any]) -> None:
        for name, item in pairs.items():
            out.append(f"<{entry}>")
            key(out, name)
            value(out, item)
            out.append(f"</{entry}>")

    entry = tag if shape.is_flattened else "entry"
    return entries if shape.is_flattened else _wrapped(tag, entries)


def _wrapped(tag: str, inner: Emit) -> Emit:
    opening, closing = f"<{tag}>", f"</{tag}>"

    def emit(out: list[str], value: Any) -> None:
        out.append(opening)
        inner(out, value)
        out.append(closing)

    return emit


def _text_of(shape: Shape) -> Callable[[Any], str]:
    if shape.kind == "boolean":
        return lambda value: "true" if value else "false"
    if shape.kind == "timestamp":
        return _timestamp
    if shape.kind == "blob":
        return lambda value: base64.b64encode(value).decode()
    return lambda value: _escape(str(value))


def _timestamp(value: datetime | int | float) -> str:
    moment = value if isinstance(value, datetime) else datetime.fromtimestamp(value, UTC)
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
