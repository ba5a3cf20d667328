"""Kinesis: streams and their shards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plainbill.demo.call import Answer, Call, paged
from plainbill.demo.estate_apps import Stream, streams
from plainbill.demo.wire_scope import WireError


def list_streams(call: Call) -> Mapping[str, Any]:
    """List the streams, a hundred a page unless more are asked for."""
    here = streams(call.company).at(call.account, call.region)
    told = [_stream(one) for one in here]
    page = paged(call, "StreamSummaries", told, limit="Limit", most=10_000, default=100)
    names = [one["StreamName"] for one in page["StreamSummaries"]]
    return {"StreamNames": names, "HasMoreStreams": "NextToken" in page, **page}


def describe_stream_summary(call: Call) -> Mapping[str, Any]:
    """Describe one stream."""
    name = call.params.get("StreamName")
    stream = streams(call.company).named(call.account, call.region, name)
    if stream is None:
        message = f"Stream {name} under account {call.account} not found."
        raise WireError("ResourceNotFoundException", message)
    more = {
        "RetentionPeriodHours": 24,
        "EnhancedMonitoring": [{"ShardLevelMetrics": []}],
        "OpenShardCount": stream.shards,
        "ConsumerCount": 0,
    }
    return {"StreamDescriptionSummary": _stream(stream) | more}


def _stream(stream: Stream) -> dict[str, Any]:
    return {
        "StreamName": stream.name,
        "StreamARN": stream.arn("kinesis", f"stream/{stream.name}"),
        "StreamStatus": "ACTIVE",
        "StreamModeDetails": {"StreamMode": stream.mode},
        "StreamCreationTimestamp": stream.created_at,
    }


ANSWERS: Mapping[str, Answer] = {
    "kinesis:ListStreams": list_streams,
    "kinesis:DescribeStreamSummary": describe_stream_summary,
}
