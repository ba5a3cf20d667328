"""What each candidate would have said in the past, and how far it was off: the choice and the intervals.

Every candidate is asked from many earlier days for the same spans ahead, seeing only what was there then.
The mean of the two that were best goes on; where the past holds too few questions that are independent to
tell the best from the luckiest, the middle of those that know the calendar. The intervals are the errors
that this made, in what the series usually moved at that time: conformal prediction (Vovk, Gammerman and
Shafer, 2005; over rolling origins), which promises its coverage without a model of the errors. Spans that
overlap are not independent: they count for fewer than they are.

``bench/forecasts/held_out.py`` chose ``EVEN``, on other bills than it was judged by.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from plainbill.analyzer.daily_series import DailySeries, Floats
from plainbill.analyzer.forecast.methods import CANDIDATES, paths

Span = tuple[int, int]
"""Days ahead, ``[from, to)``, counted from the first day that is forecast."""

FIRST_ORIGIN = 28
"""Days of history that the earliest question of a backtest has."""
FEWEST_ORIGINS = 6
"""So many questions must have been judged for an interval."""
FEWEST_TO_CHOOSE = 10
"""Independent questions; from 6 to 12 the errors of made and real bills hardly differ."""
_CHOSEN = 2
_MOST_ORIGINS = 48
_WIDEST_STEP = 7
_HALF_LIFE = 15  # origins after which an error counts half in the choice
EVEN = 0.1
"""Of the level: what counts as moved though a bill was even."""
_INDEPENDENT = 18.0  # days ahead per step of a week: how much of each overlapping question is news
_FEWEST_KNOWN = 0.8  # of the days of a span, for its sum to be a truth
_LOWER = 0.8  # the coverage of the narrower interval
_WIDER = 1.53  # normal noise: 1.96 / 1.28, the 95 % interval over the 80 % one
_FEW = 2.0  # what so few errors add to that: more than Student's t, as bills shift
_TINY = 1e-9


@dataclass(frozen=True, eq=False, slots=True)
class Backtest:
    """``missed[c, o, s]``: candidate c from origin o for span s, sum said less truth, per day.

    NaN where the truth is not known. Origins go back in time. ``movements`` are what ``movement_at`` says of
    now, and then of each origin.
    """

    spans: Sequence[Span]
    step: int
    missed: Floats
    movements: Floats
    chosen: Sequence[tuple[int, ...]]
    """By span, the candidates whose mean goes on."""

    def judged(self, span: int) -> int:
        """Return from how many origins a span could be judged."""
        return int((~np.isnan(self._errors(span))).sum())

    def error(self, span: int) -> float:
        """Return the mean absolute error of a span, per day."""
        return float(np.nanmean(np.abs(self._errors(span))))

    def width(self, span: int, coverage: float, even: float = EVEN) -> float:
        """Return half the width of an interval, per day of the span."""
        sizes = np.abs(self._errors(span, even))
        return _quantile(np.sort(sizes[~np.isnan(sizes)]), coverage, _news(self.step, self.spans[span]))

    def _errors(self, span: int, even: float = EVEN) -> Floats:
        """Return the errors as they would be today: each in what the series moved then, times that now."""
        scales = self.movements @ np.array([1.0, even])
        missed = self.missed[list(self.chosen[span]), :, span].mean(axis=0)
        errors: Floats = missed / np.where(scales[1:] > 0, scales[1:], np.nan) * scales[0]
        return errors


def backtest(series: DailySeries, end: int, spans: Sequence[Span]) -> Backtest:
    """Ask every candidate from days before the index ``end``, from the latest that can be judged on."""
    ahead = max(to for _, to in spans)
    latest = end - min(to for _, to in spans)
    step = min(_WIDEST_STEP, max(1, (latest - FIRST_ORIGIN) // (2 * FEWEST_ORIGINS)))
    origins = list(range(latest, FIRST_ORIGIN - 1, -step))[:_MOST_ORIGINS]
    missed = np.full((len(CANDIDATES), len(origins), len(spans)), np.nan)
    movements = np.array([movement_at(series, origin) for origin in (end, *origins)])
    for index, origin in enumerate(origins):
        if movements[index + 1].any():
            said = paths(series, origin, ahead)
            missed[:, index, :] = _judged(said, series.values[origin:end], spans)
    chosen = [_best(missed[:, :, number], _news(step, span)) for number, span in enumerate(spans)]
    return Backtest(spans, step, missed, movements, chosen)


def movement_at(series: DailySeries, end: int) -> tuple[float, float]:
    """Return what a series moved in the weeks before the index ``end``, and its level: the scale of errors.

    The first is the deviation of the last eight weeks' medians, so that a bill that has become calm is not
    judged by its wild months; the second the mean size of the last four weeks' days.
    """
    recent = series.values[max(0, end - 8 * 7) : end]
    recent = recent[~np.isnan(recent)]
    if not len(recent):
        return 0.0, 0.0
    weeks = np.median(recent[len(recent) % 7 :].reshape(-1, 7), axis=1)
    moved = float(np.std(weeks)) if len(weeks) > 2 else 0.0
    return moved, float(np.mean(np.abs(recent[-4 * 7 :])))


def _judged(said: Mapping[str, Floats], truth: Floats, spans: Sequence[Span]) -> Floats:
    table = np.array([said[name] for name in CANDIDATES])
    judged = np.full((len(CANDIDATES), len(spans)), np.nan)
    for number, (start, to) in enumerate(spans):
        days = truth[start:to]
        known = ~np.isnan(days)
        if to <= len(truth) and known.mean() >= _FEWEST_KNOWN:
            judged[:, number] = (table[:, start:to][:, known] - days[known]).mean(axis=1)
    return judged


def _news(step: int, span: Span) -> float:
    """Return which part of the questions of a span, asked every ``step`` days, counts as independent."""
    return min(1.0, _INDEPENDENT * step / _WIDEST_STEP / span[1])


def _best(missed: Floats, news: float) -> tuple[int, ...]:
    """Return the candidates that were nearest, the recent past first; the middle where that is not known.

    Each origin's errors are divided by their mean, so that one wild month does not decide alone.
    """
    sizes = np.abs(missed[:, ~np.isnan(missed[0])])
    if sizes.shape[1] * news < FEWEST_TO_CHOOSE:
        return (CANDIDATES.index("middle"),)
    weights = 0.5 ** (np.arange(sizes.shape[1]) / _HALF_LIFE)
    scores = (sizes / (sizes.mean(axis=0) + _TINY)) @ weights
    return tuple(np.argsort(scores, kind="stable")[:_CHOSEN].tolist())


def _quantile(sizes: Floats, coverage: float, news: float) -> float:
    """Return the conformal quantile of sorted errors, of which a part ``news`` is independent.

    Where they are too few for it, it is the largest of them; beyond 80 % that one or, if it is more, the
    80 % one widened as normal noise has it.
    """
    independent = len(sizes) * news
    share, at_80 = ((independent + 1) * each / independent for each in (coverage, _LOWER))
    within = float(sizes[_place(min(share, 1.0), len(sizes))])
    if share <= 1 or coverage <= _LOWER:
        return within
    usual = float(sizes[_place(min(at_80, 1.0), len(sizes))])
    return max(within, usual * _WIDER * (1 + _FEW / independent))


def _place(share: float, count: int) -> int:
    return int(np.ceil(share * count)) - 1
