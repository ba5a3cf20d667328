"""S3: the buckets of an account, and what each says of itself in its own region."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from plainbill.demo.call import Answer, Call, paged
from plainbill.demo.estate_stores import ABORT, ABORT_TEMPORARY, EXPIRE, EXPIRE_OLD, Bucket, buckets
from plainbill.demo.fleet import VIRGINIA
from plainbill.demo.wire_scope import WireError

_RULES: Mapping[str, Mapping[str, Any]] = {
    ABORT: {"Filter": {"Prefix": ""}, "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7}},
    ABORT_TEMPORARY: {
        "Filter": {"Prefix": "tmp/"},
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1},
    },
    EXPIRE_OLD: {"Filter": {"Prefix": ""}, "NoncurrentVersionExpiration": {"NoncurrentDays": 30}},
    EXPIRE: {"Filter": {"Prefix": ""}, "Expiration": {"Days": 365}},
}


def list_buckets(call: Call) -> Mapping[str, Any]:
    """List the buckets of the account, wherever they are; their regions only to those who ask for pages."""
    here = sorted((one for one in buckets(call.company).all if one.account_id == call.account), key=_name)
    is_paged = call.params.get("MaxBuckets") is not None
    told = [
        {
            "Name": one.name,
            "CreationDate": one.created_at,
            **({"BucketRegion": one.region} if is_paged else {}),
        }
        for one in here
    ]
    token = ("ContinuationToken", "ContinuationToken")
    return paged(call, "Buckets", told, limit="MaxBuckets", token=token, most=10_000)


def _name(bucket: Bucket) -> str:
    return bucket.name


def get_bucket_location(call: Call) -> Mapping[str, Any]:
    """Say in which region a bucket is; nothing stands for us-east-1."""
    region = _named(call).region
    return {} if region == VIRGINIA else {"LocationConstraint": region}


def get_bucket_versioning(call: Call) -> Mapping[str, Any]:
    """Say whether a bucket keeps versions; nothing where it never did."""
    bucket = _here(call)
    return {"Status": bucket.versioning} if bucket.versioning else {}


def get_bucket_lifecycle_configuration(call: Call) -> Mapping[str, Any]:
    """List the rules of a bucket; no rules are an error."""
    bucket = _here(call)
    if not bucket.rules:
        message = "The lifecycle configuration does not exist"
        raise WireError("NoSuchLifecycleConfiguration", message, 404, {"BucketName": bucket.name})
    rules = [{"ID": name, "Status": "Enabled", **_RULES[name]} for name in bucket.rules]
    return {"Rules": rules}


def list_multipart_uploads(call: Call) -> Mapping[str, Any]:
    """List the uploads that were begun and not ended."""
    bucket = _here(call)
    told = [
        {
            "UploadId": f"upload-{bucket.seed}-{number}",
            "Key": f"exports/part-{number:04}.csv",
            "Initiated": call.now - timedelta(days=days),
            "StorageClass": "STANDARD",
        }
        for number, days in enumerate(bucket.uploads)
    ]
    return {"Bucket": bucket.name, "MaxUploads": 1000, "IsTruncated": False, "Uploads": told}


def _named(call: Call) -> Bucket:
    name = call.params["Bucket"]
    found = next((one for one in buckets(call.company).all if one.name == name), None)
    if found is None:
        raise WireError("NoSuchBucket", "The specified bucket does not exist", 404, {"BucketName": name})
    if found.account_id != call.account:
        raise WireError("AccessDenied", "Access Denied", 403)
    return found


def _here(call: Call) -> Bucket:
    bucket = _named(call)
    if bucket.region != call.region:
        message = (
            f"The authorization header is malformed; the region '{call.region}' is wrong; "
            f"expecting '{bucket.region}'"
        )
        raise WireError("AuthorizationHeaderMalformed", message, 400, {"Region": bucket.region})
    return bucket


ANSWERS: Mapping[str, Answer] = {
    "s3:ListBuckets": list_buckets,
    "s3:GetBucketLocation": get_bucket_location,
    "s3:GetBucketVersioning": get_bucket_versioning,
    "s3:GetBucketLifecycleConfiguration": get_bucket_lifecycle_configuration,
    "s3:ListMultipartUploads": list_multipart_uploads,
}
