"""Named idle rules over the same stored hours, so that their answers can be laid side by side.

Each gives one of three answers with a reason that states the measurement. "Unknown" comes before Waste
where too little was seen; what acquits needs no full window.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil
from types import MappingProxyType
from typing import Protocol

from plainbill.analyzer.ec2_idle import vendor_rules
from plainbill.analyzer.ec2_idle.classify import PLAINBILL, classify
from plainbill.analyzer.ec2_idle.facts import NO_FACTS, InstanceFacts
from plainbill.analyzer.ec2_idle.load import born, first_seen
from plainbill.analyzer.ec2_idle.stored import Stored, stored_hours
from plainbill.analyzer.ec2_idle.verdict import Grade, IdleClass, IdlePolicy
from plainbill.analyzer.evidence import GRACE
from plainbill.analyzer.idle import IdleRule, judge
from plainbill.analyzer.wording import ago, days_text
from plainbill.model.findings import Ok, Unknown, Verdict, Waste
from plainbill.model.resources import Ec2Instance
from plainbill.model.utilization import Utilization


class Preset(Protocol):
    """A named rule: ``title`` for display, ``source`` says where the rule is from, ``days`` its window."""

    @property
    def title(self) -> str:
        """The name as people know it."""
        ...

    @property
    def source(self) -> str:
        """Where the rule is written down."""
        ...

    @property
    def days(self) -> int:
        """How many days it looks at."""
        ...

    def verdict(
        self, instance: Ec2Instance, utilization: Utilization | None, vcpus: int | None, now: datetime
    ) -> Verdict:
        """Judge one instance; ``monthly_saving`` of a Waste is not filled in."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedPreset:
    """The rule of analyzer/idle.py: mean CPU under 5 %, highest sample under 10 %, 14 days."""

    title: str = "Plainbill's first rule"
    source: str = "analyzer/idle.py"
    rule: IdleRule = field(default_factory=IdleRule)

    @property
    def days(self) -> int:
        """The rule's window."""
        return self.rule.days

    def verdict(
        self,
        instance: Ec2Instance,
        utilization: Utilization | None,
        vcpus: int | None,  # noqa: ARG002 - part of the contract
        now: datetime,  # noqa: ARG002 - part of the contract
    ) -> Verdict:
        """Ask the very function that the idle page asks."""
        return judge(instance, utilization, self.rule).verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorPreset:
    """A vendor's rule over the last ``days``.

    ``hours_needed`` of the window must have CPU before it may say Waste: the vendor's own demand where it
    is documented, else 80 %; the instance must be ``days_old`` days old.
    """

    title: str
    source: str
    days: int
    days_old: int
    hours_needed: int
    rule: Callable[[Stored], Verdict | None]

    def verdict(
        self,
        instance: Ec2Instance,
        utilization: Utilization | None,
        vcpus: int | None,
        now: datetime,  # noqa: ARG002 - part of the contract
    ) -> Verdict:
        """Put the rule to the window; Unknown where it may not say Waste for want of data."""
        if utilization is None:
            return Unknown("none of its CloudWatch metrics were read")
        stored = stored_hours(utilization, vcpus, self.days)
        answer = self.rule(stored)
        if isinstance(answer, Ok):
            return answer
        seen = sum(value is not None for value in stored.cpu)
        since = born(first_seen(utilization), instance)
        end = utilization.period.end
        if since > end - timedelta(days=self.days_old) + GRACE:
            return Unknown(f"launched {ago(since, end)}; {days_text(self.days_old)} are needed")
        if seen < self.hours_needed:
            return Unknown(f"CPU was seen in {seen} of {stored.hours} hours; {self.hours_needed} are needed")
        if answer is None:
            return Unknown(f"{_lack(stored)}, and the rule needs it")
        return answer


def _lack(stored: Stored) -> str:
    if stored.vcpus is None:
        return "its number of vCPUs is not known"
    return "its network traffic is not known" if stored.is_network_asked else "its network was not asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainbillPreset:
    """The graded rule: HIGH and MEDIUM are Waste, REVIEW is Unknown (its owner must be asked)."""

    title: str = "Plainbill's graded rule"
    source: str = "docs/idle-accuracy.md"
    policy: IdlePolicy = PLAINBILL

    @property
    def days(self) -> int:
        """The window in which busy days are counted."""
        return self.policy.look_back_days

    def verdict(
        self,
        instance: Ec2Instance,
        utilization: Utilization | None,
        vcpus: int | None,
        now: datetime,
        facts: InstanceFacts = NO_FACTS,
    ) -> Verdict:
        """Classify, and say it in three answers; what is excluded is not judged, so Unknown."""
        found = classify(instance, utilization, vcpus, now, facts, policy=self.policy)
        if found.grade in {Grade.HIGH, Grade.MEDIUM}:
            return Waste(found.reason, monthly_saving=None)
        if found.is_idle or found.kind in {IdleClass.EXCLUDED, IdleClass.INSUFFICIENT_DATA}:
            return Unknown(found.reason)
        return Ok(found.reason)


def _vendor(  # one line a preset
    title: str,
    source: str,
    days: int,
    rule: Callable[[Stored], Verdict | None],
    hours_needed: int | None = None,
    days_old: int | None = None,
) -> VendorPreset:
    needed = ceil(0.8 * days * 24) if hours_needed is None else hours_needed
    old = days if days_old is None else days_old
    return VendorPreset(title=title, source=source, days=days, days_old=old, hours_needed=needed, rule=rule)


PRESETS: Mapping[str, Preset] = MappingProxyType(
    {
        "seed": SeedPreset(),
        "compute-optimizer": _vendor(
            "AWS Compute Optimizer",
            "Compute Optimizer User Guide: at least 30 hours of metrics in 14 days",
            14,
            vendor_rules.compute_optimizer,
            hours_needed=30,
            days_old=0,
        ),
        "trusted-advisor": _vendor(
            "AWS Trusted Advisor",
            "check Low Utilization Amazon EC2 Instances (Qch7DwouX1)",
            14,
            vendor_rules.trusted_advisor,
        ),
        "cost-explorer": _vendor(
            "AWS Cost Explorer",
            "Cost Management User Guide, rightsizing recommendations",
            14,
            vendor_rules.cost_explorer,
        ),
        "gcp": _vendor(
            "Google Cloud",
            "Recommender, idle VM: from 5 days on",
            14,
            vendor_rules.gcp,
            hours_needed=ceil(0.8 * 5 * 24),
            days_old=5,
        ),
        "azure": _vendor("Azure Advisor", "Advisor, shut down virtual machines", 7, vendor_rules.azure),
        "plainbill": PlainbillPreset(),
    }
)


def compare(
    instance: Ec2Instance, utilization: Utilization | None, vcpus: int | None, now: datetime
) -> dict[str, Verdict]:
    """Return every preset's answer about one instance, by the preset's name."""
    return {name: preset.verdict(instance, utilization, vcpus, now) for name, preset in PRESETS.items()}


def disagreements(verdicts: Mapping[str, Verdict]) -> tuple[tuple[str, str], ...]:
    """Return the pairs (says Waste, says Ok); one that does not know disagrees with nobody."""
    waste = [name for name, verdict in verdicts.items() if isinstance(verdict, Waste)]
    fine = [name for name, verdict in verdicts.items() if isinstance(verdict, Ok)]
    return tuple((one, other) for one in waste for other in fine)
