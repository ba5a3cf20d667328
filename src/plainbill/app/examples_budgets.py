"""Example answers about budgets, for the API's description."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from plainbill.app.views.budgets import AwsBudgetView, BudgetChangeView, BudgetsView, BudgetView, PaceView

_SET = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
SAVED = {"name": "production", "amount": "30000", "account": "111122223333", "who": "kim"}
BUDGETS = BudgetsView(
    currency="USD",
    data_until=date(2026, 11, 12),
    budgets=[
        BudgetView(
            name="production",
            amount=Decimal(30000),
            currency="USD",
            metric="unblended",
            only={},
            account="111122223333",
            account_name="Production",
            state="at risk",
            pace=PaceView(
                start=date(2026, 11, 1),
                end=date(2026, 12, 1),
                until=date(2026, 11, 13),
                days_gone=12,
                days=30,
                spent=Decimal("14100.00"),
                spent_percent=Decimal("47.0"),
                missing_days=0,
                expected=Decimal("35400.00"),
                expected_percent=Decimal("118.0"),
                low_80=Decimal("34100.00"),
                high_80=Decimal("36700.00"),
                reason=None,
            ),
            why_unknown=None,
            who="kim",
            saved_at=_SET,
        )
    ],
    aws_budgets=[
        AwsBudgetView(
            account="999988887777",
            account_name="Management",
            name="whole company",
            time_unit="monthly",
            currency="USD",
            limit=Decimal("45000.0"),
            spent=Decimal("17020.44"),
            spent_percent=Decimal("37.8"),
            forecast=Decimal("42610.1"),
            forecast_percent=Decimal("94.7"),
            is_filtered=False,
            updated_at=datetime(2026, 11, 13, 5, 12, tzinfo=UTC),
            is_healthy=True,
        )
    ],
    aws_missing=[],
    changes=[BudgetChangeView(at=_SET, name="production", amount=Decimal(30000), who="kim")],
)
