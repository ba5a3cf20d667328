"""Defects of other cost tools in their arithmetic, each shown not to be ours.

The names are those of the tools in which the defect was read or reported; some have mended theirs since.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from factories import NOW, daily_cost, instance, utilization, with_hours
from plainbill.analyzer.cost_by_service import cost_report, fold_other
from plainbill.analyzer.idle import IdleReport, IdleRule, idle_report, judge
from plainbill.model.findings import Ok, Unknown, Waste
from plainbill.model.money import Money, plain
from plainbill.model.period import Period
from plainbill.model.resources import Ec2Instance
from plainbill.model.utilization import Utilization
from plainbill.prices import PriceBook

SEED = IdleRule()
PRICES = PriceBook.load()
MONTHS = [
    (date(2027 + n // 12, n % 12 + 1, 1), date(2027 + (n + 1) // 12, (n + 1) % 12 + 1, 1)) for n in range(24)
]


def verdict(used: Utilization | None, rule: IdleRule = SEED) -> Ok | Unknown | Waste:
    return judge(instance(), used, rule).verdict


def report(*boxes: Ec2Instance) -> IdleReport:
    return idle_report(boxes, {box.arn: utilization() for box in boxes}, SEED, PRICES)


# --- time ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("first", "end"), MONTHS)
def test_a_month_does_not_lose_its_last_day(first: date, end: date) -> None:
    """aws-finops-dashboard: the last day goes into ``End``, which is exclusive."""
    rows = [daily_cost(day, "EC2", "1") for day in Period.of_days(first, end).dates()]
    month = cost_report(rows, None, Period.of_days(first, end))
    assert month.total == (end - first).days
    assert month.daily[-1].day == end - timedelta(days=1)
    assert month.missing_days == []


@pytest.mark.parametrize("days", [1, 7, 14, 30, 90])
def test_a_range_and_the_one_before_it_leave_no_day_between_them(days: int) -> None:
    """aws-finops-dashboard: ``--time-range 30`` leaves a gap of one day."""
    period = Period.last_days(days, before=NOW.date())
    assert period.previous().end_day == period.first_day


def test_a_cost_is_shown_under_its_own_day() -> None:
    """aws-cost-cli: each day is stored under ``TimePeriod.End``, a day late."""
    yesterday = NOW.date() - timedelta(days=1)
    rows = [daily_cost(yesterday, "EC2", "5")]
    (day,) = cost_report(rows, None, Period.last_days(7, before=NOW.date())).daily
    assert day.day == yesterday


@pytest.mark.parametrize("weekday", range(7))
def test_seven_days_are_the_last_seven_whatever_the_weekday(weekday: int) -> None:
    """aws-cost-cli: "last 7 days" is a calendar week."""
    today = date(2026, 11, 23) + timedelta(days=weekday)
    assert list(Period.last_days(7, before=today).dates()) == [
        today - timedelta(days=n) for n in range(7, 0, -1)
    ]


@pytest.mark.parametrize("today", [date(2026, 3, 1), date(2026, 3, 29), date(2026, 3, 30), date(2026, 3, 31)])
def test_the_period_before_has_the_same_length_at_the_end_of_a_month(today: date) -> None:
    """aws-doctor: a month back from the 31st lands in the same month, and unequal months are compared."""
    period = Period.last_days(30, before=today)
    assert period.previous().days == period.days == 30


def test_on_the_first_of_a_month_there_is_a_period_to_show() -> None:
    """nable, aws-doctor: an empty month on the 1st."""
    assert Period.last_days(30, before=date(2026, 3, 1)).days == 30


# --- completeness --------------------------------------------------------------------------


def test_a_cost_that_could_not_be_read_is_not_zero() -> None:
    """aws-finops-dashboard: a failed call is shown as $0, and a change from it as growth."""
    current = cost_report(
        [daily_cost(NOW.date(), "EC2", "9")], None, Period.last_days(1, NOW.date() + timedelta(1))
    )
    assert current.previous_total is None
    assert current.change is None


def test_credits_do_not_swallow_the_costs_they_pay_for() -> None:
    """awslabs/mcp: net cost by default shows $0 where credits apply."""
    day = NOW.date()
    rows = [daily_cost(day, "EC2", "100"), daily_cost(day, "Credits", "-100")]
    shown = cost_report(rows, None, Period.last_days(1, day + timedelta(days=1)))
    assert {row.service: row.cost for row in shown.services} == {
        "EC2": Decimal(100),
        "Credits": Decimal(-100),
    }


def test_the_shown_services_always_add_up_to_the_total() -> None:
    """OptScale, Komiser, Kubecost, OpenCost and others: the total does not match AWS's."""
    day = NOW.date()
    rows = [daily_cost(day, f"S{n}", f"{n}.{n:010d}") for n in range(40)]
    shown = fold_other(cost_report(rows, None, Period.last_days(1, day + timedelta(days=1))))
    assert sum(row.cost for row in shown.services) == shown.total == sum(row.cost for row in rows)


# --- metrics -------------------------------------------------------------------------------


def test_a_busy_last_day_acquits() -> None:
    """Cloud Custodian, until 2023: only the first datapoint was tested."""
    busy = dict.fromkeys(range(312, 336), 80.0)
    used = utilization(cpu_average=with_hours(1.0, busy), cpu_maximum=with_hours(2.0, busy))
    assert isinstance(verdict(used), Ok)


