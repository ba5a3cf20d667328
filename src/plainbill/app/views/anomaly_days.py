"""The days around an anomaly: what the service or account cost on each, and which of them are meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import numpy as np

from plainbill.analyzer.anomaly import Anomaly, Parts, Scope
from plainbill.analyzer.cents import to_cent

_BEFORE, _AFTER = timedelta(days=28), timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnomalyDay:
    """A day and its cost to the cent, None where it is not known; ``is_odd``: it belongs to the anomaly."""

    day: date
    cost: Decimal | None
    is_odd: bool


def days_around(parts: Parts, anomaly: Anomaly) -> Sequence[AnomalyDay]:
    """Return the days of an anomaly, four weeks before it and a week after it, as far as they are stored."""
    place = 0 if anomaly.scope is Scope.SERVICE else 1
    several = [series for key, series in parts.items() if key[place] == anomaly.name]
    first, costs = several[0].first, np.sum([series.values for series in several], axis=0)
    days = [first + timedelta(days=number) for number in range(len(costs))]
    return [
        AnomalyDay(
            day=day,
            cost=None if np.isnan(cost) else to_cent(float(cost)),
            is_odd=anomaly.start <= day < anomaly.end,
        )
        for day, cost in zip(days, costs, strict=True)
        if anomaly.start - _BEFORE <= day < anomaly.end + _AFTER
    ]
