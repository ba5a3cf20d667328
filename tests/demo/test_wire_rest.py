"""Stock clients of every protocol: what was asked arrives, and what is answered comes back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
import urllib3
from botocore import xform_name
from botocore.exceptions import ClientError

from aws_connector.synthetic import value_of
from demo.stock import client, refusal
from factories import NOW
from plainbill.aws_connector.reads import iam_action
from plainbill.aws_connector.service_models import Shape, service_model
from plainbill.demo.answers_identity import access_key
from plainbill.demo.call import Answer, Call, Fault
from plainbill.demo.fleet import PRODUCTION
from plainbill.demo.server import DemoEndpoint
from plainbill.demo.wire_scope import WireError

ARN = "arn:aws:lambda:us-east-1:444455556666:function:resize:live"
ASKED: Mapping[tuple[str, str], Mapping[str, Any]] = {
    ("lambda", "ListFunctions"): {"Marker": "a/b+c=&?", "MaxItems": 5},
    ("lambda", "GetFunction"): {"FunctionName": ARN, "Qualifier": "$LATEST"},
    ("lambda", "ListProvisionedConcurrencyConfigs"): {"FunctionName": "resize"},
    ("s3", "ListBuckets"): {"MaxBuckets": 5, "BucketRegion": "eu-west-1"},
    ("s3", "GetBucketLifecycleConfiguration"): {"Bucket": "hearth-media"},
    ("s3", "GetBucketVersioning"): {"Bucket": "hearth-media"},
    ("s3", "GetBucketTagging"): {"Bucket": "hearth-media", "ExpectedBucketOwner": PRODUCTION},
    ("s3", "GetBucketAcl"): {"Bucket": "hearth-media"},
    ("s3", "GetBucketLocation"): {"Bucket": "hearth-media"},
    ("s3", "GetBucketIntelligentTieringConfiguration"): {"Bucket": "hearth-media", "Id": "all"},
    ("s3", "ListBucketIntelligentTieringConfigurations"): {"Bucket": "hearth-media"},
    ("s3", "ListMultipartUploads"): {"Bucket": "hearth-media", "KeyMarker": "a/ü", "MaxUploads": 9},
    ("s3", "ListParts"): {"Bucket": "hearth-media", "Key": "a/b c.zip", "UploadId": "u"},
    ("s3", "ListObjectsV2"): {"Bucket": "hearth-media", "Prefix": "logs/", "MaxKeys": 3},
    ("s3", "HeadBucket"): {"Bucket": "hearth-media"},
    ("efs", "DescribeFileSystems"): {"MaxItems": 5, "FileSystemId": "fs-0123456789abcdef0"},
    ("efs", "DescribeMountTargets"): {"FileSystemId": "fs-0123456789abcdef0"},
    ("eks", "ListClusters"): {"maxResults": 5, "include": ["all", "x"]},
    ("eks", "DescribeCluster"): {"name": "hearth"},
    ("eks", "DescribeNodegroup"): {"clusterName": "hearth", "nodegroupName": "eks-workers"},
    ("opensearch", "ListDomainNames"): {"EngineType": "OpenSearch"},
    ("opensearch", "DescribeDomains"): {"DomainNames": ["search", "logs"]},
    ("es", "DescribeElasticsearchDomains"): {"DomainNames": ["search"]},
    ("savingsplans", "DescribeSavingsPlans"): {"states": ["active"], "maxResults": 5},
    ("kafka", "ListClustersV2"): {"MaxResults": 5, "ClusterNameFilter": "x"},
    ("apigateway", "GetRestApis"): {"limit": 5},
    ("cloudfront", "ListDistributions"): {"Marker": "m"},
    ("route53", "ListHostedZones"): {"MaxItems": "5"},
    ("elb", "DescribeLoadBalancers"): {"LoadBalancerNames": ["old"]},
    ("elbv2", "DescribeLoadBalancers"): {"Names": ["web"]},
    ("elbv2", "DescribeTargetHealth"): {"TargetGroupArn": "arn:x", "Targets": [{"Id": "i-1", "Port": 80}]},
    ("rds", "DescribeDBInstances"): {"Filters": [{"Name": "engine", "Values": ["mysql"]}], "MaxRecords": 20},
    ("elasticache", "DescribeCacheClusters"): {"ShowCacheNodeInfo": True},
    ("redshift", "DescribeClusters"): {"TagKeys": ["team"]},
    ("autoscaling", "DescribeAutoScalingGroups"): {"AutoScalingGroupNames": ["web"]},
    ("iam", "ListUsers"): {"PathPrefix": "/x/"},
    ("dynamodb", "ListTables"): {"ExclusiveStartTableName": "orders", "Limit": 5},
    ("dynamodb", "DescribeTable"): {"TableName": "orders"},
    ("ecs", "DescribeServices"): {"cluster": "web", "services": ["a"]},
    ("kinesis", "DescribeStreamSummary"): {"StreamName": "clicks"},
    ("sagemaker", "ListEndpoints"): {"CreationTimeAfter": NOW, "MaxResults": 5},
    ("workspaces", "DescribeWorkspaces"): {"DirectoryId": "d-0123456789"},
    ("logs", "DescribeLogGroups"): {"logGroupNamePrefix": "/aws/"},
    ("secretsmanager", "ListSecrets"): {"MaxResults": 5},
    ("pricing", "GetProducts"): {"ServiceCode": "AmazonEC2"},
    ("compute-optimizer", "GetEC2InstanceRecommendations"): {"maxResults": 5},
    ("cost-optimization-hub", "ListRecommendations"): {"maxResults": 5},
    ("resourcegroupstaggingapi", "GetResources"): {"ResourcesPerPage": 5},
    ("ec2", "DescribeNatGateways"): {"Filter": [{"Name": "state", "Values": ["available"]}]},
    ("cloudwatch", "ListDashboards"): {"DashboardNamePrefix": "a"},
}


@contextmanager
def answering(action: str, answer: Answer) -> Iterator[DemoEndpoint]:
    with DemoEndpoint(now=NOW, answers={action: answer}) as endpoint:
        yield endpoint


def on_the_wire(shape: Shape, value: Any) -> Mapping[str, Any]:
    """A value as a header can carry it, or a model whose texts are what AWS would send there."""
    return {
        name: _plain(member) if member.location in {"header", "headers", "statusCode"} else value[name]
        for name, member in shape.members.items()
        if name in value
    }


def _plain(member: Shape) -> Any:
    if member.kind == "map":
        return {"key": "text"}
    plain: dict[str, Any] = {
        "integer": 200,
        "long": 7,
        "boolean": True,
        "timestamp": datetime(2026, 11, 1, tzinfo=UTC),
    }
    return plain.get(member.kind, "text")


def told(value: Any) -> Any:
    """A client's answer with its instants in UTC."""
    if isinstance(value, dict):
        return {key: told(item) for key, item in value.items()}
    if isinstance(value, list):
        return [told(item) for item in value]
    return value.astimezone(UTC) if isinstance(value, datetime) else value


