"""Thresholds that one half of the real bills chooses, judged by the other half: how far tuning flatters.

The halves are the bills by name in turn. The rule with the best recall goes on, of those that alarm at most
once a month on each bill as it is (the floor there 1 % of the total's median, as the product has it), and
whose precision is 95 % or more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import product

from bench.anomalies.scores import Finder, Score, alarms_a_month, floor_of, score
from plainbill.analyzer.anomaly.baseline import BillBaseline
from plainbill.analyzer.anomaly.detector import Event, Rule, detect
from plainbill.analyzer.daily_series import DailySeries

NEVER = 1_000_000
GRID = [
    Rule(row_deviations=row, ramp_share=share, ramp_deviations=deviations)
    for row, (share, deviations) in product((2.0, 2.5), ((0.15, 3.0), (0.25, 4.0)))
]
WITHOUT = Rule(row=NEVER, ramp_share=0.25, ramp_deviations=4.0)
PRECISE = 0.95
_MOST_ALARMS = 1.0  # a month


@dataclass(frozen=True, slots=True)
class _Tried:
    score: Score
    alarms: float

    @property
    def is_allowed(self) -> bool:
        return self.alarms <= _MOST_ALARMS and self.score.precision >= PRECISE


def print_held_out(bills: Mapping[str, DailySeries], rounds: int) -> None:
    """Print what each half chooses and what the other half says of it, beside the shipped rule."""
    names, floor = sorted(bills), floor_of(bills["total"])
    halves = [[bills[name] for name in names[start::2]] for start in (0, 1)]
    print("\nthresholds of rows and ramps chosen by half of the real bills, judged by the other half")
    print(f"{'':28}{'row deviations, ramp':>28}{'recall':>9}{'precision':>11}{'alarms a month':>16}")

    @cache
    def tried(rule: Rule, half: int) -> _Tried:
        return _tried(rule, halves[half], rounds, floor)

    for half, other in ((0, 1), (1, 0)):
        allowed = [one for one in GRID if tried(one, half).is_allowed]
        if allowed:
            best = max(allowed, key=lambda one: tried(one, half).score.recall)
            _print(f"chosen by half {half + 1}, there", best, tried(best, half))
            _print("  by the other half", best, tried(best, other))
        else:
            print(f"half {half + 1} allows none of them")
        for words, rule in (("shipped", Rule()), ("without rows", WITHOUT)):
            _print(f"  {words}, other half", rule, tried(rule, other))


def _print(what: str, rule: Rule, of: _Tried) -> None:
    row = "none" if rule.row == NEVER else f"{rule.row_deviations:g}"
    words = f"{row}, {rule.ramp_deviations:g} and {rule.ramp_share:.0%}"
    print(f"{what:28}{words:>28}{of.score.recall:9.1%}{of.score.precision:11.1%}{of.alarms:16.2f}")


def _tried(rule: Rule, bills: Sequence[DailySeries], rounds: int, floor: float) -> _Tried:
    quiet = max(alarms_a_month(_finder(rule, floor), series) for series in bills)
    return _Tried(score(_finder(rule), bills, rounds), quiet)


def _finder(rule: Rule, floor: float | None = None) -> Finder:
    def find(series: DailySeries) -> Sequence[Event]:
        return detect(BillBaseline(series), series.values, replace(rule, floor=floor or floor_of(series)))

    return find
