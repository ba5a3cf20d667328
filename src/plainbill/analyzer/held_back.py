"""What of a saving commitments keep on billing, of one finding or of several together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from plainbill.analyzer.compute_usage import Usage
from plainbill.analyzer.engine import Finding
from plainbill.analyzer.plan_room import Room
from plainbill.analyzer.removal import Removal
from plainbill.analyzer.reserved_units import Group, GroupKey, Slot, key_of, slot_of
from plainbill.model.inventory import Gap
from plainbill.model.money import Money, total

_ZERO, _ONE = Decimal(0), Decimal(1)
_ROUNDING = Decimal("1e-18")
"""Of shares: below it stands the rounding of a division, and no reservation goes on billing for that."""
_OWN_RESERVATIONS = (
    "databases, caches and search domains have reservations of their own, and what those cover of it is not "
    "worked out"
)
_RESERVABLE = (  # by service and how the rest of the ARN begins: each has reservations of its own
    ("rds", "db:"),
    ("rds", "cluster:"),
    ("elasticache", "cluster:"),
    ("elasticache", "replicationgroup:"),
    ("redshift", "cluster:"),
    ("es", "domain/"),
    ("memorydb", "cluster/"),
    ("dynamodb", "table/"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Commitments:
    """All that is paid for whether or not it is used; gaps are None where it was not even asked for."""

    groups: Mapping[GroupKey, Group]
    room: Room
    plan_types: frozenset[str]
    all_is_read: bool
    """Whether no instances of any place are missing."""
    plans_gaps: Sequence[Gap] | None
    reservations_gaps: Sequence[Gap] | None

    def is_at_least(self, held: Held) -> bool:
        """Say whether less may be held back than this: there is usage that could not be counted."""
        by_plans = bool(held.by_plans.amount) and self.room.is_lower_bound
        return by_plans or (bool(held.amount.amount) and not self.all_is_read)

    def group(self, removal: Removal) -> Group | None:
        """Return what runs and is reserved beside it; None for what no reservation of EC2 covers."""
        return None if removal.usage is None else self.groups.get(key_of(removal.usage))

    def problem(self, finding: Finding, removals: Iterable[Removal]) -> str:
        """Return why it is not known what would really be saved; empty where it is."""
        if any(_is_reservable(arn) for arn in finding.parts):
            return _OWN_RESERVATIONS
        if _is_sagemaker(finding):
            unread = self._unread_plans()
            return unread or (
                "a SageMaker Savings Plan is active, and what it covers is not read"
                if "SageMaker" in self.plan_types
                else ""
            )
        return next(filter(None, map(self._problem_of_compute, removals)), "")

    def _problem_of_compute(self, removal: Removal) -> str:
        group, room = self.group(removal), self.room
        if removal.usage is not None and (unread := self._unread_reservations(removal.usage)):
            return unread
        if group is not None and group.problem:
            return group.problem
        if unread := self._unread_plans():
            return unread
        if room.problem and (room.pool is None or room.holds(removal.usage)):
            return room.problem
        is_other = room.uncovered is not None and room.uncovered.currency != removal.saving.currency
        return (
            "its price and the bill are in two currencies" if is_other and room.holds(removal.usage) else ""
        )

    def _unread_plans(self) -> str:
        if self.plans_gaps is None:
            return "the last refresh did not ask for Savings Plans"
        return f"the Savings Plans were not read ({self.plans_gaps[0].kind})" if self.plans_gaps else ""

    def _unread_reservations(self, usage: Usage) -> str:
        if self.reservations_gaps is None:
            return "the last refresh did not ask for Reserved Instances"
        here = [gap for gap in self.reservations_gaps if gap.region in {None, usage.region}]
        return f"the Reserved Instances of {usage.region} were not read ({here[0].kind})" if here else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What goes on being billed of a removal's saving, and by what."""

    by_reservations: Money
    by_plans: Money

    @property
    def amount(self) -> Money:
        """All of it."""
        return self.by_reservations + self.by_plans

    def __add__(self, other: Held) -> Held:
        """Add what is held back of another part of the same finding."""
        return Held(
            by_reservations=self.by_reservations + other.by_reservations,
            by_plans=self.by_plans + other.by_plans,
        )


