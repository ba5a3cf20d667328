"""Policies at the terminal: listed, put in force, and followed by every other command."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from app.waste import wasteful
from factories import NOW, volume
from plainbill.cli import main
from plainbill.model.policy import Policy, PolicyUse
from plainbill.model.resources.ebs import EbsVolume
from plainbill.storage import Home, SnapshotStore, State

OURS = Policy(
    name="ours",
    settings={"ebs_volume_unattached": {"min_age_days": "30"}},
    note=None,
    who="kim",
    saved_at=NOW,
)


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> State:
    monkeypatch.setenv("PLAINBILL_HOME", str(tmp_path))
    state = State(Home(tmp_path).state_db)
    state.save_policy("ours", lambda _: OURS)
    return state


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--use", "theirs", "--who", "kim"), 1),
        (("--use", "ours"), 2),
        (("--usual",), 2),
        (("--use", "a/b", "--who", "kim"), 2),
    ],
)
def test_a_refused_use_changes_nothing(state: State, words: tuple[str, ...], code: int) -> None:
    assert main(["policies", *words]) == code
    assert state.policy_uses() == []


def test_one_is_put_in_force_and_taken_out(state: State, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policies", "--use", "ours", "--who", "kim"]) == 0
    printed = capsys.readouterr()
    assert "judged by 'ours'" in printed.err
    assert "min_age_days" in printed.out
    assert state.policy_in_force() == OURS
    assert main(["policies", "--usual", "--who", "kim", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["in_force"] is None
    assert state.policy_in_force() is None


def test_findings_are_those_of_the_policy_and_say_so(
    state: State, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    disk = volume(created_at=NOW - timedelta(days=20), attached_to=())
    SnapshotStore(Home(tmp_path).snapshots).write(wasteful(resources={EbsVolume: [disk]}, series={}))
    main(["findings", "--check", "ebs_volume_unattached"])
    assert disk.volume_id in capsys.readouterr().out
    assert state.use_policy(PolicyUse(at=NOW, name="ours", who="kim"))
    main(["findings", "--check", "ebs_volume_unattached"])
    printed = capsys.readouterr()
    assert disk.volume_id not in printed.out
    assert "judged by the policy 'ours'" in printed.err


def test_one_that_cannot_be_followed_is_refused(state: State, capsys: pytest.CaptureFixture[str]) -> None:
    state.save_policy(
        "old", lambda _: replace(OURS, name="old", settings={"ebs_volume_of_old": {"days": "3"}})
    )
    assert main(["policies", "--use", "old", "--who", "kim"]) == 1
    assert "there is no check ebs_volume_of_old" in capsys.readouterr().err
    assert state.policy_uses() == []


def test_checks_and_their_explanation_have_the_thresholds_in_force(
    state: State, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", "ebs_volume_unattached"]) == 0
    assert "  min_age_days = 7: " in capsys.readouterr().out
    state.use_policy(PolicyUse(at=NOW, name="ours", who="kim"))
    assert main(["explain", "ebs_volume_unattached"]) == 0
    told = capsys.readouterr()
    assert "  min_age_days = 30 (usually 7): " in told.out
    assert "judged by the policy 'ours'" in told.err
    assert main(["checks", "--json"]) == 0
    checks = {one["id"]: one for one in json.loads(capsys.readouterr().out)}
    assert checks["ebs_volume_unattached"]["thresholds"][0]["value"] == 30


def test_explaining_a_check_makes_no_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAINBILL_HOME", str(tmp_path / "none"))
    assert main(["explain", "ebs_volume_unattached"]) == 0
    assert not (tmp_path / "none").exists()
