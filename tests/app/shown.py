"""Views with ordinary values: say only what the test is about."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from plainbill.app.views.shapes import (
    CostByServiceView,
    CountsView,
    CriteriaView,
    DaysView,
    IdleInstancesView,
    IdleInstanceView,
    ServiceCostView,
    StatusView,
)


def idle_row(**changes: Any) -> IdleInstanceView:
    """An idle instance with everything known."""
    row = IdleInstanceView(
        instance_id="i-0a1b2c3d4e5f60718",
        name="web-1",
        account_id="111122223333",
        account_name="Production",
        region="us-east-1",
        instance_type="m5.large",
        platform="Linux/UNIX",
        lifecycle="on-demand",
        availability_zone="us-east-1a",
        managed_by=(),
        ebs_volumes=1,
        public_ips=(),
        launched_at=datetime(2026, 3, 2, 8, 0, tzinfo=UTC),
        cpu_average=1.5,
        cpu_maximum=4.25,
        network_asked=True,
        network_bytes_per_day=1000.0,
        coverage=1.0,
        monthly_cost=Decimal("70.08"),
        reason="average CPU 1.5 % and maximum 4.3 % over 14 days",
    )
    return replace(row, **changes)


def idle_view(**changes: Any) -> IdleInstancesView:
    """No instances at all."""
    view = IdleInstancesView(
        criteria=CriteriaView(name="seed", cpu_average=5.0, cpu_maximum=10.0, days=14, min_coverage=0.9),
        account=None,
        region=None,
        start=datetime(2026, 11, 10, 12, tzinfo=UTC),
        end=datetime(2026, 11, 24, 12, tzinfo=UTC),
        stored_days=14,
        currency="USD",
        price_source="AWS's price list, 2026-11-01",
        instances=(),
        could_not_tell=(),
        counts=CountsView(running=0, idle=0, not_idle=0, could_not_tell=0),
        monthly_cost_total=Decimal(0),
        unknown_price=0,
        gaps=(),
    )
    return replace(view, **changes)


def cost_view(
    service: str = "Amazon EC2", cost: Decimal = Decimal("100.00"), **changes: Any
) -> CostByServiceView:
    """Thirty days of one service, reconciled, without a previous period."""
    view = CostByServiceView(
        period=DaysView(start=date(2026, 10, 25), end=date(2026, 11, 24)),
        metric="unblended",
        account=None,
        currency="USD",
        total=cost,
        control_total=cost,
        difference=Decimal(0),
        control_note=None,
        previous_total=None,
        change=None,
        is_estimated=False,
        estimated_days=0,
        as_of=datetime(2026, 11, 24, 12, tzinfo=UTC),
        services=(ServiceCostView(service=service, cost=cost, share=1.0, previous_cost=None, change=None),),
        by_record_type=(),
        by_account=(),
        daily=(),
        missing_days=(),
        gaps=(),
    )
    return replace(view, **changes)


def status_view(**changes: Any) -> StatusView:
    """A complete snapshot of two accounts."""
    view = StatusView(
        state="complete",
        taken_at=datetime(2026, 11, 24, 12, tzinfo=UTC),
        age_seconds=60,
        data_until=date(2026, 11, 23),
        accounts_read=2,
        accounts_total=2,
        accounts={"111122223333": "Production", "444455556666": None},
        regions=("eu-central-1", "us-east-1"),
        gaps=(),
        calls=12,
        cost_low=Decimal("0.05"),
        cost_high=Decimal("0.07"),
        month_cost_low=Decimal("0.05"),
        month_cost_high=Decimal("0.07"),
        next_cost_high=Decimal("0.07"),
        month_cap=None,
        policy=None,
        policy_problems=[],
        policy_changes=[],
        operations=(),
        is_refreshing=False,
        last_error=None,
        problems=(),
    )
    return replace(view, **changes)