@pytest.mark.parametrize(("service", "operation"), ASKED, ids=str)
def test_a_stock_client_gets_the_answer_and_the_endpoint_the_question(service: str, operation: str) -> None:
    output = service_model(service).operation(operation).output
    assert output is not None
    answer = on_the_wire(output, value_of(output, 0))
    if operation == "GetBucketLocation":
        answer = {"LocationConstraint": "eu-west-1"}
    seen: list[Mapping[str, Any]] = []

    def remember(call: Call) -> Mapping[str, Any]:
        seen.append(call.params)
        return answer

    with answering(f"{service}:{operation}", remember) as aws:
        stock = client(aws, service, PRODUCTION)
        got = getattr(stock, xform_name(operation))(**ASKED[service, operation])
        assert [(one.service, one.operation) for one in aws.requests] == [(service, operation)]
    status = got.pop("ResponseMetadata")["HTTPStatusCode"]
    assert status == 200
    assert told(got) == told(answer)
    assert {name: seen[0][name] for name in ASKED[service, operation]} == ASKED[service, operation]


EVERY_PROTOCOL = (
    ("lambda", "ListFunctions"),
    ("s3", "ListBuckets"),
    ("route53", "ListHostedZones"),
    ("elbv2", "DescribeLoadBalancers"),
    ("dynamodb", "ListTables"),
)


def ask(aws: DemoEndpoint, service: str, operation: str, account: str = PRODUCTION, **place: str) -> Any:
    return getattr(client(aws, service, account, **place), xform_name(operation))()


@pytest.mark.parametrize(("service", "operation"), EVERY_PROTOCOL, ids=str)
def test_a_family_s_own_error_arrives_with_its_code_status_and_words(service: str, operation: str) -> None:
    def refuse(_: Call) -> Mapping[str, Any]:
        raise WireError("ResourceNotFoundException", 'there is no <such> & "thing"', 404)

    with answering(f"{service}:{operation}", refuse) as aws, pytest.raises(ClientError) as error:
        ask(aws, service, operation)
    response: Any = error.value.response
    assert response["Error"]["Code"] == "ResourceNotFoundException"
    assert response["Error"]["Message"] == 'there is no <such> & "thing"'
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 404


