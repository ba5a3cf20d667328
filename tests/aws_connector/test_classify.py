"""botocore's errors, brought to a few kinds."""

from __future__ import annotations

import inspect
import pickle
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import botocore.exceptions
import pytest
from botocore.exceptions import ClientError
from botocore.retries.standard import ThrottledRetryableChecker

from plainbill.aws_connector.classify import classify, kind_of_exception
from plainbill.aws_connector.errors import (
    AccessDenied,
    Asked,
    AwsCallError,
    ClockSkew,
    CredentialsError,
    CredentialsExpired,
    CredentialsRejected,
    InvalidRequest,
    InvalidSetup,
    NoCredentials,
    NotEnabled,
    NotFound,
    PagesChanged,
    RegionDisabled,
    ServerFailure,
    Throttled,
    Unreachable,
    UnreadableAnswer,
    gap_of,
)
from plainbill.errors import AwsError

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
ASKED = Asked("ec2", "DescribeInstances", "111122223333", "eu-west-1")
COST = Asked("ce", "GetCostAndUsage", "111122223333", "us-east-1")
SCP = "User x is not authorized to perform: ec2:X with an explicit deny in a service control policy"


def answer(code: str, words: str = "", status: int = 400, clock: datetime = NOW) -> ClientError:
    headers = {"date": format_datetime(clock, usegmt=True)}
    metadata: Any = {"HTTPStatusCode": status, "HTTPHeaders": headers}
    return ClientError(
        {"Error": {"Code": code, "Message": words}, "ResponseMetadata": metadata}, "DescribeInstances"
    )


@pytest.mark.parametrize(
    ("kind", "code", "words", "status"),
    [
        (AccessDenied, "UnauthorizedOperation", "You are not authorized to perform this operation.", 403),
        (AccessDenied, "AccessDenied", SCP, 403),
        (AccessDenied, "AccessDeniedException", "", 400),
        (AccessDenied, "403", "", 403),
        (AccessDenied, "401", "", 401),
        (AccessDenied, "SomethingNew", "", 403),
        (NotEnabled, "AccessDeniedException", "User not enabled for cost explorer access", 400),
        (NotEnabled, "AccessDeniedException", "AWS account is not enrolled for recommendations", 400),
        (NotEnabled, "AccessDeniedException", "A Premium Support Subscription is required to use it", 400),
        (AccessDenied, "AccessDeniedException", "User is not authorized to see recommendations", 400),
        (
            NotEnabled,
            "DataUnavailableException",
            "Data is not available. Please try to adjust the period.",
            400,
        ),
        (NotEnabled, "OptInRequired", "You are not subscribed to this service", 401),
        (NotEnabled, "OptInRequiredException", "Account is not registered", 403),
        (NotEnabled, "SubscriptionRequiredException", "Premium Support Subscription is required", 400),
        (RegionDisabled, "RegionDisabledException", "STS is not activated in this region", 403),
        (
            CredentialsRejected,
            "AuthFailure",
            "AWS was not able to validate the provided access credentials",
            401,
        ),
        (CredentialsRejected, "UnrecognizedClientException", "The security token is invalid.", 400),
        (CredentialsRejected, "InvalidClientTokenId", "The security token is invalid.", 403),
        (CredentialsRejected, "SignatureDoesNotMatch", "The signature we calculated does not match.", 403),
        (ClockSkew, "SignatureDoesNotMatch", "Signature expired: 20261124T110000Z is now earlier than", 403),
        (ClockSkew, "InvalidSignatureException", "Signature not yet current: 20261124T130000Z", 400),
        (ClockSkew, "RequestTimeTooSkewed", "", 403),
        (CredentialsExpired, "ExpiredToken", "The security token included in the request is expired", 403),
        (CredentialsExpired, "ExpiredTokenException", "", 400),
        (CredentialsExpired, "RequestExpired", "Request has expired.", 400),
        (Throttled, "RequestLimitExceeded", "Request limit exceeded.", 503),
        (Throttled, "LimitExceededException", "Rate limit exceeded", 400),
        (Throttled, "ThrottlingException", "Rate exceeded", 400),
        (Throttled, "429", "", 429),
        (PagesChanged, "RequestChangedException", "", 400),
        (PagesChanged, "InvalidNextTokenException", "", 400),
        (PagesChanged, "InvalidNextToken", "", 400),
        (NotFound, "InvalidInstanceID.NotFound", "The instance IDs 'i-1' do not exist", 400),
        (NotFound, "ResourceNotFoundException", "", 400),
        (NotFound, "NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist", 404),
        (NotFound, "404", "Not Found", 404),
        (InvalidRequest, "ValidationException", "", 400),
        (InvalidRequest, "BillExpirationException", "", 400),
        (InvalidRequest, "SomethingNew", "", 400),
        (ServerFailure, "InternalError", "", 500),
        (ServerFailure, "Unavailable", "", 503),
        (ServerFailure, "502", "", 502),
    ],
)
def test_an_error_code_of_aws_has_a_kind(
    kind: type[AwsCallError], code: str, words: str, status: int
) -> None:
    error = classify(answer(code, words, status), ASKED, NOW)
    assert type(error) is kind
    assert (error.service, error.operation) == ("ec2", "DescribeInstances")
    assert (error.account_id, error.region, error.code) == ("111122223333", "eu-west-1", code)
    assert error.iam_action == "ec2:DescribeInstances"


