"""Which days or months a period has numbers of units for, of all owners together and of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from plainbill.analyzer.cost_periods import months_of
from plainbill.analyzer.unit_cost import UnitSpan
from plainbill.model.period import Period
from plainbill.model.units import Grain, UnitSeries

Costs = Mapping[date, Decimal | None]
"""What each day cost; None is not known, and a day that is missing is not known either."""


def owners_of(series: UnitSeries) -> Sequence[str]:
    """Return the owners that have numbers of their own, by name."""
    return sorted({owner for _, owner in series.values if owner is not None})


def numbers_of(series: UnitSeries, owner: str | None) -> Mapping[date, Decimal]:
    """Return the numbers of one owner, or of all together, by the first day of what they are of.

    Of all together: the numbers without an owner where there are some. Otherwise the sum over the owners, and
    none for a span in which an owner has no number between its first and its last: a part is not the whole.
    """
    if owner is not None or any(one is None for _, one in series.values):
        return {start: value for (start, one), value in series.values.items() if one == owner}
    each = [numbers_of(series, one) for one in owners_of(series)]
    known = [(min(numbers), max(numbers), numbers) for numbers in each]
    sums = {}
    for start in sorted({start for numbers in each for start in numbers}):
        there = [numbers.get(start) for first, last, numbers in known if first <= start <= last]
        if None not in there:
            sums[start] = sum((value for value in there if value is not None), Decimal(0))
    return sums


def unit_spans(
    series: UnitSeries, period: Period, costs: Costs, owner: str | None = None
) -> Sequence[UnitSpan]:
    """Return the days of a period, or the calendar months that lie wholly in it, with cost and units.

    A month costs what its days do, and that is not known where one of them is not.
    """
    numbers = numbers_of(series, owner)
    spans = months_of(period) if series.grain is Grain.MONTH else _days_of(period)
    return [
        UnitSpan(
            start=span.first_day,
            end=span.end_day,
            cost=_cost(span, costs),
            units=numbers.get(span.first_day),
        )
        for span in spans
        if series.grain is Grain.DAY or span.first_day.day == span.end_day.day == 1
    ]


def _days_of(period: Period) -> Sequence[Period]:
    return [Period.of_days(day, date.fromordinal(day.toordinal() + 1)) for day in period.dates()]


def _cost(span: Period, costs: Costs) -> Decimal | None:
    known = [costs.get(day) for day in span.dates()]
    return None if None in known else sum((cost for cost in known if cost is not None), Decimal(0))
