"""A finding that only other thresholds end is not called cleared, and proves nothing about its check."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from factories import NOW, context, gap, volume
from plainbill.analyzer.checks.ebs_volume_unattached import EbsVolumeUnattached
from plainbill.analyzer.engine import run_checks
from plainbill.analyzer.lifecycle import HELD_FOR, advance, decide, own_precision
from plainbill.analyzer.registry import Check
from plainbill.analyzer.unasked import unasked
from plainbill.model.inventory import Gap
from plainbill.model.lifecycle import Ending, FindingRecord, FindingState
from plainbill.model.resources.ebs import EbsVolume

DAY = timedelta(days=1)
FREE = volume(created_at=NOW - 100 * DAY)
HERE = (FREE.account_id, FREE.region)
USUAL, PATIENT = EbsVolumeUnattached(), EbsVolumeUnattached(min_age_days=500)
POLICY = "patience"


def after(
    records: Sequence[FindingRecord],
    check: Check,
    at: datetime,
    *disks: EbsVolume,
    gaps: Sequence[Gap] = (),
    policy: str | None = None,
) -> FindingRecord:
    known = context(*disks, asked=[EbsVolume], gaps=gaps)
    report = run_checks([check], known, [HERE])
    lost = unasked(records, report, known, [check])
    (record,) = advance(records, report, [disk.arn for disk in disks], at, lost, policy)
    return record


@pytest.fixture
def known() -> FindingRecord:
    return after([], USUAL, NOW, FREE)


@pytest.fixture
def dropped(known: FindingRecord) -> FindingRecord:
    return after([known], PATIENT, NOW + DAY, FREE, policy=POLICY)


def test_what_was_really_cleared_is_cleared_whatever_the_policy(known: FindingRecord) -> None:
    used = replace(FREE, created_at=NOW - DAY)
    gone = after([known], PATIENT, NOW + DAY, used, policy=POLICY)
    assert (gone.state, gone.ending, gone.unasked_at) == (FindingState.GONE, Ending.CLEARED, None)


def test_what_was_deleted_is_deleted_whatever_the_policy(known: FindingRecord) -> None:
    gone = after([known], PATIENT, NOW + DAY, policy=POLICY)
    assert (gone.state, gone.ending, gone.unasked_at) == (FindingState.GONE, Ending.DELETED, None)


def test_where_nobody_could_look_a_policy_ends_nothing(known: FindingRecord) -> None:
    denied = [gap(source="ebs_volumes")]
    assert after([known], PATIENT, NOW + DAY, gaps=denied, policy=POLICY) == known


def test_what_only_a_policy_ends_says_so(dropped: FindingRecord) -> None:
    assert (dropped.state, dropped.ending, dropped.gone_at) == (FindingState.GONE, None, None)
    assert (dropped.unasked_at, dropped.unasked_by) == (NOW + DAY, POLICY)
    assert after([dropped], PATIENT, NOW + 2 * DAY, FREE, policy=POLICY) == dropped


def test_back_to_the_usual_thresholds_it_is_open_and_did_not_come_back(dropped: FindingRecord) -> None:
    again = after([dropped], USUAL, NOW + 5 * DAY, FREE)
    assert (again.state, again.regressions, again.unasked_at) == (FindingState.OPEN, 0, None)
    assert (again.first_seen, again.wasted) == (NOW, Decimal(0))


def test_the_usual_thresholds_end_what_a_policy_found() -> None:
    young = replace(FREE, created_at=NOW - 3 * DAY)
    eager = EbsVolumeUnattached(min_age_days=1)
    found = after([], eager, NOW, young)
    assert found.thresholds == {"min_age_days": "1"}
    gone = after([found], USUAL, NOW + DAY, young)
    assert (gone.state, gone.unasked_at, gone.unasked_by) == (FindingState.GONE, NOW + DAY, None)


def test_thresholds_that_cannot_be_set_any_more_clear_nothing(known: FindingRecord) -> None:
    old = replace(known, thresholds={"of_an_older_time": "3"})
    assert after([old], PATIENT, NOW + DAY, FREE).unasked_at == NOW + DAY


def test_what_a_person_set_aside_stays_so_while_nobody_asks_for_it(known: FindingRecord) -> None:
    dismissed = decide(known, FindingState.DISMISSED, NOW, note="kept on purpose", who="kim")
    meanwhile = after([dismissed], PATIENT, NOW + DAY, FREE, policy=POLICY)
    assert (meanwhile.state, meanwhile.unasked_by) == (FindingState.DISMISSED, POLICY)
    again = after([meanwhile], USUAL, NOW + 2 * DAY, FREE)
    assert (again.state, again.note, again.unasked_at) == (
        FindingState.DISMISSED, "kept on purpose", None,
    )  # fmt: skip


def test_a_snooze_that_ends_while_nobody_asks_for_it_ends_the_finding(known: FindingRecord) -> None:
    snoozed = decide(known, FindingState.SNOOZED, NOW, until=NOW + 2 * DAY)
    asleep = after([snoozed], PATIENT, NOW + DAY, FREE, policy=POLICY)
    assert (asleep.state, asleep.unasked_at) == (FindingState.SNOOZED, NOW + DAY)
    gone = after([asleep], PATIENT, NOW + 3 * DAY, FREE, policy=POLICY)
    assert (gone.state, gone.unasked_at) == (FindingState.GONE, NOW + DAY)


def told(record: FindingRecord) -> tuple[int, int]:
    own = own_precision([record], USUAL.id, NOW + 2 * HELD_FOR)
    return own.held, own.told


def test_it_is_out_of_the_precision_unless_it_had_held_before(
    known: FindingRecord, dropped: FindingRecord
) -> None:
    assert told(known) == (1, 1)
    assert told(dropped) == (0, 0)
    assert told(after([known], PATIENT, NOW + HELD_FOR, FREE, policy=POLICY)) == (1, 1)


def test_a_flag_that_was_cleared_before_does_not_profit_from_a_policy(known: FindingRecord) -> None:
    back = replace(known, gone_at=NOW + DAY, ending=Ending.CLEARED, regressions=1)
    assert told(after([back], PATIENT, NOW + 2 * DAY, FREE, policy=POLICY)) == (0, 1)
