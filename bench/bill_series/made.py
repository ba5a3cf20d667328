"""Made daily bills with what real ones have: weekdays, fees, growth, shifts, spikes, gaps, a late last day.

The protocol: every series has 425 days and a level of $20 to $20,000 a day; of all series half have a
weekend of 40 to 95 % of a working day; half a fee on the first of the month of 0.5 to 8 days' cost, and a
fifth of these another on the third; half grow or shrink by up to 60 % a year; the level shifts as a
Poisson process of 1.5 a year by a factor of about 0.7 to 1.4; noise is autocorrelated (0.5), 1 to 6 %;
one day in a hundred has a spike of up to three days' cost; two days in a hundred are missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from plainbill.analyzer.daily_series import Calendar, DailySeries, Floats

DAYS = 425
FIRST = date(2025, 10, 1)


@dataclass(frozen=True, eq=False)
class MadeBill:
    """A series; ``truth`` is what the missing days cost too."""

    series: DailySeries
    truth: Floats


def bill(seed: int, days: int = DAYS) -> MadeBill:
    """Return the bill of a seed; another first day each, so that months begin anywhere in it."""
    dice = np.random.default_rng(seed)
    first = FIRST + timedelta(days=int(dice.integers(0, 365)))
    calendar = Calendar.of(first, days)
    level = np.full(days, np.exp(dice.uniform(np.log(20), np.log(20_000))))
    if dice.random() < 0.5:
        level = level * np.linspace(1, 1 + dice.uniform(-0.3, 0.6) * days / 365, days)
    for day in dice.integers(0, days, dice.poisson(1.5 * days / 365)):
        level[day:] *= np.exp(dice.normal(0, 0.2))
    costs = level * _weekdays(dice)[calendar.weekday] * np.exp(_noise(dice, days))
    usual = float(np.median(level))
    if dice.random() < 0.5:
        costs[calendar.day_of_month == 1] += usual * dice.uniform(0.5, 8)
        if dice.random() < 0.2:
            costs[calendar.day_of_month == 3] += usual * dice.uniform(0.5, 4)
    spikes = dice.random(days) < 0.01
    costs[spikes] += usual * dice.uniform(0.2, 3, int(spikes.sum()))
    seen = costs.copy()
    seen[dice.random(days) < 0.02] = np.nan
    seen[0] = costs[0]
    return MadeBill(DailySeries(first, seen), costs)


def _weekdays(dice: np.random.Generator) -> Floats:
    factors = np.ones(7)
    if dice.random() < 0.5:
        factors[5:] = dice.uniform(0.4, 0.95)
    return factors


def _noise(dice: np.random.Generator, days: int) -> Floats:
    size, steps = dice.uniform(0.01, 0.06), dice.normal(0, 1, days)
    noise = np.zeros(days)
    for day in range(days):
        noise[day] = 0.5 * (noise[day - 1] if day else 0) + steps[day]
    sized: Floats = noise * size * np.sqrt(1 - 0.25)
    return sized
