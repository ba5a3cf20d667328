"""What cannot be read becomes a gap that says so, and everything else is read all the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from factories import NOW
from faults import Call
from pipeline.desk import ACCOUNTS, DEVELOPMENT, HISTORY, MONTH, PAYER, PRODUCTION, Desk
from plainbill.errors import StorageError
from plainbill.model.cost import CostTable
from plainbill.model.resources.aws_advice import is_hole
from plainbill.model.run import RunState
from plainbill.storage.snapshot.asked import wanted_tables


@pytest.fixture(autouse=True)
def _only_what_is_always_asked(desk: Desk) -> None:
    desk.ask_no_details()


def test_a_denied_region_is_a_gap_and_everything_else_is_there(desk: Desk) -> None:
    desk.answer_a_dollar_a_day(*ACCOUNTS)
    desk.proxy.refuse("DescribeInstances", "UnauthorizedOperation", status=403, region="eu-west-1")
    run = desk.refresh()
    assert run.state is RunState.PARTIAL
    assert [(gap.source, gap.account_id, gap.region, gap.action) for gap in run.gaps] == [
        ("ec2_instances", account, "eu-west-1", "ec2:DescribeInstances")
        for account in (PAYER, PRODUCTION, DEVELOPMENT)
    ]
    assert desk.snapshot.manifest.gaps == run.gaps
    elsewhere = [one for one in desk.demo.company.instances if one.region != "eu-west-1"]
    assert {one.instance_id for one in desk.snapshot.instances()} == {one.instance_id for one in elsewhere}
    assert len(desk.snapshot.utilization()) == sum(one.state == "running" for one in elsewhere)
    assert desk.total(CostTable.SERVICE, HISTORY) == 3 * HISTORY.days


def test_denied_costs_are_gaps_and_the_costs_of_the_last_refresh_stay(desk: Desk) -> None:
    desk.answer_a_dollar_a_day(*ACCOUNTS)
    desk.refresh()
    desk.proxy.faults.clear()
    before = desk.total(CostTable.SERVICE, MONTH)
    desk.proxy.refuse("GetCostAndUsage", "AccessDeniedException")
    run = desk.refresh(NOW + timedelta(days=1))
    assert desk.proxy.count("GetCostAndUsage") == 1  # what is denied once is denied for every table
    assert run.state is RunState.PARTIAL
    assert [(gap.source, gap.action) for gap in run.gaps] == [
        ("cost_explorer.control", "ce:GetCostAndUsage"),
        ("cost_explorer.record_type", "ce:GetCostAndUsage"),
        ("cost_explorer.service", "ce:GetCostAndUsage"),
        ("cost_explorer.usage_by_account", "ce:GetCostAndUsage"),
        ("cost_explorer.usage_by_operation", "ce:GetCostAndUsage"),
    ]
    assert desk.snapshot.manifest.run_id == run.run_id
    assert desk.snapshot.manifest.tables[CostTable.SERVICE].as_of == NOW
    assert desk.total(CostTable.SERVICE, MONTH) == before != 0


def test_costs_denied_from_the_beginning_are_absent_not_zero(desk: Desk) -> None:
    desk.proxy.refuse(
        "GetCostAndUsage", "AccessDeniedException", words="User not enabled for cost explorer access"
    )
    run = desk.refresh()
    assert run.state is RunState.PARTIAL
    assert desk.snapshot.manifest.tables == {}
    assert desk.snapshot.billed() is None
    assert {gap.source for gap in run.gaps} == {
        "cost_explorer.control", "cost_explorer.record_type", "cost_explorer.service",
        "cost_explorer.usage_by_account", "cost_explorer.usage_by_operation",
    }  # fmt: skip
    assert len(desk.snapshot.instances()) > 100


def test_one_table_that_failed_is_asked_whole_the_next_time(desk: Desk) -> None:
    desk.proxy.refuse("GetCostAndUsage", "DataUnavailableException")
    desk.proxy.faults[0] = replace(desk.proxy.faults[0], applies=_asks_for_record_types)
    desk.answer_a_dollar_a_day(*ACCOUNTS)
    run = desk.refresh()
    assert [gap.source for gap in run.gaps] == ["cost_explorer.record_type"]
    assert set(desk.snapshot.manifest.tables) == {CostTable.SERVICE, CostTable.CONTROL}
    del desk.proxy.faults[0]
    assert desk.refresh(NOW + timedelta(hours=1)).state is RunState.COMPLETE
    assert desk.total(CostTable.RECORD_TYPE, HISTORY) == 3 * HISTORY.days


def test_billed_usage_that_failed_is_a_gap_and_that_of_the_last_refresh_stays(desk: Desk) -> None:
    desk.refresh()
    before = desk.snapshot.billed()
    desk.proxy.refuse("GetCostAndUsage", "DataUnavailableException")
    desk.proxy.faults[0] = replace(desk.proxy.faults[0], applies=_asks_for_usage_by_account)
    run = desk.refresh(NOW + timedelta(days=1))
    assert [(gap.source, gap.kind) for gap in run.gaps if is_hole(gap)] == [
        ("cost_explorer.usage_by_account", "HistoryUnavailable")
    ]
    after = desk.snapshot.billed()
    assert before
    assert before.by_account
    assert after
    assert after.by_account == before.by_account
    assert after.by_operation
    assert after.by_operation.period.end_day == date(2026, 11, 24)


def _asks_for_usage_by_account(call: Call) -> bool:
    keys = [group["Key"] for group in call.parameters.get("GroupBy", [])]
    return keys == ["USAGE_TYPE", "LINKED_ACCOUNT"]


def _asks_for_record_types(call: Call) -> bool:
    return any(group["Key"] == "RECORD_TYPE" for group in call.parameters.get("GroupBy", []))


def test_a_history_that_is_not_there_yet_is_asked_for_again_until_it_is(desk: Desk) -> None:
    desk.answer_a_dollar_a_day(*ACCOUNTS)
    desk.proxy.faults.insert(0, replace(desk.proxy.faults[0], status=400, body=_unavailable, applies=_is_old))
    run = desk.refresh()
    assert run.state is RunState.PARTIAL
    assert {gap.kind for gap in run.gaps} == {"HistoryUnavailable"}
    november = desk.snapshot.manifest.tables[CostTable.SERVICE].period
    assert (november.first_day, november.end_day) == (date(2026, 11, 1), HISTORY.end_day)
    assert desk.total(CostTable.SERVICE, HISTORY) == 3 * november.days
    assert desk.proxy.count("GetCostAndUsage") == 3 + 2 + 2  # only the first table is refused older days
    del desk.proxy.faults[0]
    again = desk.refresh(NOW + timedelta(hours=1))
    of_costs = tuple(gap for gap in run.gaps if "usage" not in gap.source)
    assert (again.state, again.gaps) == (RunState.PARTIAL, of_costs)
    assert desk.proxy.count("GetCostAndUsage") == 2  # usage had brought nothing; costs take days to fill
    assert desk.refresh(NOW + timedelta(days=1)).state is RunState.COMPLETE
    assert desk.total(CostTable.SERVICE, HISTORY) == 3 * HISTORY.days


def _is_old(call: Call) -> bool:
    return call.operation == "GetCostAndUsage" and call.parameters["TimePeriod"]["Start"] < "2026-11-01"


def _unavailable(_: Call) -> bytes:
    return b'{"__type": "DataUnavailableException", "message": "Data is not available."}'


def test_throttled_costs_are_gaps_after_the_retries_and_the_instances_are_there(desk: Desk) -> None:
    desk.proxy.refuse("GetCostAndUsage", "LimitExceededException")
    run = desk.refresh()
    assert {(gap.source.partition(".")[0], gap.kind) for gap in run.gaps} == {("cost_explorer", "Throttled")}
    assert desk.proxy.count("GetCostAndUsage") == 3  # three attempts in all: each may be billed
    assert len(desk.running) == len(desk.snapshot.utilization()) > 100


def test_a_throttle_that_passes_leaves_no_gap(desk: Desk) -> None:
    desk.answer_a_dollar_a_day(*ACCOUNTS)
    desk.proxy.refuse("DescribeInstances", "RequestLimitExceeded", status=503, region="us-east-1", times=1)
    desk.proxy.refuse("GetMetricData", "ThrottlingException", region="eu-west-1", times=1)
    assert desk.refresh().state is RunState.COMPLETE


def test_an_account_whose_role_is_refused_is_a_gap_and_its_costs_are_still_on_the_bill(desk: Desk) -> None:
    desk.answer_a_dollar_a_day(*ACCOUNTS)
    stranger = f"arn:aws:iam::{PRODUCTION}:role/NotForUs"
    member = f"arn:aws:iam::{DEVELOPMENT}:role/PlainbillReadOnly"
    run = desk.refresh(PLAINBILL_ROLE_ARNS=f"{stranger},{member}")
    assert run.state is RunState.PARTIAL
    assert [(gap.account_id, gap.action) for gap in run.gaps] == [(PRODUCTION, "sts:AssumeRole")]
    assert {one.account_id for one in desk.snapshot.instances()} == {PAYER, DEVELOPMENT}
    assert desk.total(CostTable.SERVICE, MONTH, PRODUCTION) == MONTH.days


def test_credentials_that_expire_midway_leave_what_was_read_and_a_gap_for_all_that_was_not(
    desk: Desk,
) -> None:
    desk.answer_a_dollar_a_day(*ACCOUNTS)
    desk.proxy.refuse("GetMetricData", "ExpiredTokenException")
    run = desk.refresh()
    assert run.state is RunState.PARTIAL
    assert {(gap.source, gap.kind) for gap in run.gaps} == {
        ("cloudwatch", "CredentialsExpired"),
        ("price_list", "CredentialsExpired"),
    }
    missed = {(gap.account_id, gap.region) for gap in run.gaps if gap.source == "cloudwatch"}
    assert missed == {(one.account_id, one.region) for one in desk.running}
    assert desk.snapshot.utilization() == {}
    assert desk.snapshot.manifest.metrics_period is None


def test_when_nothing_can_be_read_the_run_fails_with_its_reason_and_the_last_snapshot_stays(
    desk: Desk,
) -> None:
    desk.answer_a_dollar_a_day(*ACCOUNTS)
    first = desk.refresh()
    desk.proxy.faults.clear()
    for operation, code in (
        ("GetCostAndUsage", "AccessDeniedException"),
        ("DescribeRegions", "UnauthorizedOperation"),
    ):
        desk.proxy.refuse(operation, code, status=403)
    run = desk.refresh(NOW + timedelta(days=1))
    assert run.state is RunState.FAILED
    assert run.error
    assert run.error.startswith("Nothing could be read.")
    assert "ce:GetCostAndUsage" in run.error
    assert len(run.gaps) == len(wanted_tables(())) + 3  # and the Regions of three accounts
    assert desk.snapshot.manifest.run_id == first.run_id
    assert [one.state for one in desk.state.runs()] == [RunState.FAILED, RunState.COMPLETE]


def test_a_snapshot_that_cannot_be_written_is_a_failed_run_that_says_why(desk: Desk) -> None:
    desk.store.folder.rename(desk.store.folder.with_name("gone"))
    with pytest.raises(StorageError):
        desk.refresh()
    (run,) = desk.state.runs()
    assert run.state is RunState.FAILED
    assert run.error
    assert str(desk.store.folder) in run.error


def test_a_role_account_that_is_not_on_the_bill_is_said_so(desk: Desk) -> None:
    desk.answer_a_dollar_a_day(PAYER)
    run = desk.refresh()
    assert [(gap.source, gap.account_id, gap.kind) for gap in run.gaps] == [
        ("cost_explorer", PRODUCTION, "NotOnTheBill"),
        ("cost_explorer", DEVELOPMENT, "NotOnTheBill"),
    ]
    assert all(PAYER in gap.reason for gap in run.gaps)
