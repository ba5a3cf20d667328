"""GetMetricData, whose requests and answers are the largest of a refresh, written and read with less work.

A request names 500 metrics, which botocore walks member by member though they are text and whole numbers:
here botocore serializes the rest of the request, and the metrics are put into its body as they are. An answer
spells out the same timestamps for each metric: here each list of them is read once.
"""

from __future__ import annotations

import json
from typing import Any

import orjson

from plainbill.aws_connector.json_plan import decode

_QUERIES = "MetricDataQueries"
_EVENT = "cloudwatch.GetMetricData"
_CONTEXT = "plainbill_metric_data_queries"
_BEGIN, _END = b'"Timestamps":[', b"]"
_MOST_LISTS = 4
"""Instances of one batch mostly have all hours, or lack the same ones."""


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


def decode_metric_data(body: bytes) -> dict[str, Any]:
    """Return the object of an answer as ``decode`` does; results with the same timestamps share one list.

    A text in JSON has no bare quote in it, so that what is looked for is a member and nothing else.
    """
    lists: dict[str, Any] = {}
    while len(lists) < _MOST_LISTS and (begin := body.find(_BEGIN)) >= 0:
        end = body.find(_END, begin) + 1
        if not end:
            break
        mark = f"list {len(lists)}"
        lists[mark] = orjson.loads(body[begin + len(_BEGIN) - 1 : end])
        body = body.replace(body[begin:end], f'"Timestamps":"{mark}"'.encode())
    decoded = decode(body)
    for result in decoded.get("MetricDataResults") or ():
        if isinstance(result, dict) and isinstance(stamps := result.get("Timestamps"), str):
            result["Timestamps"] = lists[stamps]
    return decoded
