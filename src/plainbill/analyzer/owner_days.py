"""What each row of showback costs each day, without the shared costs or with its part of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from plainbill.analyzer.showback import Line, Part
from plainbill.model.exact import exactly, finest

Days = Mapping[date, Decimal]
_NOTHING = Fraction(0)


def owner_days(
    lines: Sequence[Line], costs: Mapping[str, Days], days: Sequence[date], *, is_charged: bool
) -> Mapping[str, Days]:
    """Return the cost of each line on each of the days that are known, to ten places.

    ``costs`` are what AWS billed of each key by day. The days of a line sum to its ``direct``, or to its
    ``charged``, exactly: what rounding to the cent moved lies evenly on all days, and a line's share on each
    day as much as was shared on it.
    """
    if not days:
        return {line.key: {} for line in lines}
    own = {line.key: _own(line, costs.get(line.key, {}), days) for line in lines}
    if not is_charged:
        return {key: _rounded(each, days) for key, each in own.items()}
    given = [line for line in lines if line.part is not Part.OWNER and line.share]
    pool = [sum((own[line.key][at] for line in given), _NOTHING) for at in range(len(days))]
    whole = sum(pool, _NOTHING)
    gone = {line.key for line in given}
    found = {}
    for line in lines:
        part = Fraction(line.share) / whole if line.share and whole else _NOTHING
        each = [cost + part * shared for cost, shared in zip(own[line.key], pool, strict=True)]
        found[line.key] = _rounded([_NOTHING] * len(days) if line.key in gone else each, days)
    return found


def _own(line: Line, costs: Days, days: Sequence[date]) -> list[Fraction]:
    moved = Fraction(line.direct - line.exact) / len(days)
    return [Fraction(costs.get(day, Decimal(0))) + moved for day in days]


def _rounded(each: Sequence[Fraction], days: Sequence[date]) -> Days:
    """Round the sums so far, so that the last one is what all of them come to."""
    found, so_far, before = {}, _NOTHING, Decimal(0)
    with exactly():
        for day, cost in zip(days, each, strict=True):
            so_far += cost
            now = finest(so_far)
            found[day], before = now - before, now
    return found
