"""Decisions at the terminal: refused ones change nothing, taken ones show in the next answer."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.test_decisions import GONE
from app.waste import wasteful
from plainbill.cli import main
from plainbill.model.lifecycle import FindingState
from plainbill.storage import Home, SnapshotStore, State


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> State:
    """A home with one gone finding in its record."""
    monkeypatch.setenv("PLAINBILL_HOME", str(tmp_path))
    home = Home(tmp_path)
    SnapshotStore(home.snapshots).write(wasteful(resources={}, series={}))
    state = State(home.state_db)
    state.advance_findings(lambda _: [GONE])
    return state


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("decide", "0" * 16, "dismissed", "--who", "kim"), 1),
        (("decide", "\udcff", "dismissed", "--who", "kim"), 1),
        (("decide", GONE.finding_id, "dismissed", "--who", ""), 2),
        (("decide", GONE.finding_id, "dismissed", "--who", "kim"), 1),
        (("decide", GONE.finding_id, "snoozed", "--who", "kim"), 2),
        (("decide", GONE.finding_id, "snoozed", "--who", "kim", "--until", "soon"), 2),
        (("decide", GONE.finding_id, "snoozed", "--who", "kim", "--until", "2020-01-01"), 2),
    ],
)
def test_a_refused_decision_changes_nothing(state: State, words: tuple[str, ...], code: int) -> None:
    assert main(words) == code
    assert state.findings() == [GONE]


def test_a_decision_is_remembered(state: State, capsys: pytest.CaptureFixture[str]) -> None:
    state.advance_findings(lambda records: [replace(one, state=FindingState.OPEN) for one in records])
    words = ("decide", GONE.finding_id, "snoozed", "--until", "2999-01-31", "--who", "kim", "--note", "later")
    assert main(words) == 0
    (record,) = state.findings()
    assert (record.state, record.note, record.who) == (FindingState.SNOOZED, "later", "kim")
    assert "snoozed until 2999-01-31" in capsys.readouterr().err


@pytest.mark.usefixtures("state")
@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("dismissed", "--who", ""), "plainbill: --who is ''; allowed: something\n"),
        (("snoozed", "--who", "kim"), "plainbill: --until is None; allowed: the day on which "),
    ],
)
def test_what_is_missing_is_named_and_nothing_is_quoted_in_its_place(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...], told: str
) -> None:
    assert main(("decide", GONE.finding_id, *words)) == 2
    assert capsys.readouterr().err.startswith(told)
