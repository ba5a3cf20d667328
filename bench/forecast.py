"""How good the forecast is, beside the last seven days' mean and the same weekday of last week.

    make bench-forecast

Made bills: the protocol of ``bench/bill_series/made.py``, asked once each, on its 425th day. Real bills:
the daily series of the shared test data, asked on every seventh day from the 120th on. Each answer is
held against what the present month and the three after it came to; an interval covers where the truth
lies within it. Errors are shares of the truth. The constants of the intervals are chosen and judged by
different bills (``bench/forecasts/held_out.py``).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from time import perf_counter

import numpy as np

from bench.bill_series.made import DAYS, bill
from bench.bill_series.real import BILL, real_bills
from bench.forecasts.held_out import print_held_out
from plainbill.analyzer.daily_series import DailySeries, Floats
from plainbill.analyzer.forecast import Forecast, MonthForecast, forecast
from plainbill.analyzer.forecast.methods import paths

SERIES = 300
FIRST_SEED = 5000
FIRST_DAY, STEP = 120, 7
AHEAD = 123
NAMES = ("month end", "1 month ahead", "2 months ahead", "3 months ahead")
BASELINES = ("last seven days", "same weekday")
WITHIN = 0.03  # what coverage may be off its promise


@dataclass(frozen=True, slots=True)
class Answer:
    """One month of one question: the errors of ours and of the baselines, and what the intervals held."""

    ours: float
    baselines: tuple[float, ...]
    in_80: bool
    in_95: bool
    half_80: float


def made_answers() -> Iterator[tuple[str, int, Answer]]:
    for seed in range(FIRST_SEED, FIRST_SEED + SERIES):
        made = bill(seed, DAYS + AHEAD)
        yield from _asked("made", made.series, made.truth, DAYS)


def real_answers() -> Iterator[tuple[str, int, Answer]]:
    for name, series in real_bills().items():
        for day in range(FIRST_DAY, len(series) - 1, STEP):
            yield from _asked(name, series, series.values, day)


def _asked(name: str, series: DailySeries, truth: Floats, day: int) -> Iterator[tuple[str, int, Answer]]:
    said = forecast(DailySeries(series.first, series.values[:day]))
    if not isinstance(said, Forecast):
        return
    plain = paths(series, day, AHEAD)
    for number, month in enumerate(said.months):
        start, end = _index(series, month.start), _index(series, month.end)
        if end > len(truth) or np.isnan(truth[max(start, day) : end]).any():
            continue
        actual = float(month.so_far) if number == 0 else 0.0
        actual += float(truth[max(start, day) : end].sum())
        if number == 0 and month.missing_days:
            actual = float(truth[max(start, 0) : end].sum())
        if np.isnan(actual) or actual <= 0:
            continue
        rest = [float(month.so_far) * (number == 0) + plain[each][max(start - day, 0) : end - day].sum()
                for each in BASELINES]  # fmt: skip
        yield name, number, _answer(month, actual, rest)


def _answer(month: MonthForecast, actual: float, baselines: list[float]) -> Answer:
    return Answer(
        ours=abs(float(month.expected) - actual) / actual,
        baselines=tuple(abs(said - actual) / actual for said in baselines),
        in_80=float(month.low_80) <= actual <= float(month.high_80),
        in_95=float(month.low_95) <= actual <= float(month.high_95),
        half_80=float(month.high_80 - month.low_80) / 2 / actual,
    )


def _index(series: DailySeries, day: date) -> int:
    return (day - series.first).days


def table(title: str, answers: dict[str, list[Answer]]) -> list[str]:
    """Print the errors by kind of question; return what falls short of the promise."""
    print(f"\n{title}")
    print(f"{'':30} {'asked':>6} {'ours: median / mean / p90':>27} {'7-day mean':>17} {'same weekday':>17}"
          f" {'in 80 %':>8} {'in 95 %':>8} {'half 80 %':>9}")  # fmt: skip
    short = []
    for name, each in answers.items():
        ours = np.array([one.ours for one in each])
        others = np.array([one.baselines for one in each])
        in_80, in_95 = np.mean([one.in_80 for one in each]), np.mean([one.in_95 for one in each])
        print(f"{name:30} {len(each):6}"
              f" {np.median(ours):8.1%} /{ours.mean():7.1%} /{np.quantile(ours, .9):7.1%}"
              f" {np.median(others[:, 0]):7.1%} /{others[:, 0].mean():7.1%}"
              f" {np.median(others[:, 1]):7.1%} /{others[:, 1].mean():7.1%}"
              f" {in_80:8.1%} {in_95:8.1%} {np.median([one.half_80 for one in each]):9.1%}")  # fmt: skip
        for baseline, errors in zip(BASELINES, others.T, strict=True):
            if ours.mean() >= errors.mean():
                short.append(f"{title}, {name}: the mean error does not beat {baseline}")
        for promised, held in ((0.8, in_80), (0.95, in_95)):
            if abs(held - promised) > WITHIN:
                short.append(f"{title}, {name}: {held:.1%} lie within the {promised:.0%} interval")
    return short


def grouped(found: Iterator[tuple[str, int, Answer]], *, is_by_month: bool) -> dict[str, list[Answer]]:
    """Return the answers by how far ahead they look, or by series."""
    groups: dict[str, list[Answer]] = {}
    for name, number, answer in found:
        groups.setdefault(NAMES[number] if is_by_month else name, []).append(answer)
    return groups


def main() -> int:
    began = perf_counter()
    short = table(f"{SERIES} made bills", grouped(made_answers(), is_by_month=True))
    print(
        f"{(perf_counter() - began) / SERIES * 1000:.0f} ms a forecast of four months, its backtest included"
    )
    if BILL.exists():
        found = list(real_answers())
        short += table("real bills", grouped(iter(found), is_by_month=True))
        ends = (each for each in found if each[1] == 0)
        short += table("real bills, month end", grouped(ends, is_by_month=False))
    else:
        print(f"\nreal bills: skipped, {BILL} is not there")
    print_held_out(real_bills())
    print("\nFalls short:" if short else "\nEvery promise is kept.")
    for line in short:
        print(f"- {line}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
