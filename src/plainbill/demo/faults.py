"""What can go wrong with an answer of the demo endpoint, as data: ``injection`` puts it on calls.

``fault_catalogue`` holds AWS's own ways to fail.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email.utils import format_datetime
from math import ceil
from typing import Any, Literal

from plainbill.aws_connector.pages import paging_of
from plainbill.aws_connector.reads import iam_action
from plainbill.demo.wire import Asked, Reply, WireError


@dataclass(frozen=True, slots=True)
class Fault:
    """An error to answer with instead: AWS's code, message and HTTP status.

    ``by_protocol`` and ``by_service`` (boto3's name, which counts more) hold code and status where AWS's
    differ. ``{user}`` and ``{action}`` in the message stand for who asks and IAM's name of what. The clock
    in the answer's header is ``ahead`` of the machine's.
    """

    code: str
    message: str = "Injected by the demo endpoint"
    status: int = 400
    by_protocol: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    by_service: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    ahead: timedelta = timedelta(0)

    def error(self, account: str, asked: Asked) -> WireError:
        """Return the error in the words of the service that was asked."""
        service = asked.service.name
        told = self.by_service.get(service) or self.by_protocol.get(asked.protocol)
        code, status = told or (self.code, self.status)
        user, action = (
            f"arn:aws:iam::{account}:user/plainbill-demo",
            iam_action(service, asked.operation.name),
        )
        return WireError(code, self.message.replace("{user}", user).replace("{action}", action), status)


@dataclass(frozen=True, slots=True)
class Foreign:
    """Something between that answers in AWS's place: a proxy's page, a sign-in form, nothing at all."""

    body: bytes
    status: int = 200
    content_type: str = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Torn:
    """A connection that breaks: before the answer, in its middle, or by saying nothing until nobody waits."""

    how: Literal["reset", "cut", "silent"]


@dataclass(frozen=True, slots=True)
class Broken:
    """An answer whose second half is missing, though the connection says that it is whole."""


@dataclass(frozen=True, slots=True)
class Lacking:
    """An answer whose list under ``key`` lacks its last (or first) ``count`` items, and does not say so."""

    key: str
    count: int = 1
    is_at_end: bool = True


@dataclass(frozen=True, slots=True)
class Measured:
    """Metric data that fall short inside an answer that is none the worse for it (``GetMetricData``).

    Every ``of``-th series has ``status``, and the first ``kept`` (a share) of its datapoints; ``remark`` is
    a code and a text about the whole answer.
    """

    status: str
    kept: float = 0.0
    of: int = 2
    remark: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class SameToken:
    """Pages that go on for ever: each gives the token it was asked for with."""


Effect = Fault | Foreign | Torn | Broken | Lacking | Measured | SameToken


def edited(effect: Effect | None, account: str, asked: Asked, answer: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return an answer as the effect leaves it; raises the ``WireError`` of a ``Fault``."""
    match effect:
        case Fault():
            raise effect.error(account, asked)
        case Lacking():
            items = list(answer.get(effect.key, ()))
            return {
                **answer,
                effect.key: items[: -effect.count] if effect.is_at_end else items[effect.count :],
            }
        case Measured():
            return _measured(effect, answer)
        case SameToken():
            return _same_token(asked, answer)
        case _:
            return answer


def damaged(effect: Effect | None, reply: Reply, now: datetime) -> Reply:
    """Return a reply as the effect leaves it; ``now`` is by the machine's clock."""
    match effect:
        case Foreign():
            headers = ((b"content-type", effect.content_type.encode()),)
            return Reply(effect.status, headers, effect.body)
        case Torn():
            return replace(reply, torn=effect.how)
        case Broken():
            return replace(reply, body=reply.body[: len(reply.body) // 2])
        case Fault() if effect.ahead:
            date = format_datetime(now + effect.ahead, usegmt=True)
            return replace(reply, headers=(*reply.headers, (b"date", date.encode())))
        case _:
            return reply


def _measured(effect: Measured, answer: Mapping[str, Any]) -> Mapping[str, Any]:
    results = [
        _cut(result, effect) if number % effect.of == 0 else result
        for number, result in enumerate(answer.get("MetricDataResults", ()))
    ]
    remarks = [{"Code": effect.remark[0], "Value": effect.remark[1]}] if effect.remark else []
    return {**answer, "MetricDataResults": results, "Messages": [*answer.get("Messages", ()), *remarks]}


def _cut(result: Mapping[str, Any], effect: Measured) -> dict[str, Any]:
    kept = ceil(len(result["Values"]) * effect.kept)
    return {
        **result,
        "StatusCode": effect.status,
        "Timestamps": result["Timestamps"][:kept],
        "Values": result["Values"][:kept],
    }


def _same_token(asked: Asked, answer: Mapping[str, Any]) -> Mapping[str, Any]:
    paging = paging_of(asked.operation)
    if paging is None:
        return answer
    pairs = zip(paging.input_tokens, paging.output_tokens, strict=True)
    same = {told: asked.params[given] for given, told in pairs if asked.params.get(given)}
    more = {paging.more_results: True} if paging.more_results and same else {}
    return {**answer, **same, **more}
