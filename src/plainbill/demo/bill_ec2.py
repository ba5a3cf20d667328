"""EC2 compute on the bill: hours times price, and the Compute Savings Plan that covers part of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

from plainbill.demo.cell import REPORTED_HOURS, UNITS, Cell, noise
from plainbill.demo.fleet import IRELAND, MANAGEMENT, OREGON, PRODUCTION, SYDNEY, VIRGINIA, WINDOWS
from plainbill.demo.habits import WEEK
from plainbill.demo.instances import DemoInstance
from plainbill.demo.services import EC2, NOWHERE, OTHER, SAVINGS_PLANS, USAGE_PREFIX
from plainbill.demo.surplus import surplus_vcpus
from plainbill.model.resources import Ec2Instance
from plainbill.prices import PriceBook

REGION_FACTOR = {
    VIRGINIA: Decimal(1),
    OREGON: Decimal(1),
    IRELAND: Decimal("1.11"),
    SYDNEY: Decimal("1.25"),
}
"""Prices against us-east-1 where the price lists do not know the region; near, not exact."""
_SPOT, _DEDICATED = Decimal("0.37"), Decimal("1.06")
_WINDOWS_PER_VCPU = Decimal("0.046")
_CREDITS = 0.05  # dollars for a vCPU-hour beyond the baseline
_VCPUS = {"xlarge": 4, "2xlarge": 8, "4xlarge": 16}

Priced = tuple[DemoInstance, int]
"""An instance and its ``hourly_price``."""

PLAN_DAYS = 240
"""The Savings Plan was bought so many days ago: one year, no upfront."""
PLAN_COVERS = 11 * UNITS // 2
"""List price an hour that the commitment covers."""
PLAN_RATE = 72
"""Percent of the list price that covered usage costs under the plan."""


def hourly_price(instance: Ec2Instance, prices: PriceBook) -> int:
    """Return the price of a running hour in units: the price list's where it knows, else the demo's own."""
    known = prices.hourly(instance)
    if known is not None:
        return int(known.amount * UNITS)
    plain = replace(
        instance, region=VIRGINIA, platform="Linux/UNIX", tenancy="default", lifecycle="on-demand"
    )
    listed = prices.hourly(plain)
    if listed is None:
        raise LookupError(f"the demo company uses {instance.instance_type}, which no price list knows")
    price = listed.amount * REGION_FACTOR[instance.region]
    if instance.lifecycle == "spot":
        price *= _SPOT
    if instance.tenancy == "dedicated":
        price = dedicated(price)
    if instance.platform == WINDOWS:
        price = with_windows(price, instance.instance_type)
    return int(price * UNITS)


def dedicated(hourly: Decimal) -> Decimal:
    """Return what an hour on hardware of one's own costs, by that on shared hardware."""
    return hourly * _DEDICATED


def with_windows(hourly: Decimal, instance_type: str) -> Decimal:
    """Return what an hour with Windows costs, by that without: a licence is paid by the vCPU."""
    return hourly + _WINDOWS_PER_VCPU * _VCPUS.get(instance_type.partition(".")[2], 2)


def ec2_charges(priced: Iterable[Priced], day: date, today: date) -> Iterator[Cell]:
    """Yield a day's EC2 compute, by account, region and usage type, and the Savings Plan's lines.

    Surplus credits are charged besides, and no plan covers them.
    """
    first = (day - date(1970, 1, 1)).days * 24
    hours = REPORTED_HOURS if day == today else 24
    priced = list(priced)
    yield from _surplus_credits((one for one, _ in priced), first, first + hours)
    used = _by_usage_type(priced, first, first + hours)
    age = (today - day).days
    if age >= PLAN_DAYS:
        yield from used
        return
    utilization = 96 + int(5 * noise("plan", str(first)))
    yield from _under_the_plan(used, hours, utilization)


def _by_usage_type(priced: Iterable[Priced], first: int, end: int) -> list[Cell]:
    cells: dict[tuple[str, ...], Cell] = {}
    for instance, hourly in priced:
        hours = instance.billed_hours(first, end)
        if hours:
            usage_type, operation = _usage_type(instance), _operation(instance)
            place = (instance.account_id, instance.region, EC2)
            key = (*place, usage_type, operation)
            cost = hours * hourly
            have = cells.get(key)
            amount, quantity = (have.amounts[0], have.quantity) if have else (0, 0)
            cells[key] = Cell.plain(
                *place,
                "Usage",
                usage_type,
                amount + cost,
                quantity + hours * UNITS,
            ).metered(operation, "Hrs")
    return list(cells.values())


def _surplus_credits(instances: Iterable[DemoInstance], first: int, end: int) -> Iterator[Cell]:
    for instance in instances:
        vcpus = surplus_vcpus(instance)
        hours = instance.billed_hours(first, end)
        if vcpus and any(vcpus) and hours:
            used = sum(vcpus) / WEEK * hours
            family = instance.fleet.instance_type.partition(".")[0]
            usage_type = f"{USAGE_PREFIX[instance.region]}CPUCredits:{family}"
            place = (instance.account_id, instance.region, OTHER)
            cost, quantity = int(used * _CREDITS * UNITS), round(used * UNITS)
            operation = f"{family.upper()}CPUCredits"
            yield Cell.plain(*place, "Usage", usage_type, cost, quantity).metered(operation, "vCPU-Hours")


def _usage_type(instance: DemoInstance) -> str:
    kind = {"spot": "SpotUsage", "on-demand": "BoxUsage"}[instance.fleet.market]
    if instance.fleet.tenancy == "dedicated":
        kind = "DedicatedUsage"
    return f"{USAGE_PREFIX[instance.region]}{kind}:{instance.fleet.instance_type}"


def _operation(instance: DemoInstance) -> str:
    if instance.fleet.market == "spot":
        return "RunInstances:SV001"
    return "RunInstances:0002" if instance.fleet.platform == WINDOWS else "RunInstances"


def _under_the_plan(used: Iterable[Cell], hours: int, utilization: int) -> Iterator[Cell]:
    """Split usage into covered and not, largest first; then the negation and the commitment's fee."""
    left = PLAN_COVERS * hours * utilization // 100
    effective_sum = 0
    for cell in sorted(
        used, key=lambda cell: (-cell.amounts[0], cell.region, cell.usage_type, cell.operation)
    ):
        is_eligible = cell.account_id == PRODUCTION and "BoxUsage" in cell.usage_type
        covered = min(left, cell.amounts[0]) if is_eligible else 0
        left -= covered
        hours_covered = cell.quantity * covered // cell.amounts[0]
        if covered < cell.amounts[0]:
            rest = cell.amounts[0] - covered
            yield replace(cell, amounts=(rest,) * 5, quantity=cell.quantity - hours_covered)
        if covered:
            effective = covered * PLAN_RATE // 100
            effective_sum += effective
            amounts = (covered, effective, covered, effective, covered)
            kind = "SavingsPlanCoveredUsage"
            yield replace(cell, record_type=kind, amounts=amounts, quantity=hours_covered)
            negated = (-covered, 0, -covered, 0, -covered)
            yield replace(cell, record_type="SavingsPlanNegation", amounts=negated, quantity=0)
    fee = PLAN_COVERS * hours * PLAN_RATE // 100
    unused = fee - effective_sum
    yield Cell(
        MANAGEMENT,
        NOWHERE,
        SAVINGS_PLANS,
        "SavingsPlanRecurringFee",
        "ComputeSP:1yrNoUpfront",
        (fee, unused, fee, unused, fee),
        hours * UNITS,
        unit="Hrs",
    )
