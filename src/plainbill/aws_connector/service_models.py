"""AWS's own description of its services, as botocore ships it: shapes, operations, wire protocols.

For whoever must speak AWS's protocols from the other side (the demo endpoint) or judge what a call means
(the guard, the parsers) without importing botocore.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import botocore.exceptions
import botocore.session


class UnknownServiceModelError(LookupError):
    """botocore knows no service, operation or target of that name."""


class Shape:
    """One data type of a service; members are resolved when asked for, so recursive types are fine.

    ``kind`` is botocore's type name: structure, list, map, string, integer, long, float, double, boolean,
    timestamp, blob, character, bigdecimal, biginteger.
    """

    def __init__(self, model: Any) -> None:
        self._model = model
        self._serialization: Mapping[str, Any] = model.serialization
        self._metadata: Mapping[str, Any] = model.metadata
        self.name: str = model.name
        self.kind: str = model.type_name

    def __repr__(self) -> str:
        return f"<Shape {self.name}: {self.kind}>"

    @cached_property
    def members(self) -> Mapping[str, Shape]:
        """A structure's members by their names, in the model's order; empty for other kinds."""
        if self.kind != "structure":
            return {}
        return {name: Shape(member) for name, member in self._model.members.items()}

    @cached_property
    def member(self) -> Shape:
        """What a list holds."""
        return Shape(self._model.member)

    @cached_property
    def key(self) -> Shape:
        """The keys of a map."""
        return Shape(self._model.key)

    @cached_property
    def value(self) -> Shape:
        """The values of a map."""
        return Shape(self._model.value)

    @property
    def required(self) -> tuple[str, ...]:
        """The members a structure must have."""
        return tuple(self._metadata.get("required", ()))

    @property
    def enum(self) -> tuple[str, ...]:
        """The values a string may have; empty when any."""
        return tuple(self._metadata.get("enum", ()))

    @property
    def minimum(self) -> int | float | None:
        """Smallest value, length or count."""
        return self._number("min")

    @property
    def maximum(self) -> int | float | None:
        """Largest value, length or count."""
        return self._number("max")

    def _number(self, name: str) -> int | float | None:
        value = self._metadata.get(name)
        return value if isinstance(value, int | float) else None

    @property
    def location_name(self) -> str | None:
        """The name on the wire where it differs from the member's own."""
        return self._text("name")

    @property
    def query_name(self) -> str | None:
        """The name in requests of the ec2 protocol where the model gives one apart."""
        return self._text("queryName")

    @property
    def location(self) -> str | None:
        """Where a member travels in the rest protocols: uri, querystring, header, headers, statusCode."""
        return self._text("location")

    @property
    def payload(self) -> str | None:
        """The member that is the whole body (rest protocols)."""
        return self._text("payload")

    @property
    def timestamp_format(self) -> str | None:
        """How a timestamp is written where not as the protocol does: iso8601, unixTimestamp, rfc822."""
        return self._text("timestampFormat")

    @property
    def result_wrapper(self) -> str | None:
        """The element around an answer of the query protocol."""
        return self._text("resultWrapper")

    def _text(self, name: str) -> str | None:
        value = self._serialization.get(name)
        return None if value is None else str(value)

    @property
    def is_flattened(self) -> bool:
        """Whether a list or map is repeated elements without one around them (XML protocols)."""
        return bool(self._serialization.get("flattened"))

    @property
    def is_xml_attribute(self) -> bool:
        """Whether a member is an attribute of its structure's element (S3's ``xsi:type``)."""
        return bool(self._serialization.get("xmlAttribute"))

    @property
    def element_namespace(self) -> Mapping[str, str]:
        """The namespace an element declares of its own: ``uri`` and perhaps ``prefix``; empty for most."""
        found = self._serialization.get("xmlNamespace")
        return found if isinstance(found, Mapping) else {}

    @property
    def is_exception(self) -> bool:
        """Whether the structure is an error."""
        return bool(self._metadata.get("exception"))

    @property
    def is_sensitive(self) -> bool:
        """Whether AWS asks that its values are not written anywhere: passwords, environments, user data."""
        return bool(self._metadata.get("sensitive"))

    @property
    def is_special(self) -> bool:
        """Whether it is a union, a document, an event stream or has XML attributes: read it with care."""
        return bool(
            {"union", "document"} & {name for name, value in self._metadata.items() if value}
            or {"eventstream", "xmlAttribute", "streaming"} & self._serialization.keys()
            or self.location in {"header", "headers", "statusCode"}
        )

    @property
    def error_code(self) -> str:
        """The code an error has on the wire."""
        return str(self._metadata.get("error", {}).get("code") or self.name)

    @property
    def error_status(self) -> int | None:
        """The HTTP status of an error where the model gives one."""
        status = self._metadata.get("error", {}).get("httpStatusCode")
        return None if status is None else int(status)


@dataclass(frozen=True)
class Paging:
    """How an operation pages; several tokens are joined by position."""

    input_tokens: tuple[str, ...]
    output_tokens: tuple[str, ...]
    result_keys: tuple[str, ...]
    limit_key: str | None
    more_results: str | None


