"""What Savings Plans covered an hour, from the bill by record type."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from factories import cost_record
from plainbill.model.cost import CostTable
from plainbill.model.money import Money
from plainbill.model.period import Period
from plainbill.storage import CostSpan, Snapshot, SnapshotStore, covered_list_per_hour
from storage.keeping import DAY, collected, span

TODAY = date(2026, 11, 24)
FIRST = date(2026, 11, 9)
"""The oldest of the 14 days that end a day before the reading."""
COVERED = "SavingsPlanCoveredUsage"


def costs(first: date, covered: dict[str, str], today: str = "1000") -> CostSpan:
    """Every day the same by record type; on the last two, which may be incomplete, ``today``."""
    days = list(Period.of_days(first, TODAY + DAY).dates())
    records = [
        cost_record(day, key, today if day >= TODAY - DAY else amount)
        for day in days
        for key, amount in covered.items()
    ]
    return span(first, TODAY + DAY, records)


def written(folder: Path, *tables: tuple[CostTable, CostSpan]) -> Snapshot:
    taken_at = datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=UTC)
    return SnapshotStore(folder).write(collected("run-1", dict(tables), taken_at))


def test_what_is_not_covered_and_what_is_taken_off_again_do_not_count(tmp_path: Path) -> None:
    others = {"Usage": "50", "SavingsPlanNegation": "-24", "SavingsPlanRecurringFee": "17"}
    bill = written(tmp_path, (CostTable.RECORD_TYPE, costs(FIRST, others)))
    assert covered_list_per_hour(bill) == Money(Decimal(0))


def test_it_is_the_average_of_fourteen_days_without_the_last_two(tmp_path: Path) -> None:
    bill = written(tmp_path, (CostTable.RECORD_TYPE, costs(FIRST, {COVERED: "24", "Usage": "5"})))
    assert covered_list_per_hour(bill) == Money(Decimal(1))


def test_aws_s_name_with_spaces_is_the_same_record_type(tmp_path: Path) -> None:
    bill = written(tmp_path, (CostTable.RECORD_TYPE, costs(FIRST, {"Savings Plan Covered Usage": "48"})))
    assert covered_list_per_hour(bill) == Money(Decimal(2))


def test_a_bill_that_was_not_read_by_record_type_tells_nothing(tmp_path: Path) -> None:
    bill = written(tmp_path, (CostTable.SERVICE, costs(FIRST, {COVERED: "24"})))
    assert covered_list_per_hour(bill) is None


def test_a_day_that_was_not_read_is_not_a_day_without_coverage(tmp_path: Path) -> None:
    bill = written(tmp_path, (CostTable.RECORD_TYPE, costs(FIRST + DAY, {COVERED: "24"})))
    assert covered_list_per_hour(bill) is None
    assert covered_list_per_hour(bill, FIRST + DAY) == Money(Decimal(1))


def test_days_before_the_youngest_plan_do_not_count(tmp_path: Path) -> None:
    short, long = costs(FIRST, {COVERED: "0"}), costs(TODAY - 5 * DAY, {COVERED: "72"})
    kept = [one for one in short.records if one.day < TODAY - 5 * DAY]
    both = span(FIRST, TODAY + DAY, [*kept, *long.records])
    bill = written(tmp_path, (CostTable.RECORD_TYPE, both))
    assert covered_list_per_hour(bill, TODAY - 5 * DAY) == Money(Decimal(3))
    assert covered_list_per_hour(bill, TODAY - DAY) is None  # bought too lately to tell
