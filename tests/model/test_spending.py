"""What a refresh may cost, before it is begun."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from factories import NOW
from plainbill.model.run import OperationCost, Run, RunState
from plainbill.model.spending import expected_cost, over_cap


def costing(dollars: str, state: RunState = RunState.COMPLETE) -> Run:
    low, high = Decimal(0), Decimal(dollars)
    asked = OperationCost(service="ce", operation="GetCostAndUsage", calls=1, low=low, high=high)
    return Run(
        run_id=f"20261124T120000Z-{dollars}",
        state=state,
        started_at=NOW,
        finished_at=NOW,
        accounts=(),
        regions=(),
        operations=(asked,),
        gaps=(),
    )


@pytest.mark.parametrize(
    ("cap", "spent", "expected"),
    [("5", "0", None), ("5", "4.90", "0.10"), ("5", "4.99", None), ("0.10", "0", "0.10")],
)
def test_a_refresh_within_the_cap_goes_on(cap: str, spent: str, expected: str | None) -> None:
    assert over_cap(Decimal(cap), Decimal(spent), Decimal(expected) if expected else None) is None


@pytest.mark.parametrize(
    ("cap", "spent", "expected"),
    [("5", "4.91", "0.10"), ("5", "5", None), ("5", "7", "0.10"), ("0", "0", None), ("0", "0", "0.01")],
)
def test_a_refresh_that_would_pass_it_is_held_back_and_told_why(
    cap: str, spent: str, expected: str | None
) -> None:
    reason = over_cap(Decimal(cap), Decimal(spent), Decimal(expected) if expected else None)
    assert reason is not None
    assert f"${cap} that PLAINBILL_MONTHLY_API_DOLLARS allows" in reason


def test_a_run_that_failed_says_nothing_of_the_next() -> None:
    failed, running = costing("0.01", RunState.FAILED), costing("0.02", RunState.RUNNING)
    partial, older = costing("0.30", RunState.PARTIAL), costing("0.90")
    assert expected_cost([running, failed, partial, older]) == Decimal("0.30")
    assert expected_cost([failed]) is None


def asking(bill: str, rest: str) -> Run:
    """A refresh that paid so much for Cost Explorer and so much for all else."""
    run = costing(bill)
    other = OperationCost(
        service="s3", operation="ListBuckets", calls=1, low=Decimal(rest), high=Decimal(rest)
    )
    return replace(run, operations=(*run.operations, other))


@pytest.mark.parametrize(
    ("left", "expected"), [(None, "0.0704"), (0, "0.0204"), (1, "0.0704"), (10, "0.0704")]
)
def test_the_bill_costs_what_it_did_when_it_was_last_asked_and_nothing_where_it_will_not_be(
    left: int | None, expected: str
) -> None:
    runs = [asking("0", "0.0204"), asking("0.05", "0.01"), asking("0.09", "0.01")]
    assert expected_cost(runs, left) == Decimal(expected)


@pytest.mark.parametrize(
    ("left", "new", "expected"), [(0, 3, "0.0204"), (2, 3, "0.0904"), (10, 3, "0.1004"), (None, 1, "0.0804")]
)
def test_each_table_that_was_never_asked_for_is_a_request_more(
    left: int | None, new: int, expected: str
) -> None:
    runs = [asking("0", "0.0204"), asking("0.05", "0.01")]
    assert expected_cost(runs, left, new) == Decimal(expected)
