"""Profiles that lead to credentials by a detour: a role, single sign-on, a web identity, a command."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import botocore.session
import pytest
from botocore.credentials import AssumeRoleProvider, SSOProvider

from aws_connector.wire import CALLER, CannedAws, assumed, json_answer, json_error, sts_error
from plainbill.aws_connector import Connector, Read
from plainbill.aws_connector.errors import (
    AccessDenied,
    CredentialsExpired,
    CredentialsRejected,
    UndeclaredOperation,
)
from plainbill.aws_connector.guard import Guard

READS = (Read("ec2", "DescribeInstances", "the instances that run"),)
ROLE = "arn:aws:iam::444455556666:role/reader"
FAR = "2099-01-01T00:00:00Z"
START_URL = "https://corp.awsapps.com/start"
SSO = (
    f"sso_start_url = {START_URL}\nsso_region = eu-west-1\n"
    f"sso_account_id = {CALLER}\nsso_role_name = reader\n"
)
BY_ROLE = (
    f"[profile work]\nrole_arn = {ROLE}\nsource_profile = base\nexternal_id = an-external-id\n"
    "[profile base]\naws_access_key_id = AKIABASEEXAMPLE1234\naws_secret_access_key = s\n"
)
OLD_KEYS = json.dumps(
    {
        "Version": 1,
        "AccessKeyId": "ASIAOLD",
        "SecretAccessKey": "s",
        "SessionToken": "t",
        "Expiration": "2020-01-01T00:00:00Z",
    }
)
BY_SSO = f"[profile work]\n{SSO}"
BY_SSO_ROLE = f"[profile work]\nrole_arn = {ROLE}\nsource_profile = corp\n[profile corp]\n{SSO}"


@pytest.fixture(autouse=True)
def work(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The profile ``work``, and nothing in the environment that comes before it."""
    monkeypatch.setenv("AWS_PROFILE", "work")
    monkeypatch.setattr(SSOProvider, "_SSO_TOKEN_CACHE_DIR", str(tmp_path / "sso"))
    (tmp_path / ".aws").mkdir()
    (tmp_path / "token").write_text("a-web-identity-token")


@pytest.fixture
def endpoint(canned: CannedAws, monkeypatch: pytest.MonkeyPatch) -> CannedAws:
    """The canned endpoint, without the keys of the environment."""
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    for operation in ("AssumeRole", "AssumeRoleWithWebIdentity"):
        canned.answer(operation, assumed("444455556666", "ASIAROLE", "secret", "token", FAR, operation))
    keys = {
        "accessKeyId": "ASIASSO",
        "secretAccessKey": "s",
        "sessionToken": "t",
        "expiration": 4070908800000,
    }
    canned.answer("GetRoleCredentials", json_answer({"roleCredentials": keys}))
    return canned


def configured(tmp_path: Path, config: str) -> None:
    (tmp_path / ".aws" / "config").write_text(config)


def by_web_identity(tmp_path: Path) -> str:
    return f"[profile work]\nrole_arn = {ROLE}\nweb_identity_token_file = {tmp_path / 'token'}\n"


def signed_in(tmp_path: Path) -> None:
    """Leave behind what ``aws sso login`` does."""
    (tmp_path / "sso").mkdir()
    name = hashlib.sha1(START_URL.encode(), usedforsecurity=False).hexdigest()
    token = {"accessToken": "an-sso-token", "expiresAt": FAR, "startUrl": START_URL, "region": "eu-west-1"}
    (tmp_path / "sso" / f"{name}.json").write_text(json.dumps(token))


def test_a_role_of_the_profile_is_entered_with_its_external_id_also_without_a_region(
    endpoint: CannedAws, tmp_path: Path
) -> None:
    configured(tmp_path, BY_ROLE)
    with Connector.open(READS):
        pass
    entering, asking = endpoint.asked
    assert (entering.operation, entering.access_key) == ("AssumeRole", "AKIABASEEXAMPLE1234")
    assert (entering.params["RoleArn"], entering.params["ExternalId"]) == (ROLE, "an-external-id")
    assert (asking.operation, asking.access_key) == ("GetCallerIdentity", "ASIAROLE")
    assert {entering.region, asking.region} == {"us-east-1"}


