"""AWS's own ways to fail, each in the words of the service that is asked, and those of what stands between.

Codes and statuses: the services' API references ("Errors", "Common errors"), the EC2 User Guide ("Error
codes for the Amazon EC2 API") and botocore's models.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from plainbill.demo.faults import (
    Broken,
    Effect,
    Fault,
    Foreign,
    Lacking,
    Measured,
    SameToken,
    Torn,
)

_NOT_AUTHORIZED = "User: {user} is not authorized to perform: {action} "
_DENIAL = {
    "ec2": ("UnauthorizedOperation", 403),
    "json": ("AccessDeniedException", 400),
    "rest-json": ("AccessDeniedException", 403),
}
_PAGE = b"<!DOCTYPE html><html><head><title>%s</title></head><body><h1>%s</h1></body></html>"


def _denied(why: str) -> Fault:
    return Fault("AccessDenied", _NOT_AUTHORIZED + why, 403, _DENIAL)


DENIED = _denied("because no identity-based policy allows the {action} action")
UNKNOWN_KEY = Fault(
    "InvalidClientTokenId",
    "The security token included in the request is invalid.",
    403,
    {
        "ec2": ("AuthFailure", 401),
        "json": ("UnrecognizedClientException", 403),
        "rest-json": ("UnrecognizedClientException", 403),
    },
    {"s3": ("InvalidAccessKeyId", 403)},
)
"""To strangers, and to everybody in a Region that is off."""
THROTTLED = Fault(
    "Throttling",
    "Rate exceeded",
    400,
    {"json": ("ThrottlingException", 400), "rest-json": ("TooManyRequestsException", 429)},
    {
        "ce": ("LimitExceededException", 400),
        "ec2": ("RequestLimitExceeded", 503),
        "organizations": ("TooManyRequestsException", 400),
        "s3": ("SlowDown", 503),
    },
)
EXPIRED = Fault(
    "ExpiredToken",
    "The security token included in the request is expired",
    403,
    {
        "ec2": ("RequestExpired", 400),
        "json": ("ExpiredTokenException", 400),
        "rest-json": ("ExpiredTokenException", 403),
        "rest-xml": ("ExpiredToken", 400),
    },
)
NOT_SUBSCRIBED = Fault(
    "OptInRequired",
    "The AWS Access Key Id needs a subscription for the service",
    403,
    {"json": ("SubscriptionRequiredException", 400), "rest-json": ("SubscriptionRequiredException", 403)},
    {"compute-optimizer": ("OptInRequiredException", 400), "s3": ("NotSignedUp", 403)},
)
CLOCK_SKEW = Fault(
    "SignatureDoesNotMatch",
    "Signature expired: 20261124T110000Z is now earlier than 20261124T111500Z (20261124T112000Z - 5 min.)",
    403,
    {
        "ec2": ("AuthFailure", 401),
        "json": ("InvalidSignatureException", 400),
        "rest-json": ("InvalidSignatureException", 403),
    },
    {"s3": ("RequestTimeTooSkewed", 403)},
)
CLOCK_SKEW_UNSAID = replace(UNKNOWN_KEY, ahead=timedelta(minutes=20))
"""As EC2 says it, for one: only the date of the answer tells that it is the clock."""
PAGES_EXPIRED = Fault(
    "InvalidNextToken",
    "The specified pagination token is not valid.",
    400,
    {
        "json": ("InvalidNextTokenException", 400),
        "query": ("InvalidParameterValue", 400),
        "rest-json": ("InvalidPaginationTokenException", 400),
        "rest-xml": ("InvalidArgument", 400),
    },
    {
        "autoscaling": ("InvalidNextToken", 400),
        "cloudwatch": ("InvalidNextToken", 400),
        "cost-optimization-hub": ("ValidationException", 400),
        "dynamodb": ("ValidationException", 400),
        "ecr": ("InvalidParameterException", 400),
        "elbv2": ("ValidationError", 400),
        "kinesis": ("ExpiredNextTokenException", 400),
        "pricing": ("ExpiredNextTokenException", 400),
        "sagemaker": ("ValidationException", 400),
        "workspaces": ("InvalidParameterValuesException", 400),
    },
)
GONE = Fault(
    "ResourceNotFoundException",
    "What was asked about does not exist.",
    400,
    {"rest-json": ("ResourceNotFoundException", 404), "rest-xml": ("NoSuchBucket", 404)},
    {
        "autoscaling": ("ValidationError", 400),
        "ec2": ("InvalidInstanceID.NotFound", 400),
        "ecr": ("RepositoryNotFoundException", 400),
        "ecs": ("ClusterNotFoundException", 400),
        "efs": ("FileSystemNotFound", 404),
        "elasticache": ("CacheClusterNotFound", 404),
        "elb": ("LoadBalancerNotFound", 400),
        "elbv2": ("TargetGroupNotFound", 400),
        "rds": ("DBInstanceNotFound", 404),
        "redshift": ("ClusterNotFound", 404),
        "sagemaker": ("ValidationException", 400),
    },
)
INTERNAL = Fault(
    "InternalFailure",
    "An internal error has occurred.",
    500,
    {"ec2": ("InternalError", 500), "rest-xml": ("InternalError", 500), "json": ("InternalServerError", 500)},
)

CATALOGUE: Mapping[str, Effect] = {
    "denied": DENIED,
    "denied_by_scp": _denied("with an explicit deny in a service control policy"),
    "denied_by_boundary": _denied("because no permissions boundary allows the {action} action"),
    "region_off": UNKNOWN_KEY,
    "not_subscribed": NOT_SUBSCRIBED,
    "throttled": THROTTLED,
    "expired": EXPIRED,
    "clock_skew": CLOCK_SKEW,
    "clock_skew_unsaid": CLOCK_SKEW_UNSAID,
    "pages_expired": PAGES_EXPIRED,
    "gone": GONE,
    "internal": INTERNAL,
    "unavailable": Fault("ServiceUnavailable", "The service is temporarily unavailable.", 503),
    "refused": Fault("ValidationException", "The request does not satisfy the constraints.", 400),
    "torn_reset": Torn("reset"),
    "torn_cut": Torn("cut"),
    "torn_silent": Torn("silent"),
    "foreign_page": Foreign(_PAGE % (b"Sign in", b"Please sign in to the network")),
    "foreign_page_503": Foreign(_PAGE % (b"Bad gateway", b"The proxy cannot reach the site"), 503),
    "foreign_page_403": Foreign(_PAGE % (b"Blocked", b"Blocked by the network's policy"), 403),
    "foreign_json": Foreign(b'{"login": "required"}', 200, "application/json"),
    "broken": Broken(),
    "empty": Foreign(b"", 200, "application/octet-stream"),
    "same_token": SameToken(),
}
"""What can happen to any call, by name."""

OF_COST_EXPLORER: Mapping[str, Effect] = {
    "ce_off": Fault("AccessDeniedException", "User not enabled for cost explorer access"),
    "ce_not_ready": Fault("DataUnavailableException", "Data is not available. Please try again later."),
    "ce_bill_expired": Fault("BillExpirationException", "The requested report expired."),
    "ce_changed": Fault("RequestChangedException", "Your request parameters changed between pages."),
    "ce_view_unhealthy": Fault("BillingViewHealthStatusException", "The billing view is not healthy."),
    "ce_days_missing": Lacking("ResultsByTime", 3),
}
"""What only Cost Explorer says."""

OF_METRICS: Mapping[str, Effect] = {
    "metrics_partial": Measured("PartialData", kept=0.5),
    "metrics_internal": Measured("InternalError"),
    "metrics_forbidden": Measured("Forbidden"),
    "metrics_remarked": Measured(
        "PartialData", 0.5, 2, ("MaxMetricsExceeded", "The number of metrics exceeds the limit.")
    ),
    "metrics_lost": Lacking("MetricDataResults", is_at_end=False),
}
"""What only ``GetMetricData`` can leave out of an answer that says it went well."""
