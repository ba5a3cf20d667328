"""The bar of a budget's month: nothing leaves it, whatever is spent."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from plainbill.app.budget_drawing import budget_bar
from plainbill.app.views.budgets import PaceView

_MONEY = st.decimals(-1000, 100_000, places=2)


def pace(spent: Decimal, high: Decimal | None = None, days_gone: int = 15) -> PaceView:
    return PaceView(
        start=date(2026, 11, 1),
        end=date(2026, 12, 1),
        until=date(2026, 11, 16),
        days_gone=days_gone,
        days=30,
        spent=spent,
        spent_percent=None,
        missing_days=0,
        expected=high,
        expected_percent=None,
        low_80=high,
        high_80=high,
        reason=None,
    )


def test_without_a_forecast_nothing_is_drawn_as_expected() -> None:
    bar = budget_bar(pace(Decimal(50)), Decimal(100))
    assert (bar.low, bar.high) == (None, None)


@given(_MONEY, _MONEY, st.decimals("0.01", 100_000, places=2))
def test_everything_is_in_the_bar_and_in_the_order_of_its_amount(
    spent: Decimal, high: Decimal, amount: Decimal
) -> None:
    bar = budget_bar(pace(spent, high), amount)
    assert bar.high is not None
    places = {spent: bar.spent, high: bar.high, amount: bar.budget}
    assert all(0 <= place <= 100 for place in (*places.values(), bar.even))
    drawn = [places[value] for value in sorted(places)]
    assert drawn == sorted(drawn)


def test_half_a_month_is_half_the_budget() -> None:
    bar = budget_bar(pace(Decimal(50), Decimal(110)), Decimal(100))
    assert abs(bar.even - bar.budget / 2) <= Decimal("0.01")
    assert bar.spent == bar.even
