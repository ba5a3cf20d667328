"""Finding credentials, and saying what to do when there are none that work."""

from __future__ import annotations

from pathlib import Path

import pytest

from aws_connector.wire import CannedAws, sts_error
from plainbill.aws_connector import Connector, Read
from plainbill.aws_connector.errors import (
    AwsCallError,
    ClockSkew,
    CredentialsError,
    CredentialsExpired,
    CredentialsRejected,
    InvalidSetup,
    NoCredentials,
    Unreachable,
)

READS = (Read("ec2", "DescribeInstances", "the instances that run"),)


def test_without_credentials_the_ways_to_give_some_are_named() -> None:
    with pytest.raises(NoCredentials, match=r"AWS_PROFILE.*aws sso login.*plainbill demo") as error:
        Connector.open(READS)
    assert isinstance(error.value, CredentialsError)


def test_half_of_the_keys_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
    with pytest.raises(NoCredentials, match="PartialCredentialsError"):
        Connector.open(READS)


def test_a_profile_that_does_not_exist_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nowhere")
    with pytest.raises(InvalidSetup, match=r"nowhere.*AWS_PROFILE"):
        Connector.open(READS)


def test_an_expired_single_sign_on_says_the_command_to_run(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws" / "config").write_text(
        "[profile work]\nsso_session = corp\nsso_account_id = 111122223333\nsso_role_name = reader\n"
        "[sso-session corp]\nsso_start_url = https://corp.awsapps.com/start\nsso_region = us-east-1\n"
    )
    monkeypatch.setenv("AWS_PROFILE", "work")
    with pytest.raises(CredentialsExpired, match=r"aws sso login --profile work"):
        Connector.open(READS)


def test_keys_of_a_profile_are_found(
    canned: CannedAws, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    monkeypatch.setenv("AWS_PROFILE", "work")
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws" / "config").write_text("[profile work]\nregion = eu-central-1\n")
    (tmp_path / ".aws" / "credentials").write_text(
        "[work]\naws_access_key_id = AKIAPROFILEEXAMPLE12\naws_secret_access_key = s\n"
    )
    with Connector.open(READS):
        pass
    (asked,) = canned.asked
    assert (asked.access_key, asked.region) == ("AKIAPROFILEEXAMPLE12", "eu-central-1")


@pytest.mark.parametrize(
    ("variables", "region"),
    [
        ({}, "us-east-1"),
        ({"AWS_REGION": "eu-west-3"}, "eu-west-3"),
        ({"AWS_DEFAULT_REGION": "eu-west-1"}, "eu-west-1"),
    ],
)
def test_the_first_call_goes_to_the_region_of_the_environment(
    canned: CannedAws, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], region: str
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with Connector.open(READS):
        pass
    assert [asked.region for asked in canned.asked] == [region]


@pytest.mark.parametrize(
    ("code", "words", "kind"),
    [
        ("ExpiredToken", "The token is expired", CredentialsExpired),
        (
            "InvalidClientTokenId",
            "The token is invalid.",
            CredentialsRejected,
        ),
        ("SignatureDoesNotMatch", "Signature expired: 20200101T000000Z is now earlier than", ClockSkew),
    ],
)
def test_credentials_that_do_not_work_are_told_apart(
    canned: CannedAws, code: str, words: str, kind: type[AwsCallError]
) -> None:
    canned.answer("GetCallerIdentity", sts_error(code, words))
    with pytest.raises(kind):
        Connector.open(READS)


def test_keys_of_another_partition_are_not_only_called_wrong(canned: CannedAws) -> None:
    canned.answer("GetCallerIdentity", sts_error("InvalidClientTokenId", "The security token is invalid."))
    with pytest.raises(CredentialsRejected, match=r"Put new keys.*GovCloud or China.*AWS_REGION"):
        Connector.open(READS)


@pytest.mark.usefixtures("keys")
def test_an_endpoint_nobody_answers_at_is_unreachable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    with pytest.raises(Unreachable, match="AWS_ENDPOINT_URL"):
        Connector.open(READS)


@pytest.mark.usefixtures("keys")
def test_an_endpoint_that_is_no_url_is_a_wrong_setup(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "not a url")
    with pytest.raises(InvalidSetup, match="not a url"):
        Connector.open(READS)
