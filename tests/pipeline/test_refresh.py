"""A refresh over real HTTP keeps exactly what is true, and asks for no more than it needs."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from factories import NOW
from pipeline.desk import ACCOUNTS, DEVELOPMENT, HISTORY, MONTH, PAYER, PRODUCTION, REGIONS, Desk
from plainbill.demo.answers_identity import access_key
from plainbill.model.cost import CostMetric, CostTable
from plainbill.model.run import RunState


def test_a_whole_refresh_stores_what_is_true_of_costs_instances_and_load(desk: Desk) -> None:
    run = desk.refresh()
    company = desk.demo.company
    assert (run.state, run.gaps, run.error) == (RunState.COMPLETE, (), None)
    for table, field in ((CostTable.SERVICE, "service"), (CostTable.RECORD_TYPE, "record_type")):
        for metric in CostMetric:
            rows = desk.snapshot.daily_costs(table, HISTORY, metric)
            assert sum(row.cost for row in rows) == company.bill.total(HISTORY, metric)
        stored: dict[tuple[str, ...], Decimal] = {}
        for row in desk.snapshot.daily_costs(table, MONTH, CostMetric.UNBLENDED, PRODUCTION):
            stored[(str(row.key),)] = stored.get((str(row.key),), Decimal(0)) + row.cost
        truth = company.bill.totals(MONTH, CostMetric.UNBLENDED, "account_id", field)
        assert stored == {(key,): cost for (account, key), cost in truth.items() if account == PRODUCTION}
    assert desk.total(CostTable.CONTROL, HISTORY) == company.bill.total(HISTORY, CostMetric.NET_AMORTIZED)
    bare = [
        replace(one, ebs_volume_ids=(), public_ips=(), image_id=None, source_dest_check=None)
        for one in desk.snapshot.instances()
    ]
    assert {one.instance_id: one for one in bare} == {
        one.instance_id: one.resource for one in company.instances
    }
    usage = desk.snapshot.utilization()
    assert set(usage) == {one.arn for one in desk.running}
    assert {one.period for one in usage.values()} == {desk.snapshot.manifest.metrics_period}


def test_the_manifest_and_the_run_say_what_was_covered_and_what_it_cost(desk: Desk) -> None:
    run = desk.refresh()
    manifest = desk.snapshot.manifest
    assert (manifest.run_id, manifest.taken_at, manifest.base_account) == (run.run_id, NOW, PAYER)
    assert dict(manifest.accounts) == {one.account_id: one.name for one in desk.demo.company.accounts}
    assert manifest.regions == run.regions == REGIONS
    assert run.accounts == (PAYER, PRODUCTION, DEVELOPMENT)
    assert run.calls == len(desk.proxy.calls)
    assert {(cost.operation, cost.calls) for cost in run.operations} == {
        (operation, desk.proxy.count(operation))
        for operation in {call.operation for call in desk.proxy.calls}
    }
    assert run.finished_at
    assert timedelta(0) < run.finished_at - run.started_at < timedelta(minutes=2)
    assert desk.state.runs() == [run]


def test_a_second_refresh_asks_only_for_the_days_that_may_still_change(desk: Desk) -> None:
    desk.refresh()
    billed = ("2026-10-22", "2026-11-23")  # the usage of about the last month, each time
    assert desk.asked_days() == {("2025-10-01", "2026-11-25"), ("2026-09-01", "2026-11-25"), billed}
    before = desk.total(CostTable.SERVICE, HISTORY)
    run = desk.refresh(NOW + timedelta(days=1))
    next_billed = ("2026-10-23", "2026-11-24")
    assert desk.asked_days() == {("2026-11-01", "2026-11-26"), next_billed}
    assert desk.proxy.count("GetCostAndUsage") == 11
    assert run.state is RunState.COMPLETE
    assert desk.total(CostTable.SERVICE, HISTORY) == before
    period = desk.snapshot.manifest.tables[CostTable.SERVICE].period
    assert (period.start, period.end) == (HISTORY.start, HISTORY.end + timedelta(days=1))


def test_no_instance_costs_a_call_of_its_own(desk: Desk) -> None:
    desk.answer_a_dollar_a_day(*ACCOUNTS)
    desk.refresh()
    busy = {(one.account_id, one.region) for one in desk.demo.company.instances if one.state == "running"}
    calls = [call for call in desk.proxy.calls if call.operation == "GetMetricData"]
    assert len(busy) <= len(calls) <= len(busy) + len(desk.running) // 10
    assert desk.proxy.count("DescribeInstances") == 3 * len(REGIONS)
    assert desk.proxy.count("DescribeRegions") == 3
    asked = sum(len(call.parameters["MetricDataQueries"]) for call in calls)
    with_network = sum(used.network is not None for used in desk.snapshot.utilization().values())
    assert asked == 2 * len(desk.running) + 2 * with_network
    assert 0 < with_network < len(desk.running)


def test_every_step_is_reported_from_waiting_to_its_end(desk: Desk) -> None:
    desk.answer_a_dollar_a_day(*ACCOUNTS)
    desk.proxy.refuse("DescribeInstances", "UnauthorizedOperation", status=403, region="eu-west-1")
    run = desk.refresh()
    steps: dict[tuple[str, str | None, str | None], list[str]] = {}
    for step in desk.steps:
        steps.setdefault((step.source, step.account_id, step.region), []).append(step.state)
    ends = {key: states[-1] for key, states in steps.items()}
    assert all(states[0] == "waiting" and states[1] == "running" for states in steps.values())
    assert set(ends.values()) == {"done", "gap"}
    assert {key for key, end in ends.items() if end == "gap"} == {
        (gap.source, gap.account_id, gap.region) for gap in run.gaps
    }
    assert {key[0] for key in steps} == {
        "cost_explorer.service", "cost_explorer.record_type", "cost_explorer.control",
        "cost_explorer.usage_by_account", "cost_explorer.usage_by_operation",
        "cost_explorer.region", "cost_explorer.usage_type", "cost_explorer.purchase_type",
        "cost_explorer.tag", "cost_explorer.tag:project", "cost_explorer.cost_category",
        "ec2_regions", "ec2_instances", "cloudwatch", "price_list",
    }  # fmt: skip
    read = sum(
        step.items or 0 for step in desk.steps if step.source == "ec2_instances" and step.state == "done"
    )
    assert read == len(desk.snapshot.instances())


def test_the_costs_of_another_paying_account_are_not_mixed_in(desk: Desk) -> None:
    desk.refresh()
    payers = desk.total(CostTable.SERVICE, MONTH)
    desk.refresh(NOW + timedelta(hours=1), AWS_ACCESS_KEY_ID=access_key(PRODUCTION), PLAINBILL_ROLE_ARNS="")
    assert ("2025-10-01", "2026-11-25") in desk.asked_days()
    assert desk.snapshot.manifest.base_account == PRODUCTION
    assert 0 < desk.total(CostTable.SERVICE, MONTH) < payers
