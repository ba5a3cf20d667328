"""Further accounts by named profiles of ~/.aws/config."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from aws_connector.wire import CALLER, CannedAws, caller_identity, sts_error
from plainbill.aws_connector import Account, Connector, Read, Scope
from plainbill.aws_connector.errors import UndeclaredOperation
from plainbill.demo.answers_identity import access_key
from plainbill.demo.call import Fault, Options
from plainbill.demo.company import EXTERNAL_ID, ROLE
from plainbill.demo.fleet import DEVELOPMENT, MANAGEMENT, PRODUCTION
from plainbill.demo.server import DemoEndpoint
from plainbill.model.inventory import REMARKS, Gap

READS = (Read("ec2", "DescribeInstances", "the instances that run"),)
PRODUCTION_ROLE = f"arn:aws:iam::{PRODUCTION}:role/{ROLE}"


@pytest.fixture
def demo(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[DemoEndpoint]:
    """The demo company, with an ~/.aws of the test's own."""
    (tmp_path / ".aws").mkdir()
    with DemoEndpoint(options=replace(Options(), accounts_page=2)) as endpoint:
        for name, value in endpoint.environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.delenv("AWS_CONFIG_FILE")
        monkeypatch.delenv("AWS_SHARED_CREDENTIALS_FILE")
        yield endpoint


def configured(home: Path, **profiles: str) -> None:
    sections = (f"[profile {name}]\n{lines}\n" for name, lines in profiles.items())
    (home / ".aws" / "config").write_text("\n".join(sections))


def keys(account: str) -> str:
    return f"aws_access_key_id = {access_key(account)}\naws_secret_access_key = s"


def by_process(home: Path, account: str) -> str:
    told = home / f"{account}.json"
    told.write_text(json.dumps({"Version": 1, "AccessKeyId": access_key(account), "SecretAccessKey": "s"}))
    return f"credential_process = /bin/cat {told}"


def by_role(source: str) -> str:
    return f"role_arn = {PRODUCTION_ROLE}\nsource_profile = {source}\nexternal_id = {EXTERNAL_ID}"


def opened(
    *profiles: str, role_arns: Sequence[str] = (), organization_role: str | None = None
) -> tuple[list[Account], list[Gap]]:
    with Connector.open(
        READS,
        role_arns=role_arns,
        external_id=EXTERNAL_ID,
        organization_role=organization_role,
        profiles=profiles,
    ) as connector:
        return list(connector.accounts), list(connector.account_gaps)


def ways(accounts: Sequence[Account]) -> list[tuple[str, str | None]]:
    return [(one.account_id, one.profile) for one in accounts]


# --- what must be left alone ---------------------------------------------------------------


def test_profiles_that_nobody_names_are_not_entered(demo: DemoEndpoint, tmp_path: Path) -> None:
    configured(tmp_path, shop=keys(PRODUCTION))
    accounts, gaps = opened()
    assert (ways(accounts), gaps) == ([(MANAGEMENT, None)], [])
    assert {request.account for request in demo.requests} == {MANAGEMENT}


def test_a_profile_never_takes_the_keys_of_the_environment(demo: DemoEndpoint, tmp_path: Path) -> None:
    configured(tmp_path, empty="region = eu-west-1", shop=keys(PRODUCTION))
    accounts, (gap,) = opened("empty", "shop")
    assert ways(accounts) == [(MANAGEMENT, None), (PRODUCTION, "shop")]
    assert (gap.kind, gap.source) == ("NoCredentials", "accounts.profiles")
    assert "aws configure --profile empty" in gap.remedy
    assert [one.account for one in demo.requests] == [MANAGEMENT, PRODUCTION]


@pytest.mark.usefixtures("demo")
def test_what_is_not_declared_is_not_asked_as_a_profile_either(tmp_path: Path) -> None:
    configured(tmp_path, shop=keys(PRODUCTION))
    with (
        Connector.open(READS, profiles=["shop"]) as connector,
        pytest.raises(UndeclaredOperation),
    ):
        connector.call(Scope(PRODUCTION, "us-east-1"), "ec2", "DescribeVolumes")


# --- what they lead to ---------------------------------------------------------------------


def test_static_keys_a_role_and_a_process_each_lead_to_an_account_of_its_own(
    demo: DemoEndpoint, tmp_path: Path
) -> None:
    configured(tmp_path, payer=keys(MANAGEMENT), shop=by_role("payer"), dev=by_process(tmp_path, DEVELOPMENT))
    with Connector.open(READS, profiles=["shop", "dev"]) as connector:
        assert ways(connector.accounts) == [(MANAGEMENT, None), (PRODUCTION, "shop"), (DEVELOPMENT, "dev")]
        assert connector.account_gaps == ()
        for account in connector.accounts:
            scope = Scope(account.account_id, "us-east-1")
            found = connector.call(scope, "ec2", "DescribeInstances")["Reservations"]
            there = demo.company.instances_in(account.account_id, "us-east-1")
            told = {one["InstanceId"] for group in found for one in group["Instances"]}
            assert told == {one.instance_id for one in there}


