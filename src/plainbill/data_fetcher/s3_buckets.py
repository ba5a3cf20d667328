"""S3: ``ListBuckets`` once an account, then what each bucket says of itself, in the bucket's own Region."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from plainbill.aws_connector import Connector, Read, Scope, instant
from plainbill.data_fetcher.collector import Collector, Page
from plainbill.data_fetcher.further_calls import FurtherCalls
from plainbill.data_fetcher.source import as_documented
from plainbill.model.inventory import Gap
from plainbill.model.resources import Resource
from plainbill.model.resources.s3 import S3Bucket

_PAGE = 1000  # of ListBuckets, which has no pages unless it is asked for them
_LIST, _LOCATION, _VERSIONING, _LIFECYCLE, _UPLOADS = (
    Read("s3", "ListBuckets", "the S3 buckets"),
    Read("s3", "GetBucketLocation", "the Region of a bucket, and so all else about it"),
    Read("s3", "GetBucketVersioning", "which buckets keep old versions of their objects"),
    Read("s3", "GetBucketLifecycleConfiguration", "which buckets clear up after themselves"),
    Read("s3", "ListMultipartUploads", "uploads that were begun and never ended"),
)


class S3Buckets(Collector):
    """Every bucket: four calls each, none of which reads an object."""

    name = "s3_buckets"
    kind = S3Bucket
    is_global = True
    reads = (_LIST, _LOCATION, _VERSIONING, _LIFECYCLE, _UPLOADS)

    @classmethod
    def fetch(cls, connector: Connector, scope: Scope) -> Iterator[Page]:
        """Yield the pages of ``ListBuckets``."""
        return connector.pages(scope, "s3", "ListBuckets", MaxBuckets=_PAGE)

    @classmethod
    def parse(cls, page: Page, scope: Scope) -> Iterator[S3Bucket]:
        """Yield the buckets of a page, in the Region that AWS names; newer answers do."""
        for raw in page.get("Buckets", ()):
            yield S3Bucket(
                account_id=scope.account_id,
                region=raw.get("BucketRegion") or "",
                bucket_name=raw["Name"],
                created_at=instant(raw["CreationDate"]),
            )

    @classmethod
    def read(cls, connector: Connector, scope: Scope) -> tuple[list[Resource], list[Gap]]:
        """Return the buckets and what is missing; raises ``AwsError``.

        A bucket whose Region is not told is left out: the gap has no Region and stands for all of them.
        """
        with as_documented(_LIST, scope):
            buckets = [one for page in cls.fetch(connector, scope) for one in cls.parse(page, scope)]
        locating, further = FurtherCalls(cls.name), FurtherCalls(cls.name)
        found: list[Resource] = []
        for bucket in buckets:
            region = bucket.region or locating.ask(partial(_location, connector, scope, bucket.bucket_name))
            if region:
                found.append(_completed(connector, replace(bucket, region=region), further))
        return found, [*(replace(gap, region=None) for gap in locating.gaps()), *further.gaps()]


def _location(connector: Connector, scope: Scope, name: str) -> str:
    with as_documented(_LOCATION, scope):
        told = connector.call(scope, _LOCATION.service, _LOCATION.operation, Bucket=name)[
            "LocationConstraint"
        ]
        return {None: "us-east-1", "": "us-east-1", "EU": "eu-west-1"}.get(told, str(told))  # S3's old names


def _completed(connector: Connector, bucket: S3Bucket, further: FurtherCalls) -> S3Bucket:
    scope = Scope(bucket.account_id, bucket.region)
    versioning = further.ask(partial(_versioning, connector, scope, bucket.bucket_name))
    no_rules: dict[str, Sequence[Mapping[str, Any]]] = {"NoSuchLifecycleConfiguration": ()}
    rules = further.ask(partial(_rules, connector, scope, bucket.bucket_name), no_rules)
    bucket = replace(bucket, versioning=versioning)
    if rules is not None:
        bucket = replace(
            bucket,
            ends_incomplete_uploads=any(map(ends_incomplete_uploads, rules)),
            expires_old_versions=any(map(expires_old_versions, rules)),
        )
    if bucket.ends_incomplete_uploads:
        return bucket  # what there is will be gone within days: no need to look
    return further.ask(partial(_with_uploads, connector, scope, bucket)) or bucket


def _versioning(connector: Connector, scope: Scope, name: str) -> str:
    with as_documented(_VERSIONING, scope):
        answer = connector.call(scope, _VERSIONING.service, _VERSIONING.operation, Bucket=name)
        return str(answer.get("Status") or "Off")  # a bucket that never had versions says nothing


def _rules(connector: Connector, scope: Scope, name: str) -> Sequence[Mapping[str, Any]]:
    with as_documented(_LIFECYCLE, scope):
        rules = connector.call(scope, _LIFECYCLE.service, _LIFECYCLE.operation, Bucket=name)["Rules"]
        return [rule for rule in rules if rule["Status"] == "Enabled"]


def _with_uploads(connector: Connector, scope: Scope, bucket: S3Bucket) -> S3Bucket:
    """Return the bucket with the uploads that are under way; one page is enough to say there are some."""
    with as_documented(_UPLOADS, scope):
        page = connector.call(scope, _UPLOADS.service, _UPLOADS.operation, Bucket=bucket.bucket_name)
        begun = [instant(raw["Initiated"]) for raw in page.get("Uploads", ())]
    return replace(bucket, incomplete_uploads=len(begun), oldest_incomplete_at=min(begun, default=None))


def ends_incomplete_uploads(rule: Mapping[str, Any]) -> bool:
    """Say whether an enabled rule aborts incomplete uploads of the whole bucket."""
    return "DaysAfterInitiation" in rule.get("AbortIncompleteMultipartUpload", {}) and _is_for_all(rule)


def expires_old_versions(rule: Mapping[str, Any]) -> bool:
    """Say whether an enabled rule does something about noncurrent versions, be it of a part of the bucket."""
    return bool(rule.get("NoncurrentVersionExpiration") or rule.get("NoncurrentVersionTransitions"))


def _is_for_all(rule: Mapping[str, Any]) -> bool:
    """Say whether a rule has no filter: an old rule's prefix and a filter's prefix may be empty."""
    return not rule.get("Prefix") and not any((rule.get("Filter") or {}).values())
