"""No credential in any log or error, with every logger at DEBUG."""

from __future__ import annotations

import io
import logging
import traceback
from base64 import b64encode
from collections.abc import Iterator
from urllib.parse import quote, quote_plus

import boto3
import pytest

from aws_connector.conftest import SECRET_KEY
from aws_connector.wire import CALLER, CannedAws, assumed, ec2_error, sts_error
from plainbill.aws_connector import Connector, Read, Scope
from plainbill.aws_connector.errors import AccessDenied, AwsCallError, InvalidRequest
from plainbill.aws_connector.redact import hide_from_logs, one_line, quiet_aws_logs, redact

EXTERNAL_ID = "external/id+of the test=0123"
ROLE_SECRET = "roleSecret/of+the=test0123456789abcdefgh"
ROLE_TOKEN = "IQoJb3JpZ2luX2VjEXAMPLE//sessionToken+of/the+test=="
CANARIES = (SECRET_KEY, EXTERNAL_ID, ROLE_SECRET, ROLE_TOKEN, "AKIAIOSFODNN7EXAMPLE")
ROLE_KEYS = assumed("444455556666", "ASIAROLEKEYEXAMPLE12", ROLE_SECRET, ROLE_TOKEN, "2099-01-01T00:00:00Z")
READS = (Read("ec2", "DescribeInstances", "the instances that run"),)
ROLES = ("arn:aws:iam::444455556666:role/reader",)
SCOPE = Scope("444455556666", "us-east-1")


def spellings(secret: str) -> set[str]:
    raw = secret.encode()
    shifted = {b64encode(b"x" * shift + raw).decode()[4:-8] for shift in range(3)}
    return {secret, quote(secret), quote(secret, safe=""), quote_plus(secret), raw.hex(), *shifted}


def found_in(text: str) -> list[str]:
    return [canary for canary in CANARIES if any(spelled in text for spelled in spellings(canary))]


