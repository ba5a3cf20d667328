"""docs/idle-accuracy.md, written from the measurements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import isnan
from statistics import fmean

from bench.idle_accuracy import odds, thresholds
from bench.idle_accuracy.outcomes import JUDGED_BY_OUTCOME, RIVALS, Measured
from bench.idle_accuracy.prose import DATA, HEAD, LIMITS, METHOD
from bench.idle_accuracy.rules import ABLATIONS, OPTIMIZER, REFERENCE, RULES, SHIPPED
from bench.idle_accuracy.scoring import Score
from plainbill.analyzer.ec2_idle.calibration import wilson

Span = tuple[float, float]


def document(found: Measured) -> str:
    """Return the whole page."""
    parts = [
        HEAD,
        in_short(found),
        DATA.format(left_out=found.left_out),
        METHOD.format(cases=found.cases, vms=found.vms, unused=f"{found.unused:.1%}"),
        "## All rules\n",
        rules(found, RULES),
        "## Three answers, as shipped\n",
        presets(found),
        whole(found),
        "## Against each rival, in the same resamples\n",
        paired(found),
        "## What each part is worth\n",
        "One busy day at most in 28, unless the row says otherwise.\n",
        rules(found, ABLATIONS),
        "## Thresholds chosen on other VMs\n",
        splits(found),
        "## Missing hours\n",
        gaps(found),
        "## Are the printed odds right?\n",
        reliability(found),
        look_backs(found),
        "## Other meanings of “in use”\n",
        by_outcome(found),
        "## One size down, and off-hours\n",
        savings(found),
        "## An independent program\n",
        differences(found),
        LIMITS,
    ]
    return "\n".join(part.rstrip("\n") + "\n" for part in parts)


def in_short(found: Measured) -> str:
    """Return the figures that matter most."""
    shipped, optimizer = found.scores[SHIPPED], found.scores[OPTIMIZER]
    precision, recall = (found.intervals.interval(SHIPPED, of) for of in ("precision", "recall"))
    return (
        f"**Of {shipped.flags} verdicts “idle” (high or medium) {shipped.precision:.1%} held "
        f"[{_span(precision)}]: the VM stayed unused for the next 30 days. They found {shipped.recall:.1%} "
        f"[{_span(recall)}] of what stayed unused.** Compute Optimizer's rule as documented: "
        f"{optimizer.precision:.1%} and {optimizer.recall:.1%}. Brackets hold 95 % intervals."
    )


def rules(found: Measured, names: Iterable[str]) -> str:
    """Return precision and recall of these rules with their intervals."""
    rows = []
    for name in names:
        one = found.scores[name]
        spans = [_span(found.intervals.interval(name, of)) for of in ("precision", "recall")]
        rows.append([name, one.flags, f"{_share(one.precision)} [{spans[0]}]",
                     f"{_share(one.recall)} [{spans[1]}]", _share(one.dollar_precision),
                     _share(one.dollar_recall)])  # fmt: skip
    return grid(["rule", "flags", "precision", "recall", "$-precision", "$-recall"], rows)


def presets(found: Measured) -> str:
    """Return the presets with their own demands on coverage and age."""
    rows = []
    for name, (unknown, one) in found.presets.items():
        left = found.cases - one.flags - unknown
        rows.append([f"`{name}`", one.flags, left, unknown, _share(one.precision), _share(one.recall)])
    return grid(["preset", "waste", "ok", "unknown", "precision", "recall"], rows)


def whole(found: Measured) -> str:
    """Return what all stored hours change."""
    one = found.whole.score
    rows = [[kind.value, count, f"{found.whole.unused.get(kind, 0) / count:.1%}"]
            for kind, count in sorted(found.whole.classes.items(), key=lambda pair: -pair[1])]  # fmt: skip
    return (
        "With every hour that the trace holds before the origin (28 to 61 days) rhythms can acquit and wakes "
        f"that look monthly lower a grade: {one.flags} flags, precision {_share(one.precision)}, recall "
        f"{_share(one.recall)}. The classes then, and how many of each stayed unused:\n\n"
        + grid(["class", "cases", "unused"], rows)
    )


def paired(found: Measured) -> str:
    """Return the shipped rule minus each rival."""
    rows = []
    for rival in RIVALS:
        cells = []
        for of in ("precision", "recall"):
            gap = getattr(found.scores[SHIPPED], of) - getattr(found.scores[rival], of)
            low, high = found.intervals.difference(SHIPPED, rival, of)
            cells.append(f"{gap:+.3f} [{low:+.3f}, {high:+.3f}]")
        rows.append([rival, *cells])
    return grid(["Plainbill (high and medium) minus", "precision", "recall"], rows)


def splits(found: Measured) -> str:
    """Return how the choice of thresholds fares on VMs that had no say in it."""
    one = found.splits
    favourites = sorted(one.chosen.items(), key=lambda pair: -pair[1])[:3]
    told = "; ".join(
        f"{cpu:g} %, {megabytes:g} MB, {days} days ({times} times)"
        for (cpu, megabytes, days), times in favourites
    )
    return (
        f"{thresholds.SPLITS} times the thresholds with the highest recall at a precision of "
        f"{thresholds.LEAST_PRECISION:g} were chosen on a random half of the VMs and tried on the other half "
        f"(CPU {_list(thresholds.CPU_GRID)} % x network {_list(thresholds.MEGABYTES_GRID)} MB an hour x "
        f"{_list(thresholds.BUSY_DAYS_GRID)} busy days). On average precision {_share(one.precision)} "
        f"[{_span(one.precision_range)}] and recall {_share(one.recall)} [{_span(one.recall_range)}]; the "
        f"brackets hold 95 % of the splits. Chosen most often: {told}.\n\n"
        "So a choice made on some 120 VMs promises more than it keeps on others. The shipped thresholds were "
        "settled on all 500 VMs of the trace, these 250 among them: no part of it is wholly new to them."
    )


def gaps(found: Measured) -> str:
    """Return what holes do to the shipped rule and to its mutant."""
    rows = [
        [kept, rule, unjudged, one.flags, _share(one.precision), _share(one.recall)]
        for kept, rule, unjudged, one in found.gaps
    ]
    return (
        "Hours removed at random from the 28 days; the mutant takes what is missing for zero. The last two "
        f"rows are the {found.left_out} cases that the protocol leaves out, because less than 80 % was seen "
        "before the origin: what the mutant is sure of there is worth little.\n\n"
        + grid(["seen", "rule", "not judged", "flags", "precision", "recall"], rows)
    )


def reliability(found: Measured) -> str:
    """Return told against true, and the calibration errors."""
    rows = []
    for column, cell in found.reliability.items():
        low, high = wilson(cell.held, cell.cases)
        told = "" if cell.told is None else f"{cell.told:.3f}"
        rows.append([column, cell.cases, told, f"{cell.held / cell.cases:.3f}", f"{low:.3f} to {high:.3f}"])
    errors = "; ".join(f"{name}: {error:.3f}" for name, error in found.errors.items())
    return (
        grid(["busy days in 28", "cases", "told", "stayed unused", "95 % (Wilson)"], rows)
        + "\nOdds are printed with a grade, so for two busy days at most. Expected calibration error, "
        + f"{errors}. What is told comes from all 500 VMs, this half among them; “out of sample” is odds "
        + "learnt on a random half of these VMs and tried on the other, 200 times."
    )


def look_backs(found: Measured) -> str:
    """Return the table of odds, measured anew beside what the product tells."""
    rows = [
        [f"{days} d", *(_cell(cells[column]) for column in odds.COLUMNS)]
        for days, cells in found.table.items()
    ]
    return (
        "The whole table on this half (5 % CPU for every size, as it was made): stayed unused of cases, and "
        "in brackets what the product tells.\n\n"
        + grid(["look-back", *(f"{column} busy days" for column in odds.COLUMNS)], rows)
    )


def by_outcome(found: Measured) -> str:
    """Return precision and recall by other definitions of the outcome."""
    names = [name.strip("*") for name in JUDGED_BY_OUTCOME]
    better = [
        name
        for name, (_, (shipped, _, optimizer, _)) in found.by_outcome.items()
        if optimizer.precision > shipped.precision
    ]
    rows = [
        [name, f"{unused:.1%}", *map(_pair, scores)] for name, (unused, scores) in found.by_outcome.items()
    ]
    return (
        "In use means: an hour of so much CPU or traffic on so many of the next 30 days. Precision / recall. "
        "Where a single day in 30 is enough, rules are wrong more often. Compute Optimizer's rule (14 d) is "
        f"the more precise one where in use means: {'; '.join(better)}. Its recall is lower in every row.\n\n"
        + grid(["in use means", "unused", *names], rows)
    )


def savings(found: Measured) -> str:
    """Return what became of advice on sizes and schedules."""
    rows = [
        [level, one.cases, one.saturated, f"{one.saturated / one.cases:.1%}"]
        for level, one in found.sized.items()
    ]
    one = found.scheduled
    few = sum(days <= 2 for days in one.days)
    return (
        "Half the vCPUs are too few where more than 0.5 % of the next 30 days' hours would have been over "
        "95 % full. Cases of two vCPUs and more that are not idle:\n\n"
        + grid(["advice", "cases", "too small afterwards", "share"], rows)
        + f"\nSchedules: {len(one.days)} proposals for {one.vms} VMs passed the held-out weeks. In the four "
        f"weeks that followed {sum(days == 0 for days in one.days)} were never broken, {few} on at most two "
        f"days; {one.violated_hours / one.off_hours:.1%} of the hours predicted off were busy. On average "
        f"one was broken on {fmean(one.days):.1f} days, where the held-out weeks foresaw {one.foreseen:.1f}: "
        "the number of days that the product tells to expect includes that difference. These are few VMs; a "
        "schedule is a proposal to ask about, not a finding."
    )


def differences(found: Measured) -> str:
    """Return how far the figures are those of another program over the same data."""
    if not found.differences:
        return (
            f"All five figures of {len(REFERENCE)} of these rules were also measured by another program, "
            "written apart from this one, over the same half of the trace: identical, to the third decimal. "
            "(It weighs each hour by its number of samples, the product weighs every hour the same; no flag "
            "depends on that here.) The other rules and the intervals have no such counterpart."
        )
    rows = [[rule, str(ours), str(theirs)] for rule, (ours, theirs) in found.differences.items()]
    return "These differ:\n\n" + grid(["rule", "here", "there"], rows)


def grid(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table."""
    lines = [list(head), ["---"] * len(head), *([str(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def _share(value: float) -> str:
    return "-" if isnan(value) else f"{value:.3f}"


def _span(span: Span) -> str:
    return f"{_share(span[0])}, {_share(span[1])}"


def _pair(one: Score) -> str:
    return f"{_share(one.precision)} / {_share(one.recall)}"


def _cell(cell: odds.Cell) -> str:
    told = "" if cell.told is None else f" ({cell.told:.3f})"
    return f"{cell.held} of {cell.cases}{told}" if cell.cases else "none"


def _list(values: Sequence[float]) -> str:
    return ", ".join(f"{value:g}" for value in values)
