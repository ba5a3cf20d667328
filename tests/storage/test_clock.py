"""A clock that jumps by a year: what was written last is served, what is doubtful is asked again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from factories import NOW, TODAY
from plainbill.model.cost import CostTable
from plainbill.model.run import OperationCost, Run, RunState
from plainbill.storage import Snapshot, SnapshotStore, State
from plainbill.storage.expected import cost_requests_made
from plainbill.storage.snapshot.asked import asked_today
from storage.keeping import DAY, collected, flat_costs

YEAR = timedelta(days=365)
JUMPS = pytest.mark.parametrize("jump", [YEAR, -YEAR], ids=["forward", "back"])
FIRST = date(2026, 10, 1)
KEPT_FROM = date(2026, 8, 1)


def read_at(store: SnapshotStore, run_id: str, clock: datetime, first: date = FIRST) -> Snapshot:
    """A refresh that was answered up to the true day, whatever its clock said."""
    return store.write(collected(run_id, flat_costs(first, TODAY + DAY), clock))


def a_run(number: int, at: datetime, calls: int = 1) -> Run:
    cost = Decimal(calls) / 100
    asked = OperationCost(service="ce", operation="GetCostAndUsage", calls=calls, low=cost, high=cost)
    return Run(
        run_id=f"run-{number}",
        state=RunState.COMPLETE,
        started_at=at,
        finished_at=at,
        accounts=(),
        regions=(),
        operations=(asked,),
        gaps=(),
    )


@JUMPS
def test_what_was_written_last_is_served_whatever_the_clock_says(tmp_path: Path, jump: timedelta) -> None:
    store = SnapshotStore(tmp_path)
    clocks = (NOW, NOW + jump, NOW + timedelta(hours=1))
    for number, clock in enumerate(clocks):
        read_at(store, f"run-{number}", clock)
        latest = SnapshotStore(tmp_path).latest()
        assert latest is not None
        assert (latest.manifest.run_id, latest.manifest.taken_at) == (f"run-{number}", clock)


@JUMPS
def test_the_last_written_are_kept_whatever_the_clock_says(tmp_path: Path, jump: timedelta) -> None:
    store = SnapshotStore(tmp_path)
    for number, clock in enumerate((NOW, NOW + jump, NOW + 2 * jump, NOW, NOW + jump)):
        read_at(store, f"run-{number}", clock).close()
    assert SnapshotStore(tmp_path).prune() == ("run-1", "run-0")


@JUMPS
def test_runs_come_in_the_order_of_their_writing(tmp_path: Path, jump: timedelta) -> None:
    state = State(tmp_path / "state.db")
    for number, clock in enumerate((NOW, NOW + jump, NOW)):
        state.start_run(replace(a_run(number, clock), state=RunState.RUNNING, finished_at=None))
        state.finish_run(a_run(number, clock))
    assert [run.run_id for run in state.runs()] == ["run-2", "run-1", "run-0"]
    state.close()


def test_requests_of_another_year_are_none_of_today_and_their_price_is_never_forgotten(
    tmp_path: Path,
) -> None:
    state = State(tmp_path / "state.db")
    for number, clock in enumerate((NOW, NOW + YEAR)):
        state.finish_run(a_run(number, clock, calls=4))
    assert cost_requests_made(state, NOW) == 4
    month = NOW.replace(day=1, hour=0)
    assert state.api_spend(month) == (Decimal("0.08"), Decimal("0.08")), "too much rather than too little"
    state.close()


def test_days_read_by_a_clock_of_the_future_are_asked_again(tmp_path: Path) -> None:
    """They may have been read before their month was final: nobody knows."""
    wrong = read_at(SnapshotStore(tmp_path), "run-0", NOW + YEAR)
    assert {wrong.oldest_open_day(table, TODAY, FIRST) for table in CostTable} == {FIRST}


def test_days_read_again_by_the_right_clock_are_closed(tmp_path: Path) -> None:
    store = SnapshotStore(tmp_path)
    read_at(store, "run-0", NOW + YEAR)
    right = read_at(store, "run-1", NOW)
    assert {right.oldest_open_day(table, TODAY, FIRST) for table in CostTable} == {date(2026, 11, 1)}


def test_a_clock_that_was_a_year_late_leaves_nothing_closed_that_was_not(tmp_path: Path) -> None:
    late = read_at(SnapshotStore(tmp_path), "run-0", NOW - YEAR)
    assert {late.oldest_open_day(table, TODAY, FIRST) for table in CostTable} == {FIRST}


@JUMPS
def test_a_bill_read_on_another_day_is_asked_again_once(tmp_path: Path, jump: timedelta) -> None:
    store = SnapshotStore(tmp_path)
    wrong = read_at(store, "run-0", NOW + jump, KEPT_FROM)
    assert asked_today(wrong.manifest, TODAY) == ()
    right = read_at(store, "run-1", NOW)
    assert set(asked_today(right.manifest, TODAY)) == set(CostTable)
