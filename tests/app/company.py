"""A small company with figures by formula, so that every answer has a truth to be compared with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from factories import NOW, TODAY, cost_record, instance, last_hours, utilization
from plainbill.model.cost import CostMetric, CostRecord, CostTable
from plainbill.model.inventory import Gap
from plainbill.model.period import Period
from plainbill.model.resources import Ec2Instance
from plainbill.model.utilization import Utilization
from plainbill.storage import Collected, CostSpan

DAY = timedelta(days=1)
PRODUCTION, RESEARCH = "111122223333", "444455556666"
ACCOUNTS: dict[str, str | None] = {PRODUCTION: "Production", RESEARCH: None}
FIRST = TODAY - 100 * DAY
STORED = Period.of_days(FIRST, TODAY)
ESTIMATED_FROM = TODAY - 3 * DAY
EC2, S3, TAX = "Amazon Elastic Compute Cloud - Compute", "Amazon Simple Storage Service", "Tax"
SERVICES = {EC2: Decimal("10.10"), S3: Decimal("1.0000000001"), TAX: Decimal("0.5")}
METRICS = {metric: Decimal(n) for n, metric in enumerate(CostMetric, start=1)}
CREDIT = Decimal("-0.25")


def cost(day: date, service: str, account: str, metric: CostMetric = CostMetric.UNBLENDED) -> Decimal:
    """The cost of one service on one day: grows by a cent a day, twice as much in production."""
    growth = Decimal((day - FIRST).days) / 100
    weight = 2 if account == PRODUCTION else 1
    return (SERVICES[service] + growth) * weight * METRICS[metric]


def spent(
    period: Period,
    service: str | None = None,
    account: str | None = None,
    metric: CostMetric = CostMetric.UNBLENDED,
) -> Decimal:
    """The cost of a period, of all services and accounts or of one."""
    return sum(
        (
            cost(day, name, owner, metric)
            for day in period.dates()
            for name in SERVICES
            for owner in ACCOUNTS
            if service in (None, name) and account in (None, owner)
        ),
        Decimal(0),
    )


def _record(
    day: date, key: str | None, account: str | None, amounts: dict[CostMetric, Decimal]
) -> CostRecord:
    return replace(cost_record(day, key, "0", account), amounts=amounts, is_estimated=day >= ESTIMATED_FROM)


def service_records(period: Period = STORED) -> Iterator[CostRecord]:
    """Each service of each account on each day."""
    for day in period.dates():
        for service in SERVICES:
            for account in ACCOUNTS:
                yield _record(
                    day,
                    service,
                    account,
                    {metric: cost(day, service, account, metric) for metric in CostMetric},
                )


def type_records(period: Period = STORED) -> Iterator[CostRecord]:
    """The same costs as usage and a credit."""
    for day in period.dates():
        for account in ACCOUNTS:
            sums = {
                metric: sum((cost(day, name, account, metric) for name in SERVICES), Decimal(0))
                for metric in CostMetric
            }
            yield _record(day, "Usage", account, {metric: sums[metric] - CREDIT for metric in CostMetric})
            yield _record(day, "Credit", account, dict.fromkeys(CostMetric, CREDIT))


def control_records(period: Period = STORED, off_by: Decimal = Decimal(0)) -> Iterator[CostRecord]:
    """AWS's own total, which may differ on each day by ``off_by``."""
    for day in period.dates():
        yield _record(
            day,
            None,
            None,
            {metric: spent(Period.of_days(day, day + DAY), metric=metric) + off_by for metric in CostMetric},
        )


def fleet() -> dict[str, tuple[Ec2Instance, Utilization | None]]:
    """Running instances by what is to be found out about them."""
    old = datetime(2025, 3, 2, 8, 0, tzinfo=UTC)
    young = NOW - 3 * DAY

    def one(number: int, **changes: Any) -> Ec2Instance:
        plain = {"launched_at": old, "first_launched_at": old, "tags": {"Name": f"machine-{number}"}}
        return instance(**{"instance_id": f"i-{number:017x}", **plain, **changes})

    return {
        "busy": (one(1), utilization(average=40, maximum=90)),
        "spiky": (one(2), utilization(average=1, maximum=10)),
        "idle": (
            one(3, availability_zone="us-east-1a"),
            utilization(average=1.5, maximum=4.25, network=1000),
        ),
        "idle elsewhere": (
            one(4, account_id=RESEARCH, region="eu-central-1", instance_type="c5.xlarge"),
            utilization(average=2, maximum=3),
        ),
        "idle at a price not known": (one(5, platform="Windows"), utilization(average=0, maximum=0.5)),
        "young": (one(6, launched_at=young, first_launched_at=young), _since(young)),
        "without metrics": (one(7), None),
    }


def _since(start: datetime) -> Utilization:
    full = utilization(average=1, maximum=2)
    missing = int((start - full.period.start) / timedelta(hours=1))
    holes = (None,) * missing
    assert full.network is not None
    coming, going = full.network
    return replace(
        full,
        cpu_average=holes + tuple(full.cpu_average[missing:]),
        cpu_maximum=holes + tuple(full.cpu_maximum[missing:]),
        network_in=holes + tuple(coming[missing:]),
        network_out=holes + tuple(going[missing:]),
    )


def gap(**changes: Any) -> Gap:
    """A region that may not be looked at."""
    values = {
        "source": "ec2_instances",
        "account_id": RESEARCH,
        "region": "eu-west-3",
        "kind": "AccessDenied",
        "action": "ec2:DescribeInstances",
        "reason": "the role may not describe instances",
        "remedy": "allow ec2:DescribeInstances",
    }
    return Gap(**{**values, **changes})


def collected(**changes: Any) -> Collected:
    """All that a refresh of the company reads."""
    machines = fleet()
    whole = Collected(
        run_id="20261124T120000Z-aaaaaa",
        taken_at=NOW,
        accounts=ACCOUNTS,
        regions=("eu-central-1", "us-east-1"),
        costs={
            CostTable.SERVICE: CostSpan(STORED, list(service_records())),
            CostTable.RECORD_TYPE: CostSpan(STORED, list(type_records())),
            CostTable.CONTROL: CostSpan(STORED, list(control_records())),
        },
        instances=[machine for machine, _ in machines.values()],
        utilization={machine.arn: used for machine, used in machines.values() if used is not None},
        metrics_period=last_hours(14 * 24),
        gaps=(),
    )
    return replace(whole, **changes)
