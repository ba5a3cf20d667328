"""The journal gives back what was put there, whole, and nothing else."""

from __future__ import annotations

import hashlib
import os
from datetime import timedelta
from pathlib import Path

import pytest

from factories import NOW
from plainbill.model.kept import Entry
from plainbill.storage.journal import Journal

ONE, TWO = hashlib.sha256(b"one").digest(), hashlib.sha256(b"two").digest()
COSTS = Entry("ce", "GetCostAndUsage", "0.01", "0.01", following=TWO)
REGIONS = Entry("ec2", "DescribeRegions", "0", "0")
_OF_REQUESTS = bytes(31) + b"\1"
LATER = NOW + timedelta(minutes=5)


def stopped(path: Path) -> None:
    """Leave the journal of a process that was killed after two answers."""
    journal = Journal.begin(path, "settings", NOW, lambda: LATER)
    journal.sent(COSTS)
    journal.put(ONE, COSTS, b"a bill" * 1000)
    journal.put(TWO, REGIONS, b"regions")
    journal.close()


def reopened(path: Path) -> Journal:
    journal = Journal.reopen(path, lambda: LATER)
    assert journal is not None
    return journal


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "refresh.journal"


def test_a_process_is_not_given_its_own_answers(path: Path) -> None:
    journal = Journal.begin(path, "settings", NOW)
    journal.put(ONE, COSTS, b"a bill")
    assert journal.take(ONE) is None
    journal.close()


def test_where_nothing_was_left_there_is_no_journal(path: Path) -> None:
    assert Journal.reopen(path) is None


def test_a_file_that_others_could_have_written_is_not_read(path: Path) -> None:
    stopped(path)
    path.chmod(0o640)
    assert Journal.reopen(path) is None


def test_a_link_to_a_file_is_not_read(path: Path) -> None:
    stopped(path)
    path.rename(path.with_name("elsewhere"))
    path.symlink_to("elsewhere")
    assert Journal.reopen(path) is None


def test_the_next_process_is_given_each_answer_once(path: Path) -> None:
    stopped(path)
    journal = reopened(path)
    assert (journal.about, journal.instant, journal.kept_at) == ("settings", NOW, LATER)
    assert journal.follow(ONE) == COSTS
    assert (journal.take(ONE), journal.take(TWO)) == (b"a bill" * 1000, b"regions")
    assert (journal.take(ONE), journal.follow(ONE)) == (None, None)
    assert journal.problems == []
    journal.close()


def test_answers_to_the_same_question_come_in_their_order(path: Path) -> None:
    journal = Journal.begin(path, "settings", NOW)
    for content in (b"failed inside", b"asked again"):
        journal.put(ONE, REGIONS, content)
    journal.close()
    journal = reopened(path)
    assert [journal.take(ONE), journal.take(ONE), journal.take(ONE)] == [
        b"failed inside",
        b"asked again",
        None,
    ]
    journal.close()


def test_what_is_forgotten_is_not_given(path: Path) -> None:
    stopped(path)
    journal = reopened(path)
    journal.forget(ONE)
    assert journal.take(ONE) is None
    journal.close()


def test_only_what_the_last_process_was_answered_is_still_to_be_accounted_for(path: Path) -> None:
    stopped(path)
    journal = reopened(path)
    assert journal.unaccounted == [COSTS, REGIONS]
    journal.put(ONE, REGIONS, b"more")
    journal.close()
    third = reopened(path)
    assert third.unaccounted == [REGIONS]
    assert third.take(ONE) == b"a bill" * 1000
    third.close()


def test_what_costs_is_accounted_for_where_no_answer_came(path: Path) -> None:
    journal = Journal.begin(path, "settings", NOW)
    journal.sent(COSTS)
    journal.sent(COSTS)
    journal.put(ONE, COSTS, b"a bill, the second time that it was asked for")
    journal.close()
    after = reopened(path)
    assert after.unaccounted == [COSTS, COSTS]
    assert after.take(_OF_REQUESTS) is None
    after.close()


def test_the_file_is_private_and_goes_when_the_snapshot_is_written(path: Path) -> None:
    journal = Journal.begin(path, "settings", NOW)
    assert path.stat().st_mode & 0o777 == 0o600
    journal.discard()
    assert not path.exists()


def test_a_journal_cut_off_anywhere_gives_whole_answers_or_none(path: Path) -> None:
    stopped(path)
    whole = path.read_bytes()
    given = set()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        if (journal := Journal.reopen(path)) is None:
            continue
        answers = (journal.take(ONE), journal.take(TWO))
        assert answers[0] in {None, b"a bill" * 1000}
        assert answers[1] in {None, b"regions"}
        given.add(answers)
        journal.close()
    assert len(given) == 2, "no cut fell between the two answers: the test tried nothing"


def test_a_flipped_bit_anywhere_costs_answers_and_changes_none(path: Path) -> None:
    stopped(path)
    whole = path.read_bytes()
    dropped = 0
    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1 << place % 8]) + whole[place + 1 :])
        if (journal := Journal.reopen(path)) is None:
            continue
        assert (journal.about, journal.instant) == ("settings", NOW)
        answers = (journal.take(ONE), journal.take(TWO))
        assert answers[0] in {None, b"a bill" * 1000}
        assert answers[1] in {None, b"regions"}
        if None in answers:
            dropped += 1
            assert journal.problems
        journal.close()
    assert dropped > 100, "few flips were noticed: the test tried nothing"


def test_what_follows_a_torn_entry_can_be_appended_to(path: Path) -> None:
    stopped(path)
    with path.open("ab") as file:
        file.write(b"PBJ\n torn")
    journal = reopened(path)
    journal.put(TWO, REGIONS, b"again")
    journal.close()
    after = reopened(path)
    assert [after.take(TWO), after.take(TWO)] == [b"regions", b"again"]
    assert after.problems == []
    after.close()


def test_a_journal_that_is_full_keeps_what_it_has(path: Path) -> None:
    journal = Journal.begin(path, "settings", NOW)
    journal.put(ONE, COSTS, b"a bill")
    journal.most_bytes = path.stat().st_size
    journal.put(TWO, REGIONS, os.urandom(100))
    journal.close()
    after = reopened(path)
    assert (after.take(ONE), after.take(TWO)) == (b"a bill", None)
    after.close()