def held_back(removals: Sequence[Removal], known: Commitments) -> dict[str, Held]:
    """Return what is held back of each removal, by its finding's id, if all of them are done together.

    What is lost of a group, or for want of uncovered usage, is borne by all in proportion, so that their
    order does not matter. The removals have no ``problem``.
    """
    idle = _idle_shares(removals, known)
    lost = [one.leaves.times(idle.get(_key(one), _ZERO)) for one in removals]
    reserved = [min(one.saving, gone) for one, gone in zip(removals, lost, strict=True)]
    claims = [_claim(*of_one, known.room) for of_one in zip(removals, reserved, lost, strict=True)]
    unused = _unused_share(claims, known.room)
    held: dict[str, Held] = {}
    for one, kept, claim in zip(removals, reserved, claims, strict=True):
        part = Held(by_reservations=kept, by_plans=min(one.saving - kept, claim.times(unused)))
        held[one.finding_id] = held[one.finding_id] + part if one.finding_id in held else part
    return held


def _key(removal: Removal) -> GroupKey | None:
    return None if removal.usage is None else key_of(removal.usage)


def _idle_shares(removals: Iterable[Removal], known: Commitments) -> dict[GroupKey | None, Decimal]:
    """Return, by group, the share of what is removed that reservations go on billing for nobody."""
    gone: dict[GroupKey, dict[Slot, Decimal]] = {}
    for one in removals:
        if one.usage is not None:
            slots = gone.setdefault(key_of(one.usage), {})
            slots[slot_of(one.usage)] = slots.get(slot_of(one.usage), _ZERO) + one.instances
    shares: dict[GroupKey | None, Decimal] = {}
    for key, slots in gone.items():
        group = known.groups.get(key, Group())
        units = sum((count * group.units(slot[2]) for slot, count in slots.items()), _ZERO)
        if units and group.is_reserved:
            saved = group.on_demand() - group.on_demand(slots)
            share = min(_ONE, _ONE - saved / units)
            shares[key] = share if share > _ROUNDING else _ZERO
    return shares


def _claim(removal: Removal, reserved: Money, lost: Money, room: Room) -> Money:
    """Return the on-demand usage that a removal takes out of the plans' reach."""
    if not room.holds(removal.usage):
        return Money(_ZERO, removal.saving.currency)
    return removal.saving - reserved if room.keeps(removal) else removal.leaves - lost


def _unused_share(claims: Iterable[Money], room: Room) -> Decimal:
    """Return the share of what is taken out that the plans have no other usage to move to for."""
    wanted = sum((claim.amount for claim in claims), _ZERO)
    if room.uncovered is None or wanted <= room.uncovered.amount:
        return _ZERO
    return _ONE - room.uncovered.amount / wanted


def _is_reservable(arn: str) -> bool:
    service, rest = _service_and_rest(arn)
    return any(service == name and rest.startswith(start) for name, start in _RESERVABLE)


def _is_sagemaker(finding: Finding) -> bool:
    return any(_service_and_rest(arn)[0] == "sagemaker" for arn in finding.parts)


def _service_and_rest(arn: str) -> tuple[str, str]:
    """Return ``rds`` and ``db:orders`` of ``arn:aws:rds:us-east-1:111122223333:db:orders``."""
    fields = [*arn.split(":", 5), "", "", "", ""]
    return fields[2], fields[5]


def why_untouched(finding: Finding) -> str:
    """Say why all is saved of what is no EC2 compute, Fargate or Lambda."""
    if _is_sagemaker(finding):
        return "No SageMaker Savings Plan was found."
    return "It is nothing that Savings Plans or reservations cover."


def why(removals: Sequence[Removal], held: Held, known: Commitments) -> str:
    """Say in a sentence why so much of a saving is realisable, of the removals of one finding alone."""
    is_all = held.amount == total(one.saving for one in removals)
    if held.by_reservations.amount:
        return _why_reserved(removals[0], held, is_all=is_all)
    if held.by_plans.amount:
        return _why_planned(known.room, is_all=is_all)
    groups = map(known.group, removals)
    if any(group is not None and group.is_reserved for group in groups):
        return "What is reserved moves to another running instance: the reservation stays in full use."
    if any(known.room.holds(one.usage) for one in removals):
        return "A Savings Plan moves to other usage, of which more than this is not covered yet."
    return "No Savings Plan and no reservation that was found covers it."


def _why_reserved(removal: Removal, held: Held, *, is_all: bool) -> str:
    what = removal.usage.instance_type if removal.usage else "it"
    part = "all" if is_all else "a part"
    also = " A Savings Plan keeps some of the rest." if held.by_plans.amount else ""
    return (
        f"A Reserved Instance of {what} or its family goes on billing with no other running instance to "
        f"move to: {part} of the saving stays on the bill.{also}"
    )


def _why_planned(room: Room, *, is_all: bool) -> str:
    if room.uncovered is not None and not room.uncovered.amount:
        return "Savings Plans cover all such usage: their fee stays, and less usage saves nothing."
    part = "all" if is_all else "a part"
    return (
        f"Savings Plans go on billing and have too little other usage to move to: {part} of the saving "
        "stays on the bill."
    )
