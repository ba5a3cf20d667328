"""Many instances at once by their CPU: whom it acquits, and for whom one size down might do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from plainbill.analyzer.ec2_facts import has_restarted
from plainbill.analyzer.ec2_idle.acquittal import acquitted, running_since
from plainbill.analyzer.ec2_idle.instance_types import credits_an_hour
from plainbill.analyzer.ec2_idle.load import CREDITS_BUSY, HOUR, BusyRule, Flags, Floats, born
from plainbill.analyzer.ec2_idle.verdict import IdlePolicy
from plainbill.model.period import Period
from plainbill.model.resources import Ec2Instance
from plainbill.prices.specs import InstanceSpecs


def in_use(
    instances: Sequence[Ec2Instance], period: Period, cpu: Floats, policies: Iterable[IdlePolicy]
) -> Flags:
    """Return which instances, a row of finite CPU each, CPU alone acquits under all of some policies."""
    found: Flags = ~np.array([has_restarted(one, period) for one in instances], dtype=bool)
    for policy in policies:
        found &= _acquitted(instances, period, cpu, policy)
    return found


def _acquitted(instances: Sequence[Ec2Instance], period: Period, cpu: Floats, policy: IdlePolicy) -> Flags:
    first = max(0, period.hours - policy.look_back_days * 24)
    begin = running_since(_since(instances, period, cpu), first, period.hours)
    busy = _is_busy(instances, cpu, policy.busy)
    return acquitted(busy, ~np.isnan(cpu), begin, period, policy.look_back_days, policy.min_coverage)


def _is_busy(instances: Sequence[Ec2Instance], cpu: Floats, rule: BusyRule) -> Flags:
    """Return the hours that CPU, or the credits that it spends, makes busy."""
    specs = InstanceSpecs.load()
    found = [(one.instance_type, specs.of(one.instance_type)) for one in instances]
    kinds = [(name, None if spec is None else spec.vcpus) for name, spec in found]
    tau = np.array([rule.threshold_of(*kind) for kind in kinds])
    vcpus = np.array([vcpus or 0 for _, vcpus in kinds])
    limit = np.array([np.inf if vcpus is None else _credit_limit(name) for name, vcpus in kinds])
    busy: Flags = (cpu >= tau[:, None]) | (cpu / 100 * vcpus[:, None] * 60 >= limit[:, None])
    return busy


def _credit_limit(instance_type: str) -> float:
    earned = credits_an_hour(instance_type)
    return np.inf if earned is None else earned * CREDITS_BUSY


def _since(instances: Sequence[Ec2Instance], period: Period, cpu: Floats) -> NDArray[np.float64]:
    """Return since which hour of the period each is known to exist, by its CPU and what AWS says of it."""
    seen = ~np.isnan(cpu)
    first = np.where(seen.any(axis=1), seen.argmax(axis=1), -1).tolist()
    return np.array(
        [
            (born(None if place < 0 else period.start + place * HOUR, one) - period.start) / HOUR
            for one, place in zip(instances, first, strict=True)
        ]
    )
