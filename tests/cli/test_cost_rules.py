"""Rules for shared costs at the terminal: saved, used, changed and removed as on the page."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.test_showback import write
from plainbill.cli import main
from plainbill.model.cost_rule import CostRule, Spread
from plainbill.storage import Home, State

SAVE = ("--save-as", "ours", "--shared", "shared", "--untagged", "shared", "--who", "kim")
DAYS = ("--start", "2026-11-01", "--end", "2026-11-15")


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> State:
    monkeypatch.setenv("PLAINBILL_HOME", str(tmp_path))
    write(Home(tmp_path))
    return State(Home(tmp_path).state_db)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--save-as", "ours", "--shared", "shared"), 2),
        (("--save-as", "a/b", "--who", "kim"), 2),
        ((*SAVE, "--shared", "nobody"), 2),
        ((*SAVE, "--rule", "fixed", "--fixed", "web:99"), 2),
        ((*SAVE, "--types", "Tax"), 2),
        (("--remove-rule", "ours"), 2),
        (("--remove-rule", "theirs", "--who", "kim"), 1),
        (("--saved", "theirs"), 2),
    ],
)
def test_what_is_refused_changes_nothing(state: State, words: tuple[str, ...], code: int) -> None:
    assert main(["showback", *words]) == code
    assert (state.cost_rules(), state.cost_rule_changes()) == ([], [])


def test_a_rule_is_saved_used_listed_and_removed(state: State, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["showback", *SAVE, "--usual"]) == 0
    assert "It is the usual rule." in capsys.readouterr().err
    [one] = state.cost_rules()
    assert one.rule == CostRule(
        by="tag:team", shared=("shared",), is_untagged_shared=True, spread=Spread.PROPORTIONAL
    )
    assert main(["showback", "--json", *DAYS]) == 0
    body = json.loads(capsys.readouterr().out)
    assert (body["saved"], body["shared"]) == ("ours", ["shared"])
    assert main(["showback", *DAYS]) == 0
    assert (
        "saved rule ours: Owners by tag team; the costs of shared and those of no owner"
        in capsys.readouterr().err
    )
    assert main(["showback", "--rules"]) == 0
    assert "Owners by tag" in capsys.readouterr().out
    assert main(["showback", "--remove-rule", "ours", "--who", "lee"]) == 0
    assert state.cost_rules() == []
    assert main(["showback", "--rules"]) == 0
    assert "No rule is saved" in capsys.readouterr().err
