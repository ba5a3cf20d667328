"""A small company in a home of Plainbill, written by the ordinary storage: what the pages under test show.

Forty instances: 28 idle (two pages of the table), 6 at work, 6 too young for a verdict.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from math import sin
from pathlib import Path
from typing import Any

from factories import cost_record, instance, utilization
from plainbill.model.cost import AnyTable, CostRecord, CostTable
from plainbill.model.period import Period, utc_now
from plainbill.model.resources import Ec2Instance
from plainbill.model.run import OperationCost, Run, RunState
from plainbill.model.utilization import Utilization
from plainbill.storage import Collected, CostSpan, Home, SnapshotStore, State

IDLE, BUSY, YOUNG = 28, 6, 6
ACCOUNTS = {"111122223333": "Production", "444455556666": None}
REGIONS = ("eu-central-1", "us-east-1")
SERVICES: Mapping[str, str] = {
    "Amazon Elastic Compute Cloud - Compute": "410.25",
    "Amazon Relational Database Service": "190.10",
    "EC2 - Other": "120.5",
    "Amazon Simple Storage Service": "75",
    "AWS Lambda": "42",
    "AmazonCloudWatch": "31.4",
    "Amazon Elastic Load Balancing": "26",
    "AWS Key Management Service": "9.99",
    "Amazon Route 53": "4.2",
    "AWS Support (Business)": "3.125",
}
TYPES = ("m5.large", "c5.2xlarge", "t3.medium", "r5.4xlarge")
OPERATIONS = (
    OperationCost(
        service="ce", operation="GetCostAndUsage", calls=6, low=Decimal("0.06"), high=Decimal("0.06")
    ),
    OperationCost(
        service="cloudwatch",
        operation="GetMetricData",
        calls=2,
        low=Decimal("0.0012"),
        high=Decimal("0.0016"),
    ),
    OperationCost(service="ec2", operation="DescribeInstances", calls=4, low=Decimal(0), high=Decimal(0)),
)


def fill(home: Home, **changes: Any) -> Collected:
    """Write a snapshot and its run; ``changes`` replace whole fields of what was collected."""
    now = changes.get("taken_at") or utc_now().replace(minute=0, second=0, microsecond=0)
    whole = replace(collected(now), **changes)
    SnapshotStore(home.snapshots).write(whole)
    record(home, run_of(whole))
    return whole


def record(home: Home, run: Run) -> None:
    """Note a run that has ended."""
    state = State(home.state_db)
    state.finish_run(run)
    state.close()


def run_of(whole: Collected, **changes: Any) -> Run:
    """The record of the refresh that collected ``whole``."""
    run = Run(
        run_id=whole.run_id,
        state=RunState.PARTIAL if whole.gaps else RunState.COMPLETE,
        started_at=whole.taken_at - timedelta(seconds=9),
        finished_at=whole.taken_at,
        accounts=tuple(whole.accounts),
        regions=whole.regions,
        operations=OPERATIONS,
        gaps=whole.gaps,
    )
    return replace(run, **changes)


def failed_run(error: str) -> Run:
    """A refresh that ended just now without a snapshot."""
    return Run(
        run_id="failed", state=RunState.FAILED, started_at=utc_now(), finished_at=utc_now(),
        accounts=(), regions=(), operations=(), gaps=(), error=error,
    )  # fmt: skip


def collected(now: datetime) -> Collected:
    """Everything one refresh read, ending at ``now``."""
    instances = tuple(fleet(now))
    metrics = Period(now - timedelta(days=14), now)
    return Collected(
        run_id=f"run-{now:%Y%m%dT%H%M%S}",
        taken_at=now,
        accounts=ACCOUNTS,
        regions=REGIONS,
        costs=costs(now),
        instances=instances,
        utilization={each.arn: load(number, metrics) for number, each in enumerate(instances)},
        metrics_period=metrics,
        gaps=(),
        base_account="111122223333",
    )


def fleet(now: datetime) -> list[Ec2Instance]:
    """The instances, numbered by their ids; every tenth has no Name tag."""
    return [
        instance(
            instance_id=f"i-{number:017x}",
            account_id=list(ACCOUNTS)[number % 2],
            region=REGIONS[number % 2],
            instance_type="u-made.up" if number % 9 == 5 else TYPES[number % 4],
            lifecycle="spot" if number % 7 == 6 else "on-demand",
            managed_by=("autoscaling",) if number % 5 == 0 else (),
            launched_at=now - timedelta(days=3 if number >= IDLE + BUSY else 200),
            first_launched_at=now - timedelta(days=3 if number >= IDLE + BUSY else 200),
            ebs_volume_ids=("vol-1",),
            tags={} if number % 10 == 3 else {"Name": f"worker-{number:02d}"},
        )
        for number in range(IDLE + BUSY + YOUNG)
    ]


def load(number: int, period: Period) -> Utilization:
    """What an instance does; the sixth idle one misses a day, the young ones all but three days."""
    average = 60.0 if IDLE <= number < IDLE + BUSY else 0.5 + number * 0.15
    missing = range(100, 124) if number == 6 else range(264) if number >= IDLE + BUSY else range(0)
    hours = [None if hour in missing else average for hour in range(period.hours)]
    return replace(
        utilization(days=period.hours // 24),
        period=period,
        cpu_average=[None if each is None else each + 0.3 * sin(hour) for hour, each in enumerate(hours)],
        cpu_maximum=[None if each is None else each + 3.0 for each in hours],
    )


def costs(now: datetime) -> dict[AnyTable, CostSpan]:
    """Seventy days of costs whose three tables agree; the last two days are estimated."""
    period = Period.last_days(70, now.date())
    tables: dict[CostTable, list[CostRecord]] = {table: [] for table in CostTable}
    for day in period.dates():
        late = (now.date() - day).days <= 2
        amounts = {key: Decimal(amount) * (2 if day.day == 11 else 1) for key, amount in SERVICES.items()}
        for place, (key, amount) in enumerate(amounts.items()):
            account = list(ACCOUNTS)[place % 2]
            tables[CostTable.SERVICE].append(cost_record(day, key, str(amount), account, is_estimated=late))
        credit = cost_record(day, "Credit", "-20", is_estimated=late)
        usage = cost_record(day, "Usage", str(sum(amounts.values()) + 20), is_estimated=late)
        tables[CostTable.RECORD_TYPE] += [usage, credit]
        total = str(sum(amounts.values()))
        tables[CostTable.CONTROL].append(cost_record(day, None, total, None, is_estimated=late))
    return {table: CostSpan(period, records) for table, records in tables.items()}


def home_at(folder: Path) -> Home:
    """An empty home."""
    return Home(folder / "home")
