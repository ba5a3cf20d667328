"""The connector against the demo's endpoint in every protocol: calls, pages, refusals, where it asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import botocore.session
import pytest

from aws_connector.synthetic import value_of
from factories import NOW
from plainbill.aws_connector import Connector, Read, Scope
from plainbill.aws_connector.errors import (
    AccessDenied,
    AwsCallError,
    NotFound,
    RegionDisabled,
    UndeclaredOperation,
)
from plainbill.aws_connector.global_services import home_of, is_global
from plainbill.aws_connector.service_models import service_model
from plainbill.demo.answers_identity import ANSWERS as IDENTITY
from plainbill.demo.call import Answer, Call, Fault, paged
from plainbill.demo.fleet import MANAGEMENT
from plainbill.demo.server import DemoEndpoint
from plainbill.demo.wire_scope import WireError

HOME = Scope(MANAGEMENT, "us-east-1")
BUCKET = {"Bucket": "hearth-media"}
PAGING = [
    pytest.param("lambda", "ListFunctions", "Functions", ("Marker", "NextMarker"), {}, id="lambda"),
    pytest.param(
        "lambda", "ListAliases", "Aliases", ("Marker", "NextMarker"), {"FunctionName": "f"}, id="uri"
    ),
    pytest.param("efs", "DescribeFileSystems", "FileSystems", ("Marker", "NextMarker"), {}, id="efs"),
    pytest.param("eks", "ListClusters", "clusters", ("nextToken", "nextToken"), {}, id="eks"),
    pytest.param("apigateway", "GetRestApis", "items", ("position", "position"), {}, id="apigateway"),
    pytest.param(
        "apigateway",
        "GetDomainNameAccessAssociations",
        "items",
        ("position", "position"),
        {},
        id="apigateway, by hand",
    ),
    pytest.param(
        "s3", "ListBuckets", "Buckets", ("ContinuationToken", "ContinuationToken"), {}, id="s3 buckets"
    ),
    pytest.param(
        "s3", "ListObjectsV2", "Contents", ("ContinuationToken", "NextContinuationToken"), BUCKET, id="s3"
    ),
    pytest.param(
        "s3",
        "ListBucketIntelligentTieringConfigurations",
        "IntelligentTieringConfigurationList",
        ("ContinuationToken", "NextContinuationToken"),
        BUCKET,
        id="s3, by hand",
    ),
    pytest.param(
        "route53",
        "ListReusableDelegationSets",
        "DelegationSets",
        ("Marker", "NextMarker"),
        {},
        id="route53, by hand",
    ),
    pytest.param("rds", "DescribeDBInstances", "DBInstances", ("Marker", "Marker"), {}, id="rds"),
    pytest.param(
        "elb", "DescribeLoadBalancers", "LoadBalancerDescriptions", ("Marker", "NextMarker"), {}, id="elb"
    ),
    pytest.param("elbv2", "DescribeLoadBalancers", "LoadBalancers", ("Marker", "NextMarker"), {}, id="elbv2"),
    pytest.param(
        "dynamodb",
        "ListTables",
        "TableNames",
        ("ExclusiveStartTableName", "LastEvaluatedTableName"),
        {},
        id="dynamodb",
    ),
    pytest.param(
        "dynamodb",
        "ListGlobalTables",
        "GlobalTables",
        ("ExclusiveStartGlobalTableName", "LastEvaluatedGlobalTableName"),
        {},
        id="dynamodb, by hand",
    ),
    pytest.param("ecs", "ListClusters", "clusterArns", ("nextToken", "nextToken"), {}, id="ecs"),
    pytest.param("logs", "DescribeLogGroups", "logGroups", ("nextToken", "nextToken"), {}, id="logs"),
    pytest.param("sagemaker", "ListEndpoints", "Endpoints", ("NextToken", "NextToken"), {}, id="sagemaker"),
    pytest.param(
        "workspaces", "DescribeWorkspaces", "Workspaces", ("NextToken", "NextToken"), {}, id="workspaces"
    ),
    pytest.param("ec2", "DescribeVolumes", "Volumes", ("NextToken", "NextToken"), {}, id="ec2"),
]


@contextmanager
def connected(
    monkeypatch: pytest.MonkeyPatch, answers: Mapping[str, Answer], *undeclared: str
) -> Iterator[tuple[Connector, DemoEndpoint]]:
    """A connector that may read what the endpoint answers, and the endpoint."""
    declared = [action.partition(":") for action in answers if action not in undeclared]
    reads = [Read(service, operation, "nothing of this test") for service, _, operation in declared]
    with DemoEndpoint(now=NOW, answers={**IDENTITY, **answers}) as aws:
        for name, value in aws.environment.items():
            monkeypatch.setenv(name, value)
        with Connector.open(reads) as connector:
            yield connector, aws


@pytest.mark.parametrize(("service", "operation", "key", "tokens", "params"), PAGING)
def test_every_way_to_page_is_followed_to_the_end(
    monkeypatch: pytest.MonkeyPatch,
    service: str,
    operation: str,
    key: str,
    tokens: tuple[str, str],
    params: dict[str, Any],
) -> None:
    output = service_model(service).operation(operation).output
    assert output is not None
    items = [value_of(output.members[key].member, 10 * number) for number in range(7)]

    def answer(call: Call) -> Mapping[str, Any]:
        page = paged(call, key, items, limit=None, token=tokens)
        given = {"IsTruncated": tokens[1] in page} if "IsTruncated" in output.members else {}
        return page | given

    with connected(monkeypatch, {f"{service}:{operation}": answer}) as (connector, aws):
        aws.change(list_page=3)
        pages = list(connector.pages(HOME, service, operation, **params))
        asked = [request for request in aws.requests if request.operation == operation]
    assert [len(page[key]) for page in pages] == [3, 3, 1]
    found = [item for page in pages for item in page[key]]
    assert len({repr(item) for item in found}) == 7
    assert len(asked) == 3


@pytest.mark.parametrize(
    ("service", "operation", "params"),
    [
        ("opensearch", "ListDomainNames", {}),
        ("opensearch", "DescribeDomains", {"DomainNames": ["search"]}),
        ("s3", "GetBucketLifecycleConfiguration", BUCKET),
        ("s3", "GetBucketVersioning", BUCKET),
        ("eks", "DescribeCluster", {"name": "hearth"}),
        ("lambda", "GetFunctionConcurrency", {"FunctionName": "f"}),
    ],
)
def test_what_does_not_page_is_one_page_with_all_of_it(
    monkeypatch: pytest.MonkeyPatch, service: str, operation: str, params: dict[str, Any]
) -> None:
    output = service_model(service).operation(operation).output
    assert output is not None
    answer = value_of(output, 0)
    located = {name for name, member in output.members.items() if member.location}
    answer = {name: value for name, value in answer.items() if name not in located}
    with connected(monkeypatch, {f"{service}:{operation}": lambda _: answer}) as (connector, aws):
        (page,) = connector.pages(HOME, service, operation, **params)
    assert page.keys() - {"ResponseMetadata"} == answer.keys()
    assert {(one.service, one.operation) for one in aws.requests[1:]} == {(service, operation)}


REFUSALS = [
    ("lambda", "ListFunctions", {}),
    ("s3", "GetBucketLifecycleConfiguration", BUCKET),
    ("dynamodb", "ListTables", {}),
    ("rds", "DescribeDBInstances", {}),
]


@pytest.mark.parametrize(("service", "operation", "params"), REFUSALS)
def test_refusals_are_told_apart(
    monkeypatch: pytest.MonkeyPatch, service: str, operation: str, params: dict[str, Any]
) -> None:
    action = f"{service}:{operation}"

    def refused(scope: Scope = HOME) -> type[AwsCallError]:
        with pytest.raises(AwsCallError) as error:
            connector.call(scope, service, operation, **params)
        return error.type

    with connected(monkeypatch, {action: lambda _: {}}) as (connector, aws):
        assert refused(Scope(MANAGEMENT, "af-south-1")) is RegionDisabled
        aws.change(denied=frozenset({("*", "*", action)}))
        assert refused() is AccessDenied
        code = "NoSuchLifecycleConfiguration" if service == "s3" else "ResourceNotFoundException"
        missing = Fault(code, status=404)
        aws.change(denied=frozenset(), faults={("*", "*", action): missing})
        assert refused() is NotFound


@pytest.mark.parametrize(("service", "operation", "params"), REFUSALS)
def test_nothing_undeclared_leaves_in_any_protocol(
    monkeypatch: pytest.MonkeyPatch, service: str, operation: str, params: dict[str, Any]
) -> None:
    action = f"{service}:{operation}"
    with connected(monkeypatch, {action: lambda _: {}}, action) as (connector, aws):
        with pytest.raises(UndeclaredOperation):
            connector.call(HOME, service, operation, **params)
        assert [one.operation for one in aws.requests] == ["GetCallerIdentity"]


@pytest.mark.parametrize(
    ("service", "operation", "region"),
    [
        ("iam", "ListUsers", "us-east-1"),
        ("route53", "ListHostedZones", "us-east-1"),
        ("pricing", "DescribeServices", "us-east-1"),
        ("cost-optimization-hub", "ListRecommendations", "us-east-1"),
        ("savingsplans", "DescribeSavingsPlans", "us-east-1"),
        ("compute-optimizer", "GetEnrollmentStatus", "eu-west-1"),
        ("s3", "ListBuckets", "eu-west-1"),
        ("lambda", "ListFunctions", "eu-west-1"),
    ],
)
def test_global_services_are_asked_where_aws_has_them_and_the_others_where_the_scope_is(
    monkeypatch: pytest.MonkeyPatch, service: str, operation: str, region: str
) -> None:
    with connected(monkeypatch, {f"{service}:{operation}": lambda _: {}}) as (connector, aws):
        connector.call(Scope(MANAGEMENT, "eu-west-1"), service, operation)
        assert aws.requests[-1].region == region


def test_a_bucket_of_another_region_is_asked_there(monkeypatch: pytest.MonkeyPatch) -> None:
    def versioning(call: Call) -> Mapping[str, Any]:
        if call.region != "eu-west-1":
            raise WireError("AuthorizationHeaderMalformed", "wrong region", 400, {"Region": "eu-west-1"})
        return {"Status": "Enabled"}

    with connected(monkeypatch, {"s3:GetBucketVersioning": versioning}) as (connector, aws):
        assert connector.call(HOME, "s3", "GetBucketVersioning", **BUCKET)["Status"] == "Enabled"
        asked = [request.region for request in aws.requests if request.service == "s3"]
    assert asked == ["us-east-1", "eu-west-1"]


def test_homes_are_those_of_botocore_s_own_table_where_it_has_the_service() -> None:
    loader = botocore.session.get_session().get_component("data_loader")
    compared = 0
    for partition in loader.load_data("endpoints")["partitions"]:
        for service, facts in partition["services"].items():
            home = facts["endpoints"].get(facts.get("partitionEndpoint", ""), {})
            told = home_of(service, partition["partition"])
            if facts.get("isRegionalized") is False and is_global(service) and told:
                assert told == home["credentialScope"]["region"], (partition["partition"], service)
                compared += 1
    assert compared > 20


def test_a_service_in_an_unknown_partition_has_no_home_there() -> None:
    assert home_of("ce", "aws-iso") is None
    assert home_of("ec2", "aws") is None
