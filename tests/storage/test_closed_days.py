"""Which days AWS must be asked about again."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from factories import cost_record
from plainbill.model.cost import CostTable
from plainbill.model.period import Period
from plainbill.storage import CostSpan, Snapshot, SnapshotStore
from storage.keeping import DAY, collected, flat_costs, never_answered

KEPT_FROM = date(2026, 5, 1)


def open_from_on(snapshot: Snapshot, today: date, kept_from: date = KEPT_FROM) -> set[date]:
    """What the three tables say, which is one day where they were read alike."""
    return {snapshot.oldest_open_day(table, today, kept_from) for table in CostTable}


def read_on(folder: Path, day: date, first: date, run_id: str = "run-1") -> Snapshot:
    """A refresh at noon of ``day`` that read from ``first`` to that day, today included."""
    taken_at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    return SnapshotStore(folder).write(collected(run_id, flat_costs(first, day + DAY), taken_at))


@pytest.mark.parametrize(
    ("read", "today", "open_from"),
    [
        pytest.param(date(2026, 11, 24), date(2026, 11, 24), date(2026, 11, 1), id="October is final"),
        pytest.param(date(2026, 11, 30), date(2026, 11, 30), date(2026, 11, 1), id="the last day of a month"),
        pytest.param(date(2026, 11, 30), date(2026, 12, 1), date(2026, 11, 1), id="the 1st"),
        pytest.param(date(2026, 12, 1), date(2026, 12, 1), date(2026, 11, 1), id="read on the 1st"),
        pytest.param(date(2026, 12, 14), date(2026, 12, 14), date(2026, 11, 1), id="the 14th"),
        pytest.param(date(2026, 12, 15), date(2026, 12, 15), date(2026, 12, 1), id="the 15th"),
        pytest.param(
            date(2026, 12, 14), date(2026, 12, 15), date(2026, 11, 1), id="the 15th, read on the 14th"
        ),
        pytest.param(
            date(2026, 11, 10), date(2026, 12, 20), date(2026, 10, 1), id="read before it was final"
        ),
        pytest.param(
            date(2026, 12, 31), date(2026, 12, 31), date(2026, 12, 1), id="the last day of the year"
        ),
        pytest.param(date(2026, 12, 31), date(2027, 1, 1), date(2026, 12, 1), id="New Year's Day"),
        pytest.param(date(2027, 1, 14), date(2027, 1, 14), date(2026, 12, 1), id="December on 14 January"),
        pytest.param(date(2027, 1, 15), date(2027, 1, 15), date(2027, 1, 1), id="December on 15 January"),
        pytest.param(date(2027, 3, 14), date(2027, 3, 14), date(2027, 2, 1), id="February on 14 March"),
        pytest.param(date(2027, 3, 15), date(2027, 3, 15), date(2027, 3, 1), id="February on 15 March"),
        pytest.param(date(2028, 2, 29), date(2028, 2, 29), date(2028, 2, 1), id="leap day"),
        pytest.param(date(2028, 3, 14), date(2028, 3, 14), date(2028, 2, 1), id="leap February on 14 March"),
    ],
)
def test_a_month_is_open_until_it_was_read_final(
    tmp_path: Path, read: date, today: date, open_from: date
) -> None:
    assert open_from_on(read_on(tmp_path, read, date(2026, 5, 1)), today) == {open_from}


def test_an_estimated_day_stays_open_however_old(tmp_path: Path) -> None:
    old = date(2026, 7, 9)
    costs = flat_costs(KEPT_FROM, date(2026, 11, 25))
    late = cost_record(old, "late", "1", is_estimated=True)
    costs[CostTable.RECORD_TYPE] = CostSpan(costs[CostTable.RECORD_TYPE].period, [late])
    snapshot = SnapshotStore(tmp_path).write(collected(costs=costs))
    assert snapshot.oldest_open_day(CostTable.RECORD_TYPE, date(2026, 11, 24), KEPT_FROM) == old
    assert snapshot.oldest_open_day(CostTable.SERVICE, date(2026, 11, 24), KEPT_FROM) == date(2026, 11, 1)


def test_a_hole_in_what_is_stored_is_open(tmp_path: Path) -> None:
    read_on(tmp_path, date(2026, 8, 20), date(2026, 5, 1))
    snapshot = read_on(tmp_path, date(2026, 11, 24), date(2026, 9, 3), "run-2")
    assert never_answered(snapshot.manifest.tables[CostTable.SERVICE])[0] == date(2026, 8, 21)
    assert open_from_on(snapshot, date(2026, 11, 24)) == {date(2026, 8, 1)}
    filled = read_on(tmp_path, date(2026, 11, 24), date(2026, 8, 1), "run-3")
    assert open_from_on(filled, date(2026, 11, 24)) == {date(2026, 11, 1)}


def test_a_closed_hole_is_still_a_hole(tmp_path: Path) -> None:
    store = SnapshotStore(tmp_path)
    store.write(collected("run-1", flat_costs(date(2026, 5, 1), date(2026, 6, 1))))
    snapshot = store.write(collected("run-2", flat_costs(date(2026, 6, 3), date(2026, 11, 25))))
    assert open_from_on(snapshot, date(2026, 11, 24)) == {date(2026, 6, 1)}


def test_a_day_that_was_answered_with_no_cost_is_not_a_hole(tmp_path: Path) -> None:
    period = Period.of_days(date(2026, 5, 1), date(2026, 11, 25))
    snapshot = SnapshotStore(tmp_path).write(collected(costs=dict.fromkeys(CostTable, CostSpan(period, []))))
    assert open_from_on(snapshot, date(2026, 11, 24)) == {date(2026, 11, 1)}


def test_when_all_stored_days_are_closed_the_next_one_is_asked(tmp_path: Path) -> None:
    snapshot = SnapshotStore(tmp_path).write(collected(costs=flat_costs(date(2026, 5, 1), date(2026, 7, 1))))
    assert open_from_on(snapshot, date(2026, 11, 24)) == {date(2026, 7, 1)}


def test_a_table_that_was_never_read_is_read_whole_and_the_others_are_not(tmp_path: Path) -> None:
    costs = flat_costs(KEPT_FROM, date(2026, 11, 25))
    del costs[CostTable.CONTROL]
    snapshot = SnapshotStore(tmp_path).write(collected(costs=costs))
    today = date(2026, 11, 24)
    assert snapshot.oldest_open_day(CostTable.SERVICE, today, KEPT_FROM) == date(2026, 11, 1)
    assert snapshot.oldest_open_day(CostTable.CONTROL, today, KEPT_FROM) == KEPT_FROM


def test_a_table_that_does_not_reach_back_far_enough_is_read_whole(tmp_path: Path) -> None:
    costs = flat_costs(KEPT_FROM, date(2026, 11, 25))
    costs[CostTable.SERVICE] = flat_costs(date(2026, 5, 2), date(2026, 11, 25))[CostTable.SERVICE]
    snapshot = SnapshotStore(tmp_path).write(collected(costs=costs))
    today = date(2026, 11, 24)
    assert snapshot.oldest_open_day(CostTable.RECORD_TYPE, today, KEPT_FROM) == date(2026, 11, 1)
    assert snapshot.oldest_open_day(CostTable.SERVICE, today, KEPT_FROM) == KEPT_FROM


def test_days_that_aws_no_longer_keeps_are_not_asked_for_ever(tmp_path: Path) -> None:
    store = SnapshotStore(tmp_path)
    not_final = flat_costs(date(2025, 3, 1), date(2025, 4, 3))
    store.write(collected("not-final", not_final, datetime(2025, 4, 2, 12, tzinfo=UTC)))
    estimated = flat_costs(date(2025, 5, 1), date(2025, 6, 1), is_estimated=True)
    store.write(collected("estimated", estimated))  # and the rest of April was never answered
    snapshot = read_on(tmp_path, date(2026, 11, 24), date(2025, 6, 1), "now")
    assert open_from_on(snapshot, date(2026, 11, 24), date(2025, 5, 31)) == {date(2025, 5, 31)}
    assert open_from_on(snapshot, date(2026, 11, 24), date(2025, 6, 1)) == {date(2026, 11, 1)}


def test_after_a_pause_longer_than_aws_keeps_days_all_it_keeps_is_asked_for_once(tmp_path: Path) -> None:
    snapshot = read_on(tmp_path, date(2024, 2, 20), date(2023, 1, 1))
    assert open_from_on(snapshot, date(2026, 11, 24)) == {KEPT_FROM}
    snapshot = read_on(tmp_path, date(2026, 11, 24), KEPT_FROM, "after-the-pause")
    assert open_from_on(snapshot, date(2026, 11, 24)) == {date(2026, 11, 1)}


def test_a_table_carried_over_keeps_its_days_open(tmp_path: Path) -> None:
    read_on(tmp_path, date(2026, 10, 20), date(2026, 5, 1))
    costs = flat_costs(date(2026, 10, 1), date(2026, 11, 25))
    del costs[CostTable.SERVICE]
    snapshot = SnapshotStore(tmp_path).write(collected("run-2", costs))
    today = date(2026, 11, 24)
    assert snapshot.oldest_open_day(CostTable.CONTROL, today, KEPT_FROM) == date(2026, 11, 1)
    assert snapshot.oldest_open_day(CostTable.SERVICE, today, KEPT_FROM) == date(2026, 10, 1)


def test_each_month_is_read_once_more_when_it_is_final(tmp_path: Path) -> None:
    snapshot = read_on(tmp_path, date(2026, 10, 31), date(2026, 9, 1), "start")
    asked_from: dict[date, date] = {}
    days = [(11, 1), (11, 14), (11, 15), (11, 16), (12, 14), (12, 15), (12, 16)]
    for today in (date(2026, month, day) for month, day in days):
        (first,) = open_from_on(snapshot, today, date(2026, 9, 1))
        asked_from[today] = first
        snapshot = read_on(tmp_path, today, first, f"on-{today}")
    october, november, december = (date(2026, month, 1) for month in (10, 11, 12))
    assert list(asked_from.values()) == [october] * 3 + [november] * 3 + [december]
    assert [reading.period.first_day for reading in snapshot.manifest.tables[CostTable.SERVICE].readings] == [
        date(2026, 9, 1),
        october,
        november,
        december,
    ]
