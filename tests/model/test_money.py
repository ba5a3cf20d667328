from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plainbill.errors import CurrencyMismatchError
from plainbill.model.money import Money, plain, total

AMOUNTS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=10)

# --- what must not happen ------------------------------------------------------------------


def test_two_currencies_are_never_added() -> None:
    with pytest.raises(CurrencyMismatchError, match="CNY"):
        Money(Decimal(1), "USD") + Money(Decimal(1), "CNY")


def test_two_currencies_are_never_subtracted_or_compared() -> None:
    with pytest.raises(CurrencyMismatchError):
        Money(Decimal(1), "USD") - Money(Decimal(1), "CNY")
    with pytest.raises(CurrencyMismatchError):
        _ = Money(Decimal(1), "USD") < Money(Decimal(2), "CNY")


def test_a_sum_over_mixed_currencies_is_refused_even_when_the_amounts_are_zero() -> None:
    with pytest.raises(CurrencyMismatchError):
        total([Money(Decimal(0), "CNY"), Money(Decimal(0), "USD")])


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_amount_is_not_written(amount: str) -> None:
    with pytest.raises(ValueError, match="not an amount"):
        plain(Decimal(amount))


@given(AMOUNTS)
def test_writing_loses_nothing_and_needs_no_exponent(amount: Decimal) -> None:
    written = plain(amount)
    assert Decimal(written) == amount
    assert set(written) <= set("-.0123456789")
    assert len(written.partition(".")[2]) >= 2


# --- what it does --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        ("0", "0.00"),
        ("-0", "0.00"),
        ("-0E-12", "0.00"),
        ("1E+3", "1000.00"),
        ("1E-7", "0.0000001"),
        ("-1.5E-7", "-0.00000015"),
        ("12.3400", "12.34"),
        ("12.3000", "12.30"),
        ("100", "100.00"),
        ("0.0000000", "0.00"),
        ("-4.10", "-4.10"),
        ("1234567890123456789012345678901234567890.1", "1234567890123456789012345678901234567890.10"),
    ],
)
def test_an_amount_is_written_plainly(amount: str, written: str) -> None:
    assert plain(Decimal(amount)) == written


def test_cents_that_a_float_would_lose_are_kept() -> None:
    assert total([Money(Decimal("0.1"))] * 3) == Money(Decimal("0.3"))


def test_an_empty_sum_is_zero_of_the_currency_asked_for() -> None:
    assert total([], "CNY") == Money(Decimal(0), "CNY")


@pytest.mark.parametrize(("amount", "rounded"), [("0.125", "0.12"), ("0.135", "0.14"), ("-0.125", "-0.12")])
def test_the_page_rounds_half_to_even(amount: str, rounded: str) -> None:
    assert Money(Decimal(amount)).rounded() == Money(Decimal(rounded))


@given(AMOUNTS, AMOUNTS)
def test_adding_and_taking_away_again_changes_nothing(one: Decimal, other: Decimal) -> None:
    assert Money(one) + Money(other) - Money(other) == Money(one)
    assert Money(one) - Money(other) == -(Money(other) - Money(one))


def test_an_hourly_price_becomes_a_monthly_one_exactly() -> None:
    assert Money(Decimal("0.0116")).times(730) == Money(Decimal("8.4680"))
