"""Uploads that may be under way, or will be ended by a rule, are left alone; what was not read is unknown."""

from __future__ import annotations

import pytest

from apps_factories import bucket, days_ago
from factories import context
from plainbill.analyzer.checks.s3_bucket_incomplete_uploads import S3BucketIncompleteUploads
from plainbill.model.findings import Ok, Unknown, Verdict, Waste
from plainbill.model.resources.s3 import S3Bucket

OLD = {"incomplete_uploads": 3, "oldest_incomplete_at": days_ago(7)}


def judge(one: S3Bucket) -> Verdict:
    return S3BucketIncompleteUploads().evaluate(one, context(one))


@pytest.mark.parametrize(
    "one",
    [
        pytest.param(bucket(), id="no incomplete upload, no rule either"),
        pytest.param(bucket(ends_incomplete_uploads=True, incomplete_uploads=None), id="a rule ends them"),
        pytest.param(bucket(incomplete_uploads=1, oldest_incomplete_at=days_ago(6.9)), id="may be under way"),
    ],
)
def test_a_bucket_without_old_incomplete_uploads_is_left_alone(one: S3Bucket) -> None:
    assert isinstance(judge(one), Ok)


@pytest.mark.parametrize(
    "one",
    [
        pytest.param(bucket(**{**OLD, "ends_incomplete_uploads": None}), id="rules denied"),
        pytest.param(bucket(incomplete_uploads=None), id="uploads denied"),
    ],
)
def test_a_bucket_that_was_denied_is_unknown(one: S3Bucket) -> None:
    assert isinstance(judge(one), Unknown)


def test_old_incomplete_uploads_are_waste_of_unknown_size() -> None:
    found = judge(bucket(**OLD))
    assert isinstance(found, Waste)
    assert found.monthly_saving is None
    assert "3 incomplete uploads, one begun 7 days ago (threshold 7 days)" in found.reason


def test_a_full_page_of_uploads_is_at_least_as_many() -> None:
    found = judge(bucket(**{**OLD, "incomplete_uploads": 1000}))
    assert isinstance(found, Waste)
    assert found.reason.startswith("at least 1000")
