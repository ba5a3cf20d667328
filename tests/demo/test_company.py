"""The company makes sense on any day: its bill adds up, its savings are possible, it is always the same."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factories import TODAY
from plainbill.demo.bill import SPIKE_DAYS_AGO
from plainbill.demo.bill_ec2 import hourly_price
from plainbill.demo.cell import METRIC_ORDER, REPORTED_HOURS, UNITS
from plainbill.demo.company import Company
from plainbill.demo.cost_query import DIMENSIONS
from plainbill.demo.fleet import DEVELOPMENT, MANAGEMENT, PRODUCTION, VIRGINIA
from plainbill.demo.habits import Expected
from plainbill.demo.services import CLOUDWATCH, EC2, SAVINGS_PLANS
from plainbill.model.cost import CostMetric
from plainbill.model.period import Period
from plainbill.prices import HOURS_PER_MONTH

DAY = timedelta(days=1)
AWKWARD_DAYS = [
    date(2026, 11, 24),
    date(2026, 3, 1),
    date(2027, 1, 1),
    date(2028, 2, 29),
    date(2026, 12, 31),
]
USAGE = ("Usage", "SavingsPlanCoveredUsage")
FIELDS = st.lists(st.sampled_from(sorted(DIMENSIONS.values())), min_size=1, max_size=5, unique=True)


def months(company: Company) -> list[Period]:
    """The whole calendar months of the bill."""
    first = company.bill.first_day
    found: list[Period] = []
    while True:
        after = (first + 32 * DAY).replace(day=1)
        if after > company.today:
            return found
        found.append(Period.of_days(first, after))
        first = after


def test_the_company_is_always_the_same(company: Company) -> None:
    again = Company(TODAY)
    assert again.bill.cells(TODAY - DAY) == company.bill.cells(TODAY - DAY)
    assert again.instances == company.instances


def test_instances_keep_their_ids_over_the_days(company: Company) -> None:
    later = Company(TODAY + 40 * DAY)
    assert [found.instance_id for found in later.instances] == [
        found.instance_id for found in company.instances
    ]


def test_the_fleet_is_as_large_and_as_mixed_as_a_real_one(company: Company) -> None:
    running = [found for found in company.instances if found.state == "running"]
    assert 110 <= len(running) <= 140
    assert len({found.instance_id for found in company.instances}) == len(company.instances)
    assert {found.account_id for found in running} == {MANAGEMENT, PRODUCTION, DEVELOPMENT}
    assert {found.region for found in running} == set(company.enabled_regions)
    assert 0.7 < sum(found.region == VIRGINIA for found in running) / len(running) < 0.85
    assert len(running) < len(company.instances)
    kinds = {
        kind
        for found in running
        for kind in (
            found.fleet.market,
            found.fleet.platform,
            found.fleet.tenancy,
            found.architecture,
            *found.managed_by,
        )
    }
    assert kinds >= {"spot", "Windows", "dedicated", "autoscaling", "eks", "arm64"}


@settings(max_examples=30)
@given(
    start=st.integers(0, 400),
    length=st.integers(1, 40),
    fields=FIELDS,
    metric=st.sampled_from(CostMetric),
)
def test_every_grouping_sums_to_the_same_amount_to_the_last_digit(
    company: Company, start: int, length: int, fields: list[str], metric: CostMetric
) -> None:
    first = company.bill.first_day + start * DAY
    period = Period.of_days(first, first + length * DAY)
    assert sum(company.bill.totals(period, metric, *fields).values()) == company.bill.total(period, metric)


@pytest.mark.parametrize("today", AWKWARD_DAYS)
def test_compute_on_the_bill_is_the_instances_hours_times_their_price(today: date) -> None:
    company = Company(today)
    for ago in (0, 1, 40, 300):
        day = today - ago * DAY
        first = (day - date(1970, 1, 1)).days * 24
        end = first + (24 if ago else REPORTED_HOURS)
        truth = sum(
            found.billed_hours(first, end) * hourly_price(found.resource, company.prices)
            for found in company.instances
        )
        billed = [
            cell for cell in company.bill.cells(day) if cell.service == EC2 and cell.record_type in USAGE
        ]
        assert sum(cell.amounts[0] for cell in billed) == truth
        hours = sum(found.billed_hours(first, end) for found in company.instances)
        assert sum(cell.quantity for cell in billed) == hours * UNITS


@pytest.mark.parametrize("today", AWKWARD_DAYS)
def test_savings_on_idle_instances_never_exceed_the_compute_they_are_on(today: date) -> None:
    company = Company(today)
    for period in months(company)[-3:]:
        for account in company.accounts:
            idle = [
                found
                for found in company.instances
                if found.expected is Expected.IDLE
                and found.account_id == account.account_id
                and found.first_launched_at < period.start
            ]
            saving = sum(hourly_price(found.resource, company.prices) for found in idle) * HOURS_PER_MONTH
            for metric in CostMetric:
                cost = company.bill.total(period, metric, account_id=account.account_id, service=EC2)
                assert Decimal(saving) / UNITS < cost, (period, account.name, metric)


def test_the_price_list_s_prices_are_the_bill_s(company: Company) -> None:
    known = [found.resource for found in company.instances if company.prices.hourly(found.resource)]
    assert len(known) > 70
    for resource in known:
        listed = company.prices.hourly(resource)
        assert listed is not None
        assert hourly_price(resource, company.prices) == listed.amount * UNITS


def test_covered_usage_is_negated_in_full_and_the_plan_costs_the_same_either_way(company: Company) -> None:
    month = Period.of_days(date(2026, 10, 1), date(2026, 11, 1))
    by_type = company.bill.totals(month, CostMetric.UNBLENDED, "record_type")
    amortized = company.bill.totals(month, CostMetric.AMORTIZED, "record_type")
    assert by_type["SavingsPlanNegation",] == -by_type["SavingsPlanCoveredUsage",]
    assert amortized["SavingsPlanNegation",] == 0
    assert 0 < amortized["SavingsPlanRecurringFee",] < by_type["SavingsPlanRecurringFee",]
    assert (
        amortized["SavingsPlanCoveredUsage",] + amortized["SavingsPlanRecurringFee",]
        == by_type["SavingsPlanRecurringFee",]
    )
    before = Period.of_days(company.bill.first_day, company.bill.first_day + DAY)
    assert company.bill.total(before, CostMetric.UNBLENDED, service=SAVINGS_PLANS) == 0


def test_the_metrics_differ_where_they_should(company: Company) -> None:
    month = Period.of_days(date(2026, 10, 1), date(2026, 11, 1))
    told = [
        tuple(sorted(company.bill.totals(month, metric, "service", "account_id", "record_type").items()))
        for metric in METRIC_ORDER
    ]
    assert len(set(told)) == len(METRIC_ORDER)


def test_what_is_taken_off_is_negative_and_visible(company: Company) -> None:
    month = company.bill.totals(Period.of_days(TODAY - 30 * DAY, TODAY), CostMetric.UNBLENDED, "record_type")
    for record_type in ("Credit", "Refund", "SavingsPlanNegation", "Private Rate Discount"):
        assert month[record_type,] < 0
    for record_type in ("Usage", "Tax", "Support", "SavingsPlanRecurringFee"):
        assert month[record_type,] > 0


def test_the_company_grows_and_its_spike_stands_out(company: Company) -> None:
    bill = company.bill
    totals = [bill.total(month, CostMetric.UNBLENDED) for month in months(company)]
    assert len(totals) == 13
    assert totals[-1] > totals[0]
    day = TODAY - SPIKE_DAYS_AGO * DAY
    spike, before = (
        bill.total(Period.of_days(one, one + DAY), CostMetric.UNBLENDED, service=CLOUDWATCH)
        for one in (day, day - 7 * DAY)
    )
    assert spike > 5 * before


def test_nothing_is_billed_outside_what_cost_explorer_keeps(company: Company) -> None:
    assert company.bill.cells(company.bill.first_day - DAY) == ()
    assert company.bill.cells(TODAY + DAY) == ()
    assert company.bill.first_day == date(2025, 10, 1)


@pytest.mark.parametrize(
    ("today", "first_estimated"),
    [
        (date(2026, 11, 24), date(2026, 11, 1)),
        (date(2026, 11, 2), date(2026, 10, 1)),
        (date(2026, 11, 4), date(2026, 11, 1)),
        (date(2027, 1, 1), date(2026, 12, 1)),
    ],
)
def test_a_month_stays_an_estimate_until_it_is_invoiced(today: date, first_estimated: date) -> None:
    bill = Company(today).bill
    assert not bill.is_estimated(first_estimated - DAY)
    assert all(bill.is_estimated(day) for day in Period.of_days(first_estimated, today + DAY).dates())
