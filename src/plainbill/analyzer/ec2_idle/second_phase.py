"""Of which instances the network is to be asked, once their CPU is known: of all that CPU does not acquit.

Three kinds of answers are looked after: the verdicts of the checks, by their usual thresholds and by those
that are in force; those on Auto Scaling groups, whose members are looked at as if nobody managed them; and
the idle table, whose rows show what the network did (``analyzer/idle.py``). The rules of vendors that are
laid beside them make do with CPU, and say so where they cannot.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np

from plainbill.analyzer.ec2_idle.by_cpu import in_use
from plainbill.analyzer.ec2_idle.classify import PLAINBILL
from plainbill.analyzer.ec2_idle.exclusions import exclusion
from plainbill.analyzer.ec2_idle.facts import NO_FACTS
from plainbill.analyzer.ec2_idle.load import Flags, Floats
from plainbill.analyzer.ec2_idle.verdict import IdlePolicy
from plainbill.analyzer.evidence import finite
from plainbill.analyzer.idle import IdleRule
from plainbill.analyzer.waste_check import WasteCheck
from plainbill.model.period import Period
from plainbill.model.resources import Ec2Instance

_ROUNDING = 1 + 1e-9
"""A mean is added up in another order here than where it is judged: what is as close as this is asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondPhase:
    """Decides for many instances at once; ``policies`` are all that a verdict may be judged by."""

    policies: Sequence[IdlePolicy]
    table: IdleRule
    now: datetime

    def wanted(
        self, instances: Sequence[Ec2Instance], period: Period, cpu_average: Floats, cpu_maximum: Floats
    ) -> Flags:
        """Return of which of the instances, a row each, the network is to be asked.

        Percent by the hour of the period; nan, or what is no number, is an hour without a datapoint.
        """
        cpu = finite(cpu_average)
        peak = np.where(np.isfinite(cpu_maximum), cpu_maximum, cpu)
        judged = np.array([self._is_judged(one) for one in instances], dtype=bool)
        used = in_use(instances, period, cpu, self.policies)
        wanted: Flags = (judged & ~used) | _is_quiet(cpu, peak, self.table)
        return wanted

    def _is_judged(self, instance: Ec2Instance) -> bool:
        """Say whether any verdict looks at the load, were the instance nobody's to manage."""
        return exclusion(replace(instance, managed_by=()), NO_FACTS, self.now) is None


def second_phase(checks: Iterable[WasteCheck[Any]], table: IdleRule, now: datetime) -> SecondPhase:
    """Return the decision for what these checks, with the thresholds that they have, will judge."""
    policies = (getattr(check, "policy", None) for check in checks)
    known = dict.fromkeys((PLAINBILL, *(one for one in policies if isinstance(one, IdlePolicy))))
    return SecondPhase(policies=tuple(known), table=table, now=now)


def _is_quiet(cpu: Floats, peak: Floats, rule: IdleRule) -> Flags:
    """Say which rows the idle table may show by their CPU, or cannot judge by it."""
    recent, highest = cpu[:, -rule.days * 24 :], np.fmax.reduce(peak[:, -rule.days * 24 :], axis=1)
    count = np.count_nonzero(~np.isnan(recent), axis=1)
    mean = np.nansum(recent, axis=1) / np.maximum(count, 1)
    quiet: Flags = ~(highest >= rule.cpu_maximum) & ((mean < rule.cpu_average * _ROUNDING) | (count == 0))
    return quiet
