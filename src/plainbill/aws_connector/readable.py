"""What botocore would misread is found here first: an answer that is none, an error without a code."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import orjson

from plainbill.aws_connector.json_plan import decode
from plainbill.aws_connector.service_models import Service, Shape, service_model
from plainbill.aws_connector.xml_plan import local_name, read_xml

_IN_JSON, _IN_XML = {"json", "rest-json"}, {"ec2", "query"}


def check_readable(service: Service, operation: str, body: Any) -> None:
    """Raise ``ValueError`` for a body that botocore would take for an empty answer and that is none.

    A proxy's page is one, and so is nothing at all: of its members botocore finds none, and gives an empty
    list for "no answer". A body that is passed on as it came (an object, a stream) is not looked at.
    """
    names = _names_in_body(service.name, operation)
    if not names or not isinstance(body, bytes):
        return
    if service.protocol in _IN_JSON:
        found = set(decode(body))
    elif service.protocol in _IN_XML:
        found = {local_name(read_xml(body)).removesuffix("Response")}
        names = frozenset({operation})
    else:
        root = read_xml(body)
        if local_name(root) == "Error":  # S3's, with status 200: botocore makes the error of it that it is
            return
        found = {local_name(element) for element in root}
    if found and names.isdisjoint(found):
        raise ValueError(f"nothing of {operation}'s answer in it")


@cache
def _names_in_body(service: str, operation: str) -> frozenset[str]:
    """Return the names that may be in an answer's body; none where the body is one value or nothing."""
    shape = service_model(service).operation(operation).output
    if shape is not None and shape.payload is not None:
        shape = shape.members[shape.payload]
    if shape is None:
        return frozenset()
    inside = {name: member for name, member in shape.members.items() if not member.location}
    return frozenset(wire for name, member in inside.items() for wire in _wire_names(name, member))


def _wire_names(name: str, member: Shape) -> set[str]:
    names = {member.location_name or name}
    if member.kind == "list" and member.is_flattened and member.member.location_name:
        names.add(member.member.location_name)
    return names


def readable_error(response: Mapping[str, Any], protocol: str) -> Any:
    """Return the body of an error, or one that says its HTTP status where botocore would fail to read it."""
    body = response["body"]
    status = response["status_code"]
    if protocol == "json":
        return body if _is_json_object(body) else orjson.dumps({"__type": str(status)})
    if protocol == "rest-json":
        return body if _is_json_object(body) else b""
    if protocol == "rest-xml":
        return body if _is_error_document(body) else b""
    if protocol in _IN_XML and not _is_error_document(body):
        return f"<Response><Errors><Error><Code>{status}</Code></Error></Errors></Response>".encode()
    return body


def _is_json_object(body: bytes) -> bool:
    try:
        return isinstance(decode(body).get("__type", ""), str)
    except ValueError:
        return False


def _is_error_document(body: bytes) -> bool:
    try:
        root = read_xml(body)
    except ValueError:
        return False
    return next(root.iter("{*}Code"), None) is not None
