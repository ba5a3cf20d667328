"""Where a price is looked for, best first: the account's own bill, AWS's price list, the built-in table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from plainbill.prices.items import Item
from plainbill.prices.rate import Origin, Rate, RateSource, UsedRate
from plainbill.prices.usage_types import UsageKey, usage_key


class RateLadder:
    """Asks its rungs in order and returns the first answer; a ``RateSource`` itself.

    Every answer says where it comes from (``Rate.origin``, ``source`` and ``as_of``). Where no rung knows,
    the answer is None. A rung never changes its answer: each is asked for an item once.
    """

    def __init__(self, rungs: Sequence[RateSource]) -> None:
        self._rungs = tuple(rungs)
        self._known: dict[tuple[str, Item], Rate | None] = {}

    def rate(self, region: str, item: Item) -> Rate | None:
        """Return the best known price of an item in a region, None where no rung holds one."""
        key = region, item
        if key not in self._known:
            answers = (rung.rate(region, item) for rung in self._rungs)
            self._known[key] = next((rate for rate in answers if rate is not None), None)
        return self._known[key]


class UsageRates:
    """Prices by the names a bill uses: a rung filled from the account's bill, or from the Price List API.

    A rate of zero or less (free tier, credits) does not tell what the next unit costs, and one in another
    unit than the item's cannot be used for it: both are no answer, so that the ladder asks on.
    """

    def __init__(self, rates: Mapping[UsageKey, Rate]) -> None:
        self._rates = dict(rates)

    def rate(self, region: str, item: Item) -> Rate | None:
        """Return the rate of the usage an item is billed as, None where it is not held or cannot be used."""
        key = usage_key(region, item)
        rate = None if key is None else self._rates.get(key)
        if rate is None or rate.unit is not item.unit or not rate.price.amount > 0:
            return None
        return rate


class Receipt:
    """A ``RateSource`` that notes what it was asked: the proof of a sum that several rates went into."""

    def __init__(self, rates: RateSource) -> None:
        self._rates = rates
        self.begin()

    def begin(self) -> None:
        """Forget what was noted: another sum begins."""
        self._used: dict[tuple[str, Item], Rate] = {}
        self._unknown: dict[tuple[str, Item], None] = {}

    @property
    def used(self) -> tuple[UsedRate, ...]:
        """The region, item and rate of every answer, in the order first asked."""
        return tuple((region, item, rate) for (region, item), rate in self._used.items())

    @property
    def unknown(self) -> tuple[tuple[str, Item], ...]:
        """The region and item of every question that had no answer."""
        return tuple(self._unknown)

    @property
    def text(self) -> str:
        """Who gave the prices and of which days they are, for display."""
        return told(self._used.values())

    def rate(self, region: str, item: Item) -> Rate | None:
        """Ask the source behind, and note the answer."""
        rate = self._rates.rate(region, item)
        if rate is None:
            self._unknown[region, item] = None
        else:
            self._used[region, item] = rate
        return rate


_WHO = {
    Origin.BILLED: "What the account was billed",
    Origin.PRICE_LIST: "AWS's price list",
    Origin.BUILT_IN: "Built-in table of AWS's list prices",
}


def told(rates: Iterable[Rate]) -> str:
    """Say who gave rates and of which days they are, best first: ``AWS's price list, 2026-11-20``."""
    days: dict[Origin, set[str]] = {}
    for rate in rates:
        days.setdefault(rate.origin, set()).add(rate.as_of.isoformat())
    said = [f"{_WHO[one]}, {_span(sorted(days[one]))}" for one in Origin if one in days]
    return "; ".join(said) or "No price is known"


def least_trusted(rates: Iterable[Rate]) -> Origin | None:
    """Return the worst origin among rates: what they say together rests on it; None where there are none."""
    found = {rate.origin for rate in rates}
    return next((one for one in reversed(Origin) if one in found), None)


def _span(days: Sequence[str]) -> str:
    return days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"
