"""How many running instances Reserved Instances cover, before and after some of them are gone.

AWS applies a zonal reservation to its own type in its zone first, then regional ones to what is left: to all
sizes of the family by normalised units where it is size-flexible, else to the very type (EC2 user guide, "How
Reserved Instance discounts are applied"). Of an organization every account shares in a regional
reservation, which is AWS's setting unless somebody changes it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from plainbill.analyzer.compute_usage import Usage, family_of, is_size_flexible, normalization_factor
from plainbill.model.resources.commitments import ReservedInstance

GroupKey = tuple[str, str, str, str]
"""Region, platform, tenancy, and the family, or the type where it is not size-flexible."""
Slot = tuple[str, str | None, str]
"""Account, zone and type."""
_ZERO = Decimal(0)


def group_key(region: str, platform: str, tenancy: str, instance_type: str) -> GroupKey:
    """Return the group within which a freed reservation may move."""
    is_flexible = is_size_flexible(instance_type, platform, tenancy)
    return region, platform, tenancy, family_of(instance_type) if is_flexible else instance_type


def key_of(usage: Usage) -> GroupKey:
    """Return the group of usage."""
    return group_key(usage.region, usage.platform, usage.tenancy, usage.instance_type)


def slot_of(usage: Usage) -> Slot:
    """Return where usage stands within its group."""
    return usage.account_id, usage.zone, usage.instance_type


@dataclass(slots=True)
class Group:
    """What runs and what is reserved of one group, in instances, and regionally in units.

    ``problem`` is why nothing can be said of it: a size without a factor, a zone that is not known, a zonal
    reservation that its own account leaves unused and that may cover another's (zones have other names
    there).
    """

    running: Counter[Slot] = field(default_factory=Counter)
    zonal: Counter[Slot] = field(default_factory=Counter)
    regional: Decimal = _ZERO
    problem: str | None = None
    factors: dict[str, Decimal] = field(default_factory=dict)

    @property
    def is_reserved(self) -> bool:
        """Whether there is any reservation."""
        return bool(self.zonal or self.regional)

    def units(self, instance_type: str) -> Decimal:
        """Return the units of one instance; 1 in a group of one type."""
        return self.factors.get(instance_type, Decimal(1))

    @property
    def running_units(self) -> Decimal:
        """All that runs."""
        return sum((n * self.units(slot[2]) for slot, n in self.running.items()), _ZERO)

    def on_demand(self, without: Mapping[Slot, Decimal] | None = None) -> Decimal:
        """Return the units that no reservation covers, of what runs less ``without`` (in instances)."""
        left = _ZERO
        for slot, running in self.running.items():
            stays = max(_ZERO, running - (without or {}).get(slot, _ZERO))
            left += max(_ZERO, stays - self.zonal[slot]) * self.units(slot[2])
        return max(_ZERO, left - self.regional)


def groups_of(usages: Iterable[Usage], reservations: Iterable[ReservedInstance]) -> dict[GroupKey, Group]:
    """Return everything that runs or is reserved, by group."""
    groups: dict[GroupKey, Group] = {}
    for usage in usages:
        key = key_of(usage)
        groups.setdefault(key, Group()).running[slot_of(usage)] += usage.count
    types: dict[GroupKey, Counter[str]] = {}
    for one in reservations:
        key = group_key(one.region, one.platform, one.tenancy, one.instance_type)
        group = groups.setdefault(key, Group())
        if one.scope == "Region":
            types.setdefault(key, Counter())[one.instance_type] += one.count
        else:
            group.zonal[one.account_id, one.availability_zone, one.instance_type] += one.count
    for key, group in groups.items():
        _fill(group, key, types.get(key, Counter()))
    return groups


def _fill(group: Group, key: GroupKey, regional: Mapping[str, int]) -> None:
    """Work out the units of all sizes of a group, and whether anything can be said of it."""
    for name in {*regional, *(slot[2] for slot in (*group.running, *group.zonal))}:
        factor = Decimal(1) if name == key[3] else normalization_factor(name)
        if factor is None:
            group.problem = f"AWS's normalization factor of {name} is not known here"
        group.factors[name] = factor or Decimal(1)
    group.regional = sum((n * group.units(name) for name, n in regional.items()), _ZERO)
    group.problem = (group.problem or _zonal_problem(group)) if group.is_reserved else None


def _zonal_problem(group: Group) -> str | None:
    if not group.zonal:
        return None
    if any(zone is None for _, zone, _ in group.running):
        return "the Availability Zone of an instance is not known"
    for (account, zone, name), reserved in group.zonal.items():
        is_left = reserved > group.running[account, zone, name]
        if is_left and any(other != account and kind == name for other, _, kind in group.running):
            return f"a zonal reservation of {account} that is not used there may cover another account's"
    return None
