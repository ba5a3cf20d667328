"""A choice of the fault matrix: each call site and each fault, in each position and scope.

All cells: ``make bench-faults``.
"""

from __future__ import annotations

import pytest

from matrix.cells import KINDS
from matrix.rig import Rig
from matrix.running import all_cells, run, stratified
from plainbill.data_fetcher import all_reads


@pytest.mark.slow
def test_whatever_goes_wrong_the_truth_is_shown_or_said_to_be_missing(rig: Rig) -> None:
    every = all_cells(rig)
    assert len(every) > 1_500
    chosen = stratified(every)
    results = list(run(rig, chosen))
    assert {one.cell.name: one.violations[0] for one in results if one.violations} == {}
    assert {cell.fault for cell in chosen} == set(KINDS)
    assert sum(one.is_partial for one in results) > len(results) / 2


def test_every_declared_read_has_cells(rig: Rig) -> None:
    declared = {read.iam_action for read in all_reads()}
    unasked = {
        "autoscaling:DescribeAutoScalingGroups",  # for compute_optimizer; a source of its own has it
        "oam:ListSinks",  # what fails here loses nothing: tests/data_fetcher/test_monitoring_faults.py
        "oam:ListAttachedLinks",
        "s3:GetBucketLocation",  # only of buckets whose Region their list leaves out
    }
    assert declared - unasked <= {cell.action for cell in all_cells(rig)}
