"""The examples in the API's description: views like any other, so that they cannot drift from the shapes."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import orjson

from plainbill.app.views.shapes import (
    AccountCostView,
    CostByServiceView,
    CouldNotTellView,
    CountsView,
    CriteriaView,
    DaysView,
    DayView,
    GapView,
    IdleInstancesView,
    IdleInstanceView,
    OperationView,
    RecordTypeView,
    ServiceCostView,
    StatusView,
)
from plainbill.app.wire import encode

_READ = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
_EC2 = "Amazon Elastic Compute Cloud - Compute"
_S3 = "Amazon Simple Storage Service"
_GAP = GapView(
    source="ec2_instances",
    account_id="444455556666",
    region="eu-west-3",
    kind="AccessDenied",
    action="ec2:DescribeInstances",
    reason="the role may not describe instances",
    remedy="allow ec2:DescribeInstances to the role; `plainbill iam-policy` prints the statement",
)

COSTS = CostByServiceView(
    period=DaysView(start=date(2026, 11, 22), end=date(2026, 11, 24)),
    compared=DaysView(start=date(2026, 11, 20), end=date(2026, 11, 22)),
    metric="unblended",
    account=None,
    currency="USD",
    total=Decimal("150.25"),
    control_total=Decimal("150.25"),
    difference=Decimal("0.00"),
    control_note=None,
    previous_total=Decimal("141.00"),
    change=Decimal("9.25"),
    is_estimated=True,
    estimated_days=2,
    as_of=_READ,
    services=[
        ServiceCostView(
            service=_EC2,
            cost=Decimal("120.00"),
            share=0.7987,
            previous_cost=Decimal("112.00"),
            change=Decimal("8.00"),
        ),
        ServiceCostView(
            service=_S3,
            cost=Decimal("30.25"),
            share=0.2013,
            previous_cost=Decimal("29.00"),
            change=Decimal("1.25"),
        ),
    ],
    by_record_type=[
        RecordTypeView(record_type="Usage", cost=Decimal("155.25")),
        RecordTypeView(record_type="Credit", cost=Decimal("-5.00")),
    ],
    by_account=[
        AccountCostView(account_id="111122223333", name="Production", cost=Decimal("150.25"), share=1.0)
    ],
    daily=[
        DayView(
            date=date(2026, 11, 22),
            is_estimated=True,
            costs={_EC2: Decimal("59.00"), _S3: Decimal("15.00")},
        ),
        DayView(
            date=date(2026, 11, 23),
            is_estimated=True,
            costs={_EC2: Decimal("61.00"), _S3: Decimal("15.25")},
        ),
    ],
    missing_days=[],
    gaps=[],
)

IDLE = IdleInstancesView(
    criteria=CriteriaView(name="seed", cpu_average=5.0, cpu_maximum=10.0, days=14, min_coverage=0.9),
    account=None,
    region=None,
    start=datetime(2026, 11, 10, 6, 0, tzinfo=UTC),
    end=_READ,
    stored_days=14,
    currency="USD",
    price_source="AWS's price list, 2026-11-01",
    instances=[
        IdleInstanceView(
            instance_id="i-0a1b2c3d4e5f60718",
            name="old-wiki",
            account_id="111122223333",
            account_name="Production",
            region="us-east-1",
            instance_type="m5.large",
            platform="Linux/UNIX",
            lifecycle="on-demand",
            availability_zone="us-east-1a",
            managed_by=[],
            ebs_volumes=1,
            public_ips=[],
            launched_at=datetime(2025, 3, 2, 8, 0, tzinfo=UTC),
            cpu_average=1.2,
            cpu_maximum=6.5,
            network_bytes_per_day=81920.0,
            network_asked=True,
            coverage=1.0,
            monthly_cost=Decimal("70.08"),
            reason="CPU was 1.2 % on average and 6.5 % at most over 14 days",
        )
    ],
    could_not_tell=[
        CouldNotTellView(
            instance_id="i-0f9e8d7c6b5a40312",
            name=None,
            account_id="111122223333",
            account_name="Production",
            region="us-east-1",
            instance_type="c7g.xlarge",
            reason="launched 3 days ago; 14 days are needed",
        )
    ],
    counts=CountsView(running=118, idle=1, not_idle=116, could_not_tell=1),
    monthly_cost_total=Decimal("70.08"),
    unknown_price=0,
    gaps=[_GAP],
)

STATUS = StatusView(
    state="partial",
    taken_at=_READ,
    age_seconds=5400,
    data_until=date(2026, 11, 23),
    accounts_read=2,
    accounts_total=3,
    accounts={"111122223333": "Production", "444455556666": "Research", "777788889999": None},
    regions=["eu-west-3", "us-east-1"],
    gaps=[_GAP],
    calls=14,
    cost_low=Decimal("0.12"),
    cost_high=Decimal("0.19"),
    month_cost_low=Decimal("2.64"),
    month_cost_high=Decimal("4.18"),
    next_cost_high=Decimal("0.1616"),
    month_cap=Decimal("10.00"),
    policy=None,
    policy_problems=[],
    policy_changes=[],
    operations=[
        OperationView(
            service="ce", operation="GetCostAndUsage", calls=9, low=Decimal("0.09"), high=Decimal("0.09")
        )
    ],
    is_refreshing=False,
    last_error=None,
    problems=[],
)


def as_json(view: object) -> Any:
    """Return a view as the JSON values that are sent for it."""
    return orjson.loads(encode(view))
