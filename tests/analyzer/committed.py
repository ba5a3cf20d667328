"""Findings on resources under commitments, and what is said of them.

List price of m5.large in us-east-1: 0.096 US dollars an hour; each larger size costs twice as much.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from factories import context, instance
from plainbill.analyzer.commitments import Realisable, RealisableReport, realisable
from plainbill.analyzer.engine import Finding, Report
from plainbill.analyzer.registry import Check
from plainbill.analyzer.replacement import TYPE_PROPOSED
from plainbill.analyzer.waste_check import Context, WasteCheck
from plainbill.model.findings import Action, Effort, Measurement, Ok, Verdict, Waste
from plainbill.model.inventory import Gap
from plainbill.model.money import Money
from plainbill.model.resources import Ec2Instance, Resource
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
