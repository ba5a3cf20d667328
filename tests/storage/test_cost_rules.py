"""Rules for shared costs survive, and who saved which."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from factories import NOW
from plainbill.model.cost_rule import CostRule, CostRuleChange, SavedCostRule, Spread
from plainbill.storage import State

RULE = CostRule(
    by="tag",
    shared=("a, b", "it's \"<b>"),
    is_untagged_shared=True,
    types=("Tax",),
    spread=Spread.FIXED,
    fixed=(("web", Decimal("33.33")), ("data", Decimal("66.67"))),
)
OURS = SavedCostRule(name="it's <b>ours</b>", rule=RULE, is_usual=True, who="kim", saved_at=NOW)
REMOVED = CostRuleChange(at=NOW + timedelta(hours=1), name=OURS.name, rule=None, is_usual=False, who="lee")


@pytest.fixture
def state(tmp_path: Path) -> State:
    return State(tmp_path / "state.db")


def test_what_is_not_there_cannot_be_removed_and_nobody_is_said_to_have(state: State) -> None:
    assert not state.remove_cost_rule(REMOVED)
    assert (state.cost_rules(), state.cost_rule_changes()) == ([], [])


def test_a_rule_is_read_back_as_it_was_saved(state: State, tmp_path: Path) -> None:
    state.save_cost_rule(OURS)
    assert State(tmp_path / "state.db").cost_rules() == [OURS]


def test_of_two_rules_one_at_most_is_the_usual_one(state: State) -> None:
    state.save_cost_rule(OURS)
    state.save_cost_rule(replace(OURS, name="other"))
    assert [(one.name, one.is_usual) for one in state.cost_rules()] == [(OURS.name, False), ("other", True)]
    state.save_cost_rule(replace(OURS, name="other", is_usual=False))
    assert not any(one.is_usual for one in state.cost_rules())


def test_the_same_name_again_takes_its_place_and_both_are_remembered(state: State) -> None:
    state.save_cost_rule(OURS)
    state.save_cost_rule(replace(OURS, rule=CostRule(by="account"), who="lee"))
    assert [one.rule for one in state.cost_rules()] == [CostRule(by="account")]
    assert [(one.rule, one.who) for one in state.cost_rule_changes()] == [
        (CostRule(by="account"), "lee"),
        (RULE, "kim"),
    ]


def test_a_removed_rule_leaves_who_removed_it(state: State) -> None:
    state.save_cost_rule(OURS)
    assert state.remove_cost_rule(REMOVED)
    assert (state.cost_rules(), state.cost_rule_changes(1)) == ([], [REMOVED])


def test_a_name_that_no_file_can_hold_does_not_stop_it(state: State) -> None:
    state.save_cost_rule(replace(OURS, rule=replace(RULE, shared=("\ud800",))))
    assert state.cost_rules()[0].rule.shared == ("\ufffd",)
