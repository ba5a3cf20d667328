"""Budgets at the terminal: set, changed and removed by the same rules as on the page."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest

from app.company import EC2, collected
from plainbill.cli import main
from plainbill.model.cost import CostMetric
from plainbill.storage import Home, SnapshotStore, State

SET = ("--set", "ours", "--amount", "1000", "--who", "kim")


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> State:
    monkeypatch.setenv("PLAINBILL_HOME", str(tmp_path))
    SnapshotStore(Home(tmp_path).snapshots).write(collected())
    return State(Home(tmp_path).state_db)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--set", "ours", "--who", "kim"), 2),
        (("--set", "ours", "--amount", "1000"), 2),
        (("--set", "a/b", "--amount", "1000", "--who", "kim"), 2),
        ((*SET, "--amount", "-5"), 2),
        ((*SET, "--amount", "0.001"), 2),
        ((*SET, "--service", "no such"), 2),
        ((*SET, "--cost-category", "no such"), 2),
        ((*SET, "--account", "123456789012"), 2),
        ((*SET, "--metric", "blended"), 2),
        (("--remove", "ours"), 2),
        (("--remove", "theirs", "--who", "kim"), 1),
    ],
)
def test_what_is_refused_changes_nothing(state: State, words: tuple[str, ...], code: int) -> None:
    assert main(["budgets", *words]) == code
    assert (state.budgets(), state.budget_changes()) == ([], [])


def test_before_anything_was_read_none_can_be_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PLAINBILL_HOME", str(tmp_path))
    assert main(["budgets", *SET]) == 2
    assert "once costs were read" in capsys.readouterr().err


def test_one_is_set_changed_and_removed_with_a_record_of_it(state: State) -> None:
    assert main(["budgets", *SET]) == 0
    assert main(["budgets", *SET, "--amount", "900.50", "--service", EC2, "--metric", "amortized"]) == 0
    [one] = state.budgets()
    assert (one.amount, one.only, one.metric) == (Decimal("900.50"), {"service": EC2}, CostMetric.AMORTIZED)
    assert main(["budgets", "--remove", "ours", "--who", "lee"]) == 0
    assert state.budgets() == []
    noted = [(one.who, one.amount) for one in state.budget_changes()]
    assert noted == [("lee", None), ("kim", Decimal("900.50")), ("kim", Decimal(1000))]


@pytest.mark.usefixtures("state")
def test_amounts_are_in_cents_of_their_currency(capsys: pytest.CaptureFixture[str]) -> None:
    main(["budgets", *SET])
    capsys.readouterr()
    main(["budgets"])
    row = next(line for line in capsys.readouterr().out.splitlines() if "ours" in line)
    amounts = re.findall(r"\$([\d,]+\.\d+)", row)
    assert amounts[0] == "1,000.00"
    assert {len(amount.partition(".")[2]) for amount in amounts} == {2}
