"""The arithmetic of the published accuracy, by hand; and that the document states what the trace gives."""

from __future__ import annotations

import os
from dataclasses import dataclass
from math import isnan
from pathlib import Path
from typing import cast

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bench.idle_accuracy.gaps import missing_as_zero
from bench.idle_accuracy.odds import Cell, calibration_error, column_of
from bench.idle_accuracy.rules import SURE, grade
from bench.idle_accuracy.scoring import bootstrap, middle, score
from bench.idle_accuracy.thresholds import check_peaks, count_busy
from bench.idle_accuracy.trace import Case, InUse, read_trace

ROOT = Path(__file__).resolve().parents[3]
TRACE = ROOT.parent / "shared" / "data" / "util" / "gwa_t12_rnd_hourly_half.parquet"
FIRST_HOUR = 381286  # not a midnight: the first day has two hours


@dataclass
class Told:
    """A case of which only this is known."""

    vm: int
    is_unused: bool
    vcpus: int = 1


def cases(*rows: tuple[int, bool, int]) -> list[Case]:
    return cast("list[Case]", [Told(*row) for row in rows])


def written(file: Path, rows: dict[int, list[tuple[int, float, float]]]) -> Path:
    """A trace of VMs with (hours since the first, CPU, MB)."""
    flat = [(vm, FIRST_HOUR + hour, cpu, mb) for vm, hours in rows.items() for hour, cpu, mb in hours]
    table = pa.table(
        {
            "vm": [row[0] for row in flat],
            "h": [row[1] for row in flat],
            "cpu": [row[2] for row in flat],
            "cpumax": [row[2] for row in flat],
            "net_mb": [row[3] for row in flat],
            "cores": [2] * len(flat),
            "n": [12] * len(flat),
        }
    )
    pq.write_table(table, file)
    return file


def test_precision_and_recall_are_counted_in_cases_and_in_vcpus() -> None:
    known = cases((1, True, 8), (2, True, 2), (3, False, 4), (4, False, 1), (5, True, 6))
    found = score(known, [True, False, True, False, True])
    assert (found.right, found.wrong, found.missed, found.flags) == (2, 1, 1, 3)
    assert (found.precision, found.recall) == (2 / 3, 2 / 3)
    assert (found.dollar_precision, found.dollar_recall) == (14 / 18, 14 / 16)


def test_a_rule_without_flags_has_no_precision() -> None:
    assert isnan(score(cases((1, True, 1)), [False]).precision)


def test_resamples_are_of_vms_and_always_the_same() -> None:
    """Two VMs, one always right, one always wrong: a resample of two gives 0, a half or 1."""
    known = cases(*[(1, True, 1)] * 5, *[(2, False, 1)] * 5)
    once = bootstrap(known, {"all": [True] * 10})
    again = bootstrap(known, {"all": [True] * 10})
    assert set(once.precision["all"]) == {0.0, 0.5, 1.0}
    assert once == again
    assert once.difference("all", "all", "precision") == (0.0, 0.0)


def test_the_middle_leaves_out_a_fortieth_on_each_side() -> None:
    assert middle([float(n) for n in range(1001)]) == (25.0, 975.0)


def test_the_calibration_error_weighs_by_cases() -> None:
    cells = {"0": Cell(9, 10, 1.0), "1": Cell(0, 30, 0.5), "2": Cell(0, 0, 0.9), "3": Cell(5, 5, None)}
    assert calibration_error(cells, ["0", "1", "2", "3"]) == pytest.approx((1 + 15) / 40)


@pytest.mark.parametrize(("days", "column"), [(0, "0"), (3, "3"), (4, "4-5"), (5, "4-5"), (6, None)])
def test_busy_days_fall_into_the_columns_of_the_table(days: int, column: str | None) -> None:
    assert column_of(days) == column


def test_a_day_is_busy_by_either_of_its_highest_hours() -> None:
    assert count_busy([(5.0, 0.0), (4.9, 20e6), (4.9, 19e6), (0.0, 0.0)], 5.0, 20.0) == 2


@pytest.mark.parametrize(
    ("cpu", "mb", "vcpus", "busy"),
    [(10.0, 0.0, 1, True), (9.9, 0.0, 32, False), (0.0, 50.0, 1, True), (0.0, 49.9, 1, False)],
)
def test_in_use_takes_a_tenth_of_the_cpu_or_fifty_megabytes(
    cpu: float, mb: float, vcpus: int, busy: bool
) -> None:
    assert InUse().busy((cpu, cpu, mb * 1e6, vcpus, 12)) is busy


def test_a_trace_is_cut_at_utc_midnights_and_what_is_missing_stays_missing(tmp_path: Path) -> None:
    quiet = [(hour, 1.0, 0.1) for hour in range(2184) if hour not in range(100, 110)]
    woken = [(hour, 90.0 if hour in {30 * 24, 36 * 24, 40 * 24} else 1.0, 0.1) for hour in range(2184)]
    late = [(hour, 1.0, 0.1) for hour in range(500, 2184)]
    found, left_out = read_trace(written(tmp_path / "t.parquet", {1: quiet, 2: woken, 3: late}))
    assert {(case.vm, case.origin) for case in left_out} == {(3, 28), (3, 35), (3, 42)}
    first = next(case for case in found if (case.vm, case.origin) == (1, 28))
    assert first.now.hour == 0
    assert first.seen.period.hours == 672
    assert [hour for hour, value in enumerate(first.seen.cpu_average) if value is None] == (
        [*range(22), *range(122, 132)]
    )
    assert [case.is_unused for case in found if case.vm == 2] == [False, True, True, True, True, True]
    check_peaks(found)
    assert {grade(case) for case in found if case.vm == 1} <= SURE


def test_the_mutant_fills_what_is_missing_with_zeros(tmp_path: Path) -> None:
    (case, *_), _ = read_trace(written(tmp_path / "t.parquet", {1: [(h, 1.0, 0.1) for h in range(2184)]}))
    assert None in case.seen.cpu_average
    assert None not in missing_as_zero(case.seen).cpu_average


@pytest.mark.slow
def test_the_document_states_what_the_trace_gives() -> None:
    if not TRACE.exists():
        assert "CI" not in os.environ, f"no trace at {TRACE}"
        pytest.skip(f"no trace at {TRACE}")
    found, _ = read_trace(TRACE)
    shipped = score(found, [grade(case) in SURE for case in found])
    stated = (ROOT / "docs" / "idle-accuracy.md").read_text(encoding="utf-8")
    assert shipped.precision >= 0.97
    assert shipped.recall >= 0.60
    assert f"Of {shipped.flags} verdicts “idle” (high or medium) {shipped.precision:.1%} held" in stated
    assert f"| {shipped.flags} | {shipped.precision:.3f} [" in stated
