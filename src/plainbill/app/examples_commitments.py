"""The example of commitments in the API's description: a view like any other."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from plainbill.app.views.commitments_shapes import (
    CommitmentsView,
    CommitmentView,
    ExpiryMonthView,
    ExpiryView,
    KindView,
    OfferView,
    UseDayView,
    UseView,
)

_USE = UseView(
    start=date(2026, 10, 24),
    last=date(2026, 11, 22),
    days=30,
    committed=Decimal("2851.20"),
    used=Decimal("2783.70"),
    unused=Decimal("67.50"),
    difference=Decimal(0),
    utilization=0.9763,
    on_demand=Decimal("3866.28"),
    saved=Decimal("1015.08"),
)
COMMITMENTS = CommitmentsView(
    taken_at=datetime(2026, 11, 24, 12, tzinfo=UTC),
    currency="USD",
    sentence="$3.96 an hour is committed. 1 commitment ends within twelve months.",
    commitments=[
        CommitmentView(
            commitment_id="6f1c2a7e-9b3d-4f58-8c21-0d5e7a94b1f3",
            kind="savings plan",
            title="Compute Savings Plan",
            account_id="111122223333",
            account_name="Management",
            region=None,
            scope="all that its type covers",
            state="active",
            payment="No Upfront",
            term_months=12,
            start=date(2026, 3, 30),
            end=date(2027, 3, 29),
            hourly=Decimal("3.96"),
            currency="USD",
            committed=_USE.committed,
            used=_USE.used,
            unused=_USE.unused,
            utilization=_USE.utilization,
            on_demand=_USE.on_demand,
            saved=_USE.saved,
        )
    ],
    use_days=30,
    kinds=[
        KindView(
            kind="savings plan",
            is_there=True,
            asked_at=datetime(2026, 11, 24, 12, tzinfo=UTC),
            recent=_USE,
            coverage=0.27,
            months=[_USE],
            days=[
                UseDayView(
                    date=date(2026, 11, 22),
                    committed=Decimal("95.04"),
                    used=Decimal("91.23"),
                    unused=Decimal("3.81"),
                )
            ],
            reason=None,
            coverage_reason=None,
        )
    ],
    calendar=[
        ExpiryMonthView(
            month=date(2027, 3, 1),
            ending=[
                ExpiryView(
                    commitment_id="6f1c2a7e-9b3d-4f58-8c21-0d5e7a94b1f3",
                    title="Compute Savings Plan",
                    end=date(2027, 3, 29),
                    days_left=125,
                    monthly_commitment=Decimal("2890.80"),
                    monthly_on_demand=Decimal("3919.98"),
                    monthly_more=Decimal("1029.18"),
                )
            ],
        )
    ],
    offers=[
        OfferView(
            kind="savings plan",
            title="Compute Savings Plan",
            term_months=12,
            payment="No Upfront",
            offered=Decimal("10.116"),
            upfront=Decimal(0),
            currency="USD",
            their_monthly_saving=Decimal("2461.56"),
            advice="buy less",
            stable=Decimal("13.75"),
            removed=Decimal("4.10"),
            trend=Decimal("0.98"),
            safe=Decimal("6.75"),
            monthly_saving=Decimal("1916.20"),
            break_even_months=Decimal("8.64"),
            sentence="AWS would commit to $10.12 an hour. Do not commit to more than $6.75.",
        )
    ],
    offers_reason=None,
    gaps=[],
)
