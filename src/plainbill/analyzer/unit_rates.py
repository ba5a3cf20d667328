"""What a unit of each usage cost in two stretches of days: how much of a change is the price of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from plainbill.model.billing import UsageRecord
from plainbill.model.exact import exactly, finest

LEAST_COST = Decimal("0.01")
"""Below a cent, the digits that a bill rounds to would show in a rate, and nobody asks for the reason."""
LEAST_CHANGE = Decimal("0.001")
"""The share by which a rate must have moved: below it the rounding of quantities shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RateChange:
    """The rate of one usage type and operation moved: dollars a unit before and after.

    ``price`` is what the later quantity cost more than at the earlier rate; ``change`` what it cost more than
    the earlier days, brought to as many days; ``usage`` is the rest of that.
    """

    usage_type: str
    operation: str
    unit: str
    rate_before: Decimal
    rate_after: Decimal
    price: Decimal
    change: Decimal

    @property
    def usage(self) -> Decimal:
        """What of the change is more or less of it."""
        return self.change - self.price


def rate_changes(
    before: Iterable[UsageRecord], after: Iterable[UsageRecord], days_before: int, days_after: int
) -> list[RateChange]:
    """Return the rates that moved, those that cost most first.

    Both must have been billed in one and the same unit. A free tier or a volume price that ends within the
    days moves a rate like a new price does: it is the price that was paid.
    """
    earlier, later = _totals(before), _totals(after)
    with exactly():
        found = [
            _changed(key, earlier[key], later[key], Decimal(days_after) / days_before)
            for key in earlier.keys() & later.keys()
        ]
    return sorted(
        (one for one in found if one is not None),
        key=lambda one: (-abs(one.price), one.usage_type, one.operation),
    )


Key = tuple[str, str, str]


def _totals(records: Iterable[UsageRecord]) -> dict[Key, tuple[Decimal, Decimal]]:
    sums: defaultdict[Key, tuple[Decimal, Decimal]] = defaultdict(lambda: (Decimal(0), Decimal(0)))
    for one in records:
        key = one.usage_type, one.key, one.unit
        quantity, cost = sums[key]
        sums[key] = quantity + one.quantity, cost + one.cost
    return dict(sums)


def _changed(
    key: Key, before: tuple[Decimal, Decimal], after: tuple[Decimal, Decimal], longer: Decimal
) -> RateChange | None:
    (quantity_before, cost_before), (quantity, cost) = before, after
    if min(quantity_before, quantity) <= 0 or min(cost_before, cost) < LEAST_COST:
        return None
    rate_before, rate = cost_before / quantity_before, cost / quantity
    price = finest(cost - quantity * rate_before)
    if abs(price) < LEAST_COST or abs(rate / rate_before - 1) < LEAST_CHANGE:
        return None
    usage_type, operation, unit = key
    return RateChange(
        usage_type=usage_type,
        operation=operation,
        unit=unit,
        rate_before=finest(rate_before),
        rate_after=finest(rate),
        price=price,
        change=finest(cost - cost_before * longer),
    )
