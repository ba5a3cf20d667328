"""Where the bars of a waterfall stand, in percent of its width."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from plainbill.app.views.changes_shapes import ChangesView

_ROOM = Decimal("0.25")
"""Of what the steps span, how much is left before it, so that both sums have a bar."""
_LEAST = 0.4
"""Percent of the width that a step has at least, so that it can be seen."""


@dataclass(frozen=True, slots=True)
class Waterfall:
    """Bars as (left edge, width), in percent: the sum before, each step, the sum after.

    The axis begins at ``begins``, which is not always zero: steps are small beside the sums.
    """

    begins: Decimal
    before: tuple[float, float]
    steps: Sequence[tuple[float, float]]
    after: tuple[float, float]


def waterfall(before: Decimal, amounts: Sequence[Decimal]) -> Waterfall:
    """Lay out the way from ``before`` over each amount to what they sum to."""
    levels = [before]
    for amount in amounts:
        levels.append(levels[-1] + amount)
    low, high = min(levels), max(levels)
    begins = low - (high - low or abs(high) or Decimal(1)) * _ROOM
    if low >= 0:
        begins = max(begins, Decimal(0))
    width = high - begins or Decimal(1)

    def bar(one: Decimal, other: Decimal) -> tuple[float, float]:
        left, wide = (float(part / width * 100) for part in (min(one, other) - begins, abs(other - one)))
        return round(min(left, 100 - _LEAST), 2), round(max(wide, _LEAST), 2)

    return Waterfall(
        begins=begins,
        before=bar(begins, before),
        steps=[bar(one, other) for one, other in pairwise(levels)],
        after=bar(begins, levels[-1]),
    )


def bridge_drawing(view: ChangesView) -> Waterfall | None:
    """Lay out why a bill changed; None where that is not known."""
    return None if view.before is None else waterfall(view.before, [step.amount for step in view.steps])
