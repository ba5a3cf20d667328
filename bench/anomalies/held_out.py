"""Thresholds that one half of the real bills chooses, judged by the other half: how far tuning flatters.

The halves are the bills by name in turn. The rule with the best recall goes on, of those that alarm at most
once a month on each bill as it is (the floor there 1 % of the total's median, as the product has it), and
whose precision is 95 % or more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from bench.anomalies.scores import Finder, Score, alarms_a_month, floor_of, score
from plainbill.analyzer.anomaly.baseline import BillBaseline
from plainbill.analyzer.anomaly.detector import Event, Rule, detect
from plainbill.analyzer.daily_series import DailySeries

DEVIATIONS, SHARES = (3.0, 3.5, 4.0, 5.0), (0.1, 0.15, 0.2)
PRECISE = 0.95
_MOST_ALARMS = 1.0  # a month

Thresholds = tuple[float, float]
SHIPPED: Thresholds = (Rule().deviations, Rule().share)


@dataclass(frozen=True, slots=True)
class _Tried:
    score: Score
    alarms: float

    @property
    def is_allowed(self) -> bool:
        return self.alarms <= _MOST_ALARMS and self.score.precision >= PRECISE


def print_held_out(bills: Mapping[str, DailySeries], rounds: int) -> None:
    """Print what each half chooses and what the other half says of it, beside the rule as it is shipped."""
    names, floor = sorted(bills), floor_of(bills["total"])
    halves = [[bills[name] for name in names[start::2]] for start in (0, 1)]
    print("\nthresholds chosen by half of the real bills, judged by the other half")
    print(f"{'':28}{'deviations, share':>20}{'recall':>9}{'precision':>11}{'alarms a month':>16}")
    for number, (choosing, judging) in enumerate((halves, halves[::-1])):
        grid = [*product(DEVIATIONS, SHARES)]
        tried = {one: _tried(one, choosing, rounds, floor) for one in grid}
        allowed = [one for one in grid if tried[one].is_allowed]
        if not allowed:
            print(f"half {number + 1} allows none of them")
            continue
        best = max(allowed, key=lambda one: tried[one].score.recall)
        _print(f"chosen by half {number + 1}, there", best, tried[best])
        _print("  by the other half", best, _tried(best, judging, rounds, floor))
        _print("  as shipped, other half", SHIPPED, _tried(SHIPPED, judging, rounds, floor))


def _print(what: str, chosen: Thresholds, of: _Tried) -> None:
    words = f"{chosen[0]:g}, {chosen[1]:.0%}"
    print(f"{what:28}{words:>20}{of.score.recall:9.1%}{of.score.precision:11.1%}{of.alarms:16.2f}")


def _tried(thresholds: Thresholds, bills: Sequence[DailySeries], rounds: int, floor: float) -> _Tried:
    quiet = max(alarms_a_month(_finder(thresholds, floor), series) for series in bills)
    return _Tried(score(_finder(thresholds), bills, rounds), quiet)


def _finder(thresholds: Thresholds, floor: float | None = None) -> Finder:
    deviations, share = thresholds

    def find(series: DailySeries) -> Sequence[Event]:
        least = floor or floor_of(series)
        rule = Rule(floor=least, deviations=deviations, share=share, ramp_deviations=deviations)
        return detect(BillBaseline(series), series.values, rule)

    return find
