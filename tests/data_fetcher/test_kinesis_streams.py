"""A stream as Kinesis lists it; its shards are told elsewhere."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from plainbill.aws_connector import Scope
from plainbill.data_fetcher.kinesis_streams import KinesisStreams
from plainbill.model.resources.kinesis import KinesisStream

SCOPE = Scope("111122223333", "us-east-1")
MADE = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
LEAST: dict[str, Any] = {"StreamName": "clicks", "StreamStatus": "ACTIVE"}


def parsed_of(raw: dict[str, Any]) -> KinesisStream:
    (one,) = KinesisStreams.parse({"StreamSummaries": [raw]}, SCOPE)
    return one


def parsed(**changes: Any) -> KinesisStream:
    return parsed_of(LEAST | changes)


def test_of_what_is_described_with_the_least_no_more_is_known() -> None:
    assert parsed() == KinesisStream(
        account_id="111122223333",
        region="us-east-1",
        stream_name="clicks",
        status="ACTIVE",
        mode="PROVISIONED",
    )


@pytest.mark.parametrize("absent", ["StreamName", "StreamStatus"])
def test_a_field_that_aws_promises_is_never_guessed(absent: str) -> None:
    least = {name: value for name, value in LEAST.items() if name != absent}
    with pytest.raises(KeyError, match=absent):
        parsed_of(least)


def test_the_mode_and_the_day_it_was_made_are_kept_where_aws_tells_them() -> None:
    one = parsed(StreamModeDetails={"StreamMode": "ON_DEMAND"}, StreamCreationTimestamp=MADE.timestamp())
    assert (one.mode, one.created_at) == ("ON_DEMAND", MADE)