def test_single_sign_on_and_a_web_identity_lead_to_keys(endpoint: CannedAws, tmp_path: Path) -> None:
    signed_in(tmp_path)
    for config, key in (
        (BY_SSO, "ASIASSO"),
        (BY_SSO_ROLE, "ASIAROLE"),
        (by_web_identity(tmp_path), "ASIAROLE"),
    ):
        configured(tmp_path, config)
        with Connector.open(READS):
            pass
        assert (endpoint.asked[-1].operation, endpoint.asked[-1].access_key) == ("GetCallerIdentity", key)


def test_the_guard_stands_before_the_clients_that_botocore_makes_itself_to_sign_in(
    endpoint: CannedAws, tmp_path: Path
) -> None:
    signed_in(tmp_path)
    for config, operation in (
        (BY_ROLE, "AssumeRole"),
        (BY_SSO, "GetRoleCredentials"),
        (by_web_identity(tmp_path), "AssumeRoleWithWebIdentity"),
    ):
        configured(tmp_path, config)
        session = botocore.session.Session()
        session.set_config_variable("region", "us-east-1")
        Guard(()).watch(session)
        found = session.get_credentials()
        assert found
        with pytest.raises(UndeclaredOperation, match=operation):
            found.get_frozen_credentials()
    assert endpoint.asked == []


def test_a_role_of_the_profile_that_is_refused_is_the_denial_that_is_named(
    endpoint: CannedAws, tmp_path: Path
) -> None:
    configured(tmp_path, BY_ROLE)
    endpoint.answer("AssumeRole", sts_error("AccessDenied", "not authorized to perform: sts:AssumeRole"))
    with pytest.raises(AccessDenied) as error:
        Connector.open(READS)
    assert error.value.iam_action == "sts:AssumeRole"
    assert f'"Resource": "{ROLE}"' in error.value.remedy
    assert "GetCallerIdentity" not in str(error.value)


def test_a_sign_in_that_is_refused_is_no_matter_of_policies_or_of_plainbill(
    endpoint: CannedAws, tmp_path: Path
) -> None:
    signed_in(tmp_path)
    configured(tmp_path, BY_SSO)
    endpoint.answer("GetRoleCredentials", json_error("ForbiddenException", "No access", 403))
    with pytest.raises(CredentialsRejected, match=r"sso:GetRoleCredentials.*aws sso login --profile work"):
        Connector.open(READS)
    configured(tmp_path, by_web_identity(tmp_path))
    endpoint.answer(
        "AssumeRoleWithWebIdentity", sts_error("InvalidIdentityToken", "No OpenIDConnect provider", 400)
    )
    with pytest.raises(CredentialsRejected, match=r"AssumeRoleWithWebIdentity.*trust policy"):
        Connector.open(READS)


@pytest.mark.usefixtures("endpoint")
def test_an_expired_single_sign_on_behind_a_role_names_the_profile_to_log_in_to(tmp_path: Path) -> None:
    configured(tmp_path, BY_SSO_ROLE)
    with pytest.raises(CredentialsExpired, match="aws sso login --profile corp"):
        Connector.open(READS)


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ("credential_process = /no/such/command", r"/no/such/command.*Run the credential_process"),
        ("credential_process = /bin/echo no-json", r"Expecting value.*Run the credential_process"),
        (f"credential_process = /bin/echo '{OLD_KEYS}'", r"still expired.*clock.*Run the credential_process"),
        (f"role_arn = {ROLE}\nweb_identity_token_file = /no/such/token", r"/no/such/token.*trust policy"),
    ],
)
def test_credentials_that_cannot_be_obtained_are_an_error_with_advice_not_a_crash(
    tmp_path: Path, config: str, said: str
) -> None:
    configured(tmp_path, f"[profile work]\n{config}\n")
    with pytest.raises(CredentialsExpired, match=said):
        Connector.open(READS)


def test_a_code_that_nobody_types_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(_: str) -> str:
        raise EOFError

    monkeypatch.setattr(AssumeRoleProvider.__init__, "__defaults__", (nobody, None, None))
    serial = f"mfa_serial = arn:aws:iam::{CALLER}:mfa/reader"
    configured(tmp_path, BY_ROLE.replace("[profile base]", f"{serial}\n[profile base]"))
    with pytest.raises(CredentialsExpired, match=r"MFA code.*export-credentials --profile work"):
        Connector.open(READS)
