"""All accounts of an organization, each through the role of one name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from aws_connector.wire import CALLER, Answer, CannedAws, assumed, json_answer, json_error
from plainbill.aws_connector import Connector, Read
from plainbill.demo.call import Options
from plainbill.demo.fleet import DEVELOPMENT, MANAGEMENT, PRODUCTION
from plainbill.demo.server import DemoEndpoint

READS = (Read("ec2", "DescribeInstances", "the instances that run"),)
FAR = "2099-01-01T00:00:00Z"
OTHER = "444455556666"


@pytest.fixture
def company(monkeypatch: pytest.MonkeyPatch) -> Iterator[DemoEndpoint]:
    with DemoEndpoint(options=replace(Options(), accounts_page=2)) as demo:
        for name, value in demo.environment.items():
            monkeypatch.setenv(name, value)
        yield demo


def listed(**changes: str) -> Answer:
    account = {"Id": OTHER, "Name": "shop", "State": "ACTIVE", "Status": "ACTIVE"}
    return json_answer({"Accounts": [account | changes, {**account, "Id": CALLER, "Name": "payer"}]})


def test_without_the_setting_nobody_asks_for_the_organization(canned: CannedAws) -> None:
    with Connector.open(READS) as connector:
        assert [(one.account_id, one.name) for one in connector.accounts] == [(CALLER, None)]
    assert "ListAccounts" not in {asked.operation for asked in canned.asked}


@pytest.mark.parametrize("state", ["SUSPENDED", "PENDING_CLOSURE", "CLOSED", "PENDING_ACTIVATION"])
def test_an_account_that_is_not_active_is_not_entered(canned: CannedAws, state: str) -> None:
    canned.answer("ListAccounts", listed(State=state))
    with Connector.open(READS, organization_role="reader") as connector:
        assert [one.account_id for one in connector.accounts] == [CALLER]
    assert "AssumeRole" not in {asked.operation for asked in canned.asked}


def test_who_may_not_list_them_reads_the_own_account_and_says_so(canned: CannedAws) -> None:
    canned.answer("ListAccounts", json_error("AccessDeniedException", "You don't have permissions"))
    with Connector.open(READS, organization_role="reader") as connector:
        assert [one.account_id for one in connector.accounts] == [CALLER]
        (gap,) = connector.account_gaps
    assert (gap.source, gap.kind, gap.action) == ("accounts", "AccessDenied", "organizations:ListAccounts")
    assert gap.region is None, "nothing of those accounts can be read, in any Region"


def test_an_odd_answer_is_a_gap(canned: CannedAws) -> None:
    canned.answer("ListAccounts", json_answer({"Accounts": [{"Name": "no id", "Status": "ACTIVE"}]}))
    with Connector.open(READS, organization_role="reader") as connector:
        (gap,) = connector.account_gaps
    assert (gap.kind, gap.account_id) == ("UnreadableAnswer", None)


def test_a_role_that_is_named_goes_before_that_of_the_organization(canned: CannedAws) -> None:
    canned.answer("ListAccounts", listed())
    canned.answer("AssumeRole", assumed(OTHER, "ASIAEXAMPLEKEY", "s", "t", FAR))
    named = f"arn:aws:iam::{OTHER}:role/special"
    with Connector.open(READS, role_arns=[named], organization_role="reader") as connector:
        assert [(one.account_id, one.role_arn) for one in connector.accounts] == [
            (CALLER, None),
            (OTHER, named),
        ]


def test_every_account_of_all_pages_is_entered_and_has_its_name(company: DemoEndpoint) -> None:
    external_id = company.company.external_id
    role = "PlainbillReadOnly"
    with Connector.open(READS, external_id=external_id, organization_role=role) as connector:
        assert [(one.account_id, one.name) for one in connector.accounts] == [
            (MANAGEMENT, "hearth-management"),
            (PRODUCTION, "hearth-production"),
            (DEVELOPMENT, "hearth-development"),
        ]
        assert connector.account_gaps == ()


@pytest.mark.usefixtures("company")
def test_an_account_without_the_role_is_a_gap_and_the_others_go_on() -> None:
    with Connector.open(READS, organization_role="NoSuchRole") as connector:
        assert [one.account_id for one in connector.accounts] == [MANAGEMENT]
        assert {gap.account_id for gap in connector.account_gaps} == {PRODUCTION, DEVELOPMENT}
        assert {gap.action for gap in connector.account_gaps} == {"sts:AssumeRole"}
