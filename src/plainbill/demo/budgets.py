"""What Harbor & Hearth wants a month to cost: one budget that holds, and some that want a look."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from plainbill.demo.fleet import PRODUCTION
from plainbill.model.budget import Budget
from plainbill.model.cost import CostMetric


def budgets(now: datetime) -> Sequence[Budget]:
    """Return the company's budgets, as set at an instant."""

    def budget(name: str, amount: int, account: str | None = None, **only: str) -> Budget:
        return Budget(
            name=name,
            amount=Decimal(amount),
            currency="USD",
            metric=CostMetric.UNBLENDED,
            only=only,
            account=account,
            who="finops",
            saved_at=now,
        )

    return (
        budget("whole company", 48_000),
        budget("production", 26_000, PRODUCTION),
        budget("CloudWatch", 900, service="AmazonCloudWatch"),
        budget("Ireland", 4_000, region="eu-west-1"),
    )
