"""Kinesis Data Streams: ``ListStreams``, then the shards and consumers of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from plainbill.aws_connector import Connector, Read, Scope, instant_or_none
from plainbill.data_fetcher.collector import Collector, Page
from plainbill.data_fetcher.further_calls import FurtherCalls
from plainbill.data_fetcher.source import as_documented
from plainbill.model.inventory import Gap
from plainbill.model.resources import Resource
from plainbill.model.resources.kinesis import KinesisStream

_PAGE = 100
_LIST, _SUMMARY = (
    Read("kinesis", "ListStreams", "the Kinesis streams, and so none that nobody writes to"),
    Read("kinesis", "DescribeStreamSummary", "the shards of each Kinesis stream, and so its price"),
)


class KinesisStreams(Collector):
    """Every data stream."""

    name = "kinesis_streams"
    kind = KinesisStream
    reads = (_LIST, _SUMMARY)

    @classmethod
    def fetch(cls, connector: Connector, scope: Scope) -> Iterator[Page]:
        """Yield the pages of ``ListStreams``."""
        return connector.pages(scope, "kinesis", _LIST.operation, Limit=_PAGE)

    @classmethod
    def parse(cls, page: Page, scope: Scope) -> Iterator[KinesisStream]:
        """Yield the streams of a page."""
        return (_stream(raw, scope) for raw in page["StreamSummaries"])

    @classmethod
    def read(cls, connector: Connector, scope: Scope) -> tuple[list[Resource], list[Gap]]:
        """Return the streams and what is missing; raises ``AwsError``."""
        with as_documented(_LIST, scope):
            found = [one for page in cls.fetch(connector, scope) for one in cls.parse(page, scope)]
        further = FurtherCalls(cls.name)
        return [further.ask(partial(_summed, connector, scope, one)) or one for one in found], further.gaps()


def _summed(connector: Connector, scope: Scope, stream: KinesisStream) -> KinesisStream:
    with as_documented(_SUMMARY, scope):
        answer = connector.call(scope, "kinesis", _SUMMARY.operation, StreamName=stream.stream_name)
        raw = answer["StreamDescriptionSummary"]
        return replace(
            stream,
            open_shards=int(raw["OpenShardCount"]),
            consumers=raw.get("ConsumerCount"),
            retention_hours=int(raw["RetentionPeriodHours"]),
        )


def _stream(raw: Mapping[str, Any], scope: Scope) -> KinesisStream:
    return KinesisStream(
        account_id=scope.account_id,
        region=scope.region,
        stream_name=raw["StreamName"],
        status=raw["StreamStatus"],
        mode=(raw.get("StreamModeDetails") or {}).get("StreamMode") or "PROVISIONED",
        created_at=instant_or_none(raw.get("StreamCreationTimestamp")),
    )
