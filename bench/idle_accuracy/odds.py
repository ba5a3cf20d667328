"""Are the printed odds right? The reliability of the product's table, and the table measured anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from statistics import fmean

from bench.idle_accuracy.rules import PLAIN, VM, busy_days
from bench.idle_accuracy.scoring import SEED
from bench.idle_accuracy.trace import Case, vms_of
from plainbill.analyzer.ec2_idle.calibration import LOOK_BACKS, probability_unused
from plainbill.analyzer.ec2_idle.measuring import look_back, measure

SPLITS = 200
COLUMNS = ("0", "1", "2", "3", "4-5")
PRINTED = COLUMNS[:3]  # odds are printed with a grade, and a grade takes two busy days at most


@dataclass(frozen=True)
class Cell:
    """How many of how many cases stayed unused, and what the product's table says (None: nothing)."""

    held: int
    cases: int
    told: float | None


def column_of(days: int) -> str | None:
    """Return the table's column for a number of busy days, None beyond it."""
    if days > 5:
        return None
    return str(days) if days < 4 else COLUMNS[4]


def reliability(cases: Sequence[Case]) -> dict[str, Cell]:
    """Return, for 28 days, each column's cases by the shipped count of busy days."""
    busy = [busy_days(case) for case in cases]
    return {column: _cell(cases, busy, column, 28) for column in COLUMNS}


def calibration_error(cells: Mapping[str, Cell], columns: Sequence[str] = COLUMNS) -> float:
    """Return the expected calibration error: the mean gap between told and true, weighted by cases."""
    chosen = [cells[column] for column in columns]
    known = [cell for cell in chosen if cell.cases and cell.told is not None]
    total = sum(cell.cases for cell in known)
    return sum(abs(cell.held - cell.cases * (cell.told or 0.0)) for cell in known) / total


def error_out_of_sample(cases: Sequence[Case], columns: Sequence[str] = COLUMNS) -> float:
    """Return the mean error of odds learnt on half of the VMs and tried on the others."""
    columns_of = {id(case): column_of(busy_days(case)) for case in cases}
    vms = vms_of(cases)
    random = Random(SEED)  # noqa: S311 - repeatable, not secret
    errors = []
    for _ in range(SPLITS):
        half = set(random.sample(vms, len(vms) // 2))
        cells = {}
        for column in COLUMNS:
            learnt = [c.is_unused for c in cases if c.vm in half and columns_of[id(c)] == column]
            tried = [c.is_unused for c in cases if c.vm not in half and columns_of[id(c)] == column]
            cells[column] = Cell(sum(tried), len(tried), fmean(learnt) if learnt else None)
        errors.append(calibration_error(cells, columns))
    return fmean(errors)


def table(cases: Sequence[Case]) -> dict[int, dict[str, Cell]]:
    """Measure the whole table anew, by the plain 5 % detector that the product's table was made with.

    A look-back needs as many days of trace before the origin.
    """
    rows = {}
    for days in LOOK_BACKS:
        old = [case for case in cases if case.origin >= days]
        busy = [_busy_days(case, days) for case in old]
        rows[days] = {column: _cell(old, busy, column, days) for column in COLUMNS}
    return rows


def _busy_days(case: Case, days: int) -> int:
    if days <= 28:
        return busy_days(case, PLAIN, days)
    load = measure(VM, case.utilization(days), case.vcpus, case.facts, PLAIN)
    return look_back(load, VM, case.facts, days).busy_days


def _cell(cases: Sequence[Case], busy: Sequence[int], column: str, days: int) -> Cell:
    held = [case.is_unused for case, k in zip(cases, busy, strict=True) if column_of(k) == column]
    told = probability_unused(days, int(column[0]))
    return Cell(sum(held), len(held), told.value if told else None)
