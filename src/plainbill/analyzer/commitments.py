"""Money that would really be saved: nothing where a Savings Plan or a reservation goes on billing.

``realisable`` is what a page asks. Every saving is shown as "list", what the price list says, and
"realisable", what the bill would fall by while the commitments of today last.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from plainbill.analyzer.compute_usage import all_usage
from plainbill.analyzer.engine import Finding, Report
from plainbill.analyzer.held_back import Commitments, held_back, why, why_untouched
from plainbill.analyzer.plan_room import room_of
from plainbill.analyzer.removal import removals_of, removed_by
from plainbill.analyzer.reserved_units import groups_of
from plainbill.analyzer.waste_check import Context, Inventory
from plainbill.model.inventory import Gap
from plainbill.model.money import Money, total
from plainbill.model.resources import Ec2Instance, Resource
from plainbill.model.resources.commitments import ReservedInstance, SavingsPlan

_UNREAD = frozenset({"accounts", "ec2_regions"})
"""Sources whose gap leaves all of an account unread."""
R = TypeVar("R", bound=Resource)


@dataclass(frozen=True, slots=True, kw_only=True)
class Realisable:
    """What a finding saves in a month of 730 hours: at list price, and off the bill.

    ``realisable`` is None where that is not known; ``reason`` says in a sentence why it is what it is. It
    is between nothing and ``at_list``; with ``is_lower_bound`` it may be more than this.
    """

    at_list: Money | None
    realisable: Money | None
    reason: str
    is_lower_bound: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RealisableReport:
    """The findings one by one, by their id, each as if it were the only one; and all of them together.

    Together they are less than their sum where the same unused commitment would pay for several.
    ``at_list`` is ``Report.monthly_saving``; of it, ``not_known`` is the part (of ``not_known_findings``
    findings) whose realisable saving is not known and which is not in ``realisable``.
    """

    findings: Mapping[str, Realisable]
    at_list: Mapping[str, Money]
    realisable: Mapping[str, Money]
    not_known: Mapping[str, Money]
    not_known_findings: int
    is_lower_bound: bool


def realisable(report: Report, context: Context, covered_list_per_hour: Money | None) -> RealisableReport:
    """Return what of the savings of a report would really be saved.

    ``covered_list_per_hour`` is the list value of what Savings Plans covered, an average hour of the last
    days, as ``storage``'s ``covered_list_per_hour`` tells it; None where the bill does not tell.
    """
    known = _commitments(context, covered_list_per_hour)
    alone = {one.finding_id: _alone(one, context, known) for one in report.findings}
    counted = [one for one in report.findings if report.counted_parts[one.finding_id]]
    are_known = [one for one in counted if alone[one.finding_id].realisable is not None]
    not_known = [one for one in counted if alone[one.finding_id].realisable is None]
    together = _together(are_known, report, context, known)
    return RealisableReport(
        findings=alone,
        at_list=report.monthly_saving,
        realisable=together,
        not_known=_by_currency(report.counted[one.finding_id] for one in not_known),
        not_known_findings=len(not_known),
        is_lower_bound=any(alone[one.finding_id].is_lower_bound for one in are_known)
        or (known.room.is_lower_bound and together != _listed(are_known, report)),
    )


def _alone(finding: Finding, context: Context, known: Commitments) -> Realisable:
    at_list = finding.waste.monthly_saving
    if at_list is None:
        return Realisable(at_list=None, realisable=None, reason="Its saving is not known.")
    removals = removed_by(finding, finding.parts, context)
    problem = known.problem(finding, removals)
    if problem:
        return Realisable(at_list=at_list, realisable=None, reason=f"Not known: {problem}.")
    if not removals:
        return Realisable(at_list=at_list, realisable=at_list, reason=why_untouched(finding))
    held = held_back(removals, known)[finding.finding_id]
    return Realisable(
        at_list=at_list,
        realisable=at_list - held.amount,
        reason=why(removals, held, known),
        is_lower_bound=known.is_at_least(held),
    )


def _together(
    findings: Iterable[Finding], report: Report, context: Context, known: Commitments
) -> dict[str, Money]:
    some = list(findings)
    held = held_back(removals_of(some, report, context), known)
    return _by_currency(
        report.counted[one.finding_id] - held[one.finding_id].amount
        if one.finding_id in held
        else report.counted[one.finding_id]
        for one in some
    )


def _listed(findings: Iterable[Finding], report: Report) -> dict[str, Money]:
    return _by_currency(report.counted[one.finding_id] for one in findings)


def _by_currency(amounts: Iterable[Money]) -> dict[str, Money]:
    sums: dict[str, Money] = {}
    for money in amounts:
        sums[money.currency] = total([sums.get(money.currency, Money(Decimal(0), money.currency)), money])
    return sums


def _commitments(context: Context, covered: Money | None) -> Commitments:
    inventory = context.inventory
    reservations = [
        one for one in _all(inventory, ReservedInstance) if one.state == "active" and one.end_at > context.now
    ]
    plans = [one for one in _all(inventory, SavingsPlan) if one.end_at is None or one.end_at > context.now]
    usages = list(all_usage(context))
    groups = groups_of(usages, reservations)
    all_is_read = _gaps(inventory, Ec2Instance) == ()
    return Commitments(
        groups=groups,
        room=room_of(plans, covered, usages, groups, all_is_read=all_is_read),
        plan_types=frozenset(plan.plan_type for plan in plans),
        all_is_read=all_is_read,
        plans_gaps=_gaps(inventory, SavingsPlan),
        reservations_gaps=_gaps(inventory, ReservedInstance),
    )


def _all(inventory: Inventory, kind: type[R]) -> list[R]:
    return [one for one in inventory.resources.get(kind, ()) if isinstance(one, kind)]


def _gaps(inventory: Inventory, kind: type[Resource]) -> tuple[Gap, ...] | None:
    """Return what was not read of a kind; None where it was not asked for at all."""
    if kind not in inventory.resources:
        return None
    return tuple(gap for gap in inventory.gaps if gap.source == kind.source or gap.source in _UNREAD)
