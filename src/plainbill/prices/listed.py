"""What AWS's price list answered: a price, or that it has none, and of which day the answer is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from plainbill.prices.rate import Rate
from plainbill.prices.usage_types import UsageKey

FRESH_FOR = timedelta(days=30)
"""How long an answer is good: AWS changes list prices a few times a year, nearly always downward."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One answer. ``rate`` is None where the list has no such usage, or not one price for it."""

    key: UsageKey
    asked_on: date
    rate: Rate | None

    def is_fresh(self, today: date) -> bool:
        """Say whether the answer is young enough not to be asked for again; one of the future is not."""
        return timedelta(0) <= today - self.asked_on <= FRESH_FOR


def rates_of_list(answers: Iterable[Listed]) -> dict[UsageKey, Rate]:
    """Return the prices among the answers."""
    return {one.key: one.rate for one in answers if one.rate is not None}