@pytest.mark.parametrize(
    ("service", "operation", "denied", "unknown_key"),
    [
        ("lambda", "ListFunctions", "AccessDeniedException", "UnrecognizedClientException"),
        ("efs", "DescribeFileSystems", "AccessDeniedException", "UnrecognizedClientException"),
        ("s3", "ListBuckets", "AccessDenied", "InvalidAccessKeyId"),
        ("route53", "ListHostedZones", "AccessDenied", "InvalidClientTokenId"),
        ("elbv2", "DescribeLoadBalancers", "AccessDenied", "InvalidClientTokenId"),
        ("dynamodb", "ListTables", "AccessDeniedException", "UnrecognizedClientException"),
    ],
)
def test_denials_and_strangers_are_refused_in_each_service_s_words(
    service: str, operation: str, denied: str, unknown_key: str
) -> None:
    with answering(f"{service}:{operation}", lambda _: {}) as aws:
        ask(aws, service, operation)
        action = iam_action(service, operation)
        aws.change(denied=frozenset({(PRODUCTION, "*", action)}))
        with pytest.raises(ClientError, match=action) as error:
            ask(aws, service, operation)
        assert refusal(error) == denied
        with pytest.raises(ClientError) as error:
            ask(aws, service, operation, "999988887777")
        assert refusal(error) == unknown_key


@pytest.mark.parametrize(("service", "operation"), EVERY_PROTOCOL, ids=str)
def test_a_region_that_is_off_answers_for_global_services_only(service: str, operation: str) -> None:
    with answering(f"{service}:{operation}", lambda _: {}) as aws:
        if service == "route53":
            ask(aws, service, operation, region="af-south-1")
        else:
            with pytest.raises(ClientError):
                ask(aws, service, operation, region="af-south-1")


@pytest.mark.parametrize(("service", "operation"), EVERY_PROTOCOL, ids=str)
def test_what_the_company_does_not_answer_is_an_error_not_an_empty_list(service: str, operation: str) -> None:
    with answering("sts:GetCallerIdentity", lambda _: {}) as aws, pytest.raises(ClientError) as error:
        ask(aws, service, operation)
    assert refusal(error) in {"UnknownOperationException", "InvalidAction"}


def test_a_head_without_a_body_says_its_status() -> None:
    with DemoEndpoint(now=NOW, answers={}) as aws:
        aws.change(faults={("*", "*", "s3:HeadBucket"): Fault("NoSuchBucket", status=404)})
        with pytest.raises(ClientError) as error:
            client(aws, "s3", PRODUCTION).head_bucket(Bucket="nobody-s")
    assert refusal(error) == "404"


def test_a_bucket_of_another_region_says_where_it_is() -> None:
    def elsewhere(_: Call) -> Mapping[str, Any]:
        raise WireError("AuthorizationHeaderMalformed", "wrong region", 400, {"Region": "eu-west-1"})

    with answering("s3:GetBucketVersioning", elsewhere) as aws, pytest.raises(ClientError) as error:
        client(aws, "s3", PRODUCTION).get_bucket_versioning(Bucket="hearth-media")
    told: Any = error.value.response
    assert told["Error"]["Region"] == "eu-west-1"


@pytest.mark.parametrize(
    ("signed_as", "method", "path", "code"),
    [
        pytest.param("lambda", "GET", "/2015-03-31/nothing", b"UnknownOperationException", id="no such path"),
        pytest.param("lambda", "GET", "/2015-03-31/functions/?MaxItems=x", b"Serialization", id="a word"),
        pytest.param("es", "POST", "/2021-01-01/opensearch/domain-info", b"Validation", id="no body"),
        pytest.param("s3", "PATCH", "/bucket", b"<Code>MethodNotAllowed</Code>", id="no such method"),
        pytest.param("no-such-service", "GET", "/", b"UnknownEndpoint", id="no such service"),
    ],
)
def test_a_request_no_stock_client_makes_is_refused(
    aws: DemoEndpoint, signed_as: str, method: str, path: str, code: bytes
) -> None:
    scope = f"{access_key(PRODUCTION)}/20261124/us-east-1/{signed_as}/aws4_request"
    headers = {"Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"}
    answer = urllib3.request(method, aws.url + path, headers=headers, retries=False)
    assert answer.status in {400, 404, 405}
    assert code in answer.data + answer.headers.get("x-amzn-errortype", "").encode()


def test_every_service_of_the_checks_is_asked_in_a_protocol_the_endpoint_speaks() -> None:
    """Where botocore offers CBOR as well, it still prefers JSON; should that change, this says so."""
    spoken = {"ec2", "query", "json", "rest-json", "rest-xml"}
    assert {service_model(service).protocol for service, _ in ASKED} == spoken
