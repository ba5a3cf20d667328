"""Fast parsing gives what botocore's own gives, but for timestamps, which stay as AWS sent them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ClientError

from aws_connector.synthetic import body_of, value_of
from data_fetcher.answers import recorded, recordings
from plainbill.aws_connector.errors import UnreadableAnswer
from plainbill.aws_connector.parsing import plan_of, speed_up
from plainbill.aws_connector.service_models import Operation, Service, Shape, service_model

SERVICES = ("ce", "cloudwatch", "ec2", "sts", "organizations", "pricing", "rds", "elbv2", "autoscaling")
CALLER = ("sts", "GetCallerIdentity")
REGIONS = ("ec2", "DescribeRegions")
INSTANCES = ("ec2", "DescribeInstances")
COSTS = ("ce", "GetCostAndUsage")
METRICS = ("cloudwatch", "GetMetricData")
OURS = (CALLER, ("sts", "AssumeRole"), REGIONS, INSTANCES, COSTS, METRICS)
READING = ("Get", "Describe", "List", "AssumeRole")
DENIED = b"<Error><Code>No</Code><Message>not allowed</Message></Error>"
IN_AN_INSTANCE = (
    b"<DescribeInstancesResponse><requestId>r</requestId><reservationSet><item><groupSet/><instancesSet><item>%b</item></instancesSet>"
    b"</item></reservationSet></DescribeInstancesResponse>"
)


class Body:
    """What botocore reads an answer's bytes from."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def stream(self, *_: object, **__: object) -> Iterator[bytes]:
        yield self._body


@cache
def client(service: str, *, fast: bool) -> Any:
    """A client of stock botocore, with timestamps left alone, or one of ours; without parameter checks."""
    session = botocore.session.Session()
    session.set_credentials("AKIAIOSFODNN7EXAMPLE", "secret")
    if fast:
        speed_up(session)
    else:
        factory = session.get_component("response_parser_factory")
        factory.set_parser_defaults(timestamp_parser=lambda value: value)
    config = botocore.config.Config(parameter_validation=False, retries={"total_max_attempts": 1})
    return session.create_client(service, region_name="us-east-1", config=config)


