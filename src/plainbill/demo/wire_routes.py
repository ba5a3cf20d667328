"""The rest protocols' routing: from a method and a URI to an operation, by the models' own templates."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from urllib.parse import parse_qs, unquote

from plainbill.aws_connector.service_models import Operation, Service

_LABEL = re.compile(r"\{([^}+]+)(\+?)\}")
Fields = Mapping[str, Sequence[str]]
"""A query string: every value of each field."""


@dataclass(frozen=True, slots=True)
class Route:
    """The URIs of one operation; ``fields`` must be in the query string, with that value if there is one."""

    operation: str
    method: str
    path: re.Pattern[str]
    labels: tuple[str, ...]
    fields: Mapping[str, str | None]
    rank: tuple[int, int, int, bool]

    def match(self, method: str, path: str, fields: Fields) -> Mapping[str, str] | None:
        """Return the labels of a URI; None when it is another operation's."""
        if method != self.method or not all(
            name in fields and value in {None, "", fields[name][0]} for name, value in self.fields.items()
        ):
            return None
        found = self.path.fullmatch(path)
        return None if found is None else dict(zip(self.labels, map(unquote, found.groups()), strict=True))


@dataclass(frozen=True, slots=True)
class Routed:
    """A request whose operation is known: its URI taken apart."""

    operation: Operation
    labels: Mapping[str, str]
    fields: Fields


def find(service: Service, method: str, target: str) -> Routed | None:
    """Return the operation of a method and a request target (``/2015-03-31/functions/?MaxItems=5``)."""
    path, _, query = target.partition("?")
    fields = parse_qs(query, keep_blank_values=True)
    for route in _routes(service):
        labels = route.match(method, path, fields)
        if labels is not None:
            return Routed(service.operation(route.operation), labels, fields)
    return None


@cache
def _routes(service: Service) -> Sequence[Route]:
    """Return a service's routes, the most specific first."""
    routes = (_route(service.operation(name)) for name in service.operation_names)
    return sorted(routes, key=lambda route: route.rank)


def _route(operation: Operation) -> Route:
    path, _, query = operation.http_uri.partition("?")
    path = path.rstrip("/")
    constants = parse_qs(query, keep_blank_values=True)
    fields: dict[str, str | None] = {name: values[0] for name, values in constants.items()}
    shape = operation.input
    for name in shape.required if shape else ():
        member = shape.members[name] if shape else None
        if member is not None and member.location == "querystring":
            fields.setdefault(member.location_name or name, None)
    found = list(_LABEL.finditer(path))
    literals = len(_LABEL.sub("", path))
    greedy = sum(bool(label[2]) for label in found)
    return Route(
        operation.name,
        operation.http_method,
        re.compile(_pattern(path) + "/?"),
        tuple(label[1] for label in found),
        fields,
        (greedy, -literals, -len(fields), operation.is_deprecated),
    )


def _pattern(path: str) -> str:
    parts, at = [], 0
    for label in _LABEL.finditer(path):
        parts += [re.escape(path[at : label.start()]), "(.+)" if label[2] else "([^/]+)"]
        at = label.end()
    return "".join((*parts, re.escape(path[at:])))
