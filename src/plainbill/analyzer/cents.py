"""Amounts in whole cents that still add up: the largest remainders get what rounding down has left over."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from math import floor
from typing import TypeVar

from plainbill.model.exact import exactly

K = TypeVar("K")
_CENT = Decimal("0.01")


def to_cent(amount: Decimal | Fraction | float) -> Decimal:
    """Return the amount to the cent, half to even; a float as the shortest number that is written so."""
    if isinstance(amount, Fraction):
        return _dollars(round(amount * 100))
    if isinstance(amount, float):
        amount = Decimal(repr(float(amount)))  # numpy's floats are written otherwise
    with exactly():
        return amount.quantize(_CENT, ROUND_HALF_EVEN)


def in_cents(amounts: Mapping[K, Decimal | Fraction]) -> dict[K, Decimal]:
    """Return each amount in whole cents, less than a cent off, so that they sum to the rounded exact sum.

    Of equal remainders the first one gets the cent. Any sign: a credit is rounded down like the rest.
    """
    exact = {key: Fraction(amount) * 100 for key, amount in amounts.items()}
    cents = {key: floor(amount) for key, amount in exact.items()}
    left = round(sum(exact.values(), Fraction(0))) - sum(cents.values())
    for key in sorted(exact, key=lambda one: cents[one] - exact[one])[:left]:
        cents[key] += 1
    return {key: _dollars(amount) for key, amount in cents.items()}


def split(amount: Decimal, weights: Mapping[K, Decimal]) -> dict[K, Decimal]:
    """Split whole cents, of any sign, by weights that are not negative and not all zero.

    No part has another sign than the whole, and a weight of zero gets nothing. Raises ``ValueError`` for
    other weights.
    """
    whole = sum(map(Fraction, weights.values()), Fraction(0))
    if whole <= 0 or any(weight < 0 for weight in weights.values()):
        raise ValueError("weights are not negative, and not all zero")
    sign = -1 if amount < 0 else 1
    parts = in_cents({key: abs(Fraction(amount)) * Fraction(each) / whole for key, each in weights.items()})
    return {key: part * sign if part else part for key, part in parts.items()}


def _dollars(cents: int) -> Decimal:
    return Decimal(cents).scaleb(-2)
