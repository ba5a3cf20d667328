"""A page of a proxy is no answer: it must not be taken for an empty list, in any protocol."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from aws_connector.test_parsing import parsed
from plainbill.aws_connector.errors import UnreadableAnswer

PAGE = b"<html><head><title>Sign in</title></head><body>Welcome to the hotel</body></html>"
WITHOUT_PLAN = [
    pytest.param("lambda", "ListFunctions", b'{"Functions": []}', id="rest-json"),
    pytest.param("eks", "ListClusters", b"{}", id="rest-json, nothing in it"),
    pytest.param("ce", "GetAnomalyMonitors", b'{"AnomalyMonitors": []}', id="json"),
    pytest.param(
        "s3", "ListBuckets", b"<ListAllMyBucketsResult><Buckets/></ListAllMyBucketsResult>", id="s3"
    ),
    pytest.param(
        "s3",
        "GetBucketLifecycleConfiguration",
        b'<LifecycleConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Rule><ID>a</ID></Rule>'
        b"</LifecycleConfiguration>",
        id="s3, a flattened list",
    ),
    pytest.param("s3", "GetBucketVersioning", b"<VersioningConfiguration/>", id="s3, nothing in it"),
    pytest.param(
        "cloudfront",
        "ListDistributions",
        b"<DistributionList><Marker/><IsTruncated>false</IsTruncated></DistributionList>",
        id="a payload",
    ),
]


@pytest.mark.parametrize(("service", "operation", "body"), WITHOUT_PLAN)
def test_an_answer_is_left_alone_and_a_page_of_html_is_refused(
    service: str, operation: str, body: bytes
) -> None:
    where = {"Bucket": "hearth-media"} if operation.startswith("GetBucket") else {}
    ours, stock = (parsed(service, operation, body, fast=fast, params=where) for fast in (True, False))
    assert ours == stock
    with pytest.raises(UnreadableAnswer):
        parsed(service, operation, PAGE, fast=True, params=where)
    with pytest.raises(UnreadableAnswer):
        parsed(service, operation, b'{"message": "hello"}', fast=True, params=where)


@pytest.mark.parametrize(("service", "operation"), [("lambda", "ListFunctions"), ("s3", "ListBuckets")])
@pytest.mark.parametrize("body", [PAGE, b"[]", b"", b"null", b"\xff"])
def test_an_error_nobody_can_read_has_its_status_for_a_code(
    service: str, operation: str, body: bytes
) -> None:
    with pytest.raises(ClientError) as error:
        parsed(service, operation, body, fast=True, status=403)
    assert error.value.response["Error"]["Code"] == "403"


def test_an_error_of_s3_with_status_200_is_an_error() -> None:
    body = b"<Error><Code>InternalError</Code><Message>We encountered an internal error</Message></Error>"
    with pytest.raises(ClientError, match="InternalError"):
        parsed("s3", "ListBuckets", body, fast=True)
