"""A refresh replaces the days it read anew and leaves all others as they were."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factories import NOW, cost_record
from plainbill.errors import StorageError
from plainbill.model.cost import CostMetric, CostRecord, CostTable
from plainbill.model.period import Period
from plainbill.storage import Collected, CostSpan, Snapshot, SnapshotStore
from storage.keeping import DAY, collected, days, flat_costs, never_answered, span

SEPTEMBER, OCTOBER, NOVEMBER = date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1)
EVER = Period.of_days(date(2025, 1, 1), date(2027, 12, 1))


def inode(snapshot: Snapshot, name: str) -> int:
    return (snapshot.folder / name).stat().st_ino


def by_day(snapshot: Snapshot, table: CostTable = CostTable.SERVICE) -> dict[date, Decimal]:
    return {cost.day: cost.cost for cost in snapshot.daily_costs(table, EVER, CostMetric.UNBLENDED)}


def test_days_outside_the_fresh_period_stay(tmp_path: Path) -> None:
    store = SnapshotStore(tmp_path)
    store.write(collected("run-1", flat_costs(SEPTEMBER, date(2026, 11, 24), "1")))
    after = store.write(collected("run-2", flat_costs(date(2026, 10, 20), date(2026, 11, 25), "2")))
    expected = dict.fromkeys(days(SEPTEMBER, date(2026, 10, 20)), Decimal(1))
    expected |= dict.fromkeys(days(date(2026, 10, 20), date(2026, 11, 25)), Decimal(2))
    for table in CostTable:
        assert by_day(after, table) == expected
        assert after.manifest.tables[table].period == Period.of_days(SEPTEMBER, date(2026, 11, 25))


def test_months_that_were_not_read_again_are_the_very_same_files(tmp_path: Path) -> None:
    store = SnapshotStore(tmp_path)
    before = store.write(collected("run-1", flat_costs(SEPTEMBER, date(2026, 11, 24))))
    after = store.write(collected("run-2", flat_costs(NOVEMBER, date(2026, 11, 25))))
    for table in CostTable:
        for month in ("2026-09", "2026-10"):
            name = f"{table.value}-{month}.parquet"
            assert inode(after, name) == inode(before, name)
        assert inode(after, f"{table.value}-2026-11.parquet") != inode(
            before, f"{table.value}-2026-11.parquet"
        )


def test_where_files_cannot_be_linked_they_are_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = SnapshotStore(tmp_path)
    before = store.write(collected("run-1", flat_costs(SEPTEMBER, OCTOBER)))

    def refuse(*_: object) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(os, "link", refuse)
    after = store.write(collected("run-2", flat_costs(OCTOBER, NOVEMBER)))
    name = "service-2026-09.parquet"
    assert inode(after, name) != inode(before, name)
    assert (after.folder / name).read_bytes() == (before.folder / name).read_bytes()
    assert len(by_day(after)) == 61


def test_a_day_that_is_answered_without_costs_becomes_free(tmp_path: Path) -> None:
    store = SnapshotStore(tmp_path)
    store.write(collected("run-1", flat_costs(OCTOBER, NOVEMBER)))
    nothing = {table: span(OCTOBER, NOVEMBER, []) for table in CostTable}
    after = store.write(collected("run-2", nothing))
    assert by_day(after) == {}
    assert after.manifest.cost_files(CostTable.SERVICE) == ()
    assert never_answered(after.manifest.tables[CostTable.SERVICE]) == []


def test_a_day_that_was_not_answered_keeps_what_was_known(tmp_path: Path) -> None:
    store = SnapshotStore(tmp_path)
    store.write(collected("run-1", flat_costs(OCTOBER, date(2026, 10, 3))))
    lost = date(2026, 10, 2)
    fresh = CostSpan(
        Period.of_days(OCTOBER, date(2026, 10, 5)),
        [cost_record(OCTOBER, "s", "5")],
        missing_days=frozenset({lost, date(2026, 10, 3)}),
    )
    after = store.write(collected("run-2", dict.fromkeys(CostTable, fresh), NOW + DAY))
    assert by_day(after) == {OCTOBER: Decimal(5), lost: Decimal(1)}
    table = after.manifest.tables[CostTable.SERVICE]
    assert never_answered(table) == [date(2026, 10, 3)]
    assert [(reading.period.first_day, reading.as_of) for reading in table.readings] == [
        (OCTOBER, NOW + DAY),
        (lost, NOW),
        (date(2026, 10, 4), NOW + DAY),
    ]


def test_a_table_that_could_not_be_read_is_carried_over_with_its_age(tmp_path: Path) -> None:
    store = SnapshotStore(tmp_path)
    before = store.write(collected("run-1", flat_costs(OCTOBER, NOVEMBER)))
    costs = flat_costs(OCTOBER, NOVEMBER, "3")
    del costs[CostTable.SERVICE]
    after = store.write(collected("run-2", costs, NOW + DAY))
    assert by_day(after) == by_day(before)
    assert after.manifest.tables[CostTable.SERVICE] == before.manifest.tables[CostTable.SERVICE]
    assert after.manifest.tables[CostTable.SERVICE].as_of == NOW
    assert after.manifest.tables[CostTable.CONTROL].as_of == NOW + DAY
    assert by_day(after, CostTable.CONTROL)[OCTOBER] == Decimal(3)


def test_names_of_accounts_outlive_a_refresh_that_did_not_learn_them(tmp_path: Path) -> None:
    store = SnapshotStore(tmp_path)
    store.write(collected("run-1", accounts={"1": "One", "2": "Two"}))
    after = store.write(collected("run-2", {}, accounts={"1": None, "3": "Three"}))
    assert after.manifest.accounts == {"1": "One", "2": "Two", "3": "Three"}


def test_costs_of_another_account_are_not_mixed_in(tmp_path: Path) -> None:
    store = SnapshotStore(tmp_path)
    store.write(collected("run-1", flat_costs(OCTOBER, NOVEMBER), base_account="1"))
    after = store.write(collected("run-2", flat_costs(NOVEMBER, date(2026, 11, 3)), base_account="2"))
    assert set(by_day(after)) == {NOVEMBER, date(2026, 11, 2)}
    assert after.manifest.tables[CostTable.SERVICE].period.first_day == NOVEMBER


def test_a_cost_outside_the_days_that_were_read_is_refused(tmp_path: Path) -> None:
    costs = {CostTable.SERVICE: span(OCTOBER, NOVEMBER, [cost_record(NOVEMBER, "s", "1")])}
    with pytest.raises(StorageError, match="2026-11-01 lies outside"):
        SnapshotStore(tmp_path).write(collected(costs=costs))


@pytest.mark.parametrize("run_id", ["", "../run", "a/b", ".hidden", "a b", "run.corrupt-1", "x" * 200])
def test_a_run_id_that_is_no_file_name_is_refused(tmp_path: Path, run_id: str) -> None:
    with pytest.raises(StorageError, match="cannot be the name of a snapshot"):
        SnapshotStore(tmp_path).write(collected(run_id))


def test_a_run_id_is_used_once(tmp_path: Path) -> None:
    store = SnapshotStore(tmp_path)
    store.write(collected("run-1"))
    with pytest.raises(StorageError, match="exists already"):
        store.write(collected("run-1"))


FIRST = date(2026, 1, 20)
AMOUNTS = st.decimals(-(10**8) + 1, 10**8 - 1, places=10)
KEYS = st.sampled_from(["EC2", "S3", "Tax"])
ACCOUNTS = st.sampled_from(["1", "2"])


@st.composite
def readings(draw: st.DrawFn) -> CostSpan:
    """A few days around a month's end, with a few costs."""
    first = FIRST + draw(st.integers(0, 20)) * DAY
    period = Period.of_days(first, first + draw(st.integers(1, 25)) * DAY)
    some_day = st.integers(0, period.days - 1).map(lambda n: period.first_day + timedelta(days=n))
    records = st.builds(_record, some_day, KEYS, ACCOUNTS, AMOUNTS, st.booleans())
    return CostSpan(period, draw(st.lists(records, max_size=6)))


