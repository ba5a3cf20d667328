"""Budgets survive, and who changed which."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from factories import NOW
from plainbill.model.budget import Budget, BudgetChange
from plainbill.model.cost import CostMetric
from plainbill.storage import State

OURS = Budget(
    name="it's <b>ours</b>",
    amount=Decimal("30000.10"),
    currency="EUR",
    metric=CostMetric.NET_AMORTIZED,
    only={"usage_type": "it's-TimedStorage", "service": "Amazon Simple Storage Service"},
    account="111122223333",
    who="kim",
    saved_at=NOW,
)
REMOVED = BudgetChange(at=NOW + timedelta(hours=1), name=OURS.name, amount=None, who="lee")


@pytest.fixture
def state(tmp_path: Path) -> State:
    return State(tmp_path / "state.db")


def test_what_is_not_there_cannot_be_removed_and_nobody_is_said_to_have(state: State) -> None:
    assert not state.remove_budget(REMOVED)
    assert (state.budgets(), state.budget_changes()) == ([], [])


def test_a_budget_is_read_back_as_it_was_set(state: State, tmp_path: Path) -> None:
    state.save_budget(OURS)
    assert State(tmp_path / "state.db").budgets() == [OURS]


def test_the_same_name_again_takes_its_place_and_both_are_remembered(state: State) -> None:
    state.save_budget(OURS)
    state.save_budget(replace(OURS, amount=Decimal(5), account=None, who="lee"))
    assert [(one.amount, one.account) for one in state.budgets()] == [(Decimal(5), None)]
    assert [(one.amount, one.who) for one in state.budget_changes()] == [
        (Decimal(5), "lee"),
        (OURS.amount, "kim"),
    ]


def test_a_removed_budget_leaves_who_removed_it(state: State) -> None:
    state.save_budget(OURS)
    assert state.remove_budget(REMOVED)
    assert (state.budgets(), state.budget_changes(1)) == ([], [REMOVED])
