"""All running instances under one rule: the counts tile, the money is never guessed."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from factories import instance, utilization
from plainbill.analyzer.idle import IdleReport, IdleRule, idle_report
from plainbill.model.findings import Waste
from plainbill.model.money import Money
from plainbill.model.resources import Ec2Instance
from plainbill.model.utilization import Utilization
from plainbill.prices import PriceBook

PRICES = PriceBook.load()
QUIET, BUSY = utilization(1.0, 2.0), utilization(30.0, 90.0)


def report(*pairs: tuple[Ec2Instance, Utilization | None], currency: str = "USD") -> IdleReport:
    used = {box.arn: load for box, load in pairs if load is not None}
    return idle_report([box for box, _ in pairs], used, IdleRule(), PRICES, currency)


def box(number: int, **changes: object) -> Ec2Instance:
    return instance(instance_id=f"i-{number:017x}", **changes)


# --- is left alone -------------------------------------------------------------------------


def test_no_instances_are_no_waste_and_no_money() -> None:
    nothing = report()
    assert (nothing.idle, nothing.not_idle, nothing.could_not_tell) == ([], 0, [])
    assert nothing.monthly_cost_total == Money(Decimal(0), "USD")


def test_an_instance_that_does_not_run_is_not_judged() -> None:
    states = ("pending", "stopping", "stopped", "shutting-down", "terminated")
    counted = report(*((box(n, state=state), QUIET) for n, state in enumerate(states))).counts
    assert counted.running == counted.idle == 0


def test_an_instance_without_metrics_is_counted_and_named() -> None:
    found = report((box(1), None))
    assert [row.instance.instance_id for row in found.could_not_tell] == ["i-00000000000000001"]
    assert (found.counts.idle, found.counts.could_not_tell) == (0, 1)


def test_metrics_of_the_same_id_in_another_account_are_not_its_own() -> None:
    other = box(1, account_id="999988887777")
    found = idle_report([box(1)], {other.arn: QUIET}, IdleRule(), PRICES)
    assert found.counts.could_not_tell == 1


def test_an_unknown_price_is_left_out_of_the_sum_and_counted() -> None:
    found = report((box(1), QUIET), (box(2, platform="Windows"), QUIET), (box(3, lifecycle="spot"), QUIET))
    assert found.monthly_cost_total == Money(Decimal("70.08"))
    assert found.unknown_price == 2
    assert [row.monthly_cost for row in found.idle] == [Money(Decimal("70.080")), None, None]


def test_a_price_in_yuan_is_left_out_of_a_sum_in_dollars() -> None:
    found = report((box(1), QUIET), (box(2, region="cn-north-1"), QUIET))
    assert found.monthly_cost_total == Money(Decimal("70.08"))
    assert found.unknown_price == 1
    assert sorted(str(row.cost_in("USD")) for row in found.idle) == ["70.080", "None"]


def test_a_bill_in_yuan_sums_yuan() -> None:
    found = report((box(1), QUIET), (box(2, region="cn-north-1"), QUIET), currency="CNY")
    assert found.monthly_cost_total == Money(Decimal("1.013") * 730, "CNY")


# --- what it tells -------------------------------------------------------------------------


def test_the_dearest_idle_instance_comes_first_and_the_unpriced_last() -> None:
    found = report(
        (box(1, platform="Windows"), QUIET),
        (box(2, instance_type="t3.micro"), QUIET),
        (box(3, instance_type="m5.4xlarge"), QUIET),
    )
    assert [row.instance.instance_type for row in found.idle] == ["m5.4xlarge", "t3.micro", "m5.large"]


def test_the_saving_of_an_idle_instance_is_its_month_at_list_price() -> None:
    (row,) = report((box(1), QUIET)).idle
    assert isinstance(row.verdict, Waste)
    assert row.verdict.monthly_saving == row.monthly_cost == Money(Decimal("70.080"))
    assert (row.cpu_average, row.cpu_maximum, row.evidence.coverage) == (1.0, 2.0, 1.0)


@given(st.lists(st.sampled_from(["quiet", "busy", "dark", "stopped"]), max_size=12))
def test_running_is_idle_and_not_idle_and_could_not_tell(fleet: list[str]) -> None:
    loads = {"quiet": QUIET, "busy": BUSY, "dark": None, "stopped": QUIET}
    pairs = [
        (box(n, state="stopped" if kind == "stopped" else "running"), loads[kind])
        for n, kind in enumerate(fleet)
    ]
    counts = report(*pairs).counts
    assert counts.running == counts.idle + counts.not_idle + counts.could_not_tell
    assert (counts.idle, counts.not_idle, counts.could_not_tell) == tuple(
        fleet.count(kind) for kind in ("quiet", "busy", "dark")
    )


@given(st.permutations(list(range(6))))
def test_the_order_of_the_instances_changes_nothing(order: list[int]) -> None:
    pairs = [(box(n, instance_type="t3.micro"), QUIET) for n in range(6)]
    assert report(*(pairs[n] for n in order)) == report(*pairs)
