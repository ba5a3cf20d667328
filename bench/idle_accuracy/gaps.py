"""What missing hours do to the shipped rule, and what they do to one that takes missing for zero."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random

from bench.idle_accuracy.rules import SURE, classified
from bench.idle_accuracy.scoring import SEED, Score, score
from bench.idle_accuracy.trace import Case
from plainbill.analyzer.ec2_idle import IdleClass
from plainbill.model.utilization import Hours, Utilization

_Change = Callable[[int, float | None], float | None]

SHARES = (0.9, 0.8, 0.5)

Row = tuple[str, str, int, Score]
"""What was kept, which rule, how many cases it did not judge, how right it was."""


def thinned(used: Utilization, share: float, random: Random) -> Utilization:
    """Return the hours with a random ``share`` of the measured ones kept."""
    measured = [hour for hour, value in enumerate(used.cpu_average) if value is not None]
    kept = set(random.sample(measured, round(share * len(measured))))
    return _mapped(used, lambda hour, value: value if hour in kept else None)


def missing_as_zero(used: Utilization) -> Utilization:
    """Return the mutant's view: an hour without a datapoint is an hour of nothing."""
    return _mapped(used, lambda _, value: 0.0 if value is None else value)


def gap_rows(cases: Sequence[Case], left_out: Sequence[Case]) -> list[Row]:
    """Return both rules at each share of kept hours, and on the cases of too little coverage."""
    whole = [case.seen for case in cases]
    rows = both("100% of the measured hours", cases, whole)
    for share in SHARES:
        random = Random(SEED)  # noqa: S311 - repeatable, not secret
        hours = [thinned(case.seen, share, random) for case in cases]
        rows += both(f"{share:.0%} of the measured hours", cases, hours)
    return rows + both("too few samples before the origin", left_out, [case.seen for case in left_out])


def both(kept: str, cases: Sequence[Case], hours: Sequence[Utilization]) -> list[Row]:
    """Return the row of the shipped rule and that of its mutant."""
    zeros = [missing_as_zero(used) for used in hours]
    return [
        _row(kept, "shipped", cases, hours),
        _row(kept, "mutant: missing as zero", cases, zeros),
    ]


def _row(kept: str, rule: str, cases: Sequence[Case], hours: Sequence[Utilization]) -> Row:
    found = [classified(case, used) for case, used in zip(cases, hours, strict=True)]
    unjudged = sum(one.kind is IdleClass.INSUFFICIENT_DATA for one in found)
    return kept, rule, unjudged, score(cases, [one.grade in SURE for one in found])


def _mapped(used: Utilization, change: _Change) -> Utilization:
    def changed(hours: Hours) -> Hours:
        return tuple(change(hour, value) for hour, value in enumerate(hours))

    assert used.network is not None
    coming, going = used.network
    return replace(
        used,
        cpu_average=changed(used.cpu_average),
        cpu_maximum=changed(used.cpu_maximum),
        network_in=changed(coming),
        network_out=changed(going),
    )