def _record(day: date, key: str, account: str, amount: Decimal, estimated: bool) -> CostRecord:
    return cost_record(day, key, str(amount), account, is_estimated=estimated)


def naive(spans: list[CostSpan]) -> list[CostRecord]:
    """The same merge, one record at a time."""
    kept: list[CostRecord] = []
    for one in spans:
        kept = [record for record in kept if record.day not in one.days()]
        kept += one.records
    return kept


K = TypeVar("K")


def sums(records: list[CostRecord], key: Callable[[CostRecord], K]) -> dict[K, Decimal]:
    found: defaultdict[K, Decimal] = defaultdict(Decimal)
    for record in records:
        found[key(record)] += record.amounts[CostMetric.AMORTIZED]
    return dict(found)


@settings(max_examples=25)
@given(st.lists(readings(), min_size=1, max_size=4))
def test_merging_equals_merging_one_record_at_a_time(spans: list[CostSpan]) -> None:
    with TemporaryDirectory() as folder:
        store = SnapshotStore(Path(folder))
        for number, one in enumerate(spans):
            snapshot = store.write(_of(number, one))
        records = naive(spans)
        found = snapshot.daily_costs(CostTable.SERVICE, EVER, CostMetric.AMORTIZED)
        assert {(cost.day, cost.key): cost.cost for cost in found} == sums(records, lambda r: (r.day, r.key))
        assert [(cost.day, cost.key) for cost in found] == sorted({(r.day, r.key or "") for r in records})
        for cost in found:
            assert cost.is_estimated == any(
                r.is_estimated for r in records if (r.day, r.key) == (cost.day, cost.key)
            )
        accounts = dict(snapshot.costs_by_account(EVER, CostMetric.AMORTIZED))
        assert accounts == sums(records, lambda r: r.account_id)


def _of(number: int, one: CostSpan) -> Collected:
    return collected(f"run-{number}", {CostTable.SERVICE: one}, NOW + number * DAY)
