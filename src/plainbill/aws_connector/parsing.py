"""Fast parsing: botocore's own answers, made 5 to 50 times cheaper (``bench/parsing.py``).

botocore spends most of a large answer on turning each timestamp into a datetime and on walking every
value. Its event ``before-parse`` lets a handler put the parsed answer in place; one handler here does so
for the protocols json, query and ec2, from a plan made of the operation's output shape. All else (the rest
protocols, errors, shapes with unions) stays botocore's, with timestamps left as AWS sent them; but where
botocore would take a page of HTML for an empty answer, that is refused first (``readable.py``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import nullcontext
from functools import cache, partial
from itertools import chain
from threading import BoundedSemaphore
from typing import Any

from lxml import etree

from plainbill.aws_connector.errors import Asked, Unreachable, UnreadableAnswer
from plainbill.aws_connector.json_plan import Parse, UnplannableError, decode, json_plan
from plainbill.aws_connector.metric_data import numbers_apart
from plainbill.aws_connector.pages import paging_of
from plainbill.aws_connector.readable import check_readable, readable_error
from plainbill.aws_connector.reads import Read
from plainbill.aws_connector.redact import one_line
from plainbill.aws_connector.service_models import Operation, service_model
from plainbill.aws_connector.xml_plan import child, local_name, read_xml, xml_plan

_LARGE_BYTES = 250_000
_LARGE = BoundedSemaphore(2)
"""Large answers are parsed two at a time: while they wait they are bytes, which take a tenth of the memory.

Of all but XML's own reading Python does one at a time in any case.
"""
CUT_SHORT = "IncompleteRead"
"""The code of an answer that broke off: botocore's, which it gives where it notices."""


def speed_up(session: Any, reads: Iterable[Read] = ()) -> None:
    """Parse fast in every client that ``session``, a botocore session, makes from now on.

    Of the answers to ``reads`` that name members only those are parsed, where the protocol is XML.
    """
    session.get_component("response_parser_factory").set_parser_defaults(timestamp_parser=_as_sent)
    parse = partial(_parse, _members(reads))
    session.get_component("event_emitter").register("before-parse.*.*", parse, unique_id="plainbill-parsing")


def _members(reads: Iterable[Read]) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return what is wanted of the answers to each operation, but those that somebody wants whole."""
    wanted: dict[tuple[str, str], list[tuple[str, ...]]] = {}
    for read in reads:
        wanted.setdefault((read.service, read.operation), []).append(read.members)
    return {key: tuple(chain.from_iterable(lists)) for key, lists in wanted.items() if all(lists)}


def _as_sent(value: Any) -> Any:
    return value


def _parse(
    members: Mapping[tuple[str, str], tuple[str, ...]],
    operation_model: Any,
    response_dict: dict[str, Any],
    customized_response_dict: dict[str, Any],
    **_: object,
) -> None:
    service, operation = operation_model.service_model.service_name, operation_model.name
    _check_whole(response_dict, Asked(service, operation))
    if response_dict["status_code"] >= 300:
        response_dict["body"] = readable_error(response_dict, service_model(service).protocol)
        return
    parse = plan_of(service, operation, members.get((service, operation), ()))
    body = response_dict["body"]
    try:
        if parse is None:
            check_readable(service_model(service), operation, body)
            return
        with _LARGE if len(body) > _LARGE_BYTES else nullcontext():
            parsed, rest = parse(body)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnreadableAnswer(
            Asked(service, operation), type(error).__name__, one_line(str(error))
        ) from None
    customized_response_dict.update(parsed)
    response_dict["body"] = rest


def _check_whole(response: Mapping[str, Any], asked: Asked) -> None:
    """Raise ``Unreachable`` with the code ``CUT_SHORT`` for a body that ended before its length.

    Python's HTTP client does not notice a connection that closes within the last 64 KiB of an answer.
    """
    body, told = response["body"], str(response["headers"].get("content-length", ""))
    if isinstance(body, bytes) and told.isdigit() and len(body) < int(told):
        raise Unreachable(asked, CUT_SHORT, f"{len(body)} of {told} bytes came")


@cache
def plan_of(service: str, operation: str, members: tuple[str, ...] = ()) -> Parse | None:
    """Return the fast way to parse an operation's answers; None where botocore's is used."""
    protocol, described = service_model(service).protocol, service_model(service).operation(operation)
    if described.output is None:
        return None
    try:
        if protocol == "json":
            return _json_parse(described)
        return _xml_parse(described, members) if protocol in {"ec2", "query"} else None
    except UnplannableError:
        return None


def _json_parse(operation: Operation) -> Parse:
    assert operation.output is not None  # noqa: S101 - plan_of has looked
    change = json_plan(operation.output)
    known = {member.location_name or name for name, member in operation.output.members.items()}

    def parse(body: bytes) -> tuple[Mapping[str, Any], bytes]:
        decoded = decode(body)
        if decoded and known.isdisjoint(decoded):
            raise ValueError(f"nothing of {operation.name}'s answer in it")
        return (change(decoded) if change else decoded), b""

    return numbers_apart(parse) if operation.name == "GetMetricData" else parse


def _xml_parse(operation: Operation, members: tuple[str, ...]) -> Parse:
    assert operation.output is not None  # noqa: S101 - plan_of has looked
    paging = paging_of(operation)
    if members and paging:
        members += paging.output_tokens
    take, wrapper = xml_plan(operation.output, members), operation.output.result_wrapper

    def parse(body: bytes) -> tuple[Mapping[str, Any], bytes]:
        root = read_xml(body)
        start = root if wrapper is None else child(root, wrapper)
        if start is None or local_name(root) != f"{operation.name}Response":
            raise ValueError(f"no {wrapper or operation.name + 'Response'} in it")
        return take(start), _without_result(root, wrapper)

    return parse


def _without_result(root: Any, wrapper: str | None) -> bytes:
    """Return a small document with the request's id, for botocore to make its ResponseMetadata of."""
    rest = etree.Element("Response")
    if wrapper is not None:
        etree.SubElement(rest, wrapper)
    for name in ("requestId", "ResponseMetadata"):
        if (found := child(root, name)) is not None:
            rest.append(found)
    return etree.tostring(rest)
