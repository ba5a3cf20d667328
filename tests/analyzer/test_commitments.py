"""What would really be saved: all where nothing is committed, nothing where the commitment goes on billing.

List price of m5.large in us-east-1: 0.096 US dollars an hour; each larger size costs twice as much.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commitment_factories import reserved, savings_plan
from factories import NOW, context, gap, instance, volume
from plainbill.analyzer.commitments import Realisable, RealisableReport, realisable
from plainbill.analyzer.engine import Finding, Report
from plainbill.analyzer.registry import Check
from plainbill.analyzer.replacement import TYPE_PROPOSED
from plainbill.analyzer.waste_check import Context, WasteCheck
from plainbill.model.findings import Action, Effort, Measurement, Ok, Verdict, Waste
from plainbill.model.inventory import Gap
from plainbill.model.money import Money
from plainbill.model.resources import Ec2Instance, Resource
from plainbill.model.resources.capacity import CapacityReservation
from plainbill.model.resources.commitments import ReservedInstance, SavingsPlan
from plainbill.prices.ec2 import monthly_ec2_instance
from plainbill.prices.list_prices import ListPrices

M5_LARGE = Decimal("0.096") * 730
NOTHING = Decimal(0)
ACCOUNT, OTHER = "111122223333", "444455556666"


@dataclass(frozen=True)
class Acting(WasteCheck[Resource]):
    """Stands for any check with its action."""

    id, title = "acting", "Acts"
    resource, effort, rule = Resource, Effort.LOW, "None."

    def evaluate(self, resource: Resource, context: Context) -> Verdict:
        assert resource
        assert context
        return Ok()


def acting(action: Action) -> Check:
    return type("Acting", (Acting,), {"action": action, "id": f"acting_{action}"})()  # type: ignore[no-any-return]


def usd(amount: Decimal | str) -> Money:
    return Money(Decimal(amount), "USD")


def price(one: Ec2Instance) -> Money:
    money = monthly_ec2_instance(ListPrices.load(), one)
    assert money is not None
    return money


def stop(one: Ec2Instance) -> Finding:
    return Finding(acting(Action.STOP), one, Waste("idle", price(one), price(one)))


def saves(one: Resource, amount: str | None, action: Action = Action.DELETE, **changes: Any) -> Finding:
    saving = None if amount is None else usd(amount)
    return Finding(acting(action), one, replace(Waste("too dear", saving, saving), **changes))


def replaced(one: Ec2Instance, target: str | None, action: Action = Action.UPGRADE) -> Finding:
    """The same work by an instance at three quarters of the price, or half for a smaller size."""
    share = Decimal("0.5") if target and target.startswith("m5.") else Decimal("0.25")
    evidence = (Measurement(TYPE_PROPOSED, target),) if target else ()
    return Finding(
        acting(action), one, Waste("too dear", price(one).times(share), price(one), evidence=evidence)
    )


def machines(count: int, **changes: Any) -> list[Ec2Instance]:
    named = changes.get("instance_type", "m5.large")
    return [
        instance(instance_id=f"i-{named}-{n}", availability_zone="us-east-1a", **changes)
        for n in range(count)
    ]


def said(
    findings: Sequence[Finding],
    *resources: Resource,
    covered: str | None = "0",
    gaps: Sequence[Gap] = (),
    asked: Sequence[type[Resource]] = (Ec2Instance, ReservedInstance, SavingsPlan),
) -> RealisableReport:
    known = context(*resources, gaps=gaps, asked=asked)
    report = Report(findings=findings, undecided=[], tallies={})
    return realisable(report, known, None if covered is None else usd(covered))


def one_of(findings: Sequence[Finding], *resources: Resource, **how: Any) -> Realisable:
    return said(findings, *resources, **how).findings[findings[0].finding_id]


def amount(found: Realisable) -> Decimal | None:
    return None if found.realisable is None else found.realisable.amount


def test_without_commitments_all_of_the_list_saving_is_real() -> None:
    idle, other = machines(2)
    found = said([stop(idle)], idle, other)
    assert found.realisable == found.at_list == {"USD": usd(M5_LARGE)}
    assert (found.not_known, found.not_known_findings, found.is_lower_bound) == ({}, 0, False)
    assert "was found" in found.findings[stop(idle).finding_id].reason


@pytest.mark.parametrize(
    "of",
    [
        pytest.param(reserved(region="eu-west-1"), id="another region"),
        pytest.param(reserved(instance_type="m5a.large"), id="another family"),
        pytest.param(reserved(platform="Windows"), id="another platform"),
        pytest.param(reserved(tenancy="dedicated"), id="another tenancy"),
        pytest.param(reserved(scope="Availability Zone", availability_zone="us-east-1b"), id="another zone"),
        pytest.param(
            reserved(scope="Availability Zone", availability_zone="us-east-1a", instance_type="m5.xlarge"),
            id="a zonal one of another size",
        ),
        pytest.param(reserved(end_at=NOW), id="one that has ended"),
        pytest.param(reserved(state="retired"), id="a retired one"),
    ],
)
def test_a_reservation_of_something_else_takes_nothing(of: ReservedInstance) -> None:
    (idle,) = machines(1)
    assert amount(one_of([stop(idle)], idle, of)) == M5_LARGE


@pytest.mark.parametrize(
    "plan",
    [
        pytest.param(savings_plan(plan_type="SageMaker"), id="of SageMaker"),
        pytest.param(savings_plan(plan_type="Database"), id="of databases"),
        pytest.param(savings_plan(state="retired"), id="a retired one"),
        pytest.param(savings_plan(end_at=NOW), id="one that has ended"),
        pytest.param(
            savings_plan(plan_type="EC2Instance", covered_region="us-east-1", family="c5"),
            id="of another family",
        ),
        pytest.param(
            savings_plan(plan_type="EC2Instance", covered_region="eu-west-1", family="m5"),
            id="of another region",
        ),
    ],
)
def test_a_plan_of_something_else_takes_nothing(plan: SavingsPlan) -> None:
    (idle,) = machines(1)
    assert amount(one_of([stop(idle)], idle, plan)) == M5_LARGE


def test_a_disk_is_saved_whatever_is_committed() -> None:
    disk, (busy,) = volume(), machines(1)
    found = one_of([saves(disk, "8")], disk, busy, reserved(), savings_plan(), covered="0.096")
    assert amount(found) == 8


def test_the_disks_of_a_stopped_instance_are_saved_whatever_is_committed() -> None:
    stopped = instance(state="stopped")
    waste = saves(stopped, "8", parts={volume().arn: usd("8")})
    assert amount(one_of([waste], stopped, reserved(), savings_plan(), covered="0.01")) == 8


def test_spot_and_hosts_are_covered_by_nothing() -> None:
    for kind in ({"lifecycle": "spot"}, {"tenancy": "host"}):
        one = instance(**kind)
        assert amount(one_of([saves(one, "9")], one, reserved(), savings_plan(), covered="1")) == 9


def test_a_reservation_that_covers_another_running_instance_instead_costs_nothing() -> None:
    idle, busy = machines(2)
    found = one_of([stop(idle)], idle, busy, reserved())
    assert amount(found) == M5_LARGE
    assert "moves to another" in found.reason


def test_a_reservation_moves_to_other_sizes_by_normalized_units() -> None:
    (idle,), (busy,) = machines(1, instance_type="m5.xlarge"), machines(1)
    found = one_of([stop(idle)], idle, busy, reserved())  # 8 + 4 units run, 4 are reserved
    assert amount(found) == 2 * M5_LARGE
    larger = one_of([stop(idle)], idle, busy, reserved(count=2))  # of 8 on stopping, 4 remain in use
    assert amount(larger) == M5_LARGE
    assert "a part" in larger.reason


def test_a_reservation_moves_to_another_account_of_the_organization() -> None:
    (idle,), (busy,) = machines(1), machines(1, account_id=OTHER)
    assert amount(one_of([stop(idle)], idle, busy, reserved())) == M5_LARGE


def test_the_last_instance_of_a_reservation_saves_nothing() -> None:
    (idle,) = machines(1)
    found = one_of([stop(idle)], idle, reserved())
    assert amount(found) == NOTHING
    assert "goes on billing" in found.reason
    assert not found.is_lower_bound


def test_a_zonal_reservation_moves_within_its_zone_only() -> None:
    here, there = machines(1)[0], instance(instance_id="i-2", availability_zone="us-east-1b")
    zonal = reserved(scope="Availability Zone", availability_zone="us-east-1a")
    assert amount(one_of([stop(here)], here, there, zonal)) == NOTHING
    assert amount(one_of([stop(there)], here, there, zonal)) == M5_LARGE


@pytest.mark.parametrize(
    "kind", [{"instance_type": "g4dn.xlarge"}, {"tenancy": "dedicated"}, {"platform": "Windows"}]
)
def test_without_size_flexibility_a_reservation_moves_to_its_own_type_only(kind: dict[str, str]) -> None:
    idle = instance(**{"instance_type": "m5.xlarge"} | kind)
    family = idle.instance_type.partition(".")[0]
    larger = replace(idle, instance_id="i-2", instance_type=f"{family}.2xlarge")
    held = reserved(instance_type=idle.instance_type, platform=idle.platform, tenancy=idle.tenancy)
    assert amount(one_of([saves(idle, "100")], idle, larger, held)) == NOTHING
    assert amount(one_of([saves(idle, "100")], idle, replace(idle, instance_id="i-3"), held)) == 100


def test_another_family_in_its_place_leaves_the_reservation_unused() -> None:
    (old,) = machines(1)
    found = one_of([replaced(old, "m7i.large")], old, reserved())
    assert amount(found) == NOTHING  # the old price goes on, the new one comes on top


def test_a_smaller_size_of_the_family_frees_units_that_may_move() -> None:
    (large,), (busy,) = machines(1, instance_type="m5.2xlarge"), machines(2)[:1]
    half = replaced(large, "m5.xlarge", Action.RIGHTSIZE)  # frees 8 of 16 + 4 units
    assert amount(one_of([half], large, busy, reserved(count=3))) == price(large).amount / 2
    assert amount(one_of([half], large, busy, reserved(count=5))) == NOTHING


def test_a_rightsizing_of_unnamed_type_is_taken_to_leave_the_family() -> None:
    (large,) = machines(1, instance_type="m5.2xlarge")
    assert amount(one_of([replaced(large, None, Action.RIGHTSIZE)], large, reserved(count=2))) == NOTHING


def test_stopping_covered_usage_saves_nothing_where_the_plan_covers_all() -> None:
    idle, busy = machines(2)
    found = one_of([stop(idle)], idle, busy, savings_plan(), covered="0.192")
    assert amount(found) == NOTHING
    assert "saves nothing" in found.reason


def test_a_plan_moves_to_uncovered_usage_as_far_as_there_is_any() -> None:
    idle, busy = machines(2)
    assert amount(one_of([stop(idle)], idle, busy, savings_plan(), covered="0.096")) == M5_LARGE
    part = one_of([stop(idle)], idle, busy, savings_plan(), covered="0.12")
    assert part.realisable is not None
    assert part.realisable.rounded() == usd("52.56")  # (0.192 - 0.12) x 730
    assert part.is_lower_bound


def test_what_a_reservation_covers_is_no_usage_that_a_plan_could_move_to() -> None:
    idle, busy = machines(2)
    found = one_of([stop(idle)], idle, busy, reserved(), savings_plan(), covered="0.096")
    assert amount(found) == NOTHING


def test_instances_of_unknown_price_make_it_a_lower_bound() -> None:
    idle, busy = machines(2)
    plan = savings_plan(plan_type="EC2Instance", covered_region="us-east-1", family="m5")
    licensed = instance(instance_id="i-rhel", platform="Red Hat Enterprise Linux")
    exact = one_of([stop(idle)], idle, busy, plan, covered="0.12")
    assert not exact.is_lower_bound
    assert one_of([stop(idle)], idle, busy, licensed, plan, covered="0.12").is_lower_bound


def test_together_savings_do_not_exceed_the_uncovered_usage() -> None:
    idle = machines(3)
    findings = [stop(one) for one in idle]
    found = said(findings, *idle, savings_plan(), covered="0.192")
    assert [amount(one) for one in found.findings.values()] == [M5_LARGE] * 3
    assert found.realisable["USD"].rounded() == usd(M5_LARGE)
    assert found.at_list == {"USD": usd(3 * M5_LARGE)}


def test_together_savings_use_a_freed_reservation_once() -> None:
    idle = machines(2)
    found = said([stop(one) for one in idle], *idle, reserved())
    assert [amount(one) for one in found.findings.values()] == [M5_LARGE] * 2
    assert found.realisable == {"USD": usd(M5_LARGE)}


def test_unused_capacity_is_covered_as_if_it_ran() -> None:
    empty = CapacityReservation(
        account_id=ACCOUNT, region="us-east-1", reservation_id="cr-1", owner_id=ACCOUNT,
        instance_type="m5.large", platform="Linux/UNIX", tenancy="default", state="active",
        total_instances=2, available_instances=2, created_at=NOW,
    )  # fmt: skip
    cut = saves(empty, str(2 * M5_LARGE), Action.SCALE_IN)
    assert amount(one_of([cut], empty, reserved())) == M5_LARGE
    assert amount(one_of([cut], empty, savings_plan(), covered="0.192")) == NOTHING


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


@settings(max_examples=150, deadline=None)
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
