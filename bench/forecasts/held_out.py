"""A constant of the intervals that some bills choose, judged by others: coverage, width and interval score.

It is ``EVEN`` of the backtest: what part of its level counts as moved though a bill was even.

Chosen on: made bills of their own seeds, each asked at six lengths of history; and the real bill before
its 230th day (the end of July). Judged by: the made bills of ``bench/forecast.py``, and the real bill from
that day on. Allowed is what holds no more than 3 points less than promised of any month ahead on the made
bills that choose. Of that, what has the least interval score there (Gneiting and Raftery, 2007: width plus
what the truth lies outside of it, times 2 / (1 - coverage)) goes on. Widths and scores are shares of a usual
month of the bill.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bench.bill_series.made import DAYS, bill
from plainbill.analyzer.daily_series import DailySeries, Floats
from plainbill.analyzer.forecast.backtest import EVEN, FEWEST_ORIGINS, Backtest, backtest
from plainbill.analyzer.forecast.methods import CANDIDATES, paths
from plainbill.analyzer.forecast.months import spans_of, too_little

BEFORE = 0.03
GRID = (0.03, 0.06, 0.1, 0.2, 0.4)
PROMISES = (0.8, 0.95)
WITHIN = 0.03
MONTHS = 4
FIRST_DAY, STEP, JUDGING_DAY = 120, 7, 230
CHOOSING_SEEDS, LENGTHS = range(8000, 8100), (130, 190, 250, 310, 370, DAYS)
JUDGING_SEEDS = range(5000, 5300)
AHEAD = 123
_RESAMPLED = 2000
_MONTH = 30.4


@dataclass(frozen=True, eq=False, slots=True)
class Asked:
    """One question: what was expected of the rest of each month, the backtest, and what it came to (or NaN).

    ``usual`` is a usual month of the bill; ``month`` is when it was asked.
    """

    name: str
    month: str
    tested: Backtest
    expected: Floats
    truth: Floats
    usual: float


def made_questions(seeds: Sequence[int], lengths: Sequence[int]) -> Iterator[Asked]:
    for seed in seeds:
        made = bill(seed, DAYS + AHEAD)
        yield from (each for day in lengths for each in _asked(f"made {seed}", made.series, made.truth, day))


def real_questions(bills: Mapping[str, DailySeries]) -> Iterator[tuple[int, Asked]]:
    """Yield the questions of the real bills with the day that they were asked on."""
    for name, series in bills.items():
        for day in range(FIRST_DAY, len(series) - 1, STEP):
            yield from ((day, each) for each in _asked(name, series, series.values, day))


def _asked(name: str, series: DailySeries, truth: Floats, day: int) -> Iterator[Asked]:
    before = DailySeries(series.first, series.values[:day])
    if too_little(before) is not None:
        return
    spans = spans_of(before.end, MONTHS)
    tested, said = backtest(before, day, spans), paths(before, day, spans[-1][1])
    expected = [
        np.mean([said[CANDIDATES[one]][start:to].sum() for one in tested.chosen[number]])
        for number, (start, to) in enumerate(spans)
    ]
    came = [truth[day + start : day + to].sum() if day + to <= len(truth) else np.nan for start, to in spans]
    usual = float(np.nanmean(truth)) * _MONTH
    yield Asked(name, f"{before.end:%Y-%m}", tested, np.array(expected), np.array(came), usual)


def measured(questions: Sequence[Asked], even: float) -> Floats:
    """Return rows of month ahead, question, and covered, width and score of each promise."""
    rows = []
    for index, asked in enumerate(questions):
        for number, (start, to) in enumerate(asked.tested.spans):
            if np.isnan(asked.truth[number]) or asked.tested.judged(number) < FEWEST_ORIGINS:
                continue
            halves = [asked.tested.width(number, each, even) * (to - start) for each in PROMISES]
            halves[1] = max(halves)
            held = [_held(asked, number, *each) for each in zip(halves, PROMISES, strict=True)]
            rows.append([number, index, *held[0], *held[1]])
    return np.array(rows, dtype=float)


def _held(asked: Asked, number: int, half: float, promise: float) -> tuple[float, float, float]:
    truth, expected = asked.truth[number], asked.expected[number]
    low, high = max(expected - half, 0.0), expected + half
    outside = max(low - truth, truth - high, 0.0)
    width = (high - low) / asked.usual
    return float(low <= truth <= high), width, width + 2 / (1 - promise) * outside / asked.usual


def _is_allowed(rows: Floats) -> bool:
    held = [rows[rows[:, 0] == number][:, (2, 5)].mean(axis=0) for number in range(MONTHS)]
    return bool((np.array(held) >= np.array(PROMISES) - WITHIN).all())


def _score(rows: Floats) -> float:
    return float(rows[:, (4, 7)].mean(axis=0).sum())


def _choose(made: Sequence[Asked], early: Sequence[Asked]) -> float:
    of_made = {one: measured(made, one) for one in GRID}
    allowed = [one for one in GRID if _is_allowed(of_made[one])]
    scores = {one: _score(of_made[one]) + (_score(measured(early, one)) if early else 0) for one in allowed}
    print(f"\ninterval scores by what is even: {', '.join(f'{one:g} {scores[one]:.3f}' for one in allowed)}")
    return min(allowed, key=scores.__getitem__)


def print_held_out(bills: Mapping[str, DailySeries]) -> None:
    """Print what is chosen, and what the bills that did not choose say of it, beside what was before."""
    real = list(real_questions(bills))
    made = list(made_questions(CHOOSING_SEEDS, LENGTHS))
    early = [each for day, each in real if day < JUDGING_DAY]
    late = [each for day, each in real if day >= JUDGING_DAY]
    chosen = _choose(made, early)
    print(f"chosen {chosen:g}, {'as shipped' if chosen == EVEN else f'NOT as shipped: {EVEN:g}'}")
    print(f"{'':34}{'held, width, score of 80 %':>28}{'of 95 %':>26}   held by months ahead")
    judging = list(made_questions(JUDGING_SEEDS, (DAYS,)))
    for title, each in (("made, chose", made), ("real to July, chose", early), ("made, judges", judging),
                        ("real from August, judges", late), ("real, all", early + late)):  # fmt: skip
        for words, one in (("before", BEFORE), ("chosen", chosen), ("shipped", EVEN)):
            if each and (words != "shipped" or chosen != EVEN):
                _print(f"{title}: {words}", measured(each, one), each, is_real="real" in title)


def _print(title: str, rows: Floats, asked: Sequence[Asked], *, is_real: bool) -> None:
    held = rows[:, 2:].mean(axis=0)
    months = "  ".join(
        " / ".join(f"{part:.1%}" for part in rows[rows[:, 0] == number][:, (2, 5)].mean(axis=0))
        for number in range(MONTHS) if (rows[:, 0] == number).any()
    )  # fmt: skip
    both = "".join(f"{each[0]:10.1%}{each[1]:9.3f}{each[2]:9.3f}" for each in (held[:3], held[3:]))
    print(f"{title:34}{both}   {months}")
    if is_real:
        sure = ", ".join("{:.0%} to {:.0%}".format(*_sure(rows, asked, column)) for column in (2, 5))
        print(f"{'':34}  whole months drawn again, all series of one together, give {sure} (95 %)")


def _sure(rows: Floats, asked: Sequence[Asked], column: int) -> tuple[float, float]:
    """Return between which coverages the true one lies: bootstrap over the months that were asked in."""
    months = np.array([asked[int(index)].month for index in rows[:, 1]])
    each = [rows[months == one, column] for one in np.unique(months)]
    held, counts = np.array([one.sum() for one in each]), np.array([len(one) for one in each])
    drawn = np.random.default_rng(1).integers(0, len(each), (_RESAMPLED, len(each)))
    shares = held[drawn].sum(axis=1) / counts[drawn].sum(axis=1)
    low, high = np.quantile(shares, (0.025, 0.975))
    return float(low), float(high)
