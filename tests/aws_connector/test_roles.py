"""Roles of further accounts."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from moto.iam.access_control import IAMPolicy, PermissionResult

from aws_connector.wire import CannedAws, assumed, json_answer, sts_error
from plainbill.aws_connector import CONNECTOR_READS, Connector, Read, Scope
from plainbill.aws_connector.roles import session_policy
from plainbill.aws_connector.service_models import service_model
from plainbill.data_fetcher import all_reads

METRICS = Read("cloudwatch", "GetMetricData", "how much the instances do")
READS = (METRICS, Read("ec2", "DescribeInstances", "the instances that run"))
ROLE = "arn:aws:iam::444455556666:role/reader"
KEYS = assumed("444455556666", "ASIAEXAMPLEKEY", "secret", "token", "2099-01-01T00:00:00Z")
SCOPE = Scope("444455556666", "us-east-1")


def allows(policy: str, action: str) -> bool:
    """What moto's IAM makes of a policy."""
    judged: PermissionResult = IAMPolicy({"policy_document": policy}).is_action_permitted(action, "*")
    return judged is PermissionResult.PERMITTED


def test_the_session_may_do_what_is_declared_and_nothing_else() -> None:
    policy = session_policy((*CONNECTOR_READS, *READS))
    for read in READS:
        assert allows(policy, read.iam_action)
    for action in (
        "ec2:TerminateInstances",
        "ec2:DescribeVolumes",
        "iam:ListUsers",
        "sts:AssumeRole",
        "s3:GetObject",
    ):
        assert not allows(policy, action)


def test_a_long_list_of_reads_still_fits_and_still_only_reads() -> None:
    names = [name for name in service_model("ec2").operation_names if name.startswith("Describe")]
    policy = session_policy([Read("ec2", name, "something") for name in names] + [METRICS])
    assert len(policy) <= 2048
    assert json.loads(policy)["Statement"][0]["Action"] == ["cloudwatch:GetMetricData", "ec2:Describe*"]
    assert allows(policy, "ec2:DescribeVolumes")
    assert not allows(policy, "ec2:TerminateInstances")
    assert not allows(policy, "cloudwatch:PutMetricData")


def test_what_plainbill_declares_fits_and_lets_no_contents_be_read() -> None:
    declared = all_reads()
    policy = session_policy(declared)
    assert len(policy) <= 2048
    for read in declared:
        if read.service not in {"sts", "organizations", "ce", "pricing"}:  # asked of the base identity only
            assert allows(policy, read.iam_action)
    for contents in (
        "s3:GetObject",
        "lambda:GetFunction",
        "ecr:GetAuthorizationToken",
        "dynamodb:GetItem",
        "secretsmanager:GetSecretValue",
        "kinesis:GetRecords",
        "logs:GetLogEvents",
    ):
        assert not allows(policy, contents)


def test_what_gets_is_joined_last() -> None:
    gets = [name for name in service_model("ec2").operation_names if name.startswith("Get")]
    describes = [name for name in service_model("ecr").operation_names if name.startswith("Describe")]
    reads = [Read("ec2", name, "a") for name in gets[:50]] + [Read("ecr", name, "b") for name in describes]
    actions = json.loads(session_policy(reads))["Statement"][0]["Action"]
    assert "ecr:Describe*" in actions
    assert "ec2:Get*" not in actions


def test_a_session_that_sts_cannot_pack_says_what_to_do(canned: CannedAws) -> None:
    canned.answer("AssumeRole", sts_error("PackedPolicyTooLarge", status=400))
    with Connector.open(READS, role_arns=[ROLE]) as connector:
        [gap] = connector.account_gaps
    assert "fewer or shorter session tags" in gap.remedy


def test_a_role_is_asked_for_with_the_external_id_and_the_narrowing_policy(canned: CannedAws) -> None:
    canned.answer("AssumeRole", KEYS)
    with Connector.open(READS, role_arns=[ROLE], external_id="an-external-id"):
        pass
    (asked,) = [asked for asked in canned.asked if asked.operation == "AssumeRole"]
    assert (asked.params["RoleArn"], asked.params["ExternalId"]) == (ROLE, "an-external-id")
    assert asked.params["RoleSessionName"] == "plainbill"
    actions = json.loads(asked.params["Policy"])["Statement"][0]["Action"]
    assert actions == ["cloudwatch:GetMetricData", "ec2:DescribeInstances", "ec2:DescribeRegions"]


def test_without_an_external_id_none_is_sent(canned: CannedAws) -> None:
    canned.answer("AssumeRole", KEYS)
    with Connector.open(READS, role_arns=[ROLE]):
        pass
    assert "ExternalId" not in canned.asked[-1].params


def test_a_long_run_renews_the_roles_credentials_and_goes_on(canned: CannedAws) -> None:
    soon = (datetime.now(UTC) + timedelta(minutes=5)).isoformat()
    canned.answer(
        "AssumeRole",
        assumed("444455556666", "ASIAFIRST", "secret", "token", soon),
        assumed("444455556666", "ASIASECOND", "secret", "token", "2099-01-01T00:00:00Z"),
    )
    canned.answer("GetMetricData", json_answer({"MetricDataResults": []}))
    with Connector.open(READS, role_arns=[ROLE]) as connector:
        for _ in range(3):
            connector.call(SCOPE, "cloudwatch", "GetMetricData", MetricDataQueries=[], StartTime=0, EndTime=1)
    signed = [asked.access_key for asked in canned.asked if asked.operation == "GetMetricData"]
    assert signed == ["ASIASECOND"] * 3
    renewed = [asked.access_key for asked in canned.asked if asked.operation == "AssumeRole"]
    assert renewed == ["AKIAIOSFODNN7EXAMPLE"] * 2


def test_a_renewal_that_fails_early_does_not_end_a_run_whose_keys_still_work(canned: CannedAws) -> None:
    soon = (datetime.now(UTC) + timedelta(minutes=12)).isoformat()  # botocore tries from 15 minutes on
    canned.answer(
        "AssumeRole", assumed("444455556666", "ASIAFIRST", "secret", "token", soon), json_answer({})
    )
    canned.answer("GetMetricData", json_answer({"MetricDataResults": []}))
    with Connector.open(READS, role_arns=[ROLE]) as connector:
        connector.call(SCOPE, "cloudwatch", "GetMetricData", MetricDataQueries=[], StartTime=0, EndTime=1)
    assert canned.asked[-1].access_key == "ASIAFIRST"
