"""AWS's wire protocols seen from the server: what was asked, by whom, where; and the answer's bytes.

Generic over botocore's service models: an operation is only its data. Spoken: ``ec2``, ``query`` and
``json`` (1.0 and 1.1); a service that offers several is answered in the one it was asked in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import orjson

from plainbill.aws_connector.service_models import (
    Operation,
    Service,
    Shape,
    UnknownServiceModelError,
    service_model,
)
from plainbill.demo import wire_json, wire_query, wire_xml

_SCOPE = re.compile(
    r"Credential=(?P<key>[^/,\s]+)/\d{8}/(?P<region>[^/,\s]+)/(?P<signing>[^/,\s]+)/aws4_request"
)
_SIGNED_AS = {"monitoring": "cloudwatch"}
"""Services whose name in a signature is not boto3's name."""


class WireError(Exception):
    """An answer that is an error: AWS's code and message, and the HTTP status it comes with."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        self.code, self.message, self.status = code, message, status
        super().__init__(f"{code}: {message}")


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asked, by the Authorization header: the access key and the scope of its signature."""

    access_key: str
    region: str
    service: str

    @classmethod
    def of(cls, authorization: str) -> Caller:
        """Read a SigV4 header; the signature itself is not checked (there is no secret to check it with).

        Raises ``WireError`` where there is none.
        """
        found = _SCOPE.search(authorization)
        if found is None:
            raise WireError("MissingAuthenticationToken", "Request is missing Authentication Token", 403)
        return cls(found["key"], found["region"], _SIGNED_AS.get(found["signing"], found["signing"]))


@dataclass(frozen=True, slots=True)
class Asked:
    """One parsed request: ``protocol`` is ``ec2``, ``query`` or ``json``."""

    service: Service
    operation: Operation
    protocol: str
    params: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back: status, headers and body."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes


def protocol_of(service: Service, headers: Mapping[str, str]) -> str:
    """Say which of the service's protocols a request is written in."""
    if "x-amz-target" in headers:
        return "json"
    return "ec2" if "ec2" in service.protocols else "query"


def read_request(service: Service, headers: Mapping[str, str], body: bytes) -> Asked:
    """Turn a request into the parameters that boto3 was called with.

    Raises ``WireError`` for an operation, a body or a parameter AWS would refuse.
    """
    protocol = protocol_of(service, headers)
    if protocol not in service.protocols:
        raise WireError("UnknownOperationException", f"{service.name} does not speak {protocol}", 404)
    form = wire_query.read_form(body) if protocol != "json" else {}
    operation = _operation(service, headers.get("x-amz-target"), form)
    if operation.input is None:
        return Asked(service, operation, protocol, {})
    if protocol == "json":
        params = _json_params(operation, body)
    else:
        params = _form_params(operation.input, form, is_ec2=protocol == "ec2")
    for name in operation.input.required:
        if name not in params:
            code = "MissingParameter" if protocol != "json" else "ValidationException"
            raise WireError(code, f"The request must contain the parameter {name}")
    return Asked(service, operation, protocol, params)


def write_answer(asked: Asked, answer: Mapping[str, Any], request_id: str) -> Reply:
    """Serialise an answer in the protocol the request was made in."""
    if asked.protocol == "json":
        body = wire_json.write(asked.operation.output, answer)
        return Reply(200, _headers(_json_type(asked.service), request_id), body)
    body = wire_xml.write(asked.service, asked.operation, answer, request_id, is_ec2=asked.protocol == "ec2")
    return Reply(200, _headers("text/xml;charset=UTF-8", request_id), body)


def write_error(service: Service | None, protocol: str, error: WireError, request_id: str) -> Reply:
    """Serialise an error so that stock clients raise ``ClientError`` with its code and message."""
    if protocol == "json":
        body = orjson.dumps({"__type": error.code, "message": error.message})
        headers = _headers(_json_type(service), request_id)
        if service is not None and "query" in service.protocols:
            fault = "Receiver" if error.status >= 500 else "Sender"
            headers += ((b"x-amzn-query-error", f"{error.code};{fault}".encode()),)
        return Reply(error.status, headers, body)
    body = wire_xml.write_error(error.code, error.message, error.status, request_id, is_ec2=protocol == "ec2")
    return Reply(error.status, _headers("text/xml;charset=UTF-8", request_id), body)


def known_service(name: str) -> Service:
    """Return a service's model; raises ``WireError`` for a name no AWS service has."""
    try:
        return _service(name)
    except UnknownServiceModelError:
        raise WireError("UnknownEndpoint", f"There is no service {name!r} here", 404) from None


@cache
def _service(name: str) -> Service:
    return service_model(name)


def _operation(service: Service, target: str | None, form: Mapping[str, str]) -> Operation:
    try:
        return service.operation_of_target(target) if target else service.operation(form.get("Action", ""))
    except UnknownServiceModelError as error:
        code = "UnknownOperationException" if target else "InvalidAction"
        raise WireError(code, str(error)) from None


def _json_params(operation: Operation, body: bytes) -> dict[str, Any]:
    try:
        return wire_json.read(operation.input, body)
    except ValueError as error:
        raise WireError("SerializationException", str(error)) from None


def _form_params(shape: Shape, form: Mapping[str, str], *, is_ec2: bool) -> dict[str, Any]:
    try:
        return wire_query.read_params(shape, form, is_ec2=is_ec2)
    except ValueError as error:
        raise WireError("MalformedInput", str(error)) from None


def _json_type(service: Service | None) -> str:
    return f"application/x-amz-json-{service.json_version if service and service.json_version else '1.1'}"


def _headers(content_type: str, request_id: str) -> tuple[tuple[bytes, bytes], ...]:
    return (
        (b"content-type", content_type.encode()),
        (b"x-amzn-requestid", request_id.encode()),
    )
