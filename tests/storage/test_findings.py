"""What is remembered of findings survives, and no decision is lost to a reading."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from factories import NOW
from plainbill.analyzer.lifecycle import decide
from plainbill.model.lifecycle import Ending, FindingRecord, FindingState
from plainbill.model.money import Money
from plainbill.storage import State

RECORD = FindingRecord(
    finding_id="0123456789abcdef",
    check_id="ebs_volume_unattached",
    arn="arn:aws:ec2:us-east-1:111122223333:volume/vol-1",
    resource_id="vol-1",
    account_id="111122223333",
    region="us-east-1",
    first_seen=NOW,
    last_seen=NOW,
    state=FindingState.OPEN,
    state_since=NOW,
    monthly_saving=Money(Decimal("8.0000000001")),
)
GONE = replace(
    RECORD,
    finding_id="f" * 16,
    state=FindingState.GONE,
    gone_at=NOW,
    ending=Ending.DELETED,
    monthly_saving=None,
    unpriced=True,
    wasted=Decimal("0.1"),
    regressions=2,
    features={"CPU": "1.5"},
    thresholds={"min_age_days": "1"},
    unasked_at=NOW,
    unasked_by="night shift",
    note="it's <b>fine</b>",
    who="kim",
)


@pytest.fixture
def state(tmp_path: Path) -> State:
    state = State(tmp_path / "state.db")
    state.advance_findings(lambda _: [RECORD, GONE])
    return state


def test_a_finding_that_is_not_known_cannot_be_changed(state: State) -> None:
    assert state.change_finding("unknown", lambda record: record) is None


def test_records_come_back_equal(state: State) -> None:
    assert state.findings() == [RECORD, GONE]


def test_a_refused_change_changes_nothing(state: State) -> None:
    with pytest.raises(ValueError, match="gone"):
        state.change_finding(GONE.finding_id, lambda record: decide(record, FindingState.OPEN, NOW))
    assert state.findings() == [RECORD, GONE]


def test_every_change_of_state_is_an_event_and_nothing_else_is(state: State) -> None:
    later = NOW + timedelta(days=1)
    state.change_finding(
        RECORD.finding_id,
        lambda record: decide(record, FindingState.DISMISSED, later, note="kept on purpose", who="kim"),
    )
    state.advance_findings(lambda records: [replace(one, last_seen=later) for one in records])
    told = [(one.at, one.state, one.note, one.who) for one in state.finding_events(RECORD.finding_id)]
    assert told == [
        (NOW, FindingState.OPEN, None, None),
        (later, FindingState.DISMISSED, "kept on purpose", "kim"),
    ]


def test_a_reading_moves_on_what_was_decided_meanwhile(state: State) -> None:
    state.change_finding(RECORD.finding_id, lambda one: decide(one, FindingState.ACTED, NOW))
    (moved, _) = state.advance_findings(lambda records: records)
    assert moved.state is FindingState.ACTED


def test_text_that_no_file_can_hold_does_not_stop_a_reading(state: State) -> None:
    state.advance_findings(lambda _: [replace(RECORD, arn="arn:\ud800", note="\ud800")])
    assert {one.arn for one in state.findings()} >= {"arn:\ufffd"}