@pytest.fixture
def everything_logged() -> Iterator[io.StringIO]:
    """What a handler on the root writes when every logger there is was set to DEBUG, without any filter."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    loggers = [
        logging.getLogger(),
        *(logging.getLogger(name) for name in list(logging.root.manager.loggerDict)),
    ]
    before = [(logger, logger.level, list(logger.filters)) for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
        logger.filters.clear()
    logging.getLogger().addHandler(handler)
    yield written
    logging.getLogger().removeHandler(handler)
    for logger, level, filters in before:
        logger.setLevel(level)
        logger.filters[:] = filters


def run_through(canned: CannedAws) -> list[AwsCallError]:
    """Assume a role with an ExternalId, read, be refused in words that quote the signed request."""
    canonical = f"The Canonical String should have been 'POST / x-amz-security-token:{ROLE_TOKEN} host'"
    canned.answer("AssumeRole", ROLE_KEYS)
    canned.answer("DescribeInstances", ec2_error("UnauthorizedOperation", canonical))
    errors: list[AwsCallError] = []
    with Connector.open(READS, role_arns=ROLES, external_id=EXTERNAL_ID) as connector:
        for params in ({}, {"InstanceIds": ROLE_TOKEN}):
            try:
                connector.call(SCOPE, "ec2", "DescribeInstances", **params)
            except AwsCallError as error:
                logging.getLogger("plainbill.test").exception("refused, token %s", ROLE_TOKEN)
                errors.append(error)
    return errors


def test_the_canaries_would_be_found() -> None:
    for canary in CANARIES:
        for text in (
            canary,
            quote(canary),
            canary.encode().hex(),
            b64encode(b"x=" + canary.encode()).decode(),
        ):
            assert canary in found_in(f"something {text} more"), text


def test_at_debug_botocore_alone_does_leak(everything_logged: io.StringIO, canned: CannedAws) -> None:
    """The proof that the test below can fail: the same calls without our connector."""
    canned.answer("AssumeRole", ROLE_KEYS)
    sts = boto3.client("sts", region_name="us-east-1")
    sts.assume_role(RoleArn=ROLES[0], RoleSessionName="leaking", ExternalId=EXTERNAL_ID)
    sts.close()
    assert {ROLE_SECRET, ROLE_TOKEN} <= set(found_in(everything_logged.getvalue()))


def test_no_canary_in_any_log_with_everything_at_debug(
    everything_logged: io.StringIO, canned: CannedAws
) -> None:
    logging.getLogger("plainbill.test").debug("the log is being written")
    errors = run_through(canned)
    assert [type(error) for error in errors] == [AccessDenied, InvalidRequest]
    log = everything_logged.getvalue()
    assert "the log is being written" in log
    assert "refused, token (hidden)" in log
    assert found_in(log) == []


def test_no_canary_in_any_error_or_its_traceback(canned: CannedAws) -> None:
    for error in run_through(canned):
        text = "".join(traceback.format_exception(error)) + repr(error) + repr(error.args) + repr(vars(error))
        assert "Canonical String" in text or "InstanceIds" in text
        assert found_in(text) == []


def test_a_failed_renewal_of_a_role_is_logged_without_its_secrets(
    everything_logged: io.StringIO, canned: CannedAws
) -> None:
    canned.answer(
        "AssumeRole",
        assumed("444455556666", "ASIAROLEKEYEXAMPLE12", ROLE_SECRET, ROLE_TOKEN, "2020-01-01T00:00:00Z"),
        sts_error("AccessDenied", f"no more for {EXTERNAL_ID} with {ROLE_TOKEN}"),
    )
    with (
        Connector.open(READS, role_arns=ROLES, external_id=EXTERNAL_ID) as connector,
        pytest.raises(AccessDenied, match="sts:AssumeRole"),
    ):
        connector.call(SCOPE, "ec2", "DescribeInstances")
    log = everything_logged.getvalue()
    assert "Refreshing temporary credentials failed" in log
    assert found_in(log) == []


def test_the_libraries_stay_at_info_even_when_told_to_debug(everything_logged: io.StringIO) -> None:
    quiet_aws_logs()
    for name in ("botocore.endpoint", "boto3.resources", "urllib3.connectionpool", "botocore.made.later"):
        logger = logging.getLogger(name)
        logger.setLevel(logging.DEBUG)
        logger.debug("said by %s", name)
        logger.warning("warned by %s", name)
    assert "said by" not in everything_logged.getvalue()
    assert everything_logged.getvalue().count("warned by") == 4


def test_other_loggers_are_left_alone(everything_logged: io.StringIO) -> None:
    quiet_aws_logs()
    logging.getLogger("another.library").debug("a detail of %s", "theirs")
    assert "a detail of theirs" in everything_logged.getvalue()


@pytest.mark.parametrize(
    "text",
    [
        "the total is 12.50 USD",
        "arn:aws:iam::111122223333:role/reader in eu-west-1",
        "RequestChangedException: the external id is asked for",
        "request-id 11111111-2222-3333-4444-555555555555",
        "http://127.0.0.1:8000/a@b and https://[::1]:8000/",
    ],
)
def test_ordinary_words_are_not_hidden(text: str) -> None:
    assert redact(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "key ASIAQWERTYUIEXAMPLEX used",
        "<SecretAccessKey>verysecret</SecretAccessKey>",
        '"SessionToken": "verysecret"',
        "'SecretAccessKey': b'verysecret'",
        "X-Amz-Security-Token: verysecret",
        "&X-Amz-Signature=verysecret&x=1",
        "ExternalId=verysecret&RoleArn=x",
        "aws_secret_access_key = verysecret",
        'connect to the endpoint URL: "http://bob:verysecret@127.0.0.1:9/"',
    ],
)
def test_what_looks_like_a_credential_is_hidden_though_nobody_told(text: str) -> None:
    assert "verysecret" not in redact(text)
    assert "ASIAQWERTY" not in redact(text)
    assert "(hidden)" in redact(text)


def test_a_renewed_secret_takes_the_place_of_the_old_and_short_ones_are_no_secrets() -> None:
    hide_from_logs("somebody of the test", "first-secret-value", None, "t")
    assert redact("first-secret-value that") == "(hidden) that"
    hide_from_logs("somebody of the test", "second-secret-value", None)
    assert redact("second-secret-value") == "(hidden)"
    assert redact("first-secret-value") == "first-secret-value"


def test_a_line_of_aws_is_cut_where_it_grows_long() -> None:
    assert one_line("a\r\n\tb\x00c") == "a b c"
    assert one_line("x" * 400, limit=10) == "x" * 9 + "…"
    assert CALLER in one_line(f"account {CALLER}")
