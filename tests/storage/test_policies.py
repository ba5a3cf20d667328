"""Policies survive, and which was in force since when."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from factories import NOW
from plainbill.model.policy import Policy, PolicyUse
from plainbill.storage import State

OURS = Policy(
    name="ours",
    settings={"ebs_volume_idle": {"days": "30"}},
    note="it's <b>fine</b>",
    who="kim",
    saved_at=NOW,
)
USE = PolicyUse(at=NOW, name="ours", who="kim")
USUAL = PolicyUse(at=NOW + timedelta(hours=1), name=None, who="lee")


@pytest.fixture
def state(tmp_path: Path) -> State:
    return State(tmp_path / "state.db")


def test_nothing_is_in_force_before_somebody_says_so(state: State) -> None:
    state.save_policy("ours", lambda _: OURS)
    assert (state.policies(), state.policy_in_force(), state.policy_uses()) == ([OURS], None, [])


def test_what_is_not_there_cannot_be_used_or_forgotten(state: State) -> None:
    assert not state.use_policy(USE)
    assert not state.delete_policy("ours", USUAL)
    assert state.policy_uses() == []


def test_a_policy_is_in_force_until_the_usual_is_again(state: State, tmp_path: Path) -> None:
    state.save_policy("ours", lambda _: OURS)
    assert state.use_policy(USE)
    assert State(tmp_path / "state.db").policy_in_force() == OURS
    assert state.use_policy(USUAL)
    assert state.policy_in_force() is None
    assert state.policy_uses() == [USUAL, USE]


def test_a_policy_that_is_saved_again_is_in_force_as_it_is_now(state: State) -> None:
    state.save_policy("ours", lambda _: OURS)
    state.use_policy(USE)
    later = replace(OURS, settings={}, who="lee")
    assert state.save_policy("ours", lambda before: later if before == OURS else OURS) == later
    assert state.policy_in_force() == later
    assert [(use.name, use.who) for use in state.policy_uses()] == [("ours", "lee"), ("ours", "kim")]


def test_another_note_on_the_same_thresholds_is_no_other_use(state: State) -> None:
    state.save_policy("ours", lambda _: OURS)
    state.use_policy(USE)
    state.save_policy("ours", lambda _: replace(OURS, note="x", who="lee"))
    state.save_policy("other", lambda _: replace(OURS, name="other", settings={}))
    assert state.policy_uses() == [USE]


def test_forgetting_what_is_in_force_leaves_the_usual(state: State) -> None:
    state.save_policy("ours", lambda _: OURS)
    state.save_policy("other", lambda _: replace(OURS, name="other"))
    state.use_policy(USE)
    assert state.delete_policy("other", USUAL)
    assert state.policy_in_force() == OURS
    assert state.delete_policy("ours", USUAL)
    assert (state.policies(), state.policy_in_force()) == ([], None)
    assert state.policy_uses() == [USUAL, USE]


def test_a_change_that_raises_changes_nothing(state: State) -> None:
    state.save_policy("ours", lambda _: OURS)

    def refuse(_: Policy | None) -> Policy:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        state.save_policy("ours", refuse)
    assert state.policies() == [OURS]
