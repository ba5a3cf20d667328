"""A log group as CloudWatch Logs describes it; no retention is None, never zero."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from plainbill.aws_connector import Scope
from plainbill.data_fetcher.log_groups import LogGroups
from plainbill.model.resources.logs import LogGroup

SCOPE = Scope("111122223333", "us-east-1")
MADE = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
LEAST: dict[str, Any] = {
    "logGroupName": "/app/checkout",
    "creationTime": int(MADE.timestamp() * 1000),
    "storedBytes": 5,
}


def parsed_of(raw: dict[str, Any]) -> LogGroup:
    (one,) = LogGroups.parse({"logGroups": [raw]}, SCOPE)
    return one


def parsed(**changes: Any) -> LogGroup:
    return parsed_of(LEAST | changes)


def test_of_what_is_described_with_the_least_no_more_is_known() -> None:
    assert parsed() == LogGroup(
        account_id="111122223333",
        region="us-east-1",
        log_group_name="/app/checkout",
        created_at=MADE,
        stored_bytes=5,
        log_class="STANDARD",
    )


@pytest.mark.parametrize("absent", ["logGroupName", "creationTime", "storedBytes"])
def test_a_field_that_aws_promises_is_never_guessed(absent: str) -> None:
    least = {name: value for name, value in LEAST.items() if name != absent}
    with pytest.raises(KeyError, match=absent):
        parsed_of(least)


def test_class_and_retention_are_kept_and_the_arn_names_no_stream() -> None:
    group = parsed(logGroupClass="INFREQUENT_ACCESS", retentionInDays=30, arn="x:*")
    assert (group.log_class, group.retention_days) == ("INFREQUENT_ACCESS", 30)
    assert group.arn == "arn:aws:logs:us-east-1:111122223333:log-group:/app/checkout"
    assert group.dimensions == {"LogGroupName": "/app/checkout"}


def test_a_page_without_groups_is_empty() -> None:
    assert list(LogGroups.parse({}, SCOPE)) == []
