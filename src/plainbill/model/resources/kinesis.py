"""Amazon Kinesis Data Streams."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from plainbill.model.resources.base import Resource, arn_of


@dataclass(frozen=True, slots=True, kw_only=True)
class KinesisStream(Resource):
    """One data stream (``ListStreams``), with what only it tells (``DescribeStreamSummary``)."""

    source: ClassVar[str] = "kinesis_streams"

    stream_name: str
    status: str  # CREATING | DELETING | ACTIVE | UPDATING
    mode: str  # PROVISIONED | ON_DEMAND
    created_at: datetime | None = None
    open_shards: int | None = None  # None where it could not be read
    consumers: int | None = None  # with enhanced fan-out
    retention_hours: int | None = None

    @property
    def resource_id(self) -> str:
        """The name."""
        return self.stream_name

    @property
    def name(self) -> str | None:
        """The name."""
        return self.stream_name

    @property
    def arn(self) -> str:
        """The ARN."""
        return arn_of("kinesis", self.region, self.account_id, f"stream/{self.stream_name}")

    @property
    def dimensions(self) -> Mapping[str, str]:
        """``AWS/Kinesis``'s dimension of a stream."""
        return {"StreamName": self.stream_name}
