"""One call on the demo endpoint, and what the endpoint is told to be like."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson

from plainbill.demo.company import Company
from plainbill.demo.faults import Fault
from plainbill.demo.injection import Injected
from plainbill.demo.links import Link
from plainbill.demo.wire_scope import WireError

__all__ = [
    "Answer",
    "Call",
    "Fault",
    "Options",
    "Place",
    "marked",
    "offset_of",
    "page_of",
    "paged",
    "token_at",
]

_RECORDS = (20, 100)  # a page of ``marked``, at the least and at the most
Place = tuple[str, str, str]
"""Account, region and action, by boto3's name or IAM's (``ec2:DescribeInstances``); ``*`` stands for any."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """How the endpoint behaves; the defaults are AWS's own limits."""

    is_throttled: bool = False  # EC2's, CloudWatch's and Cost Explorer's token buckets
    denied: frozenset[Place] = frozenset()
    faults: Mapping[Place, Fault] = field(default_factory=dict)
    injected: Sequence[Injected] = ()  # all else that goes wrong, and on which calls
    links: Sequence[Link] = ()  # accounts that share their metrics with a monitoring account
    instances_page: int = 1000
    accounts_page: int = 20
    datapoints_page: int = 100_800
    metrics_page: int = 500
    cost_groups_page: int = 5_000  # AWS does not say; a page may end within a day
    dimension_page: int = 1_000
    list_page: int | None = None  # no page of ``paged`` is longer, whatever the service allows
    latency: float = 0.0  # seconds that an answer takes besides its computing
    jitter: float = 0.0  # seconds more or less than that, evenly spread


@dataclass(frozen=True, slots=True)
class Call:
    """A parsed call: who asks where for what, and the company and the instant it is answered for."""

    company: Company
    options: Options
    account: str
    region: str
    access_key: str
    now: datetime
    params: Mapping[str, Any]


Answer = Callable[[Call], Mapping[str, Any]]


def token_at(offset: int, request: object) -> str:
    """Make an opaque token for the rest of this very request."""
    return base64.urlsafe_b64encode(orjson.dumps([offset, _digest(request)])).decode()


def offset_of(given: str | None, request: object, error: WireError) -> int:
    """Read a token back; raises ``error`` for one that is not of this request."""
    if given is None:
        return 0
    try:
        offset, digest = orjson.loads(base64.urlsafe_b64decode(given.encode()))
    except (ValueError, TypeError):
        raise error from None
    if digest != _digest(request) or not isinstance(offset, int):
        raise error
    return offset


def _digest(request: object) -> str:
    return hashlib.sha256(orjson.dumps(request, default=str)).hexdigest()[:16]


def page_of(
    call: Call, items: list[Any], size: int, name: str, error: WireError
) -> tuple[list[Any], str | None]:
    """Cut one page of a list; ``name`` is the parameter the token comes back in."""
    request = {key: value for key, value in call.params.items() if key != name}
    start = offset_of(call.params.get(name), request, error)
    end = start + size
    return items[start:end], token_at(end, request) if end < len(items) else None


def paged(
    call: Call,
    key: str,
    items: list[Any],
    *,
    limit: str | None = "MaxResults",
    token: tuple[str, str] = ("NextToken", "NextToken"),
    most: int = 1000,
    default: int | None = None,
    refusal: str = "ValidationException",
) -> dict[str, Any]:
    """Answer one page of a list under ``key``, with the token of the next one where there is one.

    ``limit`` names the parameter for the size of a page (AWS allows ``most``, and gives ``default`` where
    none is asked for, which is ``most`` unless given); ``token`` is its name in the request and in the
    answer: ``("Marker", "NextMarker")``. A size out of range and a token of another request raise a
    ``WireError`` with the code ``refusal``.
    """
    given = call.params.get(limit) if limit else None
    if given is not None and not (str(given).isdigit() and 1 <= int(given) <= most):
        raise WireError(refusal, f"{limit} must be between 1 and {most}, not {given}")
    size = int(given or default or most)
    asked, told = token
    error = WireError(refusal, f"The parameter {asked} is invalid.")
    page, rest = page_of(call, items, min(size, call.options.list_page or size), asked, error)
    return {key: page} | ({told: rest} if rest else {})


def marked(call: Call, key: str, items: list[Any]) -> dict[str, Any]:
    """Answer one page as RDS, ElastiCache and Redshift do: of 20 to 100 ``MaxRecords``, by ``Marker``."""
    size, (least, most) = call.params.get("MaxRecords"), _RECORDS
    if size is not None and not least <= size <= most:
        message = f"Invalid value {size} for MaxRecords. Must be between {least} and {most}"
        raise WireError("InvalidParameterValue", message)
    return paged(call, key, items, limit="MaxRecords", token=("Marker", "Marker"), most=most)
