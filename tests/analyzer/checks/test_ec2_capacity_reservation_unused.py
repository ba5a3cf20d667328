"""A reservation is waste as far as it was unused at every moment, and billed to this account."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from factories import context, days_of, flat_days
from plainbill.analyzer.checks.ec2_capacity_reservation_unused import UNUSED, Ec2CapacityReservationUnused
from plainbill.model.findings import Ok, Unknown, Verdict, Waste
from plainbill.model.metrics import Series
from plainbill.model.resources.capacity import CapacityReservation
from plainbill.prices import PriceBook

HELD = CapacityReservation(
    account_id="111122223333",
    region="us-east-1",
    reservation_id="cr-0a1b2c3d4e5f60718",
    owner_id="111122223333",
    instance_type="m5.large",
    platform="Linux/UNIX",
    tenancy="default",
    state="active",
    total_instances=4,
    available_instances=3,
    created_at=datetime(2026, 3, 2, tzinfo=UTC),
)


def judge(reservation: CapacityReservation, series: Series | None) -> Verdict:
    known = {} if series is None else {(reservation.arn, UNUSED): series}
    return Ec2CapacityReservationUnused().evaluate(reservation, context(reservation, series=known))


@pytest.mark.parametrize(
    ("reservation", "series"),
    [
        pytest.param(replace(HELD, available_instances=0), flat_days(0.0), id="wholly used"),
        pytest.param(HELD, days_of(*[3.0] * 13, 0.0), id="wholly used at one moment of the last day"),
        pytest.param(replace(HELD, owner_id="444455556666"), flat_days(3.0), id="billed to its owner"),
        pytest.param(replace(HELD, state="cancelled"), flat_days(3.0), id="cancelled"),
    ],
)
def test_what_is_used_or_is_not_billed_here_is_left_alone(
    reservation: CapacityReservation, series: Series
) -> None:
    assert isinstance(judge(reservation, series), Ok)


@pytest.mark.parametrize(
    "series",
    [
        pytest.param(None, id="not read"),
        pytest.param(flat_days(3.0, 13), id="13 days"),
        pytest.param(days_of(*[None] * 3, *[3.0] * 11), id="3 of 14 days without data"),
        pytest.param(flat_days(None), id="no data at all"),
    ],
)
def test_too_little_data_is_unknown(series: Series | None) -> None:
    assert isinstance(judge(HELD, series), Unknown)


def test_what_was_unused_at_every_moment_is_waste_at_the_on_demand_price() -> None:
    found = judge(HELD, days_of(*[3.0] * 13, 2.0))
    assert isinstance(found, Waste)
    hourly = PriceBook.load().instance_types("us-east-1")["m5.large"].amount
    assert found.monthly_saving is not None
    assert found.monthly_saving.amount == 2 * 730 * hourly == Decimal("140.16")
    assert found.monthly_cost is not None
    assert found.monthly_cost.amount == 4 * 730 * hourly
    assert found.reason == "2 of 4 reserved m5.large were never used in 14 days (14 of 14 days seen)."


def test_the_price_of_a_licence_or_of_dedicated_hardware_is_not_known() -> None:
    for reservation in (replace(HELD, platform="Windows"), replace(HELD, tenancy="dedicated")):
        found = judge(reservation, flat_days(3.0))
        assert isinstance(found, Waste)
        assert found.monthly_saving is None


def test_metrics_are_asked_for_only_where_something_is_unused() -> None:
    check = Ec2CapacityReservationUnused()
    assert check.measures(HELD)
    assert not check.measures(replace(HELD, available_instances=0))
