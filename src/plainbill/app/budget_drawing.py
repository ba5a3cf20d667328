"""The geometry of a budget's month as one bar: positions are percentages of its width."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from plainbill.app.views.budgets import PaceView

_ROOM = Decimal("1.02")  # the scale ends this much above what is highest
_PLACES = Decimal("0.01")


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetBar:
    """What is spent, the 80 % interval of the month's end, the budget, and where an even month would be.

    ``low`` and ``high`` are None where there is no forecast.
    """

    spent: Decimal
    low: Decimal | None
    high: Decimal | None
    budget: Decimal
    even: Decimal


def budget_bar(pace: PaceView, amount: Decimal) -> BudgetBar:
    """Draw a month on a scale that holds the budget and all that is spent or expected."""
    top = max(amount, pace.spent, pace.high_80 or Decimal(0)) * _ROOM

    def place(value: Decimal) -> Decimal:
        return (100 * max(value, Decimal(0)) / top).quantize(_PLACES)

    return BudgetBar(
        spent=place(pace.spent),
        low=None if pace.low_80 is None else place(pace.low_80),
        high=None if pace.high_80 is None else place(pace.high_80),
        budget=place(amount),
        even=place(amount * pace.days_gone / pace.days),
    )
