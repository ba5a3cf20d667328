"""What cannot pass is not tried again; what can is, for a bounded time, and waits in nobody's way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from aws_connector.wire import CALLER, CannedAws, ec2_error, json_answer, json_error
from plainbill.aws_connector import Connector, Read, Scope
from plainbill.aws_connector.aside import stepping
from plainbill.aws_connector.attempts import MOST, Patience, may_pass, pause
from plainbill.aws_connector.errors import (
    AccessDenied,
    Asked,
    AwsCallError,
    InvalidRequest,
    NotFound,
    PagesChanged,
    ServerFailure,
    Throttled,
    Unreachable,
    UnreadableAnswer,
)

READS = [
    Read("ec2", "DescribeInstances", "the instances"),
    Read("cloudwatch", "GetMetricData", "their load"),
    Read("rds", "DescribeDBInstances", "the databases"),
]
HOME = Scope(CALLER, "us-east-1")
ASKED = Asked("ec2", "DescribeInstances", CALLER, "us-east-1")
METRICS = {"MetricDataQueries": [], "StartTime": 0, "EndTime": 1}


@pytest.mark.parametrize("kind", [AccessDenied, InvalidRequest, NotFound, PagesChanged, UnreadableAnswer])
def test_what_a_moment_does_not_change_is_not_tried_again(kind: type[AwsCallError]) -> None:
    assert not may_pass(kind(ASKED, "Some"))


@pytest.mark.parametrize("kind", [ServerFailure, Throttled, Unreachable])
def test_what_may_pass_is_tried_again(kind: type[AwsCallError]) -> None:
    assert may_pass(kind(ASKED, "Some"))


def test_a_request_that_timed_out_at_aws_is_tried_again() -> None:
    assert may_pass(InvalidRequest(ASKED, "RequestTimeout"))


def test_each_pause_is_longer_than_the_one_before_and_none_is_for_ever() -> None:
    throttled = [pause(Throttled(ASKED), attempt, {}) for attempt in range(1, 12)]
    assert all(0.5 <= seconds <= 20 for seconds in throttled)
    assert throttled[0] <= 1 < throttled[2] < throttled[5]
    assert pause(ServerFailure(ASKED), 1, {}) < 0.1


def test_aws_may_name_its_own_time_but_not_any() -> None:
    named = {"x-amz-retry-after": "1500"}
    assert pause(ServerFailure(ASKED), 1, named) == 1.5
    assert pause(ServerFailure(ASKED), 1, {"x-amz-retry-after": "86400000"}) < 6
    assert pause(ServerFailure(ASKED), 1, {"x-amz-retry-after": "soon"}) < 0.1


def test_a_service_that_is_down_is_not_waited_for_again_and_again_while_others_are() -> None:
    patience = Patience(most=3)
    assert [patience.allows("rds", "eu-west-1") for _ in range(5)] == [True, True, True, False, False]
    assert patience.allows("rds", "us-east-1")
    assert patience.allows("ec2", "eu-west-1")
    patience.answered("rds", "eu-west-1")
    assert [patience.allows("rds", "eu-west-1") for _ in range(2)] == [True, False]


def test_a_refusal_is_sent_once(canned: CannedAws) -> None:
    canned.answer("DescribeInstances", ec2_error("UnauthorizedOperation"))
    with Connector.open(READS) as connector, pytest.raises(AccessDenied):
        connector.call(HOME, "ec2", "DescribeInstances")
    assert canned.count("DescribeInstances") == 1


def test_a_throttled_account_uses_up_no_retry_of_the_others(
    canned: CannedAws, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)
    canned.answer("GetMetricData", json_error("ThrottlingException"))
    with Connector.open(READS) as connector:
        for _ in range(21):  # of the same client: botocore would give up after 100 retries
            with pytest.raises(Throttled):
                connector.call(HOME, "cloudwatch", "GetMetricData", **METRICS)
        assert canned.count("GetMetricData") == 21 * MOST
        canned.answer("GetMetricData", json_error("InternalError", status=500), json_answer({}))
        connector.call(HOME, "cloudwatch", "GetMetricData", **METRICS)


def test_who_waits_for_aws_steps_aside_meanwhile(canned: CannedAws, monkeypatch: pytest.MonkeyPatch) -> None:
    story: list[str] = []
    monkeypatch.setattr("time.sleep", lambda _: story.append("slept"))

    @contextmanager
    def aside() -> Iterator[None]:
        story.append("aside")
        yield
        story.append("back")

    canned.answer("GetMetricData", json_error("ThrottlingException"), json_answer({}))
    with Connector.open(READS) as connector, stepping(aside):
        connector.call(HOME, "cloudwatch", "GetMetricData", **METRICS)
        assert story == ["aside", "slept", "back"]
