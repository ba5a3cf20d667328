"""What is paid for nothing and what is used are all of what is committed, whatever days are added up."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from plainbill.analyzer.commitment_sums import by_month, commitment_sum, coverage
from plainbill.model.cost_answers import CommitmentDay, CoverageDay

FIRST = date(2026, 2, 20)
CENT = Decimal("0.01")
amounts = st.decimals(min_value=0, max_value=10**6, places=10, allow_nan=False, allow_infinity=False)


def day(number: int, used: Decimal, unused: Decimal) -> CommitmentDay:
    return CommitmentDay(
        day=FIRST + timedelta(days=number), committed=used + unused, used=used, unused=unused
    )


def test_nothing_is_said_of_no_days_and_no_use_is_no_share() -> None:
    assert commitment_sum([]) is None
    assert by_month([]) == []
    assert coverage([]) is None
    idle = commitment_sum([day(0, Decimal(0), Decimal(0))])
    assert idle
    assert idle.utilization is None


def test_a_saving_that_one_day_does_not_tell_is_not_known() -> None:
    told = CommitmentDay(
        day=FIRST, committed=Decimal(2), used=Decimal(2), unused=Decimal(0), saved=Decimal(1)
    )
    both = commitment_sum([told, day(1, Decimal(2), Decimal(0))])
    assert both
    assert both.saved is None


def test_what_awss_own_figures_leave_open_is_named() -> None:
    odd = CommitmentDay(day=FIRST, committed=Decimal(3), used=Decimal(2), unused=Decimal("0.5"))
    found = commitment_sum([odd])
    assert found
    assert found.difference == Decimal("0.5")


@settings(max_examples=40)
@given(st.lists(st.tuples(amounts, amounts), min_size=1, max_size=80))
def test_waste_and_use_are_the_commitment_to_the_cent_in_total_and_by_month(
    several: list[tuple[Decimal, Decimal]],
) -> None:
    days = [day(number, used, unused) for number, (used, unused) in enumerate(several)]
    whole, months = commitment_sum(days), by_month(days)
    assert whole
    for one in (whole, *months):
        assert (one.used + one.unused - one.committed).quantize(CENT) == one.difference == 0
    for name in ("committed", "used", "unused", "days"):
        assert sum(getattr(one, name) for one in months) == getattr(whole, name)
    assert [one.start for one in months] == sorted((one.start for one in months), reverse=True)


def test_coverage_is_of_what_could_be_covered() -> None:
    days = [CoverageDay(day=FIRST, covered=Decimal(1), on_demand=Decimal(3))]
    assert coverage(days) == 0.25
