"""Which prices judging a reading asks for: those that nobody knew, and those that AWS's list gave."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from plainbill.analyzer.compute_usage import alike
from plainbill.analyzer.engine import Pair, verdict_of
from plainbill.analyzer.isolation import Failed, attempt
from plainbill.analyzer.registry import Check
from plainbill.analyzer.waste_check import Context, Price
from plainbill.model.resources import Resource
from plainbill.prices import Origin, Unit, UsageKey
from plainbill.prices.usage_types import usage_key


@dataclass(frozen=True)
class WantedPrices:
    """Usages whose price was asked for, with the unit of the question; and who missed one.

    ``unknown`` are those that no source knew, ``listed`` those that AWS's price list had answered. Whatever
    has no certain name on a bill is in neither. ``short`` are the pairs that missed a price: with it they may
    ask for more (what could take a thing's place, once that has a price).
    """

    unknown: dict[UsageKey, Unit]
    listed: dict[UsageKey, Unit]
    short: Sequence[Pair]


def wanted_prices(context: Context, judged: Iterable[Pair]) -> WantedPrices:
    """Judge pairs and see what they ask for; beside them the price of all EC2 compute that runs.

    The latter is what commitments are held against. A pair that could ask for nothing but what others have
    asked for is not judged, and so in ``short`` neither.
    """
    noting, receipt = context.noting()
    unknown: dict[Price, None] = {}
    used: dict[Price, Origin] = {}
    short: list[Pair] = []

    def note() -> None:
        unknown.update(dict.fromkeys(receipt.unknown))
        used.update({(region, item): rate.origin for region, item, rate in receipt.used})

    def is_new(check: Check, resource: Resource) -> bool:
        prices = attempt(check.id, check.prices_asked, resource)
        if prices is None or isinstance(prices, Failed):
            return True
        return any(one not in unknown and one not in used for one in prices)

    for _ in alike(noting):
        pass  # asked for is enough
    note()
    for check, resource in judged:
        if not is_new(check, resource):
            continue
        receipt.begin()
        verdict_of(check, resource, noting)
        if receipt.unknown:
            short.append((check, resource))
        note()
    listed = (what for what, origin in used.items() if origin is Origin.PRICE_LIST)
    return WantedPrices(_by_key(unknown), _by_key(listed), short)


def _by_key(questions: Iterable[Price]) -> dict[UsageKey, Unit]:
    named = ((usage_key(region, item), item.unit) for region, item in questions)
    return {key: unit for key, unit in named if key is not None}
