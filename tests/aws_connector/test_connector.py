"""The connector against endpoints over HTTP: moto, and one that answers what a test tells it to."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import boto3
import pytest

from aws_connector.wire import (
    CALLER,
    Answer,
    CannedAws,
    assumed,
    caller_identity,
    ec2_error,
    json_answer,
    json_error,
    sts_error,
)
from plainbill.aws_connector import Account, Connector, Read, Scope
from plainbill.aws_connector.door import WORKERS
from plainbill.aws_connector.errors import (
    AccessDenied,
    AwsCallError,
    CredentialsExpired,
    CredentialsRejected,
    NotEnabled,
    PagesChanged,
    RegionDisabled,
    ServerFailure,
    Throttled,
    UndeclaredOperation,
    UnreadableAnswer,
)
from plainbill.errors import ConfigError

READS = (
    Read("ce", "GetCostAndUsage", "what each service costs"),
    Read("ec2", "DescribeInstances", "the instances that run"),
    Read("cloudwatch", "GetMetricData", "how much the instances do"),
)
HOME = Scope(CALLER, "us-east-1")
MONTH: dict[str, Any] = {
    "TimePeriod": {"Start": "2026-10-01", "End": "2026-11-01"},
    "Granularity": "DAILY",
    "Metrics": ["UnblendedCost"],
}
ROLE = "arn:aws:iam::444455556666:role/reader"
SOME_INSTANCES = {"444455556666": 1, "777788889999": 2}
NOT_ENABLED = json_error("AccessDeniedException", "User not enabled for cost explorer access")
FAR = "2099-01-01T00:00:00Z"


def operations(connector: Connector) -> dict[str, int]:
    return {cost.operation: cost.calls for cost in connector.meter.operations()}


def start(endpoint: str, account_id: str, count: int) -> set[str]:
    """Start instances in an account of moto's and give their ids."""
    sts = boto3.client("sts", region_name="us-east-1", endpoint_url=endpoint)
    role = f"arn:aws:iam::{account_id}:role/starter"
    keys = sts.assume_role(RoleArn=role, RoleSessionName="starter")["Credentials"]
    session = boto3.Session(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])
    ec2 = session.client("ec2", region_name="us-east-1", endpoint_url=endpoint)
    made = ec2.run_instances(ImageId="ami-12c6146b", MinCount=count, MaxCount=count)
    sts.close()
    ec2.close()
    return {one["InstanceId"] for one in made["Instances"]}


class TestWithMoto:
    def test_an_account_without_anything_has_no_instances_but_regions(self, moto: str) -> None:
        assert moto
        with Connector.open(READS) as connector:
            (account,) = connector.accounts
            assert "eu-west-1" in connector.regions(account.account_id)
            assert list(connector.regions(account.account_id)) == sorted(
                connector.regions(account.account_id)
            )
            scope = Scope(account.account_id, "eu-west-1")
            (page,) = connector.pages(scope, "ec2", "DescribeInstances", MaxResults=1000)
            assert page["Reservations"] == []
        assert operations(connector) == {"GetCallerIdentity": 1, "DescribeRegions": 1, "DescribeInstances": 1}

    def test_each_account_is_read_with_its_own_credentials(self, moto: str) -> None:
        started = {account_id: start(moto, account_id, count) for account_id, count in SOME_INSTANCES.items()}
        roles = [f"arn:aws:iam::{account_id}:role/reader" for account_id in started]
        with Connector.open(READS, role_arns=roles, external_id="shared-secret") as connector:
            assert [account.account_id for account in connector.accounts] == ["123456789012", *started]

            def found(account_id: str) -> set[str]:
                pages = connector.pages(Scope(account_id, "us-east-1"), "ec2", "DescribeInstances")
                reservations = [one for page in pages for one in page["Reservations"]]
                return {made["InstanceId"] for one in reservations for made in one["Instances"]}

            asked = [*started, "123456789012"] * 20
            with ThreadPoolExecutor(8) as threads:
                answers = list(threads.map(found, asked))
        assert answers == [started.get(account_id, set()) for account_id in asked]


