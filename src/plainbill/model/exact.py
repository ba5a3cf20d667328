"""Amounts that lose nothing on the way: sums and quotients of long fractions."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from decimal import ROUND_HALF_EVEN, Context, Decimal, localcontext
from fractions import Fraction

FINEST = Decimal("1e-10")
"""The decimals that amounts are stored with."""
_DIGITS = 60  # AWS sends long fractions: the usual 28 digits are too few for one in a large sum


def exactly() -> AbstractContextManager[Context]:
    """Return a context in which sums of amounts of any size that AWS sends are not rounded."""
    return localcontext(prec=_DIGITS)


def exact_sum(amounts: Iterable[Decimal]) -> Decimal:
    """Add without rounding."""
    with exactly():
        return sum(amounts, Decimal(0))


def finest(amount: Decimal | Fraction) -> Decimal:
    """Return the amount to ten decimals, half to even."""
    with exactly():
        if isinstance(amount, Fraction):
            amount = Decimal(amount.numerator) / Decimal(amount.denominator)
        return amount.quantize(FINEST, ROUND_HALF_EVEN)