def test_an_instance_without_data_is_counted_and_named() -> None:
    """Cloud Custodian: a resource without data is passed over in silence."""
    found = idle_report([instance()], {}, SEED, PRICES)
    assert found.counts.could_not_tell == len(found.could_not_tell) == 1


@pytest.mark.parametrize("hole", [None, float("nan")])
def test_a_missing_hour_is_not_an_idle_hour(hole: float | None) -> None:
    """OptScale and awslabs/pireporter: what is missing counts as 0."""
    half_dark = (hole,) * 168 + (1.0,) * 168
    assert isinstance(verdict(utilization(cpu_average=half_dark, cpu_maximum=half_dark)), Unknown)


def test_all_missing_is_not_confirmed_low_use() -> None:
    """nable: an unmeasured bucket is "confirmed low access"; thrifty: no datapoints are "ok"."""
    dark = with_hours(None)
    assert isinstance(verdict(utilization(cpu_average=dark, cpu_maximum=dark)), Unknown)


def test_hourly_sums_of_network_are_bytes_whatever_the_sampling() -> None:
    """OptScale: divides five-minute sums by 60 and finds five times the traffic; c7n: bytes taken for MB."""
    used = utilization(network_in=(300_000.0,) * 336, network_out=(0.0,) * 336)
    assert judge(instance(), used, SEED).evidence.network_bytes_per_day == 7_200_000.0


def test_a_low_average_alone_is_not_idle() -> None:
    """OptScale: the average only, without any peak, over three to seven days."""
    assert isinstance(verdict(utilization(1.0, cpu_maximum=with_hours(2.0, {50: 99.0}))), Ok)
    assert SEED.days == 14


def test_the_peak_is_the_highest_sample_and_not_the_highest_hourly_average() -> None:
    """nable: "peak" CPU is the maximum of hourly averages, which hides five busy minutes in a quiet hour."""
    hidden = utilization(4.0, cpu_maximum=with_hours(9.0, {7: 45.0}))
    seen = judge(instance(), hidden, SEED)
    assert seen.evidence.cpu_maximum == 45.0
    assert isinstance(seen.verdict, Ok)


def test_sixty_days_of_hours_can_be_judged() -> None:
    """Cloud Custodian: fails beyond 1,440 datapoints."""
    assert isinstance(verdict(utilization(days=60), IdleRule(days=60)), Waste)
    assert isinstance(verdict(utilization(days=61), IdleRule(days=61)), Waste)


def test_a_restart_is_not_a_launch() -> None:
    """nable: the time of the last start is taken for other things."""
    restarted = instance(launched_at=NOW - timedelta(days=1))
    assert isinstance(judge(restarted, utilization(), SEED).verdict, Waste)


# --- money ---------------------------------------------------------------------------------


def test_an_unknown_price_is_unknown_and_not_some_number() -> None:
    """nkr: $50 for every type that is not in its table; Komiser: 0 for what it does not know."""
    found = report(instance(instance_type="zz9.plural"))
    assert found.idle[0].monthly_cost is None
    assert (found.unknown_price, found.monthly_cost_total) == (1, Money(Decimal(0)))


@pytest.mark.parametrize(
    ("region", "instance_type", "month"),
    [
        ("us-east-1", "t3.micro", "7.592"),
        ("us-east-1", "m5.large", "70.08"),
        ("us-gov-west-1", "m5.large", "88.33"),
        ("us-east-1", "p5.48xlarge", "40179.20"),
    ],
)
def test_a_price_is_that_of_the_type_and_region(region: str, instance_type: str, month: str) -> None:
    """nable: a flat $15 per vCPU, and the prices of one region for all."""
    assert PRICES.monthly(instance(region=region, instance_type=instance_type)) == Money(Decimal(month))


def test_a_month_is_hours_times_the_hourly_price() -> None:
    """Komiser: a monthly price is taken for an hourly one and becomes 730 times itself."""
    hourly, monthly = PRICES.hourly(instance()), PRICES.monthly(instance())
    assert hourly is not None
    assert monthly == hourly.times(730)


def test_savings_are_the_list_price_of_what_is_idle_and_nothing_more() -> None:
    """kubectl-cost, awsrightsizer: $225,000 of savings on a bill of $42,000."""
    boxes = [instance(instance_id=f"i-{n}") for n in range(5)]
    ceiling = Decimal("70.08") * len(boxes)
    assert report(*boxes).monthly_cost_total == Money(ceiling)


def test_spot_is_not_priced_as_on_demand() -> None:
    """kubecost, karpenter and others: savings ignore what is really paid."""
    assert PRICES.monthly(instance(lifecycle="spot")) is None


def test_money_is_never_a_float() -> None:
    """aws-finops-dashboard, finopsmcp, aws-cost-cli, Komiser: 0.1 + 0.2 is not 0.3."""
    day = NOW.date()
    rows = [daily_cost(day, "a", "0.1"), daily_cost(day, "a", "0.2"), daily_cost(day, "a", "0.0000000001")]
    shown = cost_report(rows, None, Period.last_days(1, day + timedelta(days=1)))
    assert plain(shown.total) == "0.3000000001"