class TestAccounts:
    def test_the_base_account_comes_first_and_roles_in_their_order(self, canned: CannedAws) -> None:
        canned.answer("AssumeRole", assumed("444455556666", "ASIAEXAMPLEKEY", "s", "t", FAR))
        with Connector.open(READS, role_arns=[ROLE]) as connector:
            assert connector.accounts == (
                Account(CALLER, f"arn:aws:iam::{CALLER}:user/reader", None),
                Account("444455556666", "arn:aws:sts::444455556666:assumed-role/reader/plainbill", ROLE),
            )
            assert connector.account_gaps == ()

    def test_a_role_that_cannot_be_assumed_is_a_gap_and_the_others_go_on(self, canned: CannedAws) -> None:
        canned.answer("AssumeRole", sts_error("AccessDenied", "not authorized"))
        with Connector.open(READS, role_arns=[ROLE], external_id="secret-external-id") as connector:
            assert [account.account_id for account in connector.accounts] == [CALLER]
            (gap,) = connector.account_gaps
        assert (gap.source, gap.account_id) == ("accounts", "444455556666")
        assert (gap.kind, gap.action) == ("AccessDenied", "sts:AssumeRole")
        assert ROLE in gap.remedy
        assert "secret-external-id" not in gap.reason + gap.remedy

    def test_a_role_of_the_base_account_takes_its_place(self, canned: CannedAws) -> None:
        canned.answer("AssumeRole", assumed(CALLER, "ASIAEXAMPLEKEY", "s", "t", FAR))
        canned.answer("GetMetricData", json_answer({}))
        role = f"arn:aws:iam::{CALLER}:role/reader"
        with Connector.open(READS, role_arns=[role]) as connector:
            assert [account.role_arn for account in connector.accounts] == [role]
            connector.call(HOME, "cloudwatch", "GetMetricData", MetricDataQueries=[], StartTime=0, EndTime=1)
        assert canned.asked[-1].access_key == "ASIAEXAMPLEKEY"

    @pytest.mark.parametrize(
        "role", ["reader", "arn:aws:iam::1:role/x", "arn:aws:iam::444455556666:user/x", ""]
    )
    def test_what_is_no_role_is_said_before_anything_is_asked(self, canned: CannedAws, role: str) -> None:
        with pytest.raises(ConfigError, match="PLAINBILL_ROLE_ARNS"):
            Connector.open(READS, role_arns=[role])
        assert canned.asked == []

    def test_two_roles_of_one_account_are_refused(self, canned: CannedAws) -> None:
        with pytest.raises(ConfigError, match="444455556666 has two"):
            Connector.open(READS, role_arns=[ROLE, ROLE.replace("reader", "other")])
        assert canned.asked == []

    def test_a_role_of_another_partition_is_a_role(self, canned: CannedAws) -> None:
        canned.answer("AssumeRole", assumed("444455556666", "ASIAEXAMPLEKEY", "s", "t", FAR))
        with Connector.open(READS, role_arns=["arn:aws-cn:iam::444455556666:role/path/reader"]) as connector:
            assert len(connector.accounts) == 2


