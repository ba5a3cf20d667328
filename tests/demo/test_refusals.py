"""Errors, denials and throttles in each protocol's own words."""

from __future__ import annotations

import socket
from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
import urllib3
from botocore.exceptions import ClientError

from demo.stock import client, refusal
from factories import NOW
from plainbill.demo.answers_identity import access_key
from plainbill.demo.call import Fault
from plainbill.demo.fleet import DEVELOPMENT, PRODUCTION
from plainbill.demo.server import DemoEndpoint
from plainbill.demo.throttle import Buckets, datapoints
from plainbill.demo.wire import WireError

COSTS = {
    "TimePeriod": {"Start": "2026-11-01", "End": "2026-11-02"},
    "Granularity": "DAILY",
    "Metrics": ["UnblendedCost"],
}
CALLS: dict[str, Callable[[Any], Any]] = {
    "ec2": lambda ec2: ec2.describe_instances(),
    "cloudwatch": lambda cloudwatch: cloudwatch.list_metrics(),
    "ce": lambda ce: ce.get_cost_and_usage(**COSTS),
    "sts": lambda sts: sts.get_caller_identity(),
}


@pytest.mark.parametrize(
    ("service", "action", "code"),
    [
        ("ec2", "ec2:DescribeInstances", "UnauthorizedOperation"),
        ("cloudwatch", "cloudwatch:ListMetrics", "AccessDeniedException"),
        ("ce", "ce:GetCostAndUsage", "AccessDeniedException"),
        ("sts", "sts:GetCallerIdentity", "AccessDenied"),
    ],
)
def test_a_denial_hits_its_place_only_and_names_the_action(service: str, action: str, code: str) -> None:
    with DemoEndpoint(now=NOW) as aws:
        aws.change(denied=frozenset({(PRODUCTION, "us-east-1", action)}))
        assert CALLS[service](client(aws, service, DEVELOPMENT))
        assert CALLS[service](client(aws, service, PRODUCTION, "us-west-2"))
        with pytest.raises(ClientError) as error:
            CALLS[service](client(aws, service, PRODUCTION))
        assert refusal(error) == code
        assert action in str(error.value)
        assert aws.requests[-1].code == code


def test_an_injected_fault_arrives_with_its_code_and_status() -> None:
    with DemoEndpoint(now=NOW) as aws:
        fault = Fault("DataUnavailableException", "Data is not available. Please try again later.")
        aws.change(faults={("*", "*", "ce:GetCostAndUsage"): fault})
        with pytest.raises(ClientError) as error:
            CALLS["ce"](client(aws, "ce"))
        assert refusal(error) == "DataUnavailableException"
        assert type(error.value).__name__ == "DataUnavailableException"
        aws.change(faults={})
        assert CALLS["ce"](client(aws, "ce"))


@pytest.mark.parametrize(
    ("service", "code"),
    [
        ("ec2", "AuthFailure"),
        ("cloudwatch", "UnrecognizedClientException"),
        ("ce", "UnrecognizedClientException"),
        ("sts", "InvalidClientTokenId"),
    ],
)
def test_a_stranger_s_key_is_refused(aws: DemoEndpoint, service: str, code: str) -> None:
    with pytest.raises(ClientError) as error:
        CALLS[service](client(aws, service, "999988887777"))
    assert refusal(error) == code


def test_an_operation_the_company_does_not_answer_is_an_error_in_every_protocol(aws: DemoEndpoint) -> None:
    with pytest.raises(ClientError) as by_ec2:
        client(aws, "ec2").describe_fleets()
    with pytest.raises(ClientError) as by_json:
        client(aws, "ce").get_anomaly_monitors()
    assert (refusal(by_ec2), refusal(by_json)) == ("InvalidAction", "UnknownOperationException")


def test_a_request_without_a_signature_is_refused(aws: DemoEndpoint) -> None:
    answer = urllib3.request("POST", aws.url, body=b"Action=GetCallerIdentity")
    assert answer.status == 403
    assert b"<Code>MissingAuthenticationToken</Code>" in answer.data


def signed(service: str) -> dict[str, str]:
    """The header of a request that no stock client would make."""
    scope = f"{access_key(PRODUCTION)}/20261124/us-east-1/{service}/aws4_request"
    return {"Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"}


def test_a_body_that_is_no_json_is_refused(aws: DemoEndpoint) -> None:
    headers = {"X-Amz-Target": "AWSInsightsIndexService.GetCostAndUsage", **signed("ce")}
    answer = urllib3.request("POST", aws.url, body=b"{'", headers=headers)
    assert answer.status == 400
    assert answer.json()["__type"] == "SerializationException"


@pytest.mark.parametrize(
    ("service", "form"),
    [
        pytest.param("ec2", b"Action=DescribeInstances&MaxResults=many", id="a word for a number"),
        pytest.param("ec2", b"Action=DescribeInstances&MaxResults.1=5", id="a list for a number"),
        pytest.param(
            "monitoring",
            b"Action=GetMetricStatistics&Namespace=AWS/EC2&MetricName=CPUUtilization&Period=60"
            b"&StartTime=yesterday&EndTime=today",
            id="a word for an instant",
        ),
    ],
)
def test_a_form_that_does_not_fit_the_operation_is_refused(
    aws: DemoEndpoint, service: str, form: bytes
) -> None:
    answer = urllib3.request("POST", aws.url, body=form, headers=signed(service))
    assert answer.status == 400
    assert b"<Code>MalformedInput</Code>" in answer.data


