"""Only what surely has no rule and holds enough is flagged; how much of it is cold is never guessed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from apps_factories import GIB, days_ago, file_system
from factories import context
from plainbill.analyzer.checks.efs_file_system_without_lifecycle import EfsFileSystemWithoutLifecycle
from plainbill.model.findings import Confidence, Ok, Unknown, Verdict, Waste
from plainbill.model.resources.efs import EfsFileSystem


def judge(one: EfsFileSystem) -> Verdict:
    return EfsFileSystemWithoutLifecycle().evaluate(one, context(one))


@pytest.mark.parametrize(
    "one",
    [
        pytest.param(file_system(moves_to_infrequent="AFTER_30_DAYS"), id="a rule"),
        pytest.param(file_system(standard_bytes=10 * GIB - 1), id="too little in the dear class"),
        pytest.param(file_system(is_replica=True, lifecycle_is_known=False), id="the copy of another"),
    ],
)
def test_a_file_system_with_a_rule_or_little_in_it_is_left_alone(one: EfsFileSystem) -> None:
    assert isinstance(judge(one), Ok)


@pytest.mark.parametrize(
    "one",
    [
        pytest.param(file_system(lifecycle_is_known=False), id="rules denied"),
        pytest.param(file_system(standard_bytes=None), id="classes not told apart"),
        pytest.param(file_system(created_at=days_ago(29)), id="young"),
    ],
)
def test_too_little_evidence_is_unknown(one: EfsFileSystem) -> None:
    assert isinstance(judge(one), Unknown)


def test_without_a_rule_it_is_to_be_reviewed_and_has_a_cost_but_no_saving() -> None:
    found = judge(file_system())
    assert isinstance(found, Waste)
    assert found.confidence is Confidence.REVIEW
    assert found.monthly_saving is None
    assert found.monthly_cost is not None
    assert found.monthly_cost.amount == Decimal(30)
