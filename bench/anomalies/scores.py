"""What is counted: changes that are found, alarms that are none, and alarms of bills as they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from bench.anomalies.injections import Injected, injected, with_gap
from plainbill.analyzer.anomaly.detector import Event
from plainbill.analyzer.daily_series import DailySeries

SEED = 11
FLOOR = 0.01
DAYS_OF_MONTH = 30.4

Finder = Callable[[DailySeries], Sequence[Event]]


def floor_of(series: DailySeries) -> float:
    return FLOOR * float(np.nanmedian(series.values))


def alarms_a_month(find: Finder, series: DailySeries) -> float:
    """Return the alarms on a bill as it is; all are counted as false, though some may be true."""
    return len(find(series)) / (len(series) / DAYS_OF_MONTH)


@dataclass(slots=True)
class Score:
    """Changes injected and found, alarms that are none of them, and those of gaps."""

    found: dict[tuple[str, float], list[bool]] = field(default_factory=lambda: defaultdict(list))
    false: int = 0
    gaps: int = 0
    gap_alarms: int = 0

    @property
    def recall(self) -> float:
        return float(np.mean([each for one in self.found.values() for each in one]))

    @property
    def precision(self) -> float:
        true = sum(each for one in self.found.values() for each in one)
        return true / max(true + self.false, 1)


def _overlaps(event: Event, case: Injected) -> bool:
    return event.start < case.end and event.end > case.start and event.direction == case.direction


def _near(event: Event, start: int, end: int) -> bool:
    return event.start < end and event.end > start


def score(find: Finder, bills: Sequence[DailySeries], rounds: int) -> Score:
    result, dice = Score(), np.random.default_rng(SEED)
    for series in bills:
        usual = find(series)
        for _ in range(rounds):
            for case in injected(series, dice):
                events = find(case.series)
                result.found[(case.kind, case.size)].append(any(_overlaps(event, case) for event in events))
                result.false += sum(_is_new_and_false(event, case, usual) for event in events)
            gapped, start = with_gap(series, dice)
            result.gaps += 1
            result.gap_alarms += any(
                event.start in range(start, start + 3) and not _is_old(event, usual) for event in find(gapped)
            )
    return result


def _is_old(event: Event, usual: Sequence[Event]) -> bool:
    return any(_near(event, one.start, one.end) for one in usual)


def _is_new_and_false(event: Event, case: Injected, usual: Sequence[Event]) -> bool:
    """A false alarm is what neither the change nor the bill as it was explains.

    What follows the end of a change (the fall after a spike) is not explained by it.
    """
    return not _near(event, case.start, case.end) and not _is_old(event, usual)
