"""A finding is gone only when somebody could look; what people decided outlives every reading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from analyzer.test_engine import saves, saying
from factories import NOW, context, gap, volume
from plainbill.analyzer.engine import Report, run_checks
from plainbill.analyzer.lifecycle import HELD_FOR, advance, decide, own_precision
from plainbill.model.findings import Ok, Unknown, Verdict
from plainbill.model.inventory import Gap
from plainbill.model.lifecycle import Ending, FindingRecord, FindingState
from plainbill.model.resources.ebs import EbsVolume

DISK = volume()
HERE = (DISK.account_id, DISK.region)
DAY = timedelta(days=1)
WASTE = saves("7.30")


def reading(verdict: Verdict | None, gaps: Sequence[Gap] = ()) -> Report:
    """What one check says of one disk; None: the disk is not there."""
    there = [] if verdict is None else [DISK]
    return run_checks([saying(verdict or Ok())], context(*there, gaps=gaps, asked=[EbsVolume]), [HERE])


def after(
    records: Sequence[FindingRecord], verdict: Verdict | None, at: datetime, gaps: Sequence[Gap] = ()
) -> FindingRecord:
    (record,) = advance(records, reading(verdict, gaps), [] if verdict is None else [DISK.arn], at)
    return record


@pytest.fixture
def known() -> FindingRecord:
    return after([], WASTE, NOW)


def test_what_nobody_found_is_no_record() -> None:
    assert advance([], reading(Ok()), [DISK.arn], NOW) == []


@pytest.mark.parametrize(
    ("verdict", "gaps"),
    [
        pytest.param(None, [gap(source="ebs_volumes")], id="the place was denied"),
        pytest.param(None, [gap(source="accounts", region=None)], id="the account was denied"),
        pytest.param(Unknown("no metrics"), [], id="the resource could not be judged"),
    ],
)
def test_a_finding_stays_where_nobody_could_look(
    known: FindingRecord, verdict: Verdict | None, gaps: list[Gap]
) -> None:
    assert after([known], verdict, NOW + DAY, gaps) == known


def test_a_finding_stays_when_its_place_was_not_to_be_looked_into(known: FindingRecord) -> None:
    elsewhere = run_checks([saying(Ok())], context(asked=[EbsVolume]), [("999988887777", "us-east-1")])
    assert advance([known], elsewhere, [], NOW + DAY) == [known]


@pytest.mark.parametrize(("verdict", "ending"), [(Ok(), Ending.CLEARED), (None, Ending.DELETED)])
def test_a_complete_reading_without_it_verifies_that_it_is_gone_and_how(
    known: FindingRecord, verdict: Verdict | None, ending: Ending
) -> None:
    gone = after([known], verdict, NOW + DAY)
    assert (gone.state, gone.gone_at, gone.ending) == (FindingState.GONE, NOW + DAY, ending)
    assert not gone.is_listed
    assert after([gone], verdict, NOW + 2 * DAY) == gone


def test_what_comes_back_is_open_again_and_counted(known: FindingRecord) -> None:
    back = after([after([known], Ok(), NOW + DAY)], WASTE, NOW + 3 * DAY)
    assert (back.state, back.regressions, back.first_seen) == (FindingState.OPEN, 1, NOW)
    assert back.wasted == 0, "nothing was wasted while it was gone"


def test_waste_is_counted_between_readings_at_the_price_of_the_earlier(known: FindingRecord) -> None:
    later = after([known], saves("14.60"), NOW + timedelta(hours=100))
    assert later.wasted == Decimal("1.00")
    assert after([later], WASTE, NOW + timedelta(hours=200)).wasted == Decimal("3.00")


def test_time_at_an_unknown_price_is_said_and_adds_nothing() -> None:
    known = after([], saves(None), NOW)
    later = after([known], WASTE, NOW + DAY)
    assert (later.wasted, later.unpriced) == (Decimal(0), True)


def test_a_dismissed_finding_is_not_opened_by_a_reading(known: FindingRecord) -> None:
    dismissed = decide(known, FindingState.DISMISSED, NOW, note="kept on purpose", who="kim")
    later = after([dismissed], WASTE, NOW + DAY)
    assert (later.state, later.note, later.who) == (FindingState.DISMISSED, "kept on purpose", "kim")
    assert not later.is_listed


def test_a_snooze_ends_by_itself_also_where_nobody_could_look(known: FindingRecord) -> None:
    snoozed = decide(known, FindingState.SNOOZED, NOW, until=NOW + DAY)
    assert after([snoozed], WASTE, NOW + DAY - timedelta(seconds=1)).state is FindingState.SNOOZED
    assert after([snoozed], WASTE, NOW + DAY).state is FindingState.OPEN
    assert after([snoozed], None, NOW + DAY, [gap(source="ebs_volumes")]).state is FindingState.OPEN


def test_what_was_acted_on_stays_listed_until_a_reading_confirms_it(known: FindingRecord) -> None:
    acted = decide(known, FindingState.ACTED, NOW)
    assert after([acted], WASTE, NOW + DAY).is_listed
    assert after([acted], None, NOW + DAY).state is FindingState.GONE


@pytest.mark.parametrize(
    ("state", "until"),
    [
        pytest.param(FindingState.GONE, None, id="only a reading says that it is gone"),
        pytest.param(FindingState.SNOOZED, None, id="a snooze without an end"),
        pytest.param(FindingState.SNOOZED, NOW, id="a snooze that is over"),
        pytest.param(FindingState.OPEN, NOW + DAY, id="an end without a snooze"),
    ],
)
def test_a_decision_that_cannot_be_is_refused(
    known: FindingRecord, state: FindingState, until: datetime | None
) -> None:
    with pytest.raises(ValueError, match=r"snooze|decision"):
        decide(known, state, NOW, until=until)


def test_what_is_gone_cannot_be_decided_on(known: FindingRecord) -> None:
    with pytest.raises(ValueError, match="gone"):
        decide(after([known], Ok(), NOW + DAY), FindingState.DISMISSED, NOW + DAY)


def test_the_measurements_of_the_first_reading_are_kept() -> None:
    first = after([], saves("1"), NOW)
    assert first.features == {}
    assert first.monthly_saving == saves("1").monthly_saving


def held(record: FindingRecord, **changes: object) -> tuple[int, int]:
    told = own_precision([replace(record, **changes)], "saying", NOW + HELD_FOR)  # type: ignore[arg-type]
    return told.held, told.told


def test_a_young_flag_a_deleted_or_acted_on_one_and_another_check_s_tell_nothing(
    known: FindingRecord,
) -> None:
    soon = NOW + DAY
    assert held(known, first_seen=NOW + timedelta(seconds=1)) == (0, 0)
    assert held(known, state=FindingState.GONE, gone_at=soon, ending=Ending.DELETED) == (0, 0)
    assert held(known, state=FindingState.ACTED) == (0, 0)
    assert held(known, check_id="another") == (0, 0)


def test_a_flag_held_when_nothing_cleared_it_for_thirty_days(known: FindingRecord) -> None:
    assert held(known) == (1, 1)
    cleared = {"state": FindingState.GONE, "ending": Ending.CLEARED}
    assert held(known, gone_at=NOW + HELD_FOR, **cleared) == (1, 1)
    assert held(known, gone_at=NOW + HELD_FOR - DAY, **cleared) == (0, 1)
    assert held(known, gone_at=NOW + DAY, regressions=1, ending=Ending.CLEARED) == (0, 1)
