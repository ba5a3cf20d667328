"""Bars on a terminal, nothing at all elsewhere."""

from __future__ import annotations

import pytest

from plainbill.cli.progress import ProgressBars
from plainbill.model.progress import Progress


def tell(bars: ProgressBars) -> None:
    for region in ("eu-west-1", "us-east-1"):
        step = Progress(source="ec2_instances", account_id="111122223333", region=region, state="waiting")
        bars(step)
    bars(
        Progress(source="ec2_instances", account_id="111122223333", region="us-east-1", state="done", items=3)
    )


def test_without_a_terminal_nothing_is_drawn(capsys: pytest.CaptureFixture[str]) -> None:
    with ProgressBars() as bars:
        tell(bars)
    assert capsys.readouterr() == ("", "")


def test_on_a_terminal_each_source_has_a_bar_that_counts_its_steps(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    with ProgressBars() as bars:
        tell(bars)
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "ec2 instances" in printed.err
    assert "1/2" in printed.err.replace(" ", "")
