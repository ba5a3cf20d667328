"""Reasons to be less sure: each lowers a grade, none can raise one.

Names and tags are whatever somebody wrote there: they count for the instance, never against it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from plainbill.analyzer.ec2_idle.facts import InstanceFacts
from plainbill.analyzer.ec2_idle.instance_types import has_gpu, may_have_own_disk
from plainbill.analyzer.ec2_idle.periodic import Rhythm
from plainbill.model.resources import Ec2Instance
from plainbill.model.utilization import Hours

_STANDBY = frozenset(
    {"dr", "standby", "replica", "quorum", "witness", "zookeeper", "etcd", "bastion", "jump", "nat", "vpn"}
    | {"license", "licence", "ldap", "dc", "backup"}
)
_ROLE_TAGS = frozenset(
    {"name", "role", "function", "purpose", "service", "app", "application", "component", "tier"}
)
_MAY_STAND_BY = re.compile("|".join(sorted(_STANDBY)), re.IGNORECASE)
"""Where none of these is anywhere in a text, it need not be taken to pieces."""
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_CLOUDFORMATION_TAG = "aws:cloudformation:stack-name"
_NEW = timedelta(days=30)
_CACHE_MEMORY = 50.0
_LOOK_BACK, _COVERAGE = 28 * 24, 0.8  # hours, and the share of them that must be measured
INSTANCE_STORE = "instance-store"


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """One reason to be less sure; ``to_review`` lowers any grade to REVIEW, the others by one step."""

    name: str
    reason: str
    to_review: bool = False


def guards(
    instance: Ec2Instance, facts: InstanceFacts, now: datetime, monthly: Iterable[Rhythm] = ()
) -> tuple[Guard, ...]:
    """Return every guard that holds; what was not looked up (None) guards nothing.

    ``monthly`` are rhythms of two hits: too few to be called periodic, too many to be overlooked.
    """
    found = [*_by_name(instance), *_by_facts(instance, facts), *_by_type(instance, facts)]
    if _is_new(instance, now):
        found.append(Guard(name="new-stack", reason="CloudFormation launched it in the last 30 days"))
    for rhythm in monthly:
        text = (
            f"it woke {rhythm.name}, twice so far: perhaps a monthly job, due about {rhythm.next_due:%d %b}"
        )
        found.append(Guard(name="monthly", reason=text))
        break
    return tuple(found)


def _by_name(instance: Ec2Instance) -> Iterator[Guard]:
    for key, value in instance.tags.items():
        if key.lower() not in _ROLE_TAGS or not _MAY_STAND_BY.search(value):
            continue
        for word in _words(value):
            if word in _STANDBY:
                text = f"its {key} says “{word}”: such machines are quiet by design"
                yield Guard(name="standby", reason=text)
                return


def _words(text: str) -> Iterator[str]:
    """Yield the words of a name in lower case: "prod-DC01", "dcEast" and "DCEast" hold "dc"."""
    for part in re.split(r"[^A-Za-z]+", text):
        yield part.lower()
        yield from (word.lower() for word in _WORD.findall(part))


def _by_facts(instance: Ec2Instance, facts: InstanceFacts) -> Iterator[Guard]:
    if facts.source_dest_check is False:
        yield Guard(name="routes", reason="its source/destination check is off: it routes for others")
    if facts.healthy_target_requests is not None and facts.healthy_target_requests > 0:
        yield Guard(name="serves", reason="it is a healthy target of a load balancer and gets requests")
    if facts.instance_store or (facts.instance_store is None and may_have_own_disk(instance.instance_type)):
        yield Guard(name=INSTANCE_STORE, reason="stopping it destroys what is on its instance store")
    if facts.elastic_ip_in_dns:
        yield Guard(name="dns", reason="a DNS name points at its Elastic IP")
    if facts.termination_protection:
        yield Guard(name="protected", reason="its termination protection is on: its owner said no")
    if facts.memory_percent is not None and facts.memory_percent > _CACHE_MEMORY:
        text = f"{facts.memory_percent:.0f} % of its memory is in use: possible cache"
        yield Guard(name="possible-cache", reason=text)


def _by_type(instance: Ec2Instance, facts: InstanceFacts) -> Iterator[Guard]:
    if not has_gpu(instance.instance_type):
        return
    if facts.gpu_percent is None:
        text = "it has GPUs and nobody measures them: CPU and network do not show their work"
        yield Guard(name="gpu-unseen", reason=text, to_review=True)
    elif (hours := len(facts.gpu_percent[-_LOOK_BACK:])) > (seen := _seen(facts.gpu_percent)) / _COVERAGE:
        text = f"its GPUs were measured in {seen} of {hours} hours: their work may have been missed"
        yield Guard(name="gpu-unseen", reason=text, to_review=True)


def _seen(hours: Hours) -> int:
    return sum(value is not None for value in hours[-_LOOK_BACK:])


def _is_new(instance: Ec2Instance, now: datetime) -> bool:
    since = instance.first_launched_at or instance.launched_at
    return _CLOUDFORMATION_TAG in instance.tags and now - since < _NEW
