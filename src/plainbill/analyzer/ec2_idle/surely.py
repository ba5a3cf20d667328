"""Of which instances it is sure, looking at many at once, that a check calls them Ok: few are left to judge.

What is in use by CPU alone (``acquittal``) is neither idle nor off at regular hours, whatever else is known:
no fact makes it less busy. Nor would one size down do where CPU went too high for that. And what is excluded
is left alone by all. Why a check says Ok of one is not told here: whoever shows that judges the one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from plainbill.analyzer.ec2_idle.by_cpu import finite, in_use
from plainbill.analyzer.ec2_idle.classify import PLAINBILL, STALE
from plainbill.analyzer.ec2_idle.exclusions import exclusion
from plainbill.analyzer.ec2_idle.facts import NO_FACTS
from plainbill.analyzer.ec2_idle.load import Flags
from plainbill.analyzer.ec2_idle.rightsize import FEWEST_VCPUS, may_be_rightsized
from plainbill.analyzer.ec2_idle.verdict import IdlePolicy
from plainbill.analyzer.waste_check import Context
from plainbill.model.load_block import cpu_of
from plainbill.model.resources import Ec2Instance
from plainbill.prices.specs import InstanceSpecs

NAME = "ec2_idle_surely"
"""What it is remembered by in a context, together with the policy."""


@dataclass(frozen=True, slots=True)
class Surely:
    """ARNs of instances that are neither idle nor off at regular hours, and of those not too large either.

    Too large is what has a smaller size to become. ``by_cpu`` are those of ``used`` that CPU alone acquits.
    """

    used: frozenset[str]
    full: frozenset[str]
    by_cpu: frozenset[str]


def surely(context: Context, policy: IdlePolicy = PLAINBILL) -> Surely:
    """Return what is sure under the usual policy and another one; worked out when it is first asked for."""
    return context.once((NAME, policy), lambda: _surely(context, policy))


def _surely(context: Context, policy: IdlePolicy) -> Surely:
    policies = dict.fromkeys((PLAINBILL, policy))
    found = context.inventory.resources.get(Ec2Instance, ())
    instances = {one.arn: one for one in found if isinstance(one, Ec2Instance)}
    excluded = {arn for arn, one in instances.items() if exclusion(one, NO_FACTS, context.now)}
    by_cpu, full = set[str](), set(excluded)
    for block in cpu_of(context.utilization):
        rows = [n for n, arn in enumerate(block.arns) if arn in instances and arn not in excluded]
        if not rows or context.now - block.period.end > STALE:
            continue
        arns, cpu = [block.arns[n] for n in rows], finite(block.cpu_average[rows])
        some = [instances[arn] for arn in arns]
        is_used = in_use(some, block.period, cpu, policies)
        is_full = is_used & ~(may_be_rightsized(cpu) & _have_halves(some))
        by_cpu.update(arn for arn, is_one in zip(arns, is_used.tolist(), strict=True) if is_one)
        full.update(arn for arn, is_one in zip(arns, is_full.tolist(), strict=True) if is_one)
    return Surely(used=frozenset(excluded | by_cpu), full=frozenset(full), by_cpu=frozenset(by_cpu))


def _have_halves(instances: Sequence[Ec2Instance]) -> Flags:
    """Say which are of a type that could have half the vCPUs, and has a smaller size to become."""
    specs = InstanceSpecs.load()
    types = {one.instance_type for one in instances}
    halves = {name for name in types if _has_half(specs, name)}
    return np.array([one.instance_type in halves for one in instances], dtype=bool)


def _has_half(specs: InstanceSpecs, instance_type: str) -> bool:
    spec = specs.of(instance_type)
    return spec is not None and spec.vcpus >= FEWEST_VCPUS and specs.one_size_down(instance_type) is not None
