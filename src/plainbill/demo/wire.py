"""AWS's wire protocols seen from the server: what was asked, by whom, where; and the answer's bytes.

Generic over botocore's service models: an operation is only its data. Spoken: ``ec2``, ``query``,
``json`` (1.0 and 1.1), ``rest-json`` and ``rest-xml``; a service that offers several is answered in the
one it was asked in. Not spoken: smithy-rpc-v2-cbor, which botocore prefers for no service Plainbill asks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import orjson

from plainbill.aws_connector.service_models import Operation, Service, Shape, UnknownServiceModelError
from plainbill.demo import wire_json, wire_query, wire_rest, wire_routes, wire_xml
from plainbill.demo.wire_scope import Caller, HttpRequest, WireError, known_service

__all__ = [
    "Asked",
    "Caller",
    "HttpRequest",
    "Reply",
    "WireError",
    "protocol_of",
    "read_request",
    "service_of",
    "write_answer",
    "write_error",
]

Headers = tuple[tuple[bytes, bytes], ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """One parsed request: ``protocol`` is ``ec2``, ``query``, ``json``, ``rest-json`` or ``rest-xml``."""

    service: Service
    operation: Operation
    protocol: str
    params: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back: status, headers and body; ``torn`` says how the connection breaks, if it does."""

    status: int
    headers: Headers
    body: bytes
    torn: Literal["reset", "cut", "silent"] | None = None


def service_of(caller: Caller, request: HttpRequest) -> Service:
    """Return the service that a request is for, of those that sign as it is signed.

    Raises ``WireError`` for a name no AWS service has.
    """
    services = [known_service(name) for name in caller.services]
    if len(services) == 1:
        return services[0]
    target = request.headers.get("x-amz-target", "").rpartition(".")[0]
    version = "" if target else wire_query.read_form(request.body).get("Version", "")
    for service in services:
        is_rest = protocol_of(service, request.headers).startswith("rest-")
        if is_rest and wire_routes.find(service, request.method, request.target):
            return service
        if not is_rest and (target == service.target_prefix if target else version == service.api_version):
            return service
    return services[0]


def protocol_of(service: Service, headers: Mapping[str, str]) -> str:
    """Say which of the service's protocols a request is written in."""
    if "x-amz-target" in headers:
        return "json"
    rest = next((name for name in service.protocols if name.startswith("rest-")), None)
    return rest or ("ec2" if "ec2" in service.protocols else "query")


def read_request(service: Service, request: HttpRequest) -> Asked:
    """Turn a request into the parameters that boto3 was called with.

    Raises ``WireError`` for an operation, a body or a parameter AWS would refuse.
    """
    protocol = protocol_of(service, request.headers)
    if protocol not in service.protocols:
        raise WireError("UnknownOperationException", f"{service.name} does not speak {protocol}", 404)
    if protocol.startswith("rest-"):
        asked = _rest_request(service, protocol, request)
    elif protocol == "json":
        asked = _json_request(service, request)
    else:
        asked = _form_request(service, protocol, request)
    for name in asked.operation.input.required if asked.operation.input else ():
        if name not in asked.params:
            code = "ValidationException" if protocol in {"json", "rest-json"} else "MissingParameter"
            raise WireError(code, f"The request must contain the parameter {name}")
    return asked


def _rest_request(service: Service, protocol: str, request: HttpRequest) -> Asked:
    routed = wire_routes.find(service, request.method, request.target)
    if routed is None:
        code = "UnknownOperationException" if protocol == "rest-json" else "MethodNotAllowed"
        status = 404 if protocol == "rest-json" else 405
        raise WireError(code, f"{service.name} has nothing at {request.method} {request.target}", status)
    try:
        is_xml = protocol == "rest-xml"
        params = wire_rest.read_params(routed, request.headers, request.body, is_xml=is_xml)
    except ValueError as error:
        code = "SerializationException" if protocol == "rest-json" else "MalformedXML"
        raise WireError(code, str(error)) from None
    return Asked(service, routed.operation, protocol, params)


def _json_request(service: Service, request: HttpRequest) -> Asked:
    try:
        operation = service.operation_of_target(request.headers["x-amz-target"])
    except UnknownServiceModelError as error:
        raise WireError("UnknownOperationException", str(error)) from None
    try:
        params = wire_json.read(operation.input, request.body) if operation.input else {}
    except ValueError as error:
        raise WireError("SerializationException", str(error)) from None
    return Asked(service, operation, "json", params)


def _form_request(service: Service, protocol: str, request: HttpRequest) -> Asked:
    form = wire_query.read_form(request.body)
    try:
        operation = service.operation(form.get("Action", ""))
    except UnknownServiceModelError as error:
        raise WireError("InvalidAction", str(error)) from None
    shape = operation.input
    return Asked(service, operation, protocol, _form_params(shape, form, protocol) if shape else {})


def _form_params(shape: Shape, form: Mapping[str, str], protocol: str) -> dict[str, Any]:
    try:
        return wire_query.read_params(shape, form, is_ec2=protocol == "ec2")
    except ValueError as error:
        raise WireError("MalformedInput", str(error)) from None


def write_answer(asked: Asked, answer: Mapping[str, Any], request_id: str) -> Reply:
    """Serialise an answer in the protocol the request was made in."""
    service, operation, protocol = asked.service, asked.operation, asked.protocol
    if protocol.startswith("rest-"):
        written = wire_rest.write(service, operation, answer, is_xml=protocol == "rest-xml")
        headers = (*_headers(_content_type(protocol, service), request_id), *written.headers)
        return Reply(written.status, _once(headers), written.body)
    if protocol == "json":
        body = wire_json.write(operation.output, answer)
    else:
        body = wire_xml.write(service, operation, answer, request_id, is_ec2=protocol == "ec2")
    return Reply(200, _headers(_content_type(protocol, service), request_id), body)


def write_error(service: Service | None, protocol: str, error: WireError, request_id: str) -> Reply:
    """Serialise an error so that stock clients raise ``ClientError`` with its code and message."""
    headers = _headers(_content_type(protocol, service), request_id)
    if protocol == "rest-json":
        body = orjson.dumps({"message": error.message})
        headers += ((b"x-amzn-errortype", error.code.encode()),)
    elif protocol == "rest-xml":
        is_s3 = service is not None and service.name == "s3"
        body = wire_xml.write_rest_error(error.code, error.message, request_id, error.details, is_s3=is_s3)
    elif protocol == "json":
        body = orjson.dumps({"__type": error.code, "message": error.message})
        if service is not None and "query" in service.protocols:
            fault = "Receiver" if error.status >= 500 else "Sender"
            headers += ((b"x-amzn-query-error", f"{error.code};{fault}".encode()),)
    else:
        is_ec2 = protocol == "ec2"
        body = wire_xml.write_error(error.code, error.message, error.status, request_id, is_ec2=is_ec2)
    return Reply(error.status, headers, body)


def _content_type(protocol: str, service: Service | None) -> str:
    if protocol == "rest-json":
        return "application/json"
    if protocol == "json":
        return f"application/x-amz-json-{service.json_version if service and service.json_version else '1.1'}"
    return "application/xml" if protocol == "rest-xml" else "text/xml;charset=UTF-8"


def _headers(content_type: str, request_id: str) -> Headers:
    return (
        (b"content-type", content_type.encode()),
        (b"x-amzn-requestid", request_id.encode()),
    )


def _once(headers: Sequence[tuple[bytes, bytes]]) -> Headers:
    """Keep each header once, the last: an answer's own content type before the protocol's."""
    return tuple(dict(headers).items())