def parsed(
    service: str,
    operation: str,
    body: bytes,
    *,
    fast: bool,
    status: int = 200,
    params: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """What becomes of a body on its way through botocore, with lists in place of arrays."""
    made = client(service, fast=fast)

    def answer(request: Any, **_: object) -> Any:
        headers = HTTPHeaders.from_dict({"x-amzn-RequestId": "request-1", "Content-Type": "text"})
        return AWSResponse(request.url, status, headers, Body(body))

    made.meta.events.register("before-send", answer, unique_id="answer")
    try:
        result: dict[str, Any] = made._make_api_call(operation, params or {})
    finally:
        made.meta.events.unregister("before-send", unique_id="answer")
    for metric in result.get("MetricDataResults", ()):
        if "Values" in metric:
            metric["Values"] = list(metric["Values"])
    return result


def both(service: str, operation: str, body: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    return parsed(service, operation, body, fast=False), parsed(service, operation, body, fast=True)


def planned_reads(service: Service) -> list[Operation]:
    reads = [name for name in service.operation_names if name.startswith(READING)]
    return [service.operation(name) for name in reads if plan_of(service.name, name)]


@pytest.mark.parametrize(("service", "operation"), OURS)
def test_what_plainbill_reads_is_parsed_fast(service: str, operation: str) -> None:
    assert plan_of(service, operation) is not None


@pytest.mark.parametrize("name", SERVICES)
def test_every_read_with_a_plan_equals_botocores_on_two_pages_with_every_member_set(name: str) -> None:
    service = service_model(name)
    reads = planned_reads(service)
    assert reads
    for operation in reads:
        for page in range(2):
            assert operation.output is not None
            body = body_of(service, operation, value_of(operation.output, page))
            stock, ours = both(name, operation.name, body)
            assert ours == stock, operation.name
            assert ours["ResponseMetadata"]["RequestId"] == "request-1"


def test_most_reads_have_a_plan_and_the_others_are_left_to_botocore() -> None:
    for name in SERVICES:
        service = service_model(name)
        reads = [one for one in service.operation_names if one.startswith(READING)]
        assert len(planned_reads(service)) > 0.8 * len(reads), name
    assert plan_of("s3", "ListObjectsV2") is None
    assert plan_of("ce", "GetAnomalyMonitors") is None  # an expression holds expressions


def test_an_answer_is_not_of_the_wrong_type_because_it_is_short() -> None:
    for service, operation in OURS:
        described = service_model(service).operation(operation)
        assert described.output is not None
        stock, ours = both(service, operation, body_of(service_model(service), described, {}))
        assert ours == stock
        assert set(ours) == {"ResponseMetadata"}


def test_empty_lists_and_texts_are_kept_as_such() -> None:
    tags = b"<instanceId/><reason></reason><tagSet><item><key>Name</key><value/></item></tagSet>"
    stock, ours = both(*INSTANCES, IN_AN_INSTANCE % tags)
    assert ours == stock
    (reservation,) = ours["Reservations"]
    assert reservation["Groups"] == []
    assert reservation["Instances"][0]["Tags"] == [{"Key": "Name", "Value": ""}]


def test_what_the_model_does_not_know_and_what_is_null_is_left_out_as_botocore_does() -> None:
    cost: dict[str, Any] = {"UnblendedCost": {"Amount": "1", "Unit": None, "New": []}}
    day = {"Total": cost, "Groups": None, "Estimated": True}
    body = json.dumps({"New": 1, "NextPageToken": None, "ResultsByTime": [day, None]})
    stock, ours = both(*COSTS, body.encode())
    assert ours == stock
    assert ours["ResultsByTime"] == [{"Total": {"UnblendedCost": {"Amount": "1"}}, "Estimated": True}, None]


def test_an_unknown_element_a_comment_or_a_foreign_namespace_changes_nothing() -> None:
    xml = (
        b'<a:DescribeRegionsResponse xmlns:a="urn:a" xmlns="urn:b"><a:requestId>r</a:requestId><!-- x -->'
        b"<?pi y?><new><item/></new><a:regionInfo><item><a:regionName>eu-west-1</a:regionName><new>1</new>"
        b"</item></a:regionInfo></a:DescribeRegionsResponse>"
    )
    stock, ours = both(*REGIONS, xml)
    assert ours == stock
    assert ours["Regions"] == [{"RegionName": "eu-west-1"}]


@pytest.mark.parametrize(
    "namespace", [b' xmlns="urn:b"', b"", b" xmlns='urn:b'", b' xmlns:a="urn:a" xmlns="urn:b"']
)
def test_a_text_that_looks_like_a_namespace_stays_as_it_is(namespace: bytes) -> None:
    name = b'a xmlns="urn:b"> &lt;item xmlns="urn:b"&gt;'
    xml = (
        b'<?xml version="1.0"?>\n<DescribeRegionsResponse%b><regionInfo><item xmlns="urn:c"><regionName>%b'
        b"</regionName></item></regionInfo></DescribeRegionsResponse>"
    )
    stock, ours = both(*REGIONS, xml % (namespace, name))
    assert ours == stock
    assert ours["Regions"] == [{"RegionName": 'a xmlns="urn:b"> <item xmlns="urn:b">'}]


def test_numbers_that_are_none_are_as_they_are_for_botocore() -> None:
    body = b'{"MetricDataResults": [{"Id": "a", "Values": [NaN, Infinity, 1, 1.0, 1e400]}]}'
    stock, ours = both(*METRICS, body)
    assert repr(ours["MetricDataResults"]) == repr(stock["MetricDataResults"])


def test_timestamps_stay_as_aws_sent_them() -> None:
    body = b'{"MetricDataResults": [{"Timestamps": [1700000000, 1700003600.5]}]}'
    ours = parsed(*METRICS, body, fast=True)
    assert ours["MetricDataResults"][0]["Timestamps"] == [1700000000, 1700003600.5]
    xml = IN_AN_INSTANCE % b"<launchTime>2026-03-02T08:00:00.000Z</launchTime>"
    ours = parsed(*INSTANCES, xml, fast=True)
    assert ours["Reservations"][0]["Instances"][0]["LaunchTime"] == "2026-03-02T08:00:00.000Z"


@pytest.mark.parametrize(
    ("service", "operation", "body"),
    [
        (*COSTS, b"<html>Please log in to the wireless network</html>"),
        (*COSTS, b"[]"),
        (*COSTS, b'{"message": "please log in"}'),
        (*COSTS, b'"ok"'),
        (*COSTS, b'{"ResultsByTime": [{"Groups": 1}]}'),
        (*COSTS, b'{"ResultsByTime": [{"Gro'),
        (*COSTS, b"\xff\xfe"),
        (*REGIONS, b"<html>Please log in<br></html>"),
        (*REGIONS, b"<html>Please log in</html>"),
        (*CALLER, b"<html><GetCallerIdentityResult/></html>"),
        (*REGIONS, b"<DescribeRegionsResponse><requestId>r</requestId><regionInfo><item>"),
        (*REGIONS, b""),
        (*INSTANCES, IN_AN_INSTANCE % b"<amiLaunchIndex>one</amiLaunchIndex>"),
        (*CALLER, b"<R><Other/></R>"),
    ],
)
def test_a_body_that_is_not_aws_is_an_error_and_never_an_empty_answer(
    service: str, operation: str, body: bytes
) -> None:
    with pytest.raises(UnreadableAnswer, match=rf"{service}:{operation}"):
        parsed(service, operation, body, fast=True)


def test_entities_are_neither_resolved_nor_fetched(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("canary")
    for entity in (f'SYSTEM "file://{secret}"', '"canary"', 'SYSTEM "http://127.0.0.1:9/"'):
        xml = (
            f"<!DOCTYPE DescribeRegionsResponse [<!ENTITY e {entity}>]>"
            "<DescribeRegionsResponse><regionInfo><item><regionName>&e;</regionName></item></regionInfo></DescribeRegionsResponse>"
        )
        with pytest.raises(UnreadableAnswer) as refusal:
            parsed(*REGIONS, xml.encode(), fast=True)
        assert "canary" not in str(refusal.value)


@pytest.mark.parametrize(
    ("service", "operation", "body", "status", "code"),
    [
        (*INSTANCES, b"<Response><Errors>%b</Errors><RequestID>r</RequestID></Response>" % DENIED, 403, "No"),
        (*CALLER, b"<ErrorResponse>%b<RequestId>r</RequestId></ErrorResponse>" % DENIED, 403, "No"),
        (*COSTS, b'{"__type":"com.x#DataUnavailableException"}', 400, "DataUnavailableException"),
        (*INSTANCES, b"Forbidden by the proxy", 403, "403"),
        (*INSTANCES, b"<html>Forbidden</html>", 403, "403"),
        (*INSTANCES, b"", 401, "401"),
        (*INSTANCES, b"upstream connect error", 503, "503"),
        (*CALLER, b"<a><b></a>", 400, "400"),
        (*COSTS, b"Forbidden by the proxy", 403, "403"),
        (*COSTS, b'["no"]', 403, "403"),
        (*COSTS, b'{"__type": 5}', 403, "403"),
        (*COSTS, b"", 502, "502"),
    ],
)
def test_an_error_has_its_code_and_an_unreadable_one_its_status(
    service: str, operation: str, body: bytes, status: int, code: str
) -> None:
    with pytest.raises(ClientError) as error:
        parsed(service, operation, body, fast=True, status=status)
    assert error.value.response["Error"]["Code"] == code
    assert error.value.response["ResponseMetadata"]["HTTPStatusCode"] == status


def on_the_wire(value: Any, shape: Shape, protocol: str) -> Any:
    """A recorded answer as the parser should give it: what the model knows, timestamps as they are sent."""
    if shape.kind == "structure":
        known = {name: (shape.members[name], item) for name, item in value.items() if name in shape.members}
        return {name: on_the_wire(item, member, protocol) for name, (member, item) in known.items()}
    if shape.kind == "list":
        return [on_the_wire(item, shape.member, protocol) for item in value]
    if isinstance(value, datetime):
        return value.timestamp() if protocol == "json" else value.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    return value


def without_nulls(value: Any) -> Any:
    """What XML can say: some recordings were edited by hand and hold nulls."""
    if isinstance(value, dict):
        return {name: without_nulls(item) for name, item in value.items() if item is not None}
    return [without_nulls(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize(
    ("service", "file", "operation"),
    [
        ("ec2", "ec2", "DescribeInstances"),
        ("ec2", "ec2", "DescribeVolumes"),
        ("ec2", "ec2", "DescribeSnapshots"),
        ("ec2", "ec2", "DescribeAddresses"),
        ("ec2", "ec2", "DescribeNatGateways"),
        ("cloudwatch", "monitoring", "GetMetricStatistics"),
        ("rds", "rds", "DescribeDBInstances"),
        ("autoscaling", "autoscaling", "DescribeAutoScalingGroups"),
        ("elasticache", "elasticache", "DescribeCacheClusters"),
    ],
)
def test_real_answers_written_back_to_the_wire_are_parsed_as_recorded(
    service: str, file: str, operation: str
) -> None:
    model = service_model(service)
    described = model.operation(operation)
    assert described.output is not None
    for path in recordings("aws_api_c7n_placebo", f"*/{file}.{operation}_*.json"):
        data = without_nulls(recorded(path))
        if "Error" in data:
            continue
        data.pop("ResponseMetadata", None)
        stock, ours = both(service, operation, body_of(model, described, data))
        assert ours == stock, path
        ours.pop("ResponseMetadata")
        assert ours == on_the_wire(data, described.output, model.protocol), path


@pytest.mark.parametrize("name", ["daily_by_service_2024-02.json", "monthly_by_service_6mo.json"])
def test_real_costs_are_parsed_as_recorded(name: str) -> None:
    (path,) = recordings("ce", name)
    stock, ours = both(*COSTS, path.read_bytes())
    assert ours == stock
    assert ours["ResultsByTime"] == json.loads(path.read_text())["ResultsByTime"]


def test_large_answers_at_once_are_all_read_and_a_broken_one_holds_up_no_other() -> None:
    whole = json.dumps({"Messages": [], "NextToken": "x" * 300_000}).encode()
    bodies = [whole, whole[:-2]] * 3
    clients = [client.__wrapped__("cloudwatch", fast=True) for _ in bodies]

    def read(made: Any, body: bytes) -> str:
        made.meta.events.register(
            "before-send", lambda request, **_: AWSResponse(request.url, 200, HTTPHeaders(), Body(body))
        )
        try:
            return str(made.get_metric_data()["NextToken"][:1])
        except UnreadableAnswer:
            return "broken"

    with ThreadPoolExecutor(len(bodies)) as threads:
        assert list(threads.map(read, clients, bodies)) == ["x", "broken"] * 3
