"""Who one is, who one may become, and who else there is."""

from __future__ import annotations

from datetime import timedelta

import boto3
import pytest
from botocore.exceptions import ClientError

from demo.stock import client, refusal
from factories import NOW
from plainbill.demo.company import EXTERNAL_ID
from plainbill.demo.fleet import DEVELOPMENT, MANAGEMENT, PRODUCTION
from plainbill.demo.server import DemoEndpoint
from plainbill.model.period import utc_now


@pytest.mark.parametrize("given", [{}, {"ExternalId": "something-else"}], ids=["none", "a wrong one"])
def test_nobody_becomes_another_account_without_its_external_id(
    aws: DemoEndpoint, given: dict[str, str]
) -> None:
    with pytest.raises(ClientError) as error:
        client(aws, "sts").assume_role(RoleArn=aws.company.role_arns[0], RoleSessionName="plainbill", **given)
    assert refusal(error) == "AccessDenied"
    assert aws.company.role_arns[0] in str(error.value)


def test_nobody_becomes_a_role_that_is_not_there(aws: DemoEndpoint) -> None:
    arn = f"arn:aws:iam::{PRODUCTION}:role/Administrator"
    with pytest.raises(ClientError) as error:
        client(aws, "sts").assume_role(RoleArn=arn, RoleSessionName="plainbill", ExternalId=EXTERNAL_ID)
    assert refusal(error) == "AccessDenied"


def test_a_member_account_may_not_list_the_others(aws: DemoEndpoint) -> None:
    with pytest.raises(ClientError) as error:
        client(aws, "organizations", DEVELOPMENT).list_accounts()
    assert refusal(error) == "AccessDeniedException"


def test_the_environment_alone_makes_a_stock_session_the_company_s(
    aws: DemoEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    for name, value in aws.environment.items():
        monkeypatch.setenv(name, value)
    assert boto3.Session().client("sts").get_caller_identity()["Account"] == MANAGEMENT


def test_assumed_credentials_are_the_other_account_s_for_the_time_asked(aws: DemoEndpoint) -> None:
    asked_at = utc_now().replace(microsecond=0)
    answer = client(aws, "sts").assume_role(
        RoleArn=f"arn:aws:iam::{PRODUCTION}:role/PlainbillReadOnly",
        RoleSessionName="plainbill",
        ExternalId=EXTERNAL_ID,
        DurationSeconds=900,
    )
    given = answer["Credentials"]
    assert asked_at <= given["Expiration"] - timedelta(seconds=900) <= utc_now()
    session = boto3.Session(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])
    sts = session.client("sts", endpoint_url=aws.url, region_name="us-east-1")
    me = sts.get_caller_identity()
    assert me["Account"] == PRODUCTION
    assert me["Arn"] == answer["AssumedRoleUser"]["Arn"]


def test_accounts_come_by_pages_and_complete() -> None:
    with DemoEndpoint(now=NOW) as aws:
        aws.change(accounts_page=2)
        pages = list(client(aws, "organizations").get_paginator("list_accounts").paginate())
        assert [len(page["Accounts"]) for page in pages] == [2, 1]
        found = {account["Id"]: account["Name"] for page in pages for account in page["Accounts"]}
        assert found == {account.account_id: account.name for account in aws.company.accounts}


def test_every_account_knows_who_pays(aws: DemoEndpoint) -> None:
    organization = client(aws, "organizations", PRODUCTION).describe_organization()["Organization"]
    assert organization["MasterAccountId"] == MANAGEMENT == aws.company.payer
