"""The examples of costs and what changed them in the API's description."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from plainbill.app.examples import COSTS
from plainbill.app.views.aws_opinions_shapes import AwsComparisonView, CostDriverView
from plainbill.app.views.changes_shapes import ChangePartView, ChangeStepView, ChangesView
from plainbill.app.views.cost_shapes import ComparedView, CostExplorerView, CostRowView, CostSpanView
from plainbill.app.views.reconciliation import reconciliation
from plainbill.app.views.shapes import DaysView

EXPLORER = CostExplorerView(
    period=COSTS.period,
    metric=COSTS.metric,
    group="service",
    granularity="daily",
    account=None,
    only={},
    currency="USD",
    total=COSTS.total,
    per_day=Decimal("75.125"),
    known_days=2,
    compared=ComparedView(
        compare="previous",
        period=DaysView(start=date(2026, 11, 20), end=date(2026, 11, 22)),
        total=COSTS.previous_total,
        per_day=Decimal("70.50"),
        change=COSTS.change,
        change_per_day=Decimal("4.625"),
        note="some of these days are estimated: the change may still grow or shrink",
    ),
    rows=[
        CostRowView(
            key=row.service,
            name=None,
            cost=row.cost,
            share=row.share,
            per_day=row.cost / 2,
            previous_cost=row.previous_cost,
            previous_per_day=None if row.previous_cost is None else row.previous_cost / 2,
            change=row.change,
            change_per_day=None if row.change is None else row.change / 2,
        )
        for row in COSTS.services
    ],
    spans=[
        CostSpanView(
            start=day.date,
            end=date.fromordinal(day.date.toordinal() + 1),
            total=sum(day.costs.values(), Decimal(0)),
            costs=day.costs,
            is_estimated=day.is_estimated,
            is_unsettled=True,
            missing_days=0,
        )
        for day in COSTS.daily
    ],
    missing_days=[],
    reconciliation=reconciliation(COSTS),
    gaps=[],
)

CHANGES = ChangesView(
    period=COSTS.period,
    compared=DaysView(start=date(2026, 11, 20), end=date(2026, 11, 22)),
    compare="previous",
    by="service",
    metric="unblended",
    account=None,
    currency="USD",
    before=COSTS.previous_total,
    after=COSTS.total,
    change=COSTS.change,
    steps=[
        ChangeStepView(
            cause="more",
            title="More usage",
            amount=Decimal("9.25"),
            sentence="More usage: +$9.25, the largest part Amazon EC2 in Production (+$8.00).",
            parts=[
                ChangePartView(
                    key=row.service,
                    account_id="111122223333",
                    account_name="Production",
                    amount=row.change or Decimal(0),
                    before=row.previous_cost,
                    after=row.cost,
                    unit=None,
                    rate_before=None,
                    rate_after=None,
                )
                for row in COSTS.services
            ],
        )
    ],
    notes=["Prices are not told apart from usage: quantities of a year ago are not stored."],
    may_change=[],
    gaps=[],
    aws=AwsComparisonView(
        asked_at=datetime(2026, 11, 15, 6, tzinfo=UTC),
        before=DaysView(start=date(2026, 9, 1), end=date(2026, 10, 1)),
        after=DaysView(start=date(2026, 10, 1), end=date(2026, 11, 1)),
        drivers=[
            CostDriverView(
                service="Amazon Simple Storage Service",
                usage_type="TimedStorage-ByteHrs",
                kind="USAGE_CHANGE",
                name="Usage change",
                before=Decimal("310.00"),
                after=Decimal("352.40"),
                change=Decimal("42.40"),
                service_change=Decimal("39.10"),
            )
        ],
        reason=None,
    ),
)
