"""Services that answer in one region of a partition, whatever region a resource is in."""

from __future__ import annotations

from collections.abc import Mapping

_US = {
    "aws": "us-east-1",
    "aws-cn": "cn-northwest-1",
    "aws-us-gov": "us-gov-west-1",
    "aws-eusc": "eusc-de-east-1",
}
_CN_NORTH = _US | {"aws-cn": "cn-north-1"}
_OREGON = _US | {"aws": "us-west-2"}

_HOMES: Mapping[str, Mapping[str, str]] = {
    "account": _US,
    "bcm-data-exports": _US,
    "billingconductor": _US,
    "budgets": _US,
    "ce": _US,
    "cloudfront": _US,
    "cost-optimization-hub": _US,
    "cur": _US,
    "freetier": _US,
    "globalaccelerator": _OREGON,
    "health": _US,
    "iam": _CN_NORTH,
    "networkmanager": _OREGON,
    "organizations": _US,
    "pricing": _US,  # also in Frankfurt and Mumbai, with the same prices
    "route53": _US,
    "route53domains": _US,
    "savingsplans": _US,
    "shield": _US,
    "support": _CN_NORTH,
    "waf": _US,
}
"""By boto3's names of them, then by partition: AWS General Reference, "Service endpoints and quotas".

STS, S3 and Compute Optimizer are not among them: they answer in every region (Compute Optimizer for the
resources that are in it; S3 lists all buckets anywhere, but tells of one only in the bucket's region).
"""


def is_global(service: str) -> bool:
    """Say whether the service has one region for all of a partition."""
    return service in _HOMES


def home_of(service: str, partition: str) -> str | None:
    """Return the region where a global service answers; None for a regional one or an unknown partition."""
    return _HOMES.get(service, {}).get(partition)
