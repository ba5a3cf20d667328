"""``plainbill iam-policy``: exactly the declared reads, nothing that writes."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import cfnlint.api
import pytest
import yaml
from cfnlint.config import ManualArgs

from plainbill.cli import main
from plainbill.data_fetcher import all_reads
from plainbill.errors import ConfigError
from plainbill.settings import load_settings

ROLE = "arn:aws:iam::444455556666:role/PlainbillReadOnly"


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAINBILL_DOTENV", os.devnull)
    monkeypatch.setenv("PLAINBILL_HOME", str(tmp_path))
    monkeypatch.delenv("PLAINBILL_ROLE_ARNS", raising=False)


def actions(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, object]:
    assert main(["iam-policy", *words]) == 0
    policy = json.loads(capsys.readouterr().out)
    return {action: one["Resource"] for one in policy["Statement"] for action in one["Action"]}


def test_no_action_but_reads_is_allowed(capsys: pytest.CaptureFixture[str]) -> None:
    reading = ("Get", "Describe", "List", "View")
    assert all(action.partition(":")[2].startswith(reading) for action in actions(capsys))


def test_every_declared_read_is_allowed(capsys: pytest.CaptureFixture[str]) -> None:
    declared = {read.iam_action for read in all_reads()} - {"sts:AssumeRole"}
    assert set(actions(capsys)) == declared


def test_a_further_account_gives_what_is_read_there_and_no_costs(capsys: pytest.CaptureFixture[str]) -> None:
    all_of_them = set(actions(capsys))
    of_the_payer = {one for one in all_of_them if one.startswith("ce:")} | {"organizations:ListAccounts"}
    assert set(actions(capsys, "--role")) == all_of_them - of_the_payer


def test_a_role_may_say_what_is_linked_to_its_account(capsys: pytest.CaptureFixture[str]) -> None:
    links = {"oam:ListSinks", "oam:ListAttachedLinks"}
    assert links <= set(actions(capsys, "--role"))
    for kind in ("cloudformation", "terraform"):
        written = text(capsys, "--template", kind)
        assert [action for action in links if f'"{action}"' not in written] == []


def test_only_the_listed_roles_may_be_assumed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAINBILL_ROLE_ARNS", ROLE)
    assert actions(capsys)["sts:AssumeRole"] == [ROLE]
    assert "sts:AssumeRole" not in actions(capsys, "--role")


def test_the_organization_s_role_may_be_assumed_in_any_account(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAINBILL_ORGANIZATION_ROLE", "PlainbillReadOnly")
    assert actions(capsys)["sts:AssumeRole"] == ["arn:aws:iam::*:role/PlainbillReadOnly"]


@pytest.mark.parametrize("name", ["arn:aws:iam::444455556666:role/x", "a b", "*", "x" * 65])
def test_what_is_no_name_of_a_role_is_refused(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("PLAINBILL_ORGANIZATION_ROLE", name)
    with pytest.raises(ConfigError, match="PLAINBILL_ORGANIZATION_ROLE"):
        load_settings()


def text(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(["iam-policy", *words]) == 0
    return capsys.readouterr().out


class Intrinsic(yaml.SafeLoader):  # type: ignore[misc]  # yaml has no types
    """Reads CloudFormation's short forms (``!Ref X``) as what they stand for."""


def _short_form(loader: Any, suffix: str, node: Any) -> dict[str, str]:
    return {suffix: str(loader.construct_scalar(node))}  # all of ours are scalars


Intrinsic.add_multi_constructor("!", _short_form)


def test_the_cloudformation_role_may_do_what_is_declared_and_nothing_else(
    capsys: pytest.CaptureFixture[str],
) -> None:
    template = yaml.load(text(capsys, "--template", "cloudformation"), Intrinsic)  # noqa: S506 - a SafeLoader
    role = template["Resources"]["ReadOnlyRole"]["Properties"]
    (policy,) = role["Policies"]
    assert policy["PolicyDocument"] == json.loads(text(capsys, "--role"))
    (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"AWS": {"Ref": "TrustedPrincipalArn"}}
    assert trust["Condition"] == {"StringEquals": {"sts:ExternalId": {"Ref": "ExternalId"}}}


def test_cloudformation_accepts_the_template(capsys: pytest.CaptureFixture[str]) -> None:
    template = text(capsys, "--template", "cloudformation")
    assert cfnlint.api.lint(template, config=ManualArgs(regions=["us-east-1", "eu-central-1"])) == []


def test_the_terraform_role_may_do_what_is_declared_and_nothing_else(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configuration = text(capsys, "--template", "terraform")
    (policy,) = re.findall(r"<<-POLICY\n(.*?)\n  POLICY\n", configuration, re.DOTALL)
    assert json.loads(policy) == json.loads(text(capsys, "--role"))
    assert "${" not in configuration
    assert "%{" not in configuration
    assert '"sts:ExternalId" = var.external_id' in configuration


def test_the_role_s_policy_fits_into_a_role(capsys: pytest.CaptureFixture[str]) -> None:
    policy = json.loads(text(capsys, "--role"))
    assert len(json.dumps(policy, separators=(",", ":"))) <= 10_240  # all inline policies of a role together


@pytest.mark.parametrize("kind", ["cloudformation", "terraform"])
def test_no_secret_and_no_account_is_in_a_template(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setenv("PLAINBILL_ROLE_ARNS", ROLE)
    monkeypatch.setenv("PLAINBILL_EXTERNAL_ID", "a-secret-of-ours")
    written = text(capsys, "--template", kind)
    assert "a-secret-of-ours" not in written
    assert "444455556666" not in written
