"""The record of a refresh, as other programs read it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from factories import NOW
from plainbill.model.inventory import Gap
from plainbill.model.run import OperationCost, Run, RunState, run_json

GAP = Gap(
    source="ec2_instances",
    account_id="111122223333",
    region="eu-west-1",
    kind="AccessDenied",
    action="ec2:DescribeInstances",
    reason="refused",
    remedy="allow it",
)
RUN = Run(
    run_id="20261124T120000Z-abcdef",
    state=RunState.PARTIAL,
    started_at=NOW,
    finished_at=NOW + timedelta(seconds=2.5),
    accounts=("111122223333",),
    regions=("eu-west-1", "us-east-1"),
    operations=(
        OperationCost(
            service="ce", operation="GetCostAndUsage", calls=3, low=Decimal("0.03"), high=Decimal("0.03")
        ),
        OperationCost(
            service="cloudwatch",
            operation="GetMetricData",
            calls=2,
            low=Decimal("0.00003"),
            high=Decimal("0.00004"),
        ),
    ),
    gaps=(GAP,),
)


def test_a_run_keeps_its_calls_dollars_gaps_and_seconds_in_json() -> None:
    assert json.loads(json.dumps(run_json(RUN))) == {
        "run_id": "20261124T120000Z-abcdef",
        "state": "partial",
        "started_at": "2026-11-24T12:00:00+00:00",
        "finished_at": "2026-11-24T12:00:02.500000+00:00",
        "seconds": 2.5,
        "accounts": ["111122223333"],
        "regions": ["eu-west-1", "us-east-1"],
        "calls": 5,
        "cost_low": "0.03003",
        "cost_high": "0.03004",
        "operations": [
            {"service": "ce", "operation": "GetCostAndUsage", "calls": 3, "low": "0.03", "high": "0.03"},
            {
                "service": "cloudwatch",
                "operation": "GetMetricData",
                "calls": 2,
                "low": "0.00003",
                "high": "0.00004",
            },
        ],
        "gaps": [
            {
                "source": "ec2_instances",
                "account_id": "111122223333",
                "region": "eu-west-1",
                "kind": "AccessDenied",
                "action": "ec2:DescribeInstances",
                "reason": "refused",
                "remedy": "allow it",
            }
        ],
        "error": None,
    }


def test_a_running_run_has_no_end_and_no_seconds() -> None:
    written = run_json(replace(RUN, state=RunState.RUNNING, finished_at=None))
    assert (written["state"], written["finished_at"], written["seconds"]) == ("running", None, None)
