"""All measurements in one go: what the document states."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.idle_accuracy import odds, thresholds
from bench.idle_accuracy.gaps import Row, gap_rows
from bench.idle_accuracy.rules import (
    ABLATIONS,
    HIGH,
    OPTIMIZER,
    OPTIMIZER_28,
    REFERENCE,
    RULES,
    SHIPPED,
    SURE,
    Figures,
    answer,
    classified,
    grade,
)
from bench.idle_accuracy.savings import Scheduled, Sized, scheduled, sized
from bench.idle_accuracy.scoring import Bootstrap, Score, bootstrap, flags_of, score
from bench.idle_accuracy.trace import OUTCOMES, Case, read_trace, vms_of
from plainbill.analyzer.ec2_idle import PRESETS, IdleClass
from plainbill.model.findings import Unknown, Waste

RIVALS = tuple(rule for rule in RULES if not rule.startswith(("**", "Plainbill")))
JUDGED_BY_OUTCOME = (SHIPPED, HIGH, OPTIMIZER, OPTIMIZER_28)


@dataclass(frozen=True)
class Whole:
    """The shipped rule with every stored hour, up to 61 days: rhythms can acquit."""

    score: Score
    classes: Mapping[IdleClass, int]
    unused: Mapping[IdleClass, int]


@dataclass(frozen=True)
class Measured:
    """Every figure of the document."""

    cases: int
    vms: int
    left_out: int
    unused: float
    scores: Mapping[str, Score]
    intervals: Bootstrap
    presets: Mapping[str, tuple[int, Score]]
    whole: Whole
    splits: thresholds.Splits
    gaps: Sequence[Row]
    reliability: Mapping[str, odds.Cell]
    errors: Mapping[str, float]
    table: Mapping[int, Mapping[str, odds.Cell]]
    by_outcome: Mapping[str, tuple[float, Sequence[Score]]]
    sized: Mapping[str, Sized]
    scheduled: Scheduled

    @property
    def differences(self) -> dict[str, tuple[Figures, Figures]]:
        """The rules whose figures are not those of the independent program: ours, and theirs."""
        ours = {rule: _figures(one) for rule, one in self.scores.items()}
        return {rule: (ours[rule], known) for rule, known in REFERENCE.items() if ours[rule] != known}


def _figures(one: Score) -> Figures:
    shares = (one.precision, one.recall, one.dollar_precision, one.dollar_recall)
    precision, recall, dollar_precision, dollar_recall = (round(share, 3) for share in shares)
    return one.flags, precision, recall, dollar_precision, dollar_recall


def measure_all(file: Path) -> Measured:
    """Read the trace and measure everything; about a minute."""
    cases, left_out = read_trace(file)
    thresholds.check_peaks(cases)
    flags = {name: flags_of(cases, rule) for name, rule in {**RULES, **ABLATIONS}.items()}
    reliability = odds.reliability(cases)
    return Measured(
        cases=len(cases),
        vms=len(vms_of(cases)),
        left_out=len(left_out),
        unused=sum(case.is_unused for case in cases) / len(cases),
        scores={name: score(cases, flagged) for name, flagged in flags.items()},
        intervals=bootstrap(cases, flags),
        presets={name: _three_answers(name, cases) for name in PRESETS},
        whole=_whole(cases),
        splits=thresholds.split_choices(cases),
        gaps=gap_rows(cases, left_out),
        reliability=reliability,
        errors={
            "up to 2 busy days": odds.calibration_error(reliability, odds.PRINTED),
            "up to 5 busy days": odds.calibration_error(reliability),
            "up to 2 busy days, out of sample": odds.error_out_of_sample(cases, odds.PRINTED),
            "up to 5 busy days, out of sample": odds.error_out_of_sample(cases),
        },
        table=odds.table(cases),
        by_outcome=_by_outcome(cases, flags),
        sized=sized(cases),
        scheduled=scheduled(cases),
    )


def _three_answers(name: str, cases: Sequence[Case]) -> tuple[int, Score]:
    """Return how many a preset does not know, and its score; not known is not flagged."""
    if name == "plainbill":
        unknown = sum(grade(case) not in {None, *SURE} for case in cases)
        return unknown, score(cases, [grade(case) in SURE for case in cases])
    said = [answer(PRESETS[name], case) for case in cases]
    unknown = sum(isinstance(one, Unknown) for one in said)
    return unknown, score(cases, [isinstance(one, Waste) for one in said])


def _whole(cases: Sequence[Case]) -> Whole:
    found = [classified(case, case.utilization(case.origin)) for case in cases]
    pairs = list(zip(found, cases, strict=True))
    return Whole(
        score=score(cases, [one.grade in SURE for one in found]),
        classes=Counter(one.kind for one in found),
        unused=Counter(one.kind for one, case in pairs if case.is_unused),
    )


def _by_outcome(
    cases: Sequence[Case], flags: Mapping[str, Sequence[bool]]
) -> dict[str, tuple[float, Sequence[Score]]]:
    rows: dict[str, tuple[float, Sequence[Score]]] = {}
    for name, outcome in OUTCOMES.items():
        unused = [case.unused(outcome) for case in cases]
        scores = [score(cases, flags[rule], unused) for rule in JUDGED_BY_OUTCOME]
        rows[name] = (sum(unused) / len(unused), scores)
    return rows
