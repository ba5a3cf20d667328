"""What of a saving is not known, and the bounds that all that is known keeps."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.committed import (
    ACCOUNT,
    M5_LARGE,
    NOTHING,
    OTHER,
    amount,
    machines,
    one_of,
    price,
    said,
    saves,
    stop,
    usd,
)
from commitment_factories import reserved, savings_plan
from factories import gap, instance
from plainbill.model.resources import Ec2Instance, Resource
from plainbill.model.resources.commitments import ReservedInstance, SavingsPlan

DENIED_PLANS = gap(source="savings_plans", region=None, action="savingsplans:DescribeSavingsPlans")
DENIED_RESERVATIONS = gap(source="ec2_reserved_instances")


@pytest.mark.parametrize(
    "how",
    [
        pytest.param({"gaps": [DENIED_PLANS]}, id="Savings Plans were refused"),
        pytest.param({"gaps": [DENIED_RESERVATIONS]}, id="reservations were refused"),
        pytest.param(
            {"gaps": [gap(source="accounts", account_id=OTHER, region=None)]}, id="an account is closed"
        ),
        pytest.param({"asked": [Ec2Instance, SavingsPlan]}, id="reservations were not asked for"),
        pytest.param({"asked": [Ec2Instance, ReservedInstance]}, id="plans were not asked for"),
        pytest.param({"covered": "0.01"}, id="the bill knows of a plan that was not found"),
    ],
)
def test_what_could_not_be_read_is_not_known_and_never_the_list_saving(how: dict[str, Any]) -> None:
    (idle,) = machines(1)
    found = said([stop(idle)], idle, **how)
    (one,) = found.findings.values()
    assert one.realisable is None
    assert one.reason.startswith("Not known: ")
    assert (found.realisable, found.not_known, found.not_known_findings) == ({}, {"USD": usd(M5_LARGE)}, 1)


def test_reservations_of_one_region_that_were_refused_leave_the_others_known() -> None:
    there = instance(region="us-gov-west-1")
    found = one_of([saves(there, "70")], there, gaps=[DENIED_RESERVATIONS])
    assert amount(found) == 70


@pytest.mark.parametrize(
    ("plans", "covered"),
    [
        pytest.param([savings_plan()], None, id="the bill was not read"),
        pytest.param([savings_plan()], "0", id="the bill shows nothing covered"),
        pytest.param(
            [savings_plan(), savings_plan(plan_type="EC2Instance", covered_region="us-east-1", family="m5")],
            "0.05",
            id="plans of two kinds",
        ),
    ],
)
def test_a_plan_of_which_the_bill_does_not_tell_enough_is_not_known(
    plans: list[SavingsPlan], covered: str | None
) -> None:
    idle, busy = machines(2)
    assert one_of([stop(idle)], idle, busy, *plans, covered=covered).realisable is None


def test_a_size_without_a_factor_beside_a_reservation_is_not_known() -> None:
    idle, (metal,) = machines(1)[0], machines(1, instance_type="m5.metal")
    assert one_of([stop(idle)], idle, metal, reserved()).realisable is None
    assert amount(one_of([stop(idle)], idle, metal)) == M5_LARGE


def test_a_zonal_reservation_that_its_account_does_not_use_may_cover_another_s() -> None:
    (idle,) = machines(1, account_id=OTHER)
    zonal = reserved(scope="Availability Zone", availability_zone="us-east-1c")
    assert one_of([stop(idle)], idle, zonal).realisable is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Named(Resource):
    """A resource of any ARN."""

    source = "named"
    named: str

    @property
    def resource_id(self) -> str:
        return self.named

    @property
    def arn(self) -> str:
        return self.named


@pytest.mark.parametrize(
    ("arn", "is_known"),
    [
        pytest.param(f"arn:aws:rds:us-east-1:{ACCOUNT}:snapshot:db:x", True, id="a snapshot"),
        pytest.param("arn:aws:s3:::db:bucket", True, id="a bucket"),
        pytest.param(f"arn:aws:rds:us-east-1:{ACCOUNT}:db:orders", False, id="a database"),
        pytest.param(f"arn:aws:elasticache:us-east-1:{ACCOUNT}:cluster:orders", False, id="a cache"),
        pytest.param(f"arn:aws:es:us-east-1:{ACCOUNT}:domain/orders", False, id="a search domain"),
    ],
)
def test_what_has_reservations_of_its_own_is_not_known(arn: str, is_known: bool) -> None:
    one = Named(account_id=ACCOUNT, region="us-east-1", named=arn)
    assert amount(one_of([saves(one, "9")])) == (9 if is_known else None)


def test_sagemaker_is_known_where_it_has_no_plan() -> None:
    arn = f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:endpoint/x"
    one = Named(account_id=ACCOUNT, region="us-east-1", named=arn)
    assert amount(one_of([saves(one, "9")])) == 9
    assert one_of([saves(one, "9")]).reason == "No SageMaker Savings Plan was found."
    assert one_of([saves(one, "9")], savings_plan(plan_type="SageMaker")).realisable is None


def test_a_saving_that_is_not_known_is_in_neither_sum() -> None:
    (idle,) = machines(1)
    found = said([saves(idle, None)], idle)
    assert (found.at_list, found.realisable, found.not_known) == ({}, {}, {})
    assert found.findings[saves(idle, None).finding_id].at_list is None


TYPES = st.sampled_from(["m5.large", "m5.xlarge", "c5.large"])
FLEETS = st.lists(st.tuples(TYPES, st.sampled_from("ab"), st.booleans()), min_size=1, max_size=8)
HELD = st.lists(st.tuples(TYPES, st.integers(1, 3), st.sampled_from([None, "a", "b"])), max_size=3)
COVERED = st.decimals(min_value="0.01", max_value="1.5", places=3)
TINY = Decimal("1e-15")


@settings(max_examples=150)
@given(FLEETS, HELD, COVERED, st.booleans(), st.randoms(use_true_random=False))
def test_what_is_realisable_keeps_its_bounds(
    fleet: list[tuple[str, str, bool]],
    held: list[tuple[str, int, str | None]],
    covered: Decimal,
    has_plan: bool,
    order: Any,
) -> None:
    run = [
        instance(instance_id=f"i-{n}", instance_type=name, availability_zone=f"us-east-1{zone}")
        for n, (name, zone, _) in enumerate(fleet)
    ]
    findings = [stop(one) for one, (_, _, is_idle) in zip(run, fleet, strict=True) if is_idle]
    commitments: list[Resource] = [
        reserved(reservation_id=f"ri-{n}", instance_type=name, count=count)
        if zone is None
        else reserved(
            reservation_id=f"ri-{n}", instance_type=name, count=count,
            scope="Availability Zone", availability_zone=f"us-east-1{zone}",
        )
        for n, (name, count, zone) in enumerate(held)
    ]  # fmt: skip
    commitments += [savings_plan()] if has_plan else []
    bill = str(covered) if has_plan else "0"
    found = said(findings, *run, *commitments, covered=bill)
    for one in found.findings.values():
        assert one.at_list is not None
        assert one.realisable is not None
        assert 0 <= one.realisable.amount <= one.at_list.amount
    together = found.realisable.get("USD", usd(NOTHING)).amount
    assert together <= sum((amount(one) or NOTHING for one in found.findings.values()), NOTHING) + TINY
    uncovered = sum((price(one).amount for one in run), NOTHING) - (covered * 730 if has_plan else 0)
    assert together <= max(NOTHING, uncovered) + TINY
    shuffled = list(findings)
    order.shuffle(shuffled)
    again = said(shuffled, *run, *commitments, covered=bill)
    assert again.findings == found.findings
    assert abs(again.realisable.get("USD", usd(NOTHING)).amount - together) <= TINY
    free = said(findings, *run)
    assert free.realisable == free.at_list == found.at_list
