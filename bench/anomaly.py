"""How many anomalies are found, and how many alarms are false, beside plain rules.

    make bench-anomaly

Four parts: changes of many kinds and sizes injected into real and made bills
(``bench/anomalies/injections.py``), false alarms on the real bills as they are, thresholds that one half of
the bills chooses and the other judges (``bench/anomalies/held_out.py``), and the labelled AWS series of NAB
(``bench/anomalies/nab.py``). The floor is 1 % of a series' median; on the real bills as they are, 1 % of the
total's, as the product has it.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import numpy as np

from bench.anomalies.held_out import print_held_out
from bench.anomalies.nab import FOLDER, score_nab
from bench.anomalies.plain import PLAIN, Detector
from bench.anomalies.scores import Finder, alarms_a_month, floor_of, score
from bench.bill_series.made import bill
from bench.bill_series.real import BILL, real_bills
from plainbill.analyzer.anomaly.baseline import BillBaseline
from plainbill.analyzer.anomaly.detector import Event, Rule, detect
from plainbill.analyzer.daily_series import DailySeries

ROUNDS = 4  # of all changes, into each real bill
MADE = 30


def finders(floor: float | None = None) -> dict[str, Finder]:
    """Return ours and the plain rules, with one floor or each series' own."""

    def ours(series: DailySeries) -> Sequence[Event]:
        return detect(BillBaseline(series), series.values, Rule(floor=floor or floor_of(series)))

    def plain(find: Detector) -> Finder:
        return lambda series: find(series.values, 7, floor or floor_of(series))

    return {"plainbill": ours, **{name: plain(find) for name, find in PLAIN.items()}}


def print_scores(title: str, bills: Sequence[DailySeries], rounds: int) -> None:
    scores = {name: score(find, bills, rounds) for name, find in finders().items()}
    print(f"\n{title}: recall by kind and size")
    kinds = list(next(iter(scores.values())).found)
    print(f"{'':28}" + "".join(f"{name:>26}" for name in scores))
    for kind in kinds:
        cells = "".join(f"{np.mean(each.found[kind]):26.0%}" for each in scores.values())
        print(f"{kind[0]:18} {kind[1]:8.0%} {cells}")
    for name, each in (("recall of all", "recall"), ("precision", "precision")):
        print(f"{name:28}" + "".join(f"{getattr(one, each):26.1%}" for one in scores.values()))
    print(
        f"{'alarms in gaps':28}"
        + "".join(f"{f'{one.gap_alarms} of {one.gaps}':>26}" for one in scores.values())
    )


def print_quiet(bills: dict[str, DailySeries]) -> None:
    """Print the alarms on the bills as they are; all are counted as false, though some may be true."""
    print("\nalarms a month on the real bills as they are")
    print(f"{'':28}" + "".join(f"{name:>26}" for name in finders()))
    most, floor = 0.0, floor_of(bills["total"])
    for name, series in bills.items():
        rates = [alarms_a_month(find, series) for find in finders(floor).values()]
        most = max(most, rates[0])
        print(f"{name:28}" + "".join(f"{rate:26.2f}" for rate in rates))
    kept = "kept" if most <= 1 else "NOT kept"
    print(f"at most one a month on each: {kept}")


def main() -> int:
    bills = real_bills()
    if bills:
        print_scores(f"{len(bills)} real bills, {ROUNDS} rounds", list(bills.values()), ROUNDS)
        print_quiet(bills)
        print_held_out(bills, ROUNDS)
    else:
        print(f"real bills: skipped, {BILL} is not there")
    print_scores(f"{MADE} made bills", [bill(seed).series for seed in range(MADE)], 1)
    if FOLDER.exists():
        score_nab()
    else:
        print(f"\nNAB: skipped, {FOLDER} is not there")
    return 0


if __name__ == "__main__":
    sys.exit(main())
