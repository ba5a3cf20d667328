"""Is it worth asking? What a verdict saves if it is right, less what it costs if it is wrong."""

from __future__ import annotations

from decimal import Decimal

from plainbill.analyzer.ec2_idle.calibration import Probability
from plainbill.model.money import Money

WRONG_STOP = Money(Decimal(150))
"""What stopping a used instance is taken to cost, unless somebody knows better."""


def expected_value(probability: Probability, saving: Money, wrong_stop: Money = WRONG_STOP) -> Money:
    """Return p x saving - (1 - p) x cost of a wrong stop, over 30 days; below zero it is not worth it.

    ``saving`` is what 30 days without the instance really save. Raises ``CurrencyMismatchError`` for two
    currencies.
    """
    share = Decimal(repr(probability.value))
    return saving.times(share) - wrong_stop.times(1 - share)


def break_even(saving: Money, wrong_stop: Money = WRONG_STOP) -> Decimal:
    """Return the probability from which on it is worth it: cost / (cost + saving).

    Raises ``CurrencyMismatchError`` for two currencies, ``ValueError`` where there is nothing to win or
    nothing to lose.
    """
    both = wrong_stop + saving
    if saving.amount <= 0 or wrong_stop.amount <= 0:
        raise ValueError(f"got a saving of {saving.amount} and a cost of {wrong_stop.amount}")
    return wrong_stop.amount / both.amount
