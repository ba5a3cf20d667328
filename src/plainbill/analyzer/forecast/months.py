"""Month end and the months after, from the days of a bill: expected, with intervals, or why not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import numpy as np

from plainbill.analyzer.bill_rhythm import rhythm_of
from plainbill.analyzer.cents import to_cent
from plainbill.analyzer.daily_series import DailySeries, Floats
from plainbill.analyzer.forecast.backtest import FEWEST_ORIGINS, Backtest, Span, backtest
from plainbill.analyzer.forecast.methods import CANDIDATES, paths
from plainbill.model.findings import Unknown
from plainbill.model.period import month_start

FEWEST_DAYS = 70
"""Known days of history: four weeks to say anything, and as many to be judged by, beyond a month's rest."""
_FEWEST_KNOWN = 0.7


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthForecast:
    """A calendar month, to the cent: ``so_far`` is billed already, ``expected`` is the whole month.

    Of ``low_80`` to ``high_80`` four of five months are expected to lie within, of the 95 ones nineteen of
    twenty. ``missing_days`` of the days so far are not known and were estimated.
    """

    start: date
    end: date
    so_far: Decimal
    expected: Decimal
    low_80: Decimal
    high_80: Decimal
    low_95: Decimal
    high_95: Decimal
    missing_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PastForecast:
    """What was expected of the last whole month on the same day of it, beside what it came to."""

    start: date
    asked_on: date
    expected: Decimal
    actual: Decimal

    @property
    def error(self) -> float | None:
        """How far it was off, as a share of the truth; None where that is nothing."""
        return float(abs(self.expected - self.actual) / abs(self.actual)) if self.actual else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """The months from the present one on, as many as can be judged; ``months`` holds at least one.

    ``methods`` are those of the present month, whose mean is taken. ``error`` is the mean absolute error of
    the backtest for the rest of the month, as a share of what is expected of it, None where that is nothing;
    ``origins`` how often it was judged. ``beyond`` says why there are no further months.
    """

    methods: Sequence[str]
    months: Sequence[MonthForecast]
    last_month: PastForecast | None
    error: float | None
    origins: int
    beyond: str | None


def forecast(series: DailySeries, months: int = 4) -> Forecast | Unknown:
    """Forecast from the first day after the series on; the last day of the series must be a whole one."""
    end = len(series)
    why = too_little(series)
    if why is not None:
        return why
    spans = spans_of(series.end, months)
    tested = backtest(series, end, spans)
    usable = [number for number in range(len(spans)) if tested.judged(number) >= FEWEST_ORIGINS]
    if 0 not in usable:
        return Unknown("the past has too few whole spans of days to judge a forecast by")
    said = paths(series, end, spans[-1][1])
    ahead = [_sum(said, tested, number) for number in range(len(spans))]
    found = [_month(series, ahead[number], tested, number) for number in usable]
    missed = tested.error(0) * spans[0][1]
    short = len(usable) < len(spans)
    return Forecast(
        methods=[CANDIDATES[number] for number in tested.chosen[0]],
        months=found,
        last_month=_last_month(series),
        error=missed / abs(ahead[0]) if ahead[0] else None,
        origins=tested.judged(0),
        beyond="the history is too short to judge a forecast of further months" if short else None,
    )


def expected_sum(series: DailySeries, end: int, span: Span) -> float:
    """Return the expected cost of a span from the index ``end`` on, by the candidates that were best."""
    return _sum(paths(series, end, span[1]), backtest(series, end, [span]), 0)


def too_little(series: DailySeries) -> Unknown | None:
    """Return why a series is not forecast; None where it is."""
    known = int((~np.isnan(series.values)).sum())
    if known < FEWEST_DAYS:
        return Unknown(f"{known} days are known; a forecast and its error need {FEWEST_DAYS}")
    if known < _FEWEST_KNOWN * len(series):
        return Unknown(f"{len(series) - known} of {len(series)} days are not known: too many to go on from")
    if np.isnan(series.values[-7:]).all():
        return Unknown("no day of the last week is known")
    if not np.nan_to_num(series.values[-4 * 7 :]).any():
        return Unknown("nothing was billed in the last four weeks")
    return None


def spans_of(first: date, months: int) -> list[Span]:
    """Return the days ahead of each month: the rest of the present one, then whole ones."""
    ends = [(month_start(first, number + 1) - first).days for number in range(months)]
    return list(zip([0, *ends], ends, strict=False))


def _sum(said: Mapping[str, Floats], tested: Backtest, span: int) -> float:
    """Return what a span costs by the candidates that were best at it."""
    start, to = tested.spans[span]
    return float(np.mean([said[CANDIDATES[number]][start:to].sum() for number in tested.chosen[span]]))


def _month(series: DailySeries, ahead: float, tested: Backtest, number: int) -> MonthForecast:
    start, to = tested.spans[number]
    first, last = series.end + timedelta(days=start), series.end + timedelta(days=to)
    so_far, missing = (0.0, 0)
    estimated = 0.0
    if number == 0:
        first = month_start(series.end)
        so_far, estimated, missing = _so_far(series, first)
    centre = so_far + estimated + ahead
    floor = so_far if not (series.values < 0).any() else -np.inf
    half = {share: tested.width(number, share) * (to - start) for share in (0.8, 0.95)}
    half[0.95] = max(half.values())
    return MonthForecast(
        start=first,
        end=last,
        so_far=to_cent(so_far),
        expected=to_cent(centre),
        low_80=to_cent(max(centre - half[0.8], floor)),
        high_80=to_cent(centre + half[0.8]),
        low_95=to_cent(max(centre - half[0.95], floor)),
        high_95=to_cent(centre + half[0.95]),
        missing_days=missing,
    )


def _so_far(series: DailySeries, first: date) -> tuple[float, float, int]:
    """Return what the known days of the present month cost, and what the others probably did."""
    days = min((series.end - first).days, len(series))
    if days == 0:
        return 0.0, 0.0, 0
    values = series.values[-days:]
    known = ~np.isnan(values)
    rhythm = rhythm_of(series, len(series))
    usual = rhythm.on(rhythm.level[-days:], series.calendar[slice(-days, None)])
    return float(values[known].sum()), float(usual[~known].sum()), int((~known).sum())


def _last_month(series: DailySeries) -> PastForecast | None:
    """Ask on the same day of the last month; None where its days or those before are too few."""
    this = month_start(series.end)
    start = month_start(this, -1)
    asked = min(start + (series.end - this), this - timedelta(days=1))
    first, origin, end = ((day - series.first).days for day in (start, asked, this))
    if first < 0 or np.isnan(series.values[first:end]).any():
        return None
    before = DailySeries(series.first, series.values[:origin]) if origin > 0 else None
    if before is None or too_little(before) is not None:
        return None
    actual = float(series.values[first:end].sum())
    rest = expected_sum(series, origin, (0, end - origin))
    return PastForecast(
        start=start,
        asked_on=asked,
        expected=to_cent(float(series.values[first:origin].sum()) + rest),
        actual=to_cent(actual),
    )
