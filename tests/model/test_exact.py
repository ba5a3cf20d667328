"""Sums that lose nothing, and the finest amount that is kept."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from plainbill.model.exact import exact_sum, finest


def test_a_long_fraction_in_a_large_sum_is_not_rounded() -> None:
    long = Decimal("0.12345678901234567890123456789012345")
    assert exact_sum((Decimal(10**15), long, Decimal(-(10**15)))) == long


def test_nothing_adds_up_to_zero() -> None:
    assert exact_sum(()) == 0


@pytest.mark.parametrize(
    ("amount", "kept"),
    [
        (Decimal("0.00000000005"), "0E-10"),
        (Decimal("0.00000000015"), "2E-10"),
        (Decimal(-1), "-1.0000000000"),
        (Fraction(2, 3), "0.6666666667"),
        (Fraction(10**30, 3), "333333333333333333333333333333.3333333333"),
    ],
)
def test_ten_decimals_are_kept_half_to_even(amount: Decimal | Fraction, kept: str) -> None:
    assert str(finest(amount)) == kept
