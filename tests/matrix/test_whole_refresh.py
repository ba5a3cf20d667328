"""What the pages show after a refresh that something was in the way of: the truth, or a gap beside it.

A choice of the cases; all of them: ``make bench-faults``.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from matrix.rig import Rig
from matrix.whole import CASES, Case, Shown, not_said, shown


@pytest.fixture(scope="module")
def truth(rig: Rig, tmp_path_factory: pytest.TempPathFactory) -> Shown:
    whole = shown(rig, tmp_path_factory.mktemp("whole"), None)
    assert whole.gaps == {"costs": [], "idle": []}
    return whole


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES[::5], ids=lambda case: f"{case.fault} {case.injected.action}")
def test_what_is_shown_is_the_truth_or_has_a_gap_beside_it(
    rig: Rig, truth: Shown, tmp_path: Path, case: Case
) -> None:
    now = shown(rig, tmp_path, case)
    assert rig.aws.endpoint.injector.hits, "the fault hit no call"
    assert not_said(truth, now, case) == []


def test_a_total_that_changed_and_a_gap_that_was_lost_are_found_out(truth: Shown) -> None:
    costs = next(case for case in CASES if case.touched == {"costs"})
    disks = next(case for case in CASES if not case.touched)
    zero = replace(truth, figures={**truth.figures, "costs": {**truth.figures["costs"], "total": "0"}})
    assert not_said(truth, truth, costs) == []
    assert [one.partition(":")[0] for one in not_said(truth, zero, costs)] == ["silent"]
    gap = {"source": "ebs_volumes", "reason": "Not permitted.", "remedy": " "}
    beside = replace(zero, gaps={**truth.gaps, "costs": [gap]})
    assert [one.partition(":")[0] for one in not_said(truth, beside, disks)] == [
        "elsewhere",
        "elsewhere",
        "gap",
    ]
