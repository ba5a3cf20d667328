"""A refresh that asks metrics one by one keeps the same figures, and does so only where it is free."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from aws import connected
from factories import NOW
from faults import Call
from pipeline.desk import ACCOUNTS, PAYER, Desk
from plainbill.analyzer.registry import Check, all_checks
from plainbill.model.run import Run, RunState
from plainbill.pipeline import refresh
from plainbill.pipeline.free_requests import free_room
from plainbill.settings import Settings

DAY = timedelta(days=1)


def ask(desk: Desk, mode: str, days: int = 0, checks: tuple[Check, ...] = ()) -> Run:
    desk.proxy.calls.clear()
    with connected(desk.demo.environment, desk.proxy.url) as connector:
        settings = Settings(free_metrics=mode)  # type: ignore[arg-type]  # a mode by its name
        now = NOW + days * DAY
        return refresh(connector, desk.store, desk.state, settings, now, lambda _: None, checks)


def ways(desk: Desk) -> tuple[bool, bool]:
    """Whether metrics were asked one by one, and whether in batches."""
    return desk.proxy.count("GetMetricStatistics") > 0, desk.proxy.count("GetMetricData") > 0


def figures(desk: Desk) -> tuple[Mapping[str, Any], Mapping[Any, Any]]:
    return dict(desk.snapshot.utilization()), dict(desk.snapshot.series().items())


def test_every_figure_is_the_same_and_no_metric_is_paid_for(desk: Desk) -> None:
    desk.answer_a_dollar_a_day(*ACCOUNTS)
    some = tuple(all_checks()[:20])
    ask(desk, "off", checks=some)
    assert ways(desk) == (False, True)
    in_batches = figures(desk)
    run = ask(desk, "on", checks=some)
    assert ways(desk) == (True, False)
    assert figures(desk) == in_batches
    assert all(map(len, in_batches))
    paid = [one for one in run.operations if one.service == "cloudwatch" and one.low]
    assert (run.state, paid) == (RunState.COMPLETE, [])


def test_it_is_left_to_itself_until_the_last_bill_tells_what_others_ask(desk: Desk) -> None:
    desk.answer_a_dollar_a_day(*ACCOUNTS)
    ask(desk, "auto")
    assert ways(desk) == (False, True)
    ask(desk, "auto", days=1)
    assert ways(desk) == (True, False)
    assert free_room(Settings(free_metrics="auto"), desk.state, None, NOW) == 0


@pytest.mark.parametrize(("requests", "is_free"), [("1000000", False), ("300000", True)])
def test_it_stays_away_from_a_million_that_others_have_used(
    desk: Desk, requests: str, *, is_free: bool
) -> None:
    desk.answer_a_dollar_a_day(*ACCOUNTS)
    first = desk.proxy.faults[-1]

    def billed(call: Call) -> bytes:
        answer = first.body(call)
        return answer.replace(b'"Groups": []', used(requests)) if is_usage(call) else answer

    desk.proxy.faults[-1] = replace(first, body=billed)
    ask(desk, "off")
    ask(desk, "auto", days=1)
    assert ways(desk) == (is_free, not is_free)


def is_usage(call: Call) -> bool:
    return bool(call.parameters["Granularity"] == "MONTHLY")


def used(requests: str) -> bytes:
    metrics = {
        "UnblendedCost": {"Amount": "0", "Unit": "USD"},
        "UsageQuantity": {"Amount": requests, "Unit": "Requests"},
    }
    line = {"Keys": ["EU-CW:Requests", PAYER], "Metrics": metrics}
    return b'"Groups": ' + json.dumps([line]).encode()


def test_accounts_that_deny_it_are_read_all_the_same_with_a_note_each(desk: Desk) -> None:
    desk.answer_a_dollar_a_day(*ACCOUNTS)
    desk.proxy.refuse("GetMetricStatistics", "AccessDenied", status=403)
    run = ask(desk, "on")
    assert run.state is RunState.COMPLETE
    assert {gap.kind for gap in run.gaps} == {"NotAskedForFree"}
    assert {gap.account_id for gap in run.gaps} == {one.account_id for one in desk.running}
    assert len(desk.snapshot.utilization()) == len(desk.running)
