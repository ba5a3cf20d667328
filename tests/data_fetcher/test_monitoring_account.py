"""What a monitoring account answers counts only where it is surely the whole; accounts tell the rest."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from aws import connected
from factories import NOW
from faults import Call, FaultProxy
from plainbill.aws_connector import Connector, Scope
from plainbill.aws_connector.errors import Asked, CredentialsExpired
from plainbill.data_fetcher import cloudwatch, ec2_instances, ec2_load, observability_links
from plainbill.data_fetcher.crew import Crew, Reading, Unit
from plainbill.data_fetcher.monitoring_account import MonitoringAccount
from plainbill.demo.answers_identity import access_key
from plainbill.demo.call import Fault
from plainbill.demo.fleet import DEVELOPMENT, MANAGEMENT, PRODUCTION
from plainbill.demo.links import Link
from plainbill.demo.server import DemoEndpoint
from plainbill.model.inventory import Gap
from plainbill.model.resources import Ec2Instance

HERE = Scope(MANAGEMENT, "us-east-1")
WINDOW = cloudwatch.window(NOW, 14)
LINKS = tuple(
    Link(source=source, monitoring=MANAGEMENT, region="us-east-1") for source in (PRODUCTION, DEVELOPMENT)
)
Load = Mapping[str, list[float | None]]


def running(connector: Connector, *accounts: str) -> list[Ec2Instance]:
    found = []
    for account in accounts or (MANAGEMENT, PRODUCTION, DEVELOPMENT):
        several, _ = ec2_instances.read(connector, Scope(account, "us-east-1"))
        found += [one for one in several if one.state == "running"][:6]
    return found


def by_itself(connector: Connector, instances: list[Ec2Instance]) -> Load:
    """The highest CPU of each hour, asked of each account."""
    found: dict[str, list[float | None]] = {}
    for account in dict.fromkeys(one.account_id for one in instances):
        some = [one for one in instances if one.account_id == account]
        found |= load(connector, Scope(account, "us-east-1"), some, cloudwatch.ask)[0]
    return found


def load(
    connector: Connector, scope: Scope, instances: list[Ec2Instance], ask: cloudwatch.Ask
) -> tuple[Load, list[Gap]]:
    asked = cloudwatch.queries(instances, cloudwatch.CPU, scope.account_id)
    answer = ask(connector, scope, asked, WINDOW)
    gaps = list(cloudwatch.gaps_of(instances, answer, scope, cloudwatch.CPU))
    told = cloudwatch.answered(instances, answer, cloudwatch.CPU)
    return {one.arn: list(hours[1]) for one, hours in told}, gaps


def monitoring(demo: DemoEndpoint, connector: Connector) -> MonitoringAccount:
    demo.change(links=LINKS)
    account = MonitoringAccount(MANAGEMENT, [observability_links.read(connector, HERE)])
    assert account.place_of(Scope(DEVELOPMENT, "us-east-1")) == HERE
    return account


# --- what must be left alone ---------------------------------------------------------------


def test_only_what_shares_metrics_in_the_region_is_asked_elsewhere(
    demo: DemoEndpoint, connector: Connector
) -> None:
    logs = ("AWS::Logs::LogGroup",)
    demo.change(links=(LINKS[0], replace(LINKS[1], resource_types=logs)))
    account = MonitoringAccount(MANAGEMENT, [observability_links.read(connector, HERE)])
    elsewhere = Scope(PRODUCTION, "eu-west-1")
    assert account.place_of(Scope(PRODUCTION, "us-east-1")) == HERE
    assert account.place_of(elsewhere) == elsewhere
    assert account.place_of(Scope(DEVELOPMENT, "us-east-1")).account_id == DEVELOPMENT


def test_a_region_where_nothing_is_linked_has_no_sink_and_no_failure(
    demo: DemoEndpoint, connector: Connector
) -> None:
    demo.change(links=())
    assert observability_links.read(connector, HERE) == observability_links.Links("us-east-1")


# --- what stands ---------------------------------------------------------------------------


def test_one_call_tells_what_three_accounts_tell(demo: DemoEndpoint, connector: Connector) -> None:
    instances = running(connector)
    expected = by_itself(connector, instances)
    account = monitoring(demo, connector)
    demo.requests.clear()
    assert load(connector, HERE, instances, account.ask) == (expected, [])
    assert [one.account for one in demo.requests] == [MANAGEMENT]
    assert list(account.notes()) == []


def test_a_link_that_ends_between_two_calls_makes_no_busy_instance_silent(
    demo: DemoEndpoint, connector: Connector
) -> None:
    instances = running(connector)
    expected = by_itself(connector, instances)
    account = monitoring(demo, connector)
    assert load(connector, HERE, instances, account.ask) == (expected, [])
    demo.change(links=())
    assert load(connector, HERE, instances, account.ask) == (expected, [])


# --- what does not stand -------------------------------------------------------------------


@pytest.mark.parametrize("status", ["Forbidden", "InternalError", "PartialData"])
def test_what_is_not_complete_is_asked_of_the_account_itself(
    demo: DemoEndpoint, connector: Connector, proxy: FaultProxy, status: str
) -> None:
    instances = running(connector, PRODUCTION, DEVELOPMENT)
    expected = by_itself(connector, instances)
    account = monitoring(demo, connector)

    def broken(call: Call) -> Mapping[str, Any]:
        some = [
            {"Id": one["Id"], "Timestamps": [], "Values": [], "StatusCode": status}
            for one in call.parameters["MetricDataQueries"]
        ]
        return {"MetricDataResults": some, "Messages": []}

    proxy.answer("GetMetricData", broken, times=2 if status == "InternalError" else 1)
    assert load(connector, HERE, instances, account.ask) == (expected, [])


def test_a_remark_on_an_answer_for_many_makes_all_of_it_be_asked_again(
    demo: DemoEndpoint, connector: Connector, proxy: FaultProxy
) -> None:
    instances = running(connector)
    expected = by_itself(connector, instances)
    account = monitoring(demo, connector)
    remark = {"Code": "MaxMetricsExceeded", "Value": "some were not returned"}
    proxy.answer("GetMetricData", lambda _: {"MetricDataResults": [], "Messages": [remark]}, times=1)
    assert load(connector, HERE, instances, account.ask) == (expected, [])


def test_of_accounts_that_must_be_asked_themselves_one_that_refuses_is_a_gap_of_its_own(
    demo: DemoEndpoint, connector: Connector
) -> None:
    instances = running(connector)
    expected = by_itself(connector, instances)
    account = monitoring(demo, connector)
    demo.change(links=(), denied=frozenset({(PRODUCTION, "*", "cloudwatch:GetMetricData")}))
    found, gaps = load(connector, HERE, instances, account.ask)
    assert found == {arn: hours for arn, hours in expected.items() if PRODUCTION not in arn}
    assert [(gap.account_id, gap.region, gap.kind) for gap in gaps] == [
        (PRODUCTION, "us-east-1", "AccessDenied")
    ]


def test_both_phases_of_the_load_say_of_which_account_something_is_missing(
    demo: DemoEndpoint, connector: Connector
) -> None:
    instances = running(connector)
    account = monitoring(demo, connector)
    demo.change(links=(), denied=frozenset({(PRODUCTION, "*", "cloudwatch:GetMetricData")}))
    blocks, gaps = ec2_load.read(
        connector, HERE, instances, WINDOW, lambda some, *_: np.ones(len(some), bool), account.ask
    )
    read = {arn for block in blocks for arn in block.arns}
    assert read == {one.arn for one in instances if one.account_id != PRODUCTION}
    assert {gap.account_id for gap in gaps} == {PRODUCTION}


# --- credentials of one account alone ------------------------------------------------------


def test_a_monitoring_profile_that_expires_leaves_every_other_account_readable(
    demo: DemoEndpoint, proxy: FaultProxy, tmp_path: Path
) -> None:
    told = tmp_path / "keys.json"
    told.write_text(
        json.dumps({"Version": 1, "AccessKeyId": access_key(DEVELOPMENT), "SecretAccessKey": "s"})
    )
    config = tmp_path / "config"
    config.write_text(f"[profile watch]\ncredential_process = /bin/cat {told}\n")
    role = next(arn for arn in demo.company.role_arns if PRODUCTION in arn)
    environment = {**demo.environment, "AWS_CONFIG_FILE": str(config), "PLAINBILL_ROLE_ARNS": role}
    link = Link(source=PRODUCTION, monitoring=DEVELOPMENT, region="us-east-1")
    demo.change(links=(link,))
    here = Scope(DEVELOPMENT, "us-east-1")
    with connected(environment, proxy.url, profiles=["watch"]) as connector:
        instances = running(connector, PRODUCTION)
        expected = by_itself(connector, instances)
        account = MonitoringAccount(DEVELOPMENT, [observability_links.read(connector, here)])
        expired = Fault("ExpiredToken", "The security token included in the request is expired", 403)
        demo.change(faults={(DEVELOPMENT, "*", "*"): expired})
        assert load(connector, here, instances, account.ask) == (expected, [])
        (note,) = account.notes()
    assert "ExpiredToken" in note.reason


def test_credentials_of_one_account_end_its_own_work_and_no_other() -> None:
    alone = Asked("ec2", "DescribeInstances", PRODUCTION, "us-east-1", stands_alone=True)
    asked: list[str] = []

    def read(account: str) -> Reading[str]:
        asked.append(account)
        if account == PRODUCTION:
            raise CredentialsExpired(alone)
        return Reading(account, 1)

    with Crew(lambda _: None, workers=1) as crew:
        units = [
            Unit("some", account, None, lambda account=account: read(account))  # type: ignore[misc]
            for account in (PRODUCTION, DEVELOPMENT, PRODUCTION, DEVELOPMENT)
        ]
        assert crew.results(crew.start(units)) == [DEVELOPMENT, DEVELOPMENT]
    assert asked.count(PRODUCTION) == 1
    assert {gap.account_id for gap in crew.gaps} == {PRODUCTION}


def test_a_unit_of_several_accounts_that_fails_is_a_gap_of_each() -> None:
    def fail() -> Reading[str]:
        raise CredentialsExpired(Asked("cloudwatch", "GetMetricData", MANAGEMENT, "us-east-1"))

    with Crew(lambda _: None) as crew:
        unit = Unit("some", MANAGEMENT, "us-east-1", fail, about=(PRODUCTION, DEVELOPMENT))
        crew.results(crew.start([unit]))
    assert [gap.account_id for gap in crew.gaps] == [PRODUCTION, DEVELOPMENT]
