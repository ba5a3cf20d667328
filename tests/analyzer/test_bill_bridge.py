"""What changed a bill, in steps that add up exactly."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plainbill.analyzer.bill_bridge import Bridge, Cause, bridge
from plainbill.analyzer.bill_lines import OFFSET, ChargeKind, Line, Sums, bill_lines, charge_kind
from plainbill.analyzer.unit_rates import rate_changes
from plainbill.model.billing import UsageRecord

ONE, TWO = "111122223333", "444455556666"
SAME = (30, 30)
EC2, S3, TAX = "Amazon EC2", "Amazon S3", "Tax"


def line(before: str, after: str, key: str = EC2, kind: ChargeKind = ChargeKind.USAGE) -> Line:
    return Line(key=key, account_id=ONE, kind=kind, before=Decimal(before), after=Decimal(after))


def used(quantity: str, cost: str, usage_type: str = "BoxUsage:m5.large", unit: str = "Hrs") -> UsageRecord:
    return UsageRecord(
        start=date(2026, 10, 22),
        end=date(2026, 11, 1),
        usage_type=usage_type,
        key="RunInstances",
        quantity=Decimal(quantity),
        unit=unit,
        cost=Decimal(cost),
    )


def amounts(found: Bridge) -> dict[Cause, Decimal]:
    return {step.cause: step.amount for step in found.steps}


# --- what is no cause ---------------------------------------------------------------------


def test_an_unchanged_bill_has_no_steps() -> None:
    found = bridge([line("10", "10"), line("-2", "-2", kind=ChargeKind.CREDIT)], SAME)
    assert found.before == found.after == 8
    assert found.steps == []


def test_a_rate_that_moved_by_rounding_alone_is_no_price() -> None:
    assert rate_changes([used("3", "0.30")], [used("3.0001", "0.30")], 10, 10) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(used("10", "1"), used("10", "2", unit="GB"), id="another unit"),
        pytest.param(used("10", "1"), used("10", "2", "BoxUsage:m5.xlarge"), id="another type"),
        pytest.param(used("0", "1"), used("10", "2"), id="no quantity"),
        pytest.param(used("10", "0"), used("10", "2"), id="free before"),
        pytest.param(used("10", "0.009"), used("10", "0.02"), id="under a cent"),
    ],
)
def test_what_cannot_be_compared_has_no_price(before: UsageRecord, after: UsageRecord) -> None:
    assert rate_changes([before], [after], 10, 10) == []


def test_a_service_that_only_resembles_two_record_types_stays_usage() -> None:
    sums: Sums = {(EC2, ONE): Decimal(5)}
    types: Sums = {("Tax", ONE): Decimal(5), ("Support", ONE): Decimal(5)}
    (service,) = [one for one in bill_lines((sums, sums), (types, types)) if one.key == EC2]
    assert service.kind is ChargeKind.USAGE


# --- causes -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("record_type", "kind"),
    [
        ("Usage", ChargeKind.USAGE),
        ("DiscountedUsage", ChargeKind.USAGE),
        ("SavingsPlanCoveredUsage", ChargeKind.COMMITMENT),
        ("Savings Plan Negation", ChargeKind.COMMITMENT),
        ("SavingsPlanRecurringFee", ChargeKind.COMMITMENT),
        ("RIFee", ChargeKind.COMMITMENT),
        ("Upfront reservation fee", ChargeKind.COMMITMENT),
        ("Credit", ChargeKind.CREDIT),
        ("Refund", ChargeKind.CREDIT),
        ("Private Rate Discount", ChargeKind.DISCOUNT),
        ("Tax", ChargeKind.TAX),
        ("Support", ChargeKind.FEE),
        ("Other out-of-cycle charges", ChargeKind.FEE),
    ],
)
def test_record_types_have_a_kind(record_type: str, kind: ChargeKind) -> None:
    assert charge_kind(record_type) is kind


@pytest.mark.parametrize(
    ("before", "after", "kind", "cause"),
    [
        ("0", "10", ChargeKind.USAGE, Cause.NEW),
        ("10", "0", ChargeKind.USAGE, Cause.GONE),
        ("10", "12", ChargeKind.USAGE, Cause.MORE),
        ("12", "10", ChargeKind.USAGE, Cause.LESS),
        ("0", "-3", ChargeKind.CREDIT, Cause.CREDIT),
        ("4", "5", ChargeKind.TAX, Cause.TAX),
        ("4", "0", ChargeKind.FEE, Cause.FEE),
        ("4", "9", ChargeKind.COMMITMENT, Cause.COMMITMENT),
    ],
)
def test_a_line_has_one_cause(before: str, after: str, kind: ChargeKind, cause: Cause) -> None:
    assert amounts(bridge([line(before, after, kind=kind)], SAME)) == {
        cause: Decimal(after) - Decimal(before)
    }


def test_a_longer_month_is_a_cause_of_its_own() -> None:
    assert amounts(bridge([line("28", "33")], (28, 31))) == {Cause.LENGTH: 3, Cause.MORE: 2}


def test_a_new_price_is_set_apart_from_usage() -> None:
    rates = rate_changes([used("100", "10")], [used("150", "30")], 10, 10)
    found = amounts(bridge([line("10", "30")], SAME, rates))
    assert found == {Cause.PRICE: 15, Cause.MORE: 5}


def test_a_price_that_rose_while_usage_fell_leaves_less_usage() -> None:
    rates = rate_changes([used("100", "10")], [used("50", "8")], 10, 10)
    found = amounts(bridge([line("10", "8")], SAME, rates))
    assert found == {Cause.PRICE: 3, Cause.LESS: -5}


def test_what_aws_names_beyond_the_rows_is_named() -> None:
    found = bridge([line("10", "12")], SAME, control=(Decimal(10), Decimal("12.5")))
    assert amounts(found) == {Cause.MORE: 2, Cause.UNEXPLAINED: Decimal("0.5")}
    assert found.after == Decimal("12.5")


def test_tax_is_told_by_its_amount_and_credits_stand_apart() -> None:
    before: Sums = {(EC2, ONE): Decimal(94), (TAX, ONE): Decimal("7.77")}
    after: Sums = {(EC2, ONE): Decimal(188), (TAX, ONE): Decimal("8.88")}
    types: tuple[Sums, Sums] = (
        {("Usage", ONE): Decimal(100), ("Credit", ONE): Decimal(-6), ("Tax", ONE): Decimal("7.77")},
        {("Usage", ONE): Decimal(200), ("Credit", ONE): Decimal(-12), ("Tax", ONE): Decimal("8.88")},
    )
    lines = bill_lines((before, after), types)
    assert {(one.key, one.kind, one.after) for one in lines} == {
        (EC2, ChargeKind.USAGE, 188),
        (TAX, ChargeKind.TAX, Decimal("8.88")),
        ("Credit", ChargeKind.CREDIT, -12),
        (OFFSET.format("Credit"), ChargeKind.USAGE, 12),
    }
    assert amounts(bridge(lines, SAME)) == {Cause.MORE: 100, Cause.CREDIT: -6, Cause.TAX: Decimal("1.11")}


def test_a_refund_is_neither_less_usage_nor_more() -> None:
    before: Sums = {("Amazon CloudFront", ONE): Decimal(1000), (EC2, ONE): Decimal(50)}
    after: Sums = {("Amazon CloudFront", ONE): Decimal(700), (EC2, ONE): Decimal(60)}
    types: tuple[Sums, Sums] = (
        {("Usage", ONE): Decimal(1050)},
        {("Usage", ONE): Decimal(1060), ("Refund", ONE): Decimal(-300)},
    )
    found = amounts(bridge(bill_lines((before, after), types), SAME))
    assert found == {Cause.MORE: 10, Cause.LESS: 0, Cause.CREDIT: -300}


# --- whatever comes -----------------------------------------------------------------------

AMOUNT = st.decimals(-1000, 100_000, places=10)
KEYS = st.tuples(st.sampled_from([EC2, S3, TAX, None]), st.sampled_from([ONE, TWO]))
TYPES = st.tuples(
    st.sampled_from(["Usage", "Credit", "Refund", "Tax", "Support", "SavingsPlanNegation", "RIFee"]),
    st.sampled_from([ONE, TWO]),
)
SUMS, TYPE_SUMS = st.dictionaries(KEYS, AMOUNT), st.dictionaries(TYPES, AMOUNT)
USED = st.lists(
    st.builds(
        used,
        quantity=st.decimals(0, 10_000, places=10).map(str),
        cost=st.decimals(0, 10_000, places=10).map(str),
        usage_type=st.sampled_from(["BoxUsage:m5.large", "TimedStorage-ByteHrs"]),
    ),
    max_size=4,
)


@given(
    services=st.tuples(SUMS, SUMS),
    types=st.none() | st.tuples(TYPE_SUMS, TYPE_SUMS),
    days=st.tuples(st.integers(1, 400), st.integers(1, 400)),
    usage=st.tuples(USED, USED),
    control=st.none() | st.tuples(AMOUNT, AMOUNT),
)
def test_the_steps_lead_exactly_from_one_bill_to_the_other(
    services: tuple[Sums, Sums],
    types: tuple[Sums, Sums] | None,
    days: tuple[int, int],
    usage: tuple[list[UsageRecord], list[UsageRecord]],
    control: tuple[Decimal, Decimal] | None,
) -> None:
    lines = bill_lines(services, types)
    sums = tuple(sum(one.values(), Decimal(0)) for one in services)
    assert (sum(one.before for one in lines), sum(one.after for one in lines)) == sums
    found = bridge(lines, days, rate_changes(*usage, *days), control)
    assert (found.before, found.after) == (sums if control is None else control)
    assert found.before + sum((step.amount for step in found.steps), Decimal(0)) == found.after
    for step in found.steps:
        assert sum(part.amount for part in step.parts) == step.amount
        assert all(part.cause is step.cause for part in step.parts)


@given(services=SUMS, types=TYPE_SUMS, days=st.integers(1, 400))
def test_the_same_bill_twice_never_changes(
    services: Sums,
    types: Sums,
    days: int,
) -> None:
    lines = bill_lines((services, services), (types, types))
    assert bridge(lines, (days, days)).steps == []