def test_every_code_that_botocore_takes_for_throttling_is_throttling_here() -> None:
    checker: Any = ThrottledRetryableChecker
    for code in checker._THROTTLED_ERROR_CODES:
        assert type(classify(answer(code), ASKED, NOW)) is Throttled


BOTOCORE_CLASSES = [
    raised
    for _, raised in inspect.getmembers(botocore.exceptions, inspect.isclass)
    if issubclass(raised, Exception)
    and not issubclass(raised, Warning)
    and raised.__module__ == "botocore.exceptions"
    and raised not in {botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError}
]


def test_there_are_classes_to_walk() -> None:
    assert len(BOTOCORE_CLASSES) > 90


@pytest.mark.parametrize("raised", BOTOCORE_CLASSES, ids=lambda raised: raised.__name__)
def test_every_exception_of_botocore_is_mapped_to_a_named_kind(raised: type[Exception]) -> None:
    kind = kind_of_exception(raised)
    assert kind is not None
    assert kind not in {AwsCallError, CredentialsError}


@pytest.mark.parametrize(
    ("raised", "kind"),
    [
        ("NoCredentialsError", NoCredentials),
        ("PartialCredentialsError", NoCredentials),
        ("ProfileNotFound", InvalidSetup),
        ("NoRegionError", InvalidSetup),
        ("UnauthorizedSSOTokenError", CredentialsExpired),
        ("SSOTokenLoadError", CredentialsExpired),
        ("TokenRetrievalError", CredentialsExpired),
        ("LoginRefreshRequired", CredentialsExpired),
        ("CredentialRetrievalError", CredentialsExpired),
        ("EndpointConnectionError", Unreachable),
        ("ConnectTimeoutError", Unreachable),
        ("ReadTimeoutError", Unreachable),
        ("SSLError", Unreachable),
        ("ProxyConnectionError", Unreachable),
        ("ConnectionClosedError", Unreachable),
        ("ResponseStreamingError", UnreadableAnswer),
        ("ParamValidationError", InvalidRequest),
    ],
)
def test_an_exception_has_the_kind_of_what_went_wrong(raised: str, kind: type[AwsCallError]) -> None:
    assert kind_of_exception(getattr(botocore.exceptions, raised)) is kind


def test_small_differences_of_the_clocks_are_not_blamed() -> None:
    error = classify(answer("AuthFailure", clock=NOW - timedelta(minutes=3)), ASKED, NOW)
    assert type(error) is CredentialsRejected


@pytest.mark.parametrize(
    ("skew", "said"),
    [
        (timedelta(minutes=12), "the clock is 12 min ahead"),
        (timedelta(hours=-1), "the clock is 60 min behind"),
    ],
)
def test_a_wrong_clock_is_told_from_wrong_credentials_by_aws_own_clock(skew: timedelta, said: str) -> None:
    error = classify(answer("AuthFailure", "could not validate", 401, clock=NOW - skew), ASKED, NOW)
    assert type(error) is ClockSkew
    assert said in str(error)


def test_a_denial_names_the_statement_to_add() -> None:
    gap = gap_of(
        classify(answer("UnauthorizedOperation", "You are not authorized.", 403), ASKED, NOW), "instances"
    )
    assert (gap.source, gap.account_id, gap.region) == ("instances", "111122223333", "eu-west-1")
    assert (gap.kind, gap.action) == ("AccessDenied", "ec2:DescribeInstances")
    assert '{"Effect": "Allow", "Action": "ec2:DescribeInstances", "Resource": "*"}' in gap.remedy
    assert "ec2:DescribeInstances in 111122223333 eu-west-1" in gap.reason


@pytest.mark.parametrize(
    ("words", "layer"),
    [
        ("with an explicit deny in a service control policy", "service control policy"),
        ("with an explicit deny in a resource control policy", "resource control policy"),
        ("because no permissions boundary allows the action", "permissions boundary"),
        ("with an explicit deny in a VPC endpoint policy", "VPC endpoint"),
    ],
)
def test_a_denial_from_above_says_that_editing_the_role_will_not_help(words: str, layer: str) -> None:
    gap = gap_of(classify(answer("AccessDenied", words, 403), ASKED, NOW), "instances")
    assert layer in gap.remedy
    assert "editing the role will not help" in gap.remedy
    assert "Effect" not in gap.remedy