class Operation:
    """One operation of a service."""

    def __init__(self, model: Any, paging: Paging | None) -> None:
        self._model = model
        self.name: str = model.name
        self.http_method: str = model.http.get("method", "POST")
        self.http_uri: str = _template(model)
        self.http_status = int(model.http.get("responseCode", 200))
        self.is_deprecated = bool(model.deprecated)
        self.paging = paging
        """botocore's paginator where it has one; None does not mean that the operation does not page."""

    @cached_property
    def input(self) -> Shape | None:
        """The shape of the request."""
        return None if self._model.input_shape is None else Shape(self._model.input_shape)

    @cached_property
    def output(self) -> Shape | None:
        """The shape of the answer."""
        return None if self._model.output_shape is None else Shape(self._model.output_shape)

    @cached_property
    def errors(self) -> tuple[Shape, ...]:
        """The errors the model names."""
        return tuple(Shape(shape) for shape in self._model.error_shapes)


class Service:
    """One service: ``name`` is what boto3 calls it (``ce``, ``ec2``, ``cloudwatch``)."""

    def __init__(self, name: str, model: Any, paginators: Mapping[str, Mapping[str, Any]]) -> None:
        self._model = model
        self._paginators = paginators
        self._operations: dict[str, Operation] = {}
        self.name = name
        metadata = model.metadata
        self.protocol: str = model.resolved_protocol
        """The protocol botocore speaks of those the service offers: json, query, ec2, rest-json ..."""
        self.protocols: tuple[str, ...] = tuple(metadata.get("protocols", (metadata["protocol"],)))
        self.service_id: str = model.service_id
        self.event_name: str = model.service_id.hyphenize()
        """The service in the names of botocore's events: cost-explorer, ec2 ..."""
        self.api_version: str = metadata["apiVersion"]
        self.endpoint_prefix: str = metadata["endpointPrefix"]
        self.signing_name: str = metadata.get("signingName", metadata["endpointPrefix"])
        """The service in the credential scope of a signature."""
        self.target_prefix: str | None = metadata.get("targetPrefix")
        self.json_version: str | None = metadata.get("jsonVersion")
        self.xml_namespace: str | None = metadata.get("xmlNamespace")
        self.operation_names: tuple[str, ...] = tuple(model.operation_names)

    def operation(self, name: str) -> Operation:
        """Return the operation a query's ``Action`` or a caller names.

        Raises ``UnknownServiceModelError`` for a name the service does not have.
        """
        if name not in self._operations:
            if name not in self.operation_names:
                raise UnknownServiceModelError(f"{self.name} has no operation {name!r}")
            self._operations[name] = Operation(self._model.operation_model(name), self._paging(name))
        return self._operations[name]

    def operation_of_target(self, target: str) -> Operation:
        """Return the operation of an ``X-Amz-Target`` header (``AWSInsightsIndexService.GetCostAndUsage``).

        Raises ``UnknownServiceModelError`` for another service's target.
        """
        prefix, _, name = target.rpartition(".")
        if prefix != self.target_prefix:
            raise UnknownServiceModelError(f"{self.name} does not answer to the target {target!r}")
        return self.operation(name)

    def _paging(self, name: str) -> Paging | None:
        found = self._paginators.get(name)
        if found is None:
            return None
        return Paging(
            input_tokens=_words(found.get("input_token")),
            output_tokens=_words(found.get("output_token")),
            result_keys=_words(found.get("result_key")),
            limit_key=found.get("limit_key"),
            more_results=found.get("more_results"),
        )


def _template(model: Any) -> str:
    """Return an operation's URI; from S3's, botocore cuts the bucket in the models that clients share."""
    uri: str = model.http.get("requestUri", "/")
    is_cut = not uri or uri.startswith(("?", "/{Key+}"))
    return "/{Bucket}" + uri if is_cut and model.service_model.service_name == "s3" else uri


def _words(value: str | list[str] | None) -> tuple[str, ...]:
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(value)


@cache
def _session() -> Any:
    return botocore.session.Session()


_LOADING = threading.RLock()


def data_loader() -> Any:
    """Return botocore's loader of these models, for sessions to share: reading ec2's takes a while."""
    return _session().get_component("data_loader")


def service_model(name: str) -> Service:
    """Return AWS's description of the service that boto3 calls ``name``; loaded once.

    Raises ``UnknownServiceModelError`` for a service botocore does not know.
    """
    with _LOADING:  # or every thread that asks first would read and parse the same megabytes
        return _loaded(name)


@cache
def _loaded(name: str) -> Service:
    try:
        model = _session().get_service_model(name)
    except botocore.exceptions.UnknownServiceError as error:
        raise UnknownServiceModelError(f"botocore knows no service {name!r}") from error
    try:
        paginators = data_loader().load_service_model(name, "paginators-1", model.api_version)["pagination"]
    except botocore.exceptions.UnknownServiceError:
        paginators = {}  # a service none of whose operations page
    return Service(name, model, paginators)


def service_names() -> tuple[str, ...]:
    """Return every service botocore knows, by boto3's names."""
    return tuple(_session().get_available_services())
