"""Costs by service and day: exact, and silent about what is not known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories import daily_cost
from plainbill.analyzer.cost_by_service import NO_SERVICE, OTHER, CostReport, cost_report, fold_other
from plainbill.model.cost import DailyCost
from plainbill.model.period import Period

WEEK = Period.of_days(date(2026, 11, 9), date(2026, 11, 16))
MONDAY, TUESDAY = date(2026, 11, 9), date(2026, 11, 10)


def report(*rows: tuple[date, str | None, str], before: Sequence[DailyCost] | None = None) -> CostReport:
    return cost_report([daily_cost(*row) for row in rows], before, WEEK)


def last_week(service: str, cost: str) -> list[DailyCost]:
    return [daily_cost(MONDAY - timedelta(days=7), service, cost)]


def amounts(*texts: str) -> tuple[Decimal, ...]:
    return tuple(map(Decimal, texts))


def exact(rows: Sequence[DailyCost]) -> Decimal:
    """Add in whole units of the smallest decimal place, with Python's unlimited integers."""
    return Decimal(sum(int(row.cost * 10**10) for row in rows)) / 10**10


# --- what must not be claimed --------------------------------------------------------------


def test_an_unknown_period_before_gives_no_change_rather_than_a_change_from_zero() -> None:
    known = report((MONDAY, "EC2", "10"))
    assert (known.previous_total, known.change) == (None, None)
    assert (known.services[0].previous_cost, known.services[0].change) == (None, None)


def test_a_period_before_that_cost_nothing_is_known() -> None:
    known = report((MONDAY, "EC2", "10"), before=[])
    assert (known.previous_total, known.change) == amounts("0", "10")
    assert (known.services[0].previous_cost, known.services[0].change) == amounts("0", "10")


@pytest.mark.parametrize("credit", ["-10", "-15"])
def test_credits_that_reach_the_usage_leave_no_shares(credit: str) -> None:
    known = report((MONDAY, "EC2", "10"), (MONDAY, "Credits", credit))
    assert known.total == Decimal(10) + Decimal(credit)
    assert [row.share for row in known.services] == [None, None]


def test_a_cost_outside_of_the_period_is_refused() -> None:
    with pytest.raises(ValueError, match="2026-11-16 is not in"):
        report((WEEK.end_day, "EC2", "1"))


def test_days_without_a_row_are_listed_and_not_zero_days() -> None:
    known = report((MONDAY, "EC2", "1"), (date(2026, 11, 15), "EC2", "1"))
    assert known.missing_days == [date(2026, 11, day) for day in range(10, 15)]
    assert [day.day for day in known.daily] == [MONDAY, date(2026, 11, 15)]


def test_no_rows_at_all_are_missing_days_all_of_them() -> None:
    known = cost_report([], None, WEEK)
    assert known.missing_days == list(WEEK.dates())
    assert (known.services, known.daily, known.total) == ([], [], Decimal(0))


def test_one_estimated_row_makes_its_day_and_the_period_estimated() -> None:
    rows = [
        daily_cost(MONDAY, "EC2", "1"),
        daily_cost(TUESDAY, "EC2", "1"),
        daily_cost(TUESDAY, "S3", "1", is_estimated=True),
    ]
    known = cost_report(rows, None, WEEK)
    assert [day.is_estimated for day in known.daily] == [False, True]
    assert known.is_estimated
    assert not cost_report(rows[:2], None, WEEK).is_estimated


# --- what is told --------------------------------------------------------------------------


def test_services_come_dearest_first_and_credits_last() -> None:
    known = report((MONDAY, "S3", "1"), (MONDAY, "Credit", "-4"), (MONDAY, "EC2", "9"), (MONDAY, "AMI", "1"))
    assert [row.service for row in known.services] == ["EC2", "AMI", "S3", "Credit"]


def test_shares_are_parts_of_the_total_and_a_credit_takes_away() -> None:
    known = report((MONDAY, "EC2", "9"), (MONDAY, "Credit", "-1"))
    assert [row.share for row in known.services] == [1.125, -0.125]


def test_a_new_service_rose_from_zero() -> None:
    known = report((MONDAY, "EC2", "9"), before=last_week("S3", "2"))
    new = next(row for row in known.services if row.service == "EC2")
    assert (new.previous_cost, new.change) == amounts("0", "9")


def test_a_service_that_is_gone_is_still_told() -> None:
    known = report((MONDAY, "EC2", "9"), before=last_week("S3", "2"))
    gone = next(row for row in known.services if row.service == "S3")
    assert (gone.cost, gone.previous_cost, gone.change) == amounts("0", "2", "-2")


def test_a_cost_without_a_service_has_a_name() -> None:
    assert [row.service for row in report((MONDAY, None, "1")).services] == [NO_SERVICE]


def test_the_change_is_this_period_less_the_one_before() -> None:
    known = report((MONDAY, "EC2", "9"), (TUESDAY, "EC2", "1.5"), before=last_week("EC2", "12"))
    assert (known.total, known.previous_total, known.change) == amounts("10.5", "12", "-1.5")