def test_what_refused_is_seen_also_at_the_end_of_long_words_and_the_encoded_part_is_left_out() -> None:
    """EC2's words name a long session and a resource first, and end in an encoded message."""
    words = (
        "You are not authorized to perform this operation. User: arn:aws:sts::444455556666:assumed-role/"
        f"AWSReservedSSO_{'Permission' * 4}_0123456789abcdef/{'someone' * 6}@example.com is not authorized "
        "to perform: ec2:DescribeInstances on resource: arn:aws:ec2:eu-west-1:444455556666:instance/* with "
        "an explicit deny in a service control policy: arn:aws:organizations::111122223333:policy/scp/p-1. "
    )
    encoded = f"Encoded authorization failure message: {'Zm9v' * 300}"
    error = classify(answer("UnauthorizedOperation", words + encoded, 403), ASKED, NOW)
    assert "a service control policy" in error.remedy
    assert "Zm9v" not in str(error)


def test_a_role_that_cannot_be_assumed_names_the_role_and_its_trust_policy() -> None:
    role = "arn:aws:iam::444455556666:role/reader"
    gap = gap_of(
        classify(
            answer("AccessDenied", "", 403),
            Asked("sts", "AssumeRole", "444455556666", "us-east-1", role),
            NOW,
        ),
        "accounts",
    )
    assert gap.action == "sts:AssumeRole"
    assert f'"Resource": "{role}"' in gap.remedy
    assert "trust policy" in gap.remedy
    assert "PLAINBILL_EXTERNAL_ID" in gap.remedy


def test_only_a_denial_names_an_action_to_allow() -> None:
    assert gap_of(classify(answer("ThrottlingException"), ASKED, NOW), "instances").action is None
    assert gap_of(classify(answer("DataUnavailableException"), COST, NOW), "costs").action is None


def test_cost_explorer_that_is_off_is_no_error_of_permissions() -> None:
    error = classify(answer("AccessDeniedException", "User not enabled for cost explorer access"), COST, NOW)
    assert "Open Cost Explorer once" in error.remedy
    assert "24 hours" in error.remedy


def test_advice_that_is_off_says_how_to_switch_it_on_and_that_it_is_free() -> None:
    asked = Asked("cost-optimization-hub", "ListRecommendations", "111122223333", "us-east-1")
    words = "AWS account is not enrolled for recommendations"
    error = classify(answer("AccessDeniedException", words), asked, NOW)
    assert isinstance(error, NotEnabled)
    assert "Enable Cost Optimization Hub" in error.remedy
    assert "free" in error.remedy


def test_expired_credentials_say_how_these_very_ones_are_renewed() -> None:
    asked = Asked(
        "sts", "GetCallerIdentity", renewal="Run `aws sso login --profile work`, then refresh again."
    )
    assert "aws sso login --profile work" in str(classify(answer("ExpiredToken"), asked, NOW))


def test_no_credentials_names_three_ways_and_the_demo() -> None:
    error = classify(botocore.exceptions.NoCredentialsError(), Asked("sts", "GetCallerIdentity"), NOW)
    for way in ("AWS_ACCESS_KEY_ID", "AWS_PROFILE", "aws sso login", "plainbill demo"):
        assert way in str(error)


def test_words_of_aws_come_in_one_line_without_control_characters_or_tokens() -> None:
    token = "x-amz-security-token:IQoJb3JpZ2luX2VjEXAMPLE AKIAIOSFODNN7EXAMPLE"
    words = f"line one\nline two \x1b[31m\u202ered {token} {'x' * 900}"
    error = classify(answer("SignatureDoesNotMatch", words), ASKED, NOW)
    assert "line one line two" in str(error)
    assert len(error.words) == 300
    for hidden in ("\x1b", "\u202e", "\n", "IQoJ", "AKIAIOSFODNN7EXAMPLE"):
        assert hidden not in str(error)


def test_an_error_survives_a_process_boundary() -> None:
    error = classify(answer("AccessDenied", "no", 403), ASKED, NOW)
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert (type(again), str(again), again.asked) == (AccessDenied, str(error), ASKED)


def test_an_error_that_is_not_of_a_call_leaves_a_gap_without_a_place() -> None:
    gap = gap_of(AwsError("something else"), "instances")
    assert (gap.source, gap.account_id, gap.region, gap.action) == ("instances", None, None, None)
    assert gap.reason == "something else"


def test_an_answer_without_any_detail_is_still_an_error() -> None:
    assert type(classify(ClientError({}, "DescribeInstances"), ASKED, NOW)) is InvalidRequest