def test_a_request_broken_off_is_not_answered_as_if_it_were_whole() -> None:
    form = b"Action=DescribeInstances"
    head = f"POST / HTTP/1.1\r\nHost: aws\r\nAuthorization: {signed('ec2')['Authorization']}\r\n"
    with DemoEndpoint(now=NOW) as aws:
        address = (str(urllib3.util.parse_url(aws.url).host), urllib3.util.parse_url(aws.url).port or 0)
        with socket.create_connection(address) as gone:
            gone.sendall(f"{head}Content-Length: {len(form) + 1}\r\n\r\n".encode() + form)
        client(aws, "sts").get_caller_identity()
        assert [request.operation for request in aws.requests] == ["GetCallerIdentity"]


def test_calls_are_not_throttled_unless_asked_for(aws: DemoEndpoint) -> None:
    ec2 = client(aws, "ec2")
    for _ in range(60):
        ec2.describe_instances()


def test_throttles_refuse_with_each_service_s_own_code() -> None:
    with DemoEndpoint(now=NOW) as aws:
        aws.change(is_throttled=True)
        aws.endpoint.buckets = Buckets(clock=lambda: 0.0)
        for service, allowed, code in (
            ("ec2", 50, "RequestLimitExceeded"),
            ("ce", 10, "LimitExceededException"),
        ):
            stock = client(aws, service)
            for _ in range(allowed):
                CALLS[service](stock)
            with pytest.raises(ClientError) as error:
                CALLS[service](stock)
            assert refusal(error) == code
            assert CALLS[service](client(aws, service, DEVELOPMENT)), "another account has its own bucket"


def test_a_bucket_fills_again_with_time() -> None:
    seconds = [0.0]
    buckets = Buckets(clock=lambda: seconds[0])
    paged = {"MaxResults": 1000}
    for _ in range(100):
        buckets.take("1", "us-east-1", "ec2:DescribeInstances", paged, NOW)
    with pytest.raises(WireError):
        buckets.take("1", "us-east-1", "ec2:DescribeInstances", paged, NOW)
    seconds[0] = timedelta(seconds=0.1).total_seconds()
    buckets.take("1", "us-east-1", "ec2:DescribeInstances", paged, NOW)
    buckets.take("1", "us-east-1", "ec2:DescribeInstances", paged, NOW)
    with pytest.raises(WireError):
        buckets.take("1", "us-east-1", "ec2:DescribeInstances", paged, NOW)


def test_each_operation_of_ec2_has_a_bucket_of_its_own() -> None:
    buckets = Buckets(clock=lambda: 0.0)
    for _ in range(100):
        buckets.take("1", "us-east-1", "ec2:DescribeAddresses", {}, NOW)
    with pytest.raises(WireError):
        buckets.take("1", "us-east-1", "ec2:DescribeAddresses", {}, NOW)
    buckets.take("1", "us-east-1", "ec2:DescribeNatGateways", {}, NOW)
    buckets.take("1", "us-west-2", "ec2:DescribeAddresses", {}, NOW)


@pytest.mark.parametrize(("params", "allowed"), [({}, 50), ({"VolumeIds": ["vol-1"]}, 100)])
def test_asking_for_everything_at_once_empties_a_smaller_bucket(
    params: dict[str, list[str]], allowed: int
) -> None:
    buckets = Buckets(clock=lambda: 0.0)
    for _ in range(allowed):
        buckets.take("1", "us-east-1", "ec2:DescribeVolumes", params, NOW)
    with pytest.raises(WireError):
        buckets.take("1", "us-east-1", "ec2:DescribeVolumes", params, NOW)


@pytest.mark.parametrize(("age", "allowed"), [(timedelta(days=14), 3), (timedelta(hours=2), 1)])
def test_datapoints_have_a_bucket_too(age: timedelta, allowed: int) -> None:
    buckets = Buckets(clock=lambda: 0.0)
    hours = max(1, age // timedelta(hours=1))
    asked = {
        "MetricDataQueries": [{"MetricStat": {"Period": 3600}}] * (100_800 // hours),
        "StartTime": NOW - age,
        "EndTime": NOW,
    }
    assert datapoints(asked) == 100_800
    for _ in range(allowed):
        buckets.take("1", "us-east-1", "cloudwatch:GetMetricData", asked, NOW)
    with pytest.raises(WireError) as error:
        buckets.take("1", "us-east-1", "cloudwatch:GetMetricData", asked, NOW)
    assert error.value.code == "ThrottlingException"


def test_a_stock_client_gets_through_a_throttle_by_asking_again() -> None:
    ticks = count()
    with DemoEndpoint(now=NOW) as aws:
        aws.change(is_throttled=True)
        aws.endpoint.buckets = Buckets(clock=lambda: next(ticks) / 10)  # half a token comes back a call
        patient = client(aws, "ce", retries={"mode": "standard", "total_max_attempts": 8})
        for _ in range(22):
            assert CALLS["ce"](patient)["ResultsByTime"]
        assert any(request.code == "LimitExceededException" for request in aws.requests)
