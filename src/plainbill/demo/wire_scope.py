"""Who asks a wire request, and which service: what the scope of its signature says."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from plainbill.aws_connector.service_models import Service, UnknownServiceModelError, service_model

_SCOPE = re.compile(
    r"Credential=(?P<key>[^/,\s]+)/\d{8}/(?P<region>[^/,\s]+)/(?P<signing>[^/,\s]+)/aws4_request"
)
_SIGNED_AS: Mapping[str, tuple[str, ...]] = {
    "airflow": ("mwaa",),
    "aoss": ("opensearchserverless",),
    "apigateway": ("apigateway", "apigatewayv2"),
    "aps": ("amp",),
    "bedrock": ("bedrock", "bedrock-agent"),
    "cassandra": ("keyspaces",),
    "elasticfilesystem": ("efs",),
    "elasticloadbalancing": ("elbv2", "elb"),
    "elasticmapreduce": ("emr",),
    "es": ("opensearch", "es"),
    "kinesisanalytics": ("kinesisanalyticsv2", "kinesisanalytics"),
    "monitoring": ("cloudwatch",),
    "servicequotas": ("service-quotas",),
    "states": ("stepfunctions",),
    "tagging": ("resourcegroupstaggingapi",),
    "timestream": ("timestream-write", "timestream-query"),
}
"""Signing names that are not boto3's name of one service; DocumentDB and Neptune are RDS's own API."""


class WireError(Exception):
    """An answer that is an error: AWS's code and message, and the HTTP status it comes with.

    ``details`` are further elements of S3's errors (``{"Region": "eu-west-1"}``).
    """

    def __init__(
        self, code: str, message: str, status: int = 400, details: Mapping[str, str] | None = None
    ) -> None:
        self.code, self.message, self.status, self.details = code, message, status, details or {}
        super().__init__(f"{code}: {message}")


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A request as it arrives: header names in lower case, ``target`` the path with its query string."""

    headers: Mapping[str, str]
    body: bytes = b""
    method: str = "POST"
    target: str = "/"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asked, by the Authorization header: the access key and the scope of its signature.

    ``service`` is boto3's name of it, ``services`` all that sign with the same name.
    """

    access_key: str
    region: str
    service: str
    services: Sequence[str] = field(default=())

    @classmethod
    def of(cls, authorization: str) -> Caller:
        """Read a SigV4 header; the signature itself is not checked (there is no secret to check it with).

        Raises ``WireError`` where there is none.
        """
        found = _SCOPE.search(authorization)
        if found is None:
            raise WireError("MissingAuthenticationToken", "Request is missing Authentication Token", 403)
        services = _SIGNED_AS.get(found["signing"], (found["signing"],))
        return cls(found["key"], found["region"], services[0], services)


def known_service(name: str) -> Service:
    """Return a service's model; raises ``WireError`` for a name no AWS service has."""
    try:
        return _service(name)
    except UnknownServiceModelError:
        raise WireError("UnknownEndpoint", f"There is no service {name!r} here", 404) from None


@cache
def _service(name: str) -> Service:
    return service_model(name)
