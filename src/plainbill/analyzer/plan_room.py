"""How much on-demand usage no Savings Plan covers: what stopping something can save at most.

The bill is the plan's fee, which stays, and the usage that it does not cover. Stopping something worth S
lowers the uncovered usage U by min(S, U), since the plan moves to other usage as long as there is any.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from plainbill.analyzer.compute_usage import Usage, family_of
from plainbill.analyzer.removal import Removal
from plainbill.analyzer.reserved_units import Group, GroupKey, key_of
from plainbill.model.money import Money
from plainbill.model.resources.commitments import SavingsPlan
from plainbill.prices import HOURS_PER_MONTH

_OF_OTHERS = {"SageMaker", "Database"}
_ALL_COMPUTE = ("", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What the plans reach and how much of it they leave uncovered in a month, at list price.

    ``pool`` is the region and the family that they are for, empty texts for all compute, None where no
    plan is for compute. ``problem`` is why ``uncovered`` is not known. ``is_lower_bound``: there is more
    usage than could be counted, so that more than this may be saved.
    """

    pool: tuple[str, str] | None = None
    uncovered: Money | None = None
    problem: str | None = None
    is_lower_bound: bool = False

    def holds(self, usage: Usage | None) -> bool:
        """Say whether a plan covers such usage; None stands for Fargate and Lambda."""
        if self.pool is None or self.pool == _ALL_COMPUTE:
            return self.pool is not None
        return usage is not None and (usage.region, usage.family) == self.pool

    def keeps(self, removal: Removal) -> bool:
        """Say whether what takes over from a removed instance is covered by the same plans."""
        if not removal.is_replaced or self.pool is None or self.pool == _ALL_COMPUTE:
            return True
        return removal.target is not None and family_of(removal.target) == self.pool[1]


def room_of(
    plans: Sequence[SavingsPlan],
    covered_per_hour: Money | None,
    usages: Iterable[Usage],
    groups: Mapping[GroupKey, Group],
    *,
    all_is_read: bool,
) -> Room:
    """Return what active plans leave uncovered.

    ``covered_per_hour`` is the list value of the usage that the bill shows as covered, None where that is
    not known; ``all_is_read`` is False where instances of some place are missing.
    """
    pools = {_pool(plan) for plan in plans if plan.state == "active" and plan.plan_type not in _OF_OTHERS}
    if not pools:
        if covered_per_hour is not None and covered_per_hour.amount > 0:
            return Room(problem="the bill shows usage covered by a Savings Plan that was not found")
        return Room()
    if len(pools) > 1:
        return Room(
            problem="Savings Plans of several kinds are active, and the bill does not tell them apart"
        )
    (pool,) = pools
    if covered_per_hour is None:
        return Room(pool=pool, problem="how much usage the Savings Plans cover is not known from the bill")
    return _measured(pool, covered_per_hour, usages, groups, all_is_read=all_is_read)


def _pool(plan: SavingsPlan) -> tuple[str, str]:
    if plan.plan_type == "EC2Instance" and plan.covered_region and plan.family:
        return plan.covered_region, plan.family
    return _ALL_COMPUTE


def _measured(
    pool: tuple[str, str],
    covered_per_hour: Money,
    usages: Iterable[Usage],
    groups: Mapping[GroupKey, Group],
    *,
    all_is_read: bool,
) -> Room:
    # Of Fargate and Lambda, what is covered is in the bill's sum and what is not is not in ours.
    is_lower_bound = pool == _ALL_COMPUTE or not all_is_read
    eligible = Decimal(0)
    for usage in (one for one in usages if Room(pool=pool).holds(one)):
        group = groups[key_of(usage)]
        if usage.monthly is None or usage.monthly.currency != covered_per_hour.currency or group.problem:
            is_lower_bound = True
            continue
        share = group.on_demand() / group.running_units
        eligible += usage.monthly.amount * usage.count * share
    if eligible and not covered_per_hour.amount:
        return Room(pool=pool, problem="the bill shows nothing covered although a Savings Plan is active")
    uncovered = max(Decimal(0), eligible - covered_per_hour.amount * HOURS_PER_MONTH)
    return Room(
        pool=pool, uncovered=Money(uncovered, covered_per_hour.currency), is_lower_bound=is_lower_bound
    )


def all_active_since(plans: Iterable[SavingsPlan]) -> date | None:
    """Return the first whole UTC day on which all plans of today were active; None where none says."""
    starts = [plan.start_at for plan in plans if plan.state == "active" and plan.start_at is not None]
    return max(starts).date() + timedelta(days=1) if starts else None
