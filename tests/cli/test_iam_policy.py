"""``plainbill iam-policy``: exactly the declared reads, nothing that writes."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from plainbill.cli import main
from plainbill.data_fetcher import all_reads

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
    reading = ("Get", "Describe", "List")
    assert all(action.partition(":")[2].startswith(reading) for action in actions(capsys))


def test_every_declared_read_is_allowed(capsys: pytest.CaptureFixture[str]) -> None:
    declared = {read.iam_action for read in all_reads()} - {"sts:AssumeRole"}
    assert set(actions(capsys)) == declared


def test_a_further_account_gives_what_is_read_there_and_no_costs(capsys: pytest.CaptureFixture[str]) -> None:
    assert set(actions(capsys, "--role")) == set(actions(capsys)) - {"ce:GetCostAndUsage"}


def test_only_the_listed_roles_may_be_assumed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAINBILL_ROLE_ARNS", ROLE)
    assert actions(capsys)["sts:AssumeRole"] == [ROLE]
    assert "sts:AssumeRole" not in actions(capsys, "--role")
