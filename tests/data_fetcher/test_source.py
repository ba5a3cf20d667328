"""Sources are found by walking; what they declare is what is asked, and what the policy allows."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from moto.iam.access_control import IAMPolicy, PermissionResult

from plainbill import data_fetcher
from plainbill.aws_connector import CONNECTOR_READS, Read, Scope
from plainbill.aws_connector.errors import UnreadableAnswer
from plainbill.cli.policy_document import iam_policy
from plainbill.data_fetcher.source import all_reads, all_sources, as_documented

ROLES = ("arn:aws:iam::444455556666:role/plainbill", "arn:aws:iam::777788889999:role/plainbill")


def allowed(policy: dict[str, Any], action: str, resource: str = "*") -> bool:
    """Ask moto's evaluator, which is not ours."""
    verdict = IAMPolicy(json.dumps(policy)).is_action_permitted(action, resource)
    return verdict is PermissionResult.PERMITTED


def test_every_file_that_declares_a_source_is_found_without_a_list() -> None:
    folder = Path(data_fetcher.__path__[0])
    declaring = {
        path.stem
        for path in folder.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ClassDef)
        and any(isinstance(one, ast.Assign) and one.targets[0].id == "name" for one in node.body)  # type: ignore[attr-defined]
    }
    assert {source.name for source in all_sources()} == declaring
    assert {"cloudwatch", "cost_explorer", "ec2_instances", "ebs_volumes"} <= declaring


def test_a_new_file_in_the_package_is_a_new_source(tmp_path: Path) -> None:
    (tmp_path / "moon_phases.py").write_text(
        "from plainbill.aws_connector import Read\n"
        "from plainbill.data_fetcher.source import Source\n\n"
        "class MoonPhases(Source):\n"
        "    name = 'moon_phases'\n"
        "    reads = (Read('sky', 'DescribeMoon', 'the moon'),)\n"
    )
    ask = (
        "import sys; from plainbill import data_fetcher; data_fetcher.__path__.append(sys.argv[1]); "
        "from plainbill.data_fetcher.source import all_reads; print(*(r.iam_action for r in all_reads()))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", ask, str(tmp_path)], check=True, capture_output=True, text=True
    )
    assert {"sky:DescribeMoon", "ce:GetCostAndUsage"} <= set(answer.stdout.split())


def test_the_connectors_own_reads_come_first_and_none_is_named_twice() -> None:
    reads = all_reads()
    assert reads[: len(CONNECTOR_READS)] == CONNECTOR_READS
    assert len({(read.service, read.operation) for read in reads}) == len(reads)
    assert {read.iam_action for read in reads} >= {
        "ce:GetCostAndUsage",
        "cloudwatch:GetMetricData",
        "ec2:DescribeInstances",
        "ec2:DescribeRegions",
        "sts:AssumeRole",
        "sts:GetCallerIdentity",
    }
    reading = {"Get", "List", "Describe", "Assume"}
    assert [read for read in reads if re.split("(?=[A-Z])", read.operation)[1] not in reading] == []


def declared() -> list[str]:
    return [read.iam_action for read in all_reads()]


def test_the_policy_allows_every_declared_read_and_no_other_action() -> None:
    policy = iam_policy(declared())
    for read in all_reads():
        assert allowed(policy, read.iam_action) == (read.operation != "AssumeRole")
    for other in (
        "ec2:TerminateInstances",
        "ec2:DescribeKeyPairs",
        "ce:GetUsageForecast",
        "iam:PassRole",
        "s3:GetObject",
    ):
        assert not allowed(policy, other)


def test_without_roles_nobody_can_be_assumed_and_with_roles_only_they_can() -> None:
    assert "sts:AssumeRole" not in json.dumps(iam_policy(declared()))
    policy = iam_policy(declared(), ROLES)
    for role in ROLES:
        assert allowed(policy, "sts:AssumeRole", role)
    assert not allowed(policy, "sts:AssumeRole", "arn:aws:iam::444455556666:role/admin")
    assert not allowed(policy, "sts:AssumeRole", "*")


def test_statements_are_one_per_service_with_a_sid_that_iam_accepts() -> None:
    advice = Read("compute-optimizer", "GetIdleRecommendations", "advice").iam_action
    statements = iam_policy([*declared(), advice], ROLES)["Statement"]
    sids = [statement["Sid"] for statement in statements]
    assert all(sid.isascii() and sid.isalnum() for sid in sids)
    assert len(set(sids)) == len(sids)
    assert "ReadComputeOptimizer" in sids
    for statement in statements:
        assert len({action.partition(":")[0] for action in statement["Action"]}) == 1
        assert statement["Action"] == sorted(set(statement["Action"]))


def test_an_answer_without_a_promised_field_is_unreadable_and_names_the_field() -> None:
    read, scope = Read("ce", "GetCostAndUsage", "costs"), Scope("111122223333", "us-east-1")
    with pytest.raises(UnreadableAnswer, match="ResultsByTime") as caught, as_documented(read, scope):
        dict[str, str]()["ResultsByTime"]
    assert caught.value.iam_action == "ce:GetCostAndUsage"
    assert caught.value.account_id == "111122223333"


def test_an_error_of_the_machine_is_not_called_an_unreadable_answer() -> None:
    read, scope = Read("ce", "GetCostAndUsage", "costs"), Scope("111122223333", "us-east-1")
    with pytest.raises(OSError, match="disk"), as_documented(read, scope):
        raise OSError("disk")
