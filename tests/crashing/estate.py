"""A small estate, really read from the demo's endpoint, and the readings made from it: each has a number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from aws import connected
from factories import NOW, TODAY
from plainbill.analyzer.registry import Check, all_checks
from plainbill.data_fetcher.metric_statistics import FreeMetrics
from plainbill.demo.answers_identity import access_key
from plainbill.demo.server import DemoEndpoint
from plainbill.model.cost import CostMetric, CostRecord, CostTable
from plainbill.model.period import Period
from plainbill.model.run import OperationCost, Run, RunState
from plainbill.pipeline import collect
from plainbill.pipeline.bill import Bill
from plainbill.pipeline.cost_requests import CostRequests
from plainbill.pipeline.load import load_reader
from plainbill.settings import Settings
from plainbill.storage import Collected, CostSpan, Snapshot, SnapshotStore
from plainbill.storage.snapshot.asked import BASE_TABLES

ACCOUNT = "777788889999"
CHECKS = ("ebs_volume_unattached", "ebs_volume_gp2", "ec2_instance_stopped")
DAYS = Period.of_days(date(2026, 10, 20), TODAY + timedelta(days=1))
OPEN_DAYS = Period.of_days(date(2026, 11, 1), TODAY + timedelta(days=1))
_FEW = 3  # instances whose load is kept: more would only be slower
HOUR = timedelta(hours=1)


def checks() -> tuple[Check, ...]:
    return tuple(check for check in all_checks() if check.id in CHECKS)


def gather() -> Collected:
    """Read one account of the demo company over HTTP, as a refresh does; keep five weeks of it."""
    alone = {"AWS_ACCESS_KEY_ID": access_key(ACCOUNT), "PLAINBILL_ROLE_ARNS": ""}
    with (
        TemporaryDirectory() as folder,
        DemoEndpoint(now=NOW) as demo,
        connected({**demo.environment, **alone}, demo.url) as connector,
        SnapshotStore(Path(folder)).load_writer(run_id(0)) as writer,
    ):
        load = load_reader(Settings(), checks(), NOW, FreeMetrics(0), writer)
        bill = Bill(connector, None, NOW.date(), CostRequests(connector.meter, 0, 40), again=False)
        read, _ = collect(
            connector, None, Settings(aws_opinions=False), run_of(0), lambda _: None, checks(), bill, load
        )
        used = dict(list(read.utilization.items())[:_FEW])
    costs = {table: CostSpan(DAYS, _within(DAYS, span.records)) for table, span in read.costs.items()}
    assert set(costs) == set(BASE_TABLES)
    assert read.instances
    assert read.series
    return replace(read, costs=costs, utilization=used, series=dict(list(read.series.items())[:_FEW]))


def reading(estate: Collected, number: int, *, is_first: bool = False) -> Collected:
    """The estate as the refresh of a number reads it; every second one reads only the open days anew.

    The first that comes to an end reads all, whatever its number: nothing is stored that it could keep.
    """
    days = DAYS if number % 2 or is_first else OPEN_DAYS
    costs = {table: CostSpan(days, _within(days, span.records)) for table, span in estate.costs.items()}
    costs[CostTable.CONTROL] = CostSpan(DAYS, [_control(day, number) for day in DAYS.dates()])
    first, *others = estate.instances
    return replace(
        estate,
        run_id=run_id(number),
        taken_at=NOW + number * HOUR,
        accounts={ACCOUNT: f"number {number}"},
        costs=costs,
        instances=(replace(first, image_id=f"ami-{number}"), *others),
    )


def run_of(number: int, state: RunState = RunState.RUNNING) -> Run:
    """The record of a refresh; its number is also that of its calls."""
    cost = Decimal(number) / 100
    calls = OperationCost(service="ce", operation="GetCostAndUsage", calls=number, low=cost, high=cost)
    return Run(
        run_id=run_id(number),
        state=state,
        started_at=NOW + number * HOUR,
        finished_at=None if state is RunState.RUNNING else NOW + number * HOUR + timedelta(seconds=9),
        accounts=(ACCOUNT,),
        regions=("us-east-1",),
        operations=(calls,),
        gaps=(),
    )


def run_id(number: int) -> str:
    return f"run-{number}"


def number_of(snapshot: Snapshot) -> int:
    return int(snapshot.manifest.run_id.removeprefix("run-"))


def differences(snapshot: Snapshot, estate: Collected) -> list[str]:
    """Say in which parts a snapshot is not what the reading of its number was; empty where it is whole."""
    number = number_of(snapshot)
    said = reading(estate, number)
    control = snapshot.daily_costs(CostTable.CONTROL, DAYS, CostMetric.BLENDED)
    stored = snapshot.resources
    parts = {
        "accounts": dict(snapshot.manifest.accounts) == dict(said.accounts),
        "control": {one.day: one.cost for one in control} == dict.fromkeys(DAYS.dates(), Decimal(number)),
        "services": _total(snapshot, CostTable.SERVICE) == _sum(estate, CostTable.SERVICE),
        "record types": _total(snapshot, CostTable.RECORD_TYPE) == _sum(estate, CostTable.RECORD_TYPE),
        "instances": snapshot.instances() == tuple(said.instances),
        "resources": all(stored(kind) == tuple(some) for kind, some in said.resources.items()),
        "utilization": set(snapshot.utilization()) == set(said.utilization),
        "series": set(snapshot.series()) == set(said.series),
        "usage": set(snapshot.manifest.usage) == set(said.usage),
    }
    return [name for name, is_whole in parts.items() if not is_whole]


def _within(days: Period, records: Sequence[CostRecord]) -> list[CostRecord]:
    wanted = set(days.dates())
    return [record for record in records if record.day in wanted]


def _control(day: date, number: int) -> CostRecord:
    return CostRecord(
        day=day,
        key=None,
        account_id=None,
        amounts=dict.fromkeys(CostMetric, Decimal(number)),
        currency="USD",
        is_estimated=day >= TODAY,
    )


def _total(snapshot: Snapshot, table: CostTable) -> Decimal:
    return sum((one.cost for one in snapshot.daily_costs(table, DAYS, CostMetric.UNBLENDED)), Decimal(0))


def _sum(estate: Collected, table: CostTable) -> Decimal:
    records = estate.costs[table].records
    return sum((record.amounts.get(CostMetric.UNBLENDED, Decimal(0)) for record in records), Decimal(0))