def test_the_days_are_in_order_and_hold_each_service() -> None:
    known = report((TUESDAY, "EC2", "2"), (MONDAY, "EC2", "1"), (MONDAY, "S3", "0.5"), (MONDAY, "S3", "0.25"))
    assert [(day.day, dict(day.costs)) for day in known.daily] == [
        (MONDAY, {"EC2": 1, "S3": Decimal("0.75")}),
        (TUESDAY, {"EC2": 2}),
    ]


# --- folding -------------------------------------------------------------------------------


def test_few_services_are_not_folded() -> None:
    known = report(*((MONDAY, f"S{n}", "1") for n in range(9)))
    assert fold_other(known, keep=8) is known


def test_a_large_credit_is_not_hidden_in_the_rest() -> None:
    known = report(
        (MONDAY, "EC2", "50"), *((MONDAY, f"S{n}", "1") for n in range(5)), (MONDAY, "Credit", "-20")
    )
    folded = fold_other(known, keep=2)
    assert [row.service for row in folded.services] == ["EC2", "Credit", OTHER]
    assert tuple(row.cost for row in folded.services) == amounts("50", "-20", "5")


def test_the_rest_stands_last_with_its_own_change() -> None:
    before = [*last_week("S1", "3"), *last_week("Gone", "4")]
    known = report((MONDAY, "EC2", "9"), (MONDAY, "S1", "2"), (MONDAY, "S2", "1"), before=before)
    rest = fold_other(known, keep=1).services[-1]
    assert rest.service == OTHER
    assert (rest.cost, rest.previous_cost, rest.change) == amounts("3", "7", "-4")
    assert rest.share == 0.25


def test_the_rest_of_an_unknown_period_before_is_unknown() -> None:
    known = report((MONDAY, "EC2", "9"), (MONDAY, "S1", "2"), (MONDAY, "S2", "1"))
    assert fold_other(known, keep=1).services[-1].previous_cost is None


def test_a_day_without_folded_services_has_no_rest() -> None:
    known = report((MONDAY, "EC2", "9"), (TUESDAY, "S1", "2"), (TUESDAY, "S2", "1"))
    folded = fold_other(known, keep=1)
    assert [dict(day.costs) for day in folded.daily] == [{"EC2": 9}, {OTHER: 3}]


def test_a_service_that_is_called_like_the_rest_joins_it() -> None:
    known = report((MONDAY, OTHER, "50"), (MONDAY, "EC2", "9"), (MONDAY, "S1", "2"), (MONDAY, "S2", "1"))
    folded = fold_other(known, keep=2)
    assert [row.service for row in folded.services] == ["EC2", "S1", OTHER]
    assert sum(row.cost for row in folded.services) == 62
    assert sum(folded.daily[0].costs.values()) == 62


# --- nothing is lost -----------------------------------------------------------------------

COSTS = st.decimals(-(10**9), 10**9, places=10, allow_nan=False, allow_infinity=False)
ROWS = st.lists(
    st.builds(
        DailyCost,
        day=st.sampled_from(list(WEEK.dates())),
        key=st.one_of(st.none(), st.sampled_from([OTHER, *(f"Service {n}" for n in range(15))])),
        cost=COSTS,
        is_estimated=st.booleans(),
    ),
    max_size=60,
)


@given(ROWS, st.integers(1, 10))
def test_grouping_and_folding_keep_the_exact_total(rows: list[DailyCost], keep: int) -> None:
    known = cost_report(rows, None, WEEK)
    assert known.total == exact(rows)
    for seen in (known, fold_other(known, keep)):
        assert sum(row.cost for row in seen.services) == known.total
        assert sum(cost for day in seen.daily for cost in day.costs.values()) == known.total
        assert len({row.service for row in seen.services}) == len(seen.services)


@given(ROWS, st.integers(1, 10))
def test_no_fold_shows_more_than_it_was_asked_to(rows: list[DailyCost], keep: int) -> None:
    assert len(fold_other(cost_report(rows, None, WEEK), keep).services) <= keep + 1


@given(ROWS, ROWS)
def test_the_changes_of_the_services_add_up_to_the_change(
    rows: list[DailyCost], before: list[DailyCost]
) -> None:
    known = cost_report(rows, before, WEEK)
    assert sum(row.change for row in known.services if row.change is not None) == known.change


@given(ROWS)
def test_every_day_of_the_period_has_a_cost_or_is_missing(rows: list[DailyCost]) -> None:
    known = cost_report(rows, None, WEEK)
    assert sorted([*(day.day for day in known.daily), *known.missing_days]) == list(WEEK.dates())


def test_an_amount_longer_than_the_usual_precision_is_added_exactly() -> None:
    long = "1234567890123456789.123456789012345"
    known = report((MONDAY, "EC2", long), (TUESDAY, "EC2", "0.000000000000001"))
    assert str(known.total) == "1234567890123456789.123456789012346"