class TestCalls:
    def test_what_was_not_declared_is_not_sent(self, canned: CannedAws) -> None:
        with Connector.open(READS) as connector:
            before = len(canned.asked)
            for service, operation in (
                ("ec2", "TerminateInstances"),
                ("ec2", "DescribeVolumes"),
                ("ce", "NoSuchThing"),
            ):
                with pytest.raises(UndeclaredOperation, match=operation):
                    connector.call(HOME, service, operation)
        assert len(canned.asked) == before

    def test_costs_are_asked_at_cost_explorers_own_endpoint_whatever_the_scope_says(
        self, canned: CannedAws
    ) -> None:
        canned.answer("GetCostAndUsage", json_answer({"ResultsByTime": []}))
        with Connector.open(READS) as connector:
            connector.call(Scope(CALLER, "eu-west-1"), "ce", "GetCostAndUsage", **MONTH)
        assert canned.asked[-1].region == "us-east-1"

    @pytest.mark.parametrize(
        ("partition", "home", "asked"),
        [
            ("aws-cn", "cn-north-1", "cn-northwest-1"),
            ("aws-us-gov", "us-gov-east-1", "us-gov-west-1"),
            ("aws-eusc", "eusc-de-east-1", "eusc-de-east-1"),
            ("aws-iso", "us-iso-west-1", "us-iso-west-1"),  # unknown to us: the region of the first calls
        ],
    )
    def test_every_partition_has_its_own_cost_explorer(
        self, canned: CannedAws, monkeypatch: pytest.MonkeyPatch, partition: str, home: str, asked: str
    ) -> None:
        monkeypatch.setenv("AWS_REGION", home)
        canned.answer("GetCallerIdentity", caller_identity(partition=partition))
        canned.answer("GetCostAndUsage", json_answer({"ResultsByTime": []}))
        with Connector.open(READS) as connector:
            connector.call(HOME, "ce", "GetCostAndUsage", **MONTH)
        assert canned.asked[-1].region == asked

    def test_every_page_is_a_request_and_is_counted_as_one(self, canned: CannedAws) -> None:
        days: list[dict[str, Any]] = [{"Groups": [], "Estimated": False}, {"Groups": [], "Estimated": True}]
        canned.answer(
            "GetCostAndUsage",
            json_answer({"ResultsByTime": days[:1], "NextPageToken": "next"}),
            json_answer({"ResultsByTime": days[1:]}),
        )
        with Connector.open(READS) as connector:
            pages = list(connector.pages(HOME, "ce", "GetCostAndUsage", **MONTH))
            costs = {cost.operation: cost for cost in connector.meter.operations()}
        assert [page["ResultsByTime"] for page in pages] == [days[:1], days[1:]]
        assert canned.asked[-1].params["NextPageToken"] == "next"
        assert (costs["GetCostAndUsage"].calls, costs["GetCostAndUsage"].low) == (2, Decimal("0.02"))

    def test_a_token_that_repeats_ends_in_an_error_not_in_a_bill(self, canned: CannedAws) -> None:
        canned.answer("GetCostAndUsage", json_answer({"ResultsByTime": [], "NextPageToken": "again"}))
        with Connector.open(READS) as connector, pytest.raises(PagesChanged):
            list(connector.pages(HOME, "ce", "GetCostAndUsage", **MONTH))
        assert canned.count("GetCostAndUsage") == 2

    def test_cost_explorer_is_tried_thrice_and_no_more_and_each_attempt_is_counted(
        self, canned: CannedAws, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("time.sleep", lambda _: None)
        canned.answer("GetCostAndUsage", json_error("LimitExceededException", "Rate limit exceeded"))
        with Connector.open(READS) as connector:
            with pytest.raises(Throttled, match="ce:GetCostAndUsage"):
                connector.call(HOME, "ce", "GetCostAndUsage", **MONTH)
            assert operations(connector)["GetCostAndUsage"] == canned.count("GetCostAndUsage") == 3

    def test_a_throttle_that_passes_is_not_seen_but_counted(
        self, canned: CannedAws, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("time.sleep", lambda _: None)
        throttled = json_error("ThrottlingException")
        canned.answer("GetMetricData", throttled, throttled, json_answer({"MetricDataResults": []}))
        with Connector.open(READS) as connector:
            connector.call(HOME, "cloudwatch", "GetMetricData", MetricDataQueries=[], StartTime=0, EndTime=1)
            assert operations(connector)["GetMetricData"] == 3

    def test_the_environment_cannot_change_how_often_is_tried(
        self, canned: CannedAws, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("time.sleep", lambda _: None)
        monkeypatch.setenv("AWS_MAX_ATTEMPTS", "9")
        monkeypatch.setenv("AWS_RETRY_MODE", "legacy")
        canned.answer("GetCostAndUsage", json_error("InternalError", status=500))
        with Connector.open(READS) as connector, pytest.raises(ServerFailure):
            connector.call(HOME, "ce", "GetCostAndUsage", **MONTH)
        assert canned.count("GetCostAndUsage") == 3

    def test_a_region_that_is_not_enabled_is_told_from_bad_credentials(self, canned: CannedAws) -> None:
        words = "AWS was not able to validate the provided access credentials"
        canned.answer("DescribeInstances", ec2_error("AuthFailure", words, 401))
        with Connector.open(READS) as connector:
            with pytest.raises(RegionDisabled, match="eu-south-2") as error:
                connector.call(Scope(CALLER, "eu-south-2"), "ec2", "DescribeInstances")
            assert error.value.region == "eu-south-2"
            canned.answer("GetCallerIdentity", sts_error("InvalidClientTokenId"))
            with pytest.raises(CredentialsRejected):
                connector.call(Scope(CALLER, "eu-south-2"), "ec2", "DescribeInstances")

    @pytest.mark.parametrize(
        ("operation", "answer", "kind"),
        [
            ("DescribeInstances", ec2_error("UnauthorizedOperation"), AccessDenied),
            ("DescribeInstances", ec2_error("RequestExpired", status=400), CredentialsExpired),
            ("GetMetricData", json_error("AccessDeniedException"), AccessDenied),
            ("GetMetricData", json_error("ExpiredTokenException"), CredentialsExpired),
            (
                "GetCostAndUsage",
                NOT_ENABLED,
                NotEnabled,
            ),
            ("GetCostAndUsage", json_error("DataUnavailableException"), NotEnabled),
            ("GetMetricData", Answer(b"<html>Please log in</html>"), UnreadableAnswer),
            ("DescribeInstances", Answer(b"<html>Please log in</html>"), UnreadableAnswer),
            ("GetCostAndUsage", json_error("RequestChangedException"), PagesChanged),
        ],
    )
    def test_a_refusal_is_raised_as_what_it_is(
        self, canned: CannedAws, operation: str, answer: Any, kind: type[AwsCallError]
    ) -> None:
        canned.answer(operation, answer)
        service = next(read.service for read in READS if read.operation == operation)
        params = MONTH if service == "ce" else {}
        if service == "cloudwatch":
            params = {"MetricDataQueries": [], "StartTime": 0, "EndTime": 1}
        with Connector.open(READS) as connector, pytest.raises(kind) as error:
            connector.call(HOME, service, operation, **params)
        assert type(error.value) is kind
        assert (error.value.account_id, error.value.iam_action) == (CALLER, f"{service}:{operation}")

    def test_regions_are_those_the_account_enabled_and_are_asked_once(self, canned: CannedAws) -> None:
        regions = "".join(
            f"<item><regionName>{name}</regionName></item>" for name in ("us-west-2", "eu-west-1")
        )
        named = f"<regionInfo>{regions}</regionInfo>"
        body = f"<DescribeRegionsResponse>{named}</DescribeRegionsResponse>".encode()
        canned.answer("DescribeRegions", Answer(body))
        with Connector.open(READS) as connector:
            with ThreadPoolExecutor(8) as threads:
                answers = set(threads.map(connector.regions, [CALLER] * 16))
            assert answers == {("eu-west-1", "us-west-2")}
        assert canned.count("DescribeRegions") == 1
        params = canned.asked[-1].params
        assert {params["Filter.1.Value.1"], params["Filter.1.Value.2"]} == {"opt-in-not-required", "opted-in"}

    def test_clients_are_made_once_however_many_ask_at_once(self, canned: CannedAws) -> None:
        canned.answer("GetMetricData", json_answer({"MetricDataResults": []}))
        together = threading.Barrier(WORKERS)
        with Connector.open(READS) as connector:

            def ask(_: int) -> None:
                together.wait()
                connector.call(
                    HOME, "cloudwatch", "GetMetricData", MetricDataQueries=[], StartTime=0, EndTime=1
                )

            with ThreadPoolExecutor(WORKERS) as threads:
                list(threads.map(ask, range(WORKERS)))
            assert sorted(connector._door._clients) == [("cloudwatch", "us-east-1"), ("sts", "us-east-1")]
            config = connector._door._clients["cloudwatch", "us-east-1"].meta.config
        assert operations(connector)["GetMetricData"] == WORKERS
        assert (config.max_pool_connections, config.connect_timeout, config.read_timeout) == (32, 5, 60)
        assert config.tcp_keepalive is True
        assert config.retries["mode"] == "standard"
