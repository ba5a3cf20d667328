"""The forecast of a whole bill and of its parts: each by itself, and what lies between them by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from plainbill.analyzer.daily_series import DailySeries
from plainbill.analyzer.forecast.months import Forecast, MonthForecast, forecast
from plainbill.model.findings import Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """The total's expectation of a month less the sum of its parts'; ``without`` are parts that have none."""

    start: date
    amount: Decimal
    without: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class BillForecast:
    """The total, its parts by name, and the difference of each month of the total.

    The total is forecast by itself: errors of parts cancel out in it, so that its interval is narrower than
    theirs together. What is billed already of the present month is the same in both.
    """

    total: Forecast | Unknown
    parts: Mapping[str, Forecast | Unknown]
    differences: Sequence[Difference]


def forecast_bill(total: DailySeries, parts: Mapping[str, DailySeries], months: int = 4) -> BillForecast:
    """Forecast a bill whose parts add up to the total on each day."""
    whole = forecast(total, months)
    each = {name: forecast(series, months) for name, series in parts.items()}
    found = whole.months if isinstance(whole, Forecast) and each else ()
    return BillForecast(total=whole, parts=each, differences=[_difference(month, each) for month in found])


def _difference(month: MonthForecast, parts: Mapping[str, Forecast | Unknown]) -> Difference:
    of_parts = {name: _of(said, month.start) for name, said in parts.items()}
    known = [each.expected for each in of_parts.values() if each is not None]
    return Difference(
        start=month.start,
        amount=month.expected - sum(known, Decimal(0)),
        without=[name for name, each in of_parts.items() if each is None],
    )


def _of(said: Forecast | Unknown, start: date) -> MonthForecast | None:
    months = said.months if isinstance(said, Forecast) else ()
    return next((month for month in months if month.start == start), None)