@pytest.mark.usefixtures("demo")
def test_a_profile_goes_before_the_role_of_the_organization(tmp_path: Path) -> None:
    configured(tmp_path, shop=keys(PRODUCTION))
    accounts, gaps = opened("shop", organization_role=ROLE)
    assert sorted(ways(accounts)) == sorted([(MANAGEMENT, None), (DEVELOPMENT, None), (PRODUCTION, "shop")])
    assert gaps == []
    assert {one.name for one in accounts} == {
        "hearth-management",
        "hearth-production",
        "hearth-development",
    }


# --- what goes wrong -----------------------------------------------------------------------


@pytest.mark.usefixtures("demo")
def test_a_profile_of_an_account_that_is_there_already_is_a_remark_that_says_by_which_way(
    tmp_path: Path,
) -> None:
    configured(tmp_path, payer=keys(MANAGEMENT), shop=keys(PRODUCTION), dev=keys(DEVELOPMENT))
    configured_twice = (tmp_path / ".aws" / "config").read_text() + f"[profile again]\n{keys(DEVELOPMENT)}\n"
    (tmp_path / ".aws" / "config").write_text(configured_twice)
    accounts, gaps = opened("payer", "shop", "dev", "again", "dev", role_arns=[PRODUCTION_ROLE])
    assert ways(accounts) == [(MANAGEMENT, None), (PRODUCTION, None), (DEVELOPMENT, "dev")]
    assert {gap.kind for gap in gaps} <= REMARKS
    by_base, by_role_arn, by_profile = (gap.reason for gap in gaps)
    assert "the profile payer" in by_base.lower()
    assert "the credentials of the first calls" in by_base
    assert PRODUCTION_ROLE in by_role_arn
    assert "with the profile dev" in by_profile


@pytest.mark.usefixtures("demo")
def test_a_profile_that_does_not_exist_is_a_gap_and_the_others_go_on(tmp_path: Path) -> None:
    configured(tmp_path, shop=keys(PRODUCTION))
    accounts, (gap,) = opened("no-such", "shop")
    assert ways(accounts) == [(MANAGEMENT, None), (PRODUCTION, "shop")]
    assert (gap.kind, gap.account_id) == ("InvalidSetup", None)
    assert "The profile no-such could not be used" in gap.reason
    assert "take it out of PLAINBILL_PROFILES" in gap.remedy


@pytest.mark.usefixtures("demo")
def test_a_role_of_a_profile_that_is_refused_is_a_gap_of_the_role_s_account(tmp_path: Path) -> None:
    refused = by_role("payer").replace(EXTERNAL_ID, "another")
    configured(tmp_path, payer=keys(MANAGEMENT), shop=refused)
    accounts, (gap,) = opened("shop")
    assert ways(accounts) == [(MANAGEMENT, None)]
    assert (gap.kind, gap.account_id, gap.action) == ("AccessDenied", PRODUCTION, "sts:AssumeRole")
    assert PRODUCTION_ROLE in gap.remedy


@pytest.mark.usefixtures("demo")
def test_single_sign_on_that_has_expired_says_what_to_log_in_to(tmp_path: Path) -> None:
    sso = (
        "sso_start_url = https://corp.awsapps.com/start\nsso_region = eu-west-1\n"
        f"sso_account_id = {DEVELOPMENT}\nsso_role_name = reader"
    )
    configured(tmp_path, corp=sso)
    accounts, (gap,) = opened("corp")
    assert ways(accounts) == [(MANAGEMENT, None)]
    assert (gap.kind, gap.account_id) == ("CredentialsExpired", DEVELOPMENT)
    assert "aws sso login --profile corp" in gap.remedy


def test_keys_of_a_profile_that_aws_calls_expired_are_a_gap(demo: DemoEndpoint, tmp_path: Path) -> None:
    configured(tmp_path, shop=keys(PRODUCTION))
    expired = Fault("ExpiredToken", "The security token included in the request is expired", 403)
    demo.change(faults={(PRODUCTION, "*", "sts:GetCallerIdentity"): expired})
    accounts, (gap,) = opened("shop")
    assert ways(accounts) == [(MANAGEMENT, None)]
    assert gap.kind == "CredentialsExpired"
    assert "the profile shop" in gap.remedy


def test_a_profile_that_asks_for_a_code_is_not_waited_for(canned: CannedAws, tmp_path: Path) -> None:
    (tmp_path / ".aws").mkdir()
    serial = f"mfa_serial = arn:aws:iam::{CALLER}:mfa/reader"
    configured(tmp_path, payer=keys(MANAGEMENT), shop=f"{by_role('payer')}\n{serial}")
    _, (gap,) = opened("shop")
    assert "MFA code" in gap.reason
    assert "export-credentials --profile shop" in gap.remedy
    assert canned.count("AssumeRole") == 0


def test_a_key_that_aws_does_not_know_is_a_gap_with_what_to_renew(canned: CannedAws, tmp_path: Path) -> None:
    (tmp_path / ".aws").mkdir()
    configured(tmp_path, shop=keys(PRODUCTION))
    canned.answer("GetCallerIdentity", caller_identity(), sts_error("InvalidClientTokenId", "no such key"))
    _, (gap,) = opened("shop")
    assert gap.kind == "CredentialsRejected"
    assert "aws configure --profile shop" in gap.remedy
