"""What a bucket's lifecycle rules do for the whole of it, and what for a part only."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from plainbill.aws_connector import Scope
from plainbill.data_fetcher.s3_buckets import S3Buckets, ends_incomplete_uploads, expires_old_versions
from plainbill.model.resources.s3 import S3Bucket

SCOPE = Scope("111122223333", "us-east-1")
ABORT = {"AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7}}


@pytest.mark.parametrize(
    ("rule", "ends"),
    [
        pytest.param({"Filter": {}, **ABORT}, True, id="an empty filter"),
        pytest.param({"Filter": {"Prefix": ""}, **ABORT}, True, id="an empty prefix in a filter"),
        pytest.param({"Prefix": "", **ABORT}, True, id="an empty prefix, as older rules have it"),
        pytest.param(ABORT, True, id="no filter at all"),
        pytest.param({"Filter": {"Prefix": "tmp/"}, **ABORT}, False, id="a part of the bucket"),
        pytest.param({"Prefix": "tmp/", **ABORT}, False, id="a part, as older rules have it"),
        pytest.param({"Filter": {"Tag": {"Key": "k", "Value": "v"}}, **ABORT}, False, id="tagged objects"),
        pytest.param(
            {"Filter": {"And": {"Prefix": "", "Tags": []}}, **ABORT}, False, id="several conditions"
        ),
        pytest.param({"Filter": {"ObjectSizeGreaterThan": 1}, **ABORT}, False, id="large objects"),
        pytest.param({"Filter": {"Prefix": ""}, "Expiration": {"Days": 1}}, False, id="another rule"),
        pytest.param({"Filter": {}, "AbortIncompleteMultipartUpload": {}}, False, id="no number of days"),
    ],
)
def test_only_a_rule_for_the_whole_bucket_ends_its_incomplete_uploads(
    rule: dict[str, Any], ends: bool
) -> None:
    assert ends_incomplete_uploads(rule) is ends


@pytest.mark.parametrize(
    ("rule", "expires"),
    [
        ({"NoncurrentVersionExpiration": {"NoncurrentDays": 30}}, True),
        ({"NoncurrentVersionTransitions": [{"NoncurrentDays": 30, "StorageClass": "GLACIER"}]}, True),
        ({"Filter": {"Prefix": "a/"}, "NoncurrentVersionExpiration": {"NewerNoncurrentVersions": 3}}, True),
        ({"Expiration": {"ExpiredObjectDeleteMarker": True}}, False),
        ({"Expiration": {"Days": 30}}, False),
    ],
)
def test_a_rule_for_old_versions_acquits_also_where_it_is_for_a_part(
    rule: dict[str, Any], expires: bool
) -> None:
    assert expires_old_versions(rule) is expires


def test_a_bucket_of_the_list_has_a_name_a_day_and_perhaps_a_region() -> None:
    page = {
        "Buckets": [
            {"Name": "a", "CreationDate": "2026-03-02T08:00:00.000Z", "BucketRegion": "eu-west-1"},
            {"Name": "b", "CreationDate": "2026-03-02T08:00:00.000Z"},
        ]
    }
    first, second = S3Buckets.parse(page, SCOPE)
    assert first == S3Bucket(
        account_id="111122223333",
        region="eu-west-1",
        bucket_name="a",
        created_at=datetime(2026, 3, 2, 8, 0, tzinfo=UTC),
    )
    assert first.arn == "arn:aws:s3:::a"
    assert second.region == ""  # to be asked for


def test_a_bucket_of_china_has_an_arn_of_china() -> None:
    page = {"Buckets": [{"Name": "a", "CreationDate": 0, "BucketRegion": "cn-north-1"}]}
    (bucket,) = S3Buckets.parse(page, SCOPE)
    assert bucket.arn == "arn:aws-cn:s3:::a"
