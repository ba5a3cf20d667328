"""Money that keeps its currency and never becomes a float."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from plainbill.errors import CurrencyMismatchError

_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount of one currency (ISO 4217 code; FOCUS ``BillingCurrency``)."""

    amount: Decimal
    currency: str = "USD"

    def __add__(self, other: Money) -> Money:
        return Money(self.amount + self._same(other).amount, self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.amount - self._same(other).amount, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.amount, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.amount < self._same(other).amount

    def times(self, factor: Decimal | int) -> Money:
        """Return the amount multiplied by an exact factor."""
        return Money(self.amount * factor, self.currency)

    def rounded(self) -> Money:
        """Return the amount to the cent, half to even: for the page, never for sums."""
        return Money(self.amount.quantize(_CENT, ROUND_HALF_EVEN), self.currency)

    def _same(self, other: Money) -> Money:
        if other.currency != self.currency:
            raise CurrencyMismatchError(self.currency, other.currency)
        return other


def total(amounts: Iterable[Money], currency: str = "USD") -> Money:
    """Add amounts exactly; an empty sum is zero of ``currency``."""
    result: Money | None = None
    for money in amounts:
        result = money if result is None else result + money
    return Money(Decimal(0), currency) if result is None else result


def plain(amount: Decimal) -> str:
    """Write an amount as digits and a point: no exponent, no "-0", at least two decimals, none lost.

    Raises ``ValueError`` for an infinity or a NaN, which are no amounts.
    """
    if not amount.is_finite():
        raise ValueError(f"{amount} is not an amount of money")
    if not amount:
        return "0.00"
    whole, _, fraction = f"{amount:f}".partition(".")
    return f"{whole}.{fraction.rstrip('0').ljust(2, '0')}"
