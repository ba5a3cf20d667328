"""Generated commitments for tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from plainbill.model.resources.commitments import ReservedInstance, SavingsPlan


def savings_plan(**changes: Any) -> SavingsPlan:
    """A Compute Savings Plan that began long ago and ends in a year."""
    plain = SavingsPlan(
        account_id="111122223333",
        region="us-east-1",
        plan_id="plan-1",
        plan_arn="arn:aws:savingsplans::111122223333:savingsplan/plan-1",
        plan_type="Compute",
        state="active",
        commitment="1.00000000",
        currency="USD",
        start_at=datetime(2026, 3, 2, tzinfo=UTC),
        end_at=datetime(2027, 3, 2, tzinfo=UTC),
    )
    return replace(plain, **changes)


def reserved(**changes: Any) -> ReservedInstance:
    """One m5.large for the whole Region, Linux on shared hardware."""
    plain = ReservedInstance(
        account_id="111122223333",
        region="us-east-1",
        reservation_id="ri-1",
        instance_type="m5.large",
        count=1,
        scope="Region",
        platform="Linux/UNIX",
        tenancy="default",
        offering_class="standard",
        state="active",
        end_at=datetime(2027, 3, 2, tzinfo=UTC),
    )
    return replace(plain, **changes)
