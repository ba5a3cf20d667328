"""Only a bucket that surely keeps versions, and surely has no rule for them, is flagged; never a sum."""

from __future__ import annotations

import pytest

from apps_factories import bucket, days_ago
from factories import context
from plainbill.analyzer.checks.s3_bucket_versioned_without_lifecycle import S3BucketVersionedWithoutLifecycle
from plainbill.model.findings import Confidence, Ok, Unknown, Verdict, Waste
from plainbill.model.resources.s3 import S3Bucket


def judge(one: S3Bucket) -> Verdict:
    return S3BucketVersionedWithoutLifecycle().evaluate(one, context(one))


@pytest.mark.parametrize(
    "one",
    [
        pytest.param(bucket(versioning="Off", expires_old_versions=None), id="no versions"),
        pytest.param(bucket(expires_old_versions=True), id="a rule for old versions"),
    ],
)
def test_a_bucket_without_unruled_versions_is_left_alone(one: S3Bucket) -> None:
    assert isinstance(judge(one), Ok)


@pytest.mark.parametrize(
    "one",
    [
        pytest.param(bucket(versioning=None), id="versioning denied"),
        pytest.param(bucket(expires_old_versions=None), id="rules denied"),
        pytest.param(bucket(created_at=days_ago(29)), id="young"),
    ],
)
def test_a_bucket_that_was_denied_or_is_young_is_unknown(one: S3Bucket) -> None:
    assert isinstance(judge(one), Unknown)


@pytest.mark.parametrize("versioning", ["Enabled", "Suspended"])
def test_versions_without_a_rule_are_to_be_reviewed_without_a_sum(versioning: str) -> None:
    found = judge(bucket(versioning=versioning))
    assert isinstance(found, Waste)
    assert found.confidence is Confidence.REVIEW
    assert found.monthly_saving is None
