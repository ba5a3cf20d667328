"""The classification of an instance as waste checks ask for it: once, whichever of them asks first."""

from __future__ import annotations

from dataclasses import replace

from plainbill.analyzer.ec2_facts import facts_of as known_facts
from plainbill.analyzer.ec2_idle.classify import PLAINBILL, classify
from plainbill.analyzer.ec2_idle.facts import InstanceFacts
from plainbill.analyzer.ec2_idle.load import MOST_BUSY_DAYS
from plainbill.analyzer.ec2_idle.surely import NAME, Surely
from plainbill.analyzer.ec2_idle.verdict import Classification, IdleClass, IdlePolicy
from plainbill.analyzer.waste_check import Context
from plainbill.analyzer.wording import number
from plainbill.model.findings import Measurement, Ok, Unknown
from plainbill.model.resources import Ec2Instance
from plainbill.model.utilization import WHY_NOT_ASKED
from plainbill.prices.specs import InstanceSpecs

DISKS_STAY = "its EBS volumes and their snapshots"
ADDRESSES_STAY = "Elastic IP addresses"
_REMEMBERED = 1_000
"""Classes at the most: with all of its wake events one takes some kilobytes."""


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
    alone = replace(instance, managed_by=())
    return _remembered("alone", alone, context, PLAINBILL)


def _once(instance: Ec2Instance, context: Context, policy: IdlePolicy) -> Classification:
    return _remembered("as it is", instance, context, policy)


def _remembered(how: str, instance: Ec2Instance, context: Context, policy: IdlePolicy) -> Classification:
    """Classify, or return what was found lately: checks look at one instance after the other."""
    known = context.once("ec2_idle_classes", dict[tuple[str, str, IdlePolicy], Classification])
    key = (how, instance.arn, policy)
    if (found := known.get(key)) is None:
        if len(known) >= _REMEMBERED:
            known.clear()
        found = known[key] = _classify(instance, context, policy)
    return found


def _holds_under(usual: Classification, policy: IdlePolicy) -> bool:
    """Say whether what the usual policy found needs no second look under another.

    Exclusions ask no policy, and with the usual window the share of seen hours is all that one can change.
    """
    if policy == PLAINBILL or usual.kind is IdleClass.EXCLUDED:
        return True
    is_usual_window = replace(policy, min_coverage=PLAINBILL.min_coverage) == PLAINBILL
    is_known = usual.kind is not IdleClass.INSUFFICIENT_DATA
    return is_usual_window and is_known and usual.coverage >= policy.min_coverage


def facts_of(instance: Ec2Instance, context: Context) -> tuple[int | None, InstanceFacts]:
    """Return the vCPUs of an instance, None where its type is not known, and what else a reading knows."""
    spec = InstanceSpecs.load().of(instance.instance_type)
    facts = known_facts(instance, spec, context)
    return (spec.vcpus if spec else None), facts


def _classify(instance: Ec2Instance, context: Context, policy: IdlePolicy) -> Classification:
    vcpus, facts = facts_of(instance, context)
    utilization = context.utilization.get(instance.arn)
    sure = context.made((NAME, policy))
    is_acquitted = isinstance(sure, Surely) and instance.arn in sure.by_cpu
    return classify(
        instance, utilization, vcpus, context.now, facts=facts, policy=policy, is_acquitted=is_acquitted
    )


def evidence_of(found: Classification, most_busy_days: int | None = None) -> tuple[Measurement, ...]:
    """Return the measurements behind a class, for a finding."""
    measured = [
        Measurement("busy days", found.busy_days, f"of {found.look_back_days}", most_busy_days),
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
