"""GetMetricData, whose requests and answers are the largest of a refresh, written and read with less work.

A request names 500 metrics, which botocore walks member by member though they are text and whole numbers:
here botocore serializes the rest of the request, and the metrics are put into its body as they are. An answer
spells out the same timestamps for each metric: here each list of them is read once. Its values become arrays,
not a Python object each.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import orjson

from plainbill.aws_connector.json_plan import Parse
from plainbill.aws_connector.numbers import doubles

_QUERIES = "MetricDataQueries"
_EVENT = "cloudwatch.GetMetricData"
_CONTEXT = "plainbill_metric_data_queries"
_LIST = re.compile(rb'"(Timestamps|Values)":\[')


def put_queries_aside(session: Any) -> None:
    """Serialize the queries by themselves in every client that ``session`` makes from now on."""
    events = session.get_component("event_emitter")
    events.register(f"before-parameter-build.{_EVENT}", _aside, unique_id="plainbill-queries-aside")
    events.register(f"before-call.{_EVENT}", _put_in, unique_id="plainbill-queries-put-in")


def _aside(params: dict[str, Any], context: dict[str, Any], **_: object) -> None:
    if _QUERIES in params:
        context[_CONTEXT], params[_QUERIES] = params[_QUERIES], []


def _put_in(params: dict[str, Any], context: dict[str, Any], **_: object) -> None:
    if (queries := context.pop(_CONTEXT, None)) is None:
        return
    body = {**orjson.loads(params["body"]), _QUERIES: queries}
    try:
        params["body"] = orjson.dumps(body)
    except TypeError:  # a lone surrogate in a name
        params["body"] = json.dumps(body).encode()


def numbers_apart(parse: Parse) -> Parse:
    """Return what reads an answer as ``parse`` does, but its values as arrays of doubles.

    Results with the same timestamps share one list of them. Lists of values with anything else in them than
    numbers, or spelled with other spaces, are what ``parse`` makes of them.
    """

    def read(body: bytes) -> tuple[Mapping[str, Any], bytes]:
        try:
            rest, lists = _cut(body)
        except ValueError:
            return parse(body)
        answer, left = parse(rest)
        for result in answer.get("MetricDataResults") or ():
            for name in ("Timestamps", "Values"):
                if result and isinstance(mark := result.get(name), str):
                    result[name] = lists[mark]
        return answer, left

    return read


def _cut(body: bytes) -> tuple[bytes, dict[str, Any]]:
    """Return a body with a mark in each list's stead, and the lists by their marks.

    A text in JSON has no bare quote in it, so that what is looked for is a member and nothing else. Raises
    ``ValueError`` where not all can be read.
    """
    rest, at = list[bytes](), 0
    instants: dict[bytes, str] = {}
    values: list[bytes] = []
    while found := _LIST.search(body, at):
        end = body.index(b"]", found.end())
        told = body[found.end() : end]
        if found[1] == b"Values":
            mark = f"values {len(values)}"
            values.append(told)
        else:
            mark = instants.setdefault(told, f"instants {len(instants)}")
        rest += (body[at : found.end() - 1], b'"%b"' % mark.encode())
        at = end + 1
    lists = {mark: orjson.loads(b"[%b]" % told) for told, mark in instants.items()}
    return b"".join((*rest, body[at:])), lists | _arrays(values)


def _arrays(told: Sequence[bytes]) -> dict[str, Any]:
    """Return lists of values by their marks, all of them read at once.

    What is no number in JSON, and one here, is put between them, so that it says where each ends.
    """
    joined = b",nan,".join(told)
    numbers = doubles(joined)
    ends = np.flatnonzero(np.isnan(numbers)).tolist()
    commas = np.count_nonzero(np.frombuffer(joined, dtype=np.uint8) == ord(","))
    empty = sum(not one.strip() for one in told)
    if told and (len(ends) != len(told) - 1 or len(numbers) + empty != commas + 1):
        raise ValueError("not a list of numbers")
    begins = [0, *(end + 1 for end in ends)]
    bounds = zip(begins, [*ends, len(numbers)], strict=True)
    return {f"values {place}": numbers[begin:end] for place, (begin, end) in enumerate(bounds)}
