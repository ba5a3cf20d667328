"""What one customer, one request ... costs, and whether a bill grew by more of them or by a higher price."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from plainbill.analyzer.cents import in_cents, to_cent
from plainbill.model.exact import exact_sum, finest
from plainbill.model.units import UnitKind

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitSpan:
    """A day or month ``[start, end)``: what it cost and how many units it had; None is not known, never 0."""

    start: date
    end: date
    cost: Decimal | None
    units: Decimal | None

    @property
    def is_counted(self) -> bool:
        """Say whether both are known."""
        return self.cost is not None and self.units is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitCost:
    """What a unit cost over the ``counted`` of ``spans``: the ``cost`` of those alone by their ``units``.

    ``units`` is their sum for what adds up, such as requests, and their mean for what is there, such as
    customers. ``unit_cost`` is None where nothing was counted, and where there were no units to divide by.
    ``without_units`` spans have no number of units, ``without_cost`` ones no cost; ``zero`` ones were counted
    and had none.
    """

    spans: int
    counted: int
    without_units: int
    without_cost: int
    zero: int
    cost: Decimal
    units: Decimal | None
    unit_cost: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitEffects:
    """Why ``after`` is not ``before``, in cents: the three effects sum to the change.

    ``spans`` is that more or fewer days or months were counted, ``volume`` that there were more or fewer
    units in each, ``unit_cost`` that each cost more or less.
    """

    before: Decimal
    after: Decimal
    spans: Decimal
    volume: Decimal
    unit_cost: Decimal

    @property
    def change(self) -> Decimal:
        """What the effects sum to."""
        return self.after - self.before


def unit_cost(spans: Sequence[UnitSpan], kind: UnitKind) -> UnitCost:
    """Return what a unit cost over some days or months."""
    counted = [span for span in spans if span.is_counted]
    cost, quantity = _counted_sums(counted)
    units = _mean(quantity, len(counted)) if kind is UnitKind.LEVEL else quantity
    return UnitCost(
        spans=len(spans),
        counted=len(counted),
        without_units=sum(span.units is None for span in spans),
        without_cost=sum(span.cost is None and span.units is not None for span in spans),
        zero=sum(not span.units for span in counted),
        cost=cost,
        units=None if not counted else units,
        unit_cost=None if not counted else _each(cost, quantity, len(counted), kind),
    )


def unit_effects(before: Sequence[UnitSpan], after: Sequence[UnitSpan]) -> UnitEffects | None:
    """Split the change of cost from one period to another; None where either has no units to go by.

    At the unit cost of before: first as many units in each span over the new number of spans, then the new
    number of units; what is left of the change is the new unit cost. Costs are those of the counted spans.
    """
    old, new = ([span for span in spans if span.is_counted] for spans in (before, after))
    (cost_before, units_before), (cost_after, units_after) = _counted_sums(old), _counted_sums(new)
    if not units_before or not units_after:
        return None
    then, now = to_cent(cost_before), to_cent(cost_after)
    each = Fraction(then) / Fraction(units_before)
    in_span = Fraction(units_before) / len(old)
    spans = (len(new) - len(old)) * in_span * each
    volume = (Fraction(units_after) - len(new) * in_span) * each
    effects = in_cents({"spans": spans, "volume": volume, "unit_cost": Fraction(now - then) - spans - volume})
    return UnitEffects(before=then, after=now, **effects)


def _counted_sums(spans: Sequence[UnitSpan]) -> tuple[Decimal, Decimal]:
    return exact_sum(span.cost or _ZERO for span in spans), exact_sum(span.units or _ZERO for span in spans)


def _each(cost: Decimal, quantity: Decimal, spans: int, kind: UnitKind) -> Decimal | None:
    """Return the cost of a unit to ten places: of one that is there all the time, or of one that adds up."""
    if not quantity:
        return None
    times = spans if kind is UnitKind.LEVEL else 1
    return finest(Fraction(cost) * times / Fraction(quantity))


def _mean(quantity: Decimal, spans: int) -> Decimal:
    return finest(Fraction(quantity) / spans) if spans else _ZERO
