"""Generated values for tests: say only what the test is about."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from plainbill.analyzer.waste_check import Context, Inventory
from plainbill.model.cost import CostMetric, CostRecord, DailyCost
from plainbill.model.inventory import Gap
from plainbill.model.metrics import Metric, Series
from plainbill.model.period import Period, midnight
from plainbill.model.resources import Ec2Instance, Resource
from plainbill.model.resources.ebs import EbsVolume
from plainbill.model.utilization import Utilization
from plainbill.prices.list_prices import ListPrices

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
TODAY = NOW.date()


def instance(**changes: Any) -> Ec2Instance:
    """A plain Linux instance that has been running for months."""
    plain = Ec2Instance(
        instance_id="i-0a1b2c3d4e5f60718",
        account_id="111122223333",
        region="us-east-1",
        instance_type="m5.large",
        state="running",
        platform="Linux/UNIX",
        tenancy="default",
        lifecycle="on-demand",
        launched_at=datetime(2026, 3, 2, 8, 0, tzinfo=UTC),
        first_launched_at=datetime(2026, 3, 2, 8, 0, tzinfo=UTC),
    )
    return replace(plain, **changes)


def last_hours(hours: int, end: datetime = NOW) -> Period:
    """The whole hours before ``end``."""
    return Period(datetime.fromtimestamp(end.timestamp() - hours * 3600, UTC), end)


def utilization(
    average: float = 1.0,
    maximum: float = 2.0,
    network: float = 1000.0,
    days: int = 14,
    **changes: Any,
) -> Utilization:
    """The same load in every hour of ``days`` days; ``changes`` replace whole fields."""
    hours = days * 24
    flat = Utilization(
        period=last_hours(hours),
        cpu_average=(average,) * hours,
        cpu_maximum=(maximum,) * hours,
        network_in=(network / 2,) * hours,
        network_out=(network / 2,) * hours,
    )
    return replace(flat, **changes)


def cost_record(
    day: date, key: str | None, amount: str, account_id: str | None = "111122223333", **changes: Any
) -> CostRecord:
    """One group of one day whose metrics all have the same amount."""
    record = CostRecord(
        day=day,
        key=key,
        account_id=account_id,
        amounts={metric: Decimal(amount) for metric in CostMetric},
        currency="USD",
        is_estimated=False,
    )
    return replace(record, **changes)


def daily_cost(day: date, key: str | None, cost: str, *, is_estimated: bool = False) -> DailyCost:
    """What one service cost on one day."""
    return DailyCost(day=day, key=key, cost=Decimal(cost), is_estimated=is_estimated)


def with_hours(
    flat: float | None, at: Mapping[int, float | None] | None = None, hours: int = 336
) -> tuple[float | None, ...]:
    """The same value in every hour but those named: ``with_hours(1.0, {12: 60.0})``."""
    return tuple((at or {}).get(hour, flat) for hour in range(hours))


def gap(**changes: Any) -> Gap:
    """CloudWatch was refused in one account and region."""
    refused = Gap(
        source="cloudwatch",
        account_id="111122223333",
        region="us-east-1",
        kind="AccessDenied",
        action="cloudwatch:GetMetricData",
        reason="AWS refused cloudwatch:GetMetricData",
        remedy="Add cloudwatch:GetMetricData to the policy of the role",
    )
    return replace(refused, **changes)


def volume(**changes: Any) -> EbsVolume:
    """A gp3 volume of 100 GiB at its baseline, attached to nothing, made months ago."""
    plain = EbsVolume(
        account_id="111122223333",
        region="us-east-1",
        volume_id="vol-0a1b2c3d4e5f60718",
        volume_type="gp3",
        size_gib=100,
        state="available",
        created_at=datetime(2026, 3, 2, 8, 0, tzinfo=UTC),
        availability_zone="us-east-1a",
        iops=3000,
        throughput_mib=125,
    )
    return replace(plain, **changes)


def days_of(*values: float | None) -> Series:
    """A daily series up to today, oldest value first."""
    end = midnight(TODAY)
    return Series(Period(end - timedelta(days=len(values)), end), timedelta(days=1), values)


def flat_days(value: float | None, days: int = 63) -> Series:
    """The same value on every day."""
    return days_of(*[value] * days)


def context(
    *resources: Resource,
    gaps: Sequence[Gap] = (),
    series: Mapping[tuple[str, Metric], Series] | None = None,
    asked: Collection[type[Resource]] = (),
    **changes: Any,
) -> Context:
    """What a check may know: these resources and no others of the kinds asked for, at list prices.

    ``series`` is by the resource's ARN and the metric.
    """
    kinds: dict[type[Resource], list[Resource]] = {kind: [] for kind in asked}
    for one in resources:
        kinds.setdefault(type(one), []).append(one)
    measured = {(arn, metric.key): values for (arn, metric), values in (series or {}).items()}
    plain = Context(
        now=NOW,
        rates=ListPrices.load(),
        inventory=Inventory(resources=kinds, gaps=gaps),
        series=measured,
    )
    return replace(plain, **changes)
