"""The classification of an instance as waste checks ask for it: once, whichever of them asks first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from plainbill.analyzer.ec2_facts import facts_of as known_facts
from plainbill.analyzer.ec2_idle.classify import PLAINBILL, classify_all, unmeasured
from plainbill.analyzer.ec2_idle.facts import InstanceFacts
from plainbill.analyzer.ec2_idle.load import MOST_BUSY_DAYS
from plainbill.analyzer.ec2_idle.measuring import Machine
from plainbill.analyzer.ec2_idle.verdict import Classification, IdleClass, IdlePolicy
from plainbill.analyzer.waste_check import Context
from plainbill.analyzer.wording import number
from plainbill.model.findings import Measurement, Ok, Unknown
from plainbill.model.period import Period
from plainbill.model.resources import Ec2Instance
from plainbill.model.utilization import WHY_NOT_ASKED, Utilization
from plainbill.prices.specs import InstanceSpecs

DISKS_STAY = "its EBS volumes and their snapshots"
ADDRESSES_STAY = "Elastic IP addresses"
_REMEMBERED = 1_000
"""Instances at the most: a class with its hours, of which it tells its wake events, takes some kilobytes."""
_NAME = "ec2_idle_classes"


class _Known:
    """Classes found lately, under one policy or more: checks look at one instance after the other.

    They are kept by ARN and whether the instance is looked at as if nobody managed it. ``ahead`` are the
    instances that were looked at together the last time.
    """

    def __init__(self) -> None:
        self._found: dict[tuple[str, bool], list[tuple[IdlePolicy, Classification]]] = {}
        self.ahead: Sequence[Ec2Instance] = ()

    def get(self, arn: str, policy: IdlePolicy, *, is_alone: bool = False) -> Classification | None:
        for under, found in self._found.get((arn, is_alone), ()):
            if under is policy or under == policy:
                return found
        return None

    def add(self, arn: str, policy: IdlePolicy, found: Classification, *, is_alone: bool = False) -> None:
        self._found.setdefault((arn, is_alone), []).append((policy, found))

    def make_room(self, count: int) -> None:
        """Forget all where so many more would be too many."""
        if len(self._found) + count > _REMEMBERED:
            self._found.clear()


def look_ahead(instances: Sequence[Ec2Instance], context: Context, policy: IdlePolicy = PLAINBILL) -> None:
    """Classify several instances at once, which is quicker by far; ``classified`` finds what they are."""
    known = context.once(_NAME, _Known)
    if known.ahead is not instances:
        known.ahead = instances
        known.make_room(len(instances))
        _add_all(known, instances, context, PLAINBILL)
    if policy != PLAINBILL:
        usual = [(one, _once(one, context, PLAINBILL)) for one in instances]
        others = [one for one, found in usual if not _holds_under(found, policy)]
        _add_all(known, others, context, policy)


def _add_all(known: _Known, instances: Sequence[Ec2Instance], context: Context, policy: IdlePolicy) -> None:
    for one, found in zip(instances, _classify(instances, context, policy), strict=True):
        known.add(one.arn, policy, found)


def classified(
    instance: Ec2Instance, context: Context, policy: IdlePolicy = PLAINBILL
) -> Classification | Ok | Unknown:
    """Return what an instance is.

    ``Ok`` for one that is not judged by itself, ``Unknown`` for one of which too little is known.
    """
    found = _once(instance, context, PLAINBILL)
    if not _holds_under(found, policy):
        found = _once(instance, context, policy)
    if found.kind is IdleClass.EXCLUDED:
        return Ok(found.reason)
    if found.kind is IdleClass.INSUFFICIENT_DATA:
        return Unknown(found.reason)
    return found


def idleness(instance: Ec2Instance, context: Context, policy: IdlePolicy) -> Classification | Ok | Unknown:
    """Return the same for who asks only whether it is idle.

    More busy days than idleness allows answer that, whatever else the network, which was not asked, shows.
    """
    found = classified(instance, context, policy)
    if not isinstance(found, Unknown):
        return found
    known = _once(instance, context, policy)
    if known.lacks_network and known.busy_days > MOST_BUSY_DAYS:
        return Ok(f"busy on {known.busy_days} days by its CPU alone; its network was not asked")
    return found


def classified_alone(instance: Ec2Instance, context: Context) -> Classification:
    """Return what a member of a group is, looked at as if nobody managed it."""
    return _once(instance, context, PLAINBILL, is_alone=True)


def _once(
    instance: Ec2Instance, context: Context, policy: IdlePolicy, *, is_alone: bool = False
) -> Classification:
    known = context.once(_NAME, _Known)
    found = known.get(instance.arn, policy, is_alone=is_alone)
    if found is None:
        known.make_room(1)
        alone = replace(instance, managed_by=()) if is_alone else instance
        (found,) = _classify([alone], context, policy)
        known.add(instance.arn, policy, found, is_alone=is_alone)
    return found


def _holds_under(usual: Classification, policy: IdlePolicy) -> bool:
    """Say whether what the usual policy found needs no second look under another.

    Exclusions ask no policy, and with the usual window the share of seen hours is all that one can change.
    """
    if policy is PLAINBILL or policy == PLAINBILL or usual.kind is IdleClass.EXCLUDED:
        return True
    is_usual_window = replace(policy, min_coverage=PLAINBILL.min_coverage) == PLAINBILL
    is_known = usual.kind is not IdleClass.INSUFFICIENT_DATA
    return is_usual_window and is_known and usual.coverage >= policy.min_coverage


def facts_of(instance: Ec2Instance, context: Context) -> tuple[int | None, InstanceFacts]:
    """Return the vCPUs of an instance, None where its type is not known, and what else a reading knows."""
    spec = InstanceSpecs.load().of(instance.instance_type)
    facts = known_facts(instance, spec, context)
    return (spec.vcpus if spec else None), facts


def _classify(instances: Sequence[Ec2Instance], context: Context, policy: IdlePolicy) -> list[Classification]:
    """Classify together those whose hours are of one period, and have a network or have none."""
    alike: dict[tuple[Period, bool], list[tuple[int, Machine, Utilization]]] = {}
    found: dict[int, Classification] = {}
    for place, one in enumerate(instances):
        used, machine = context.utilization.get(one.arn), Machine(one, *facts_of(one, context))
        if used is None:
            found[place] = unmeasured(machine, context.now)
        else:
            alike.setdefault((used.period, used.network is None), []).append((place, machine, used))
    for some in alike.values():
        places, machines, loads = zip(*some, strict=True)
        found.update(zip(places, classify_all(machines, loads, context.now, policy=policy), strict=True))
    return [found[place] for place in range(len(instances))]


def evidence_of(found: Classification) -> tuple[Measurement, ...]:
    """Return the measurements behind a class, for a finding."""
    measured = [
        Measurement("busy days", found.busy_days, f"of {found.look_back_days}"),
        Measurement("hours seen", round(found.coverage * 100, 1), "%"),
        Measurement("wake events", len(found.wake_events)),
    ]
    if found.days_since_busy is not None:
        measured.append(Measurement("since the last busy hour", found.days_since_busy, "days"))
    if (odds := found.probability) is not None:
        interval = "" if odds.low is None or odds.high is None else f" ({odds.low:.1%} to {odds.high:.1%})"
        measured.append(
            Measurement(
                "comparable VMs that stayed unused for 30 days", f"{number(odds.value * 100)} %{interval}"
            )
        )
    if not found.is_network_asked:
        measured.append(Measurement("network", WHY_NOT_ASKED))
    return tuple(measured)
