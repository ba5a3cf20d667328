"""Running EC2 instances that do nothing, by a named rule, with the proof."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from math import ceil

from plainbill.analyzer.evidence import GRACE, Evidence, gather, no_evidence
from plainbill.analyzer.wording import ago, below, days_text, number
from plainbill.model.findings import Ok, Unknown, Verdict, Waste
from plainbill.model.money import Money, total
from plainbill.model.resources import Ec2Instance
from plainbill.model.utilization import Utilization
from plainbill.prices import PriceBook
from plainbill.prices.ec2 import InstancePrices


@dataclass(frozen=True, slots=True, kw_only=True)
class IdleRule:
    """Idle is: average CPU under ``cpu_average`` and no sample at ``cpu_maximum`` percent, for ``days`` days.

    ``min_coverage`` is the share of the hours that must have been measured for an instance to be called
    idle. Raises ``ValueError`` for what can be no percentage, share or number of days.
    """

    name: str = "seed"
    cpu_average: float = 5.0
    cpu_maximum: float = 10.0
    days: int = 14
    min_coverage: float = 0.9

    def __post_init__(self) -> None:
        if not (0 <= self.cpu_average <= 100 and 0 <= self.cpu_maximum <= 100):
            raise ValueError(f"CPU thresholds are percent, got {self.cpu_average} and {self.cpu_maximum}")
        if self.days < 1 or not 0 < self.min_coverage <= 1:
            raise ValueError(f"got {self.days} days and a coverage of {self.min_coverage}")

    @property
    def hours_needed(self) -> int:
        """How many of the window's hours must have been measured."""
        return ceil(round(self.min_coverage * self.days * 24, 6))


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The verdict on one instance and what it rests on; the saving is not filled in yet."""

    instance: Ec2Instance
    verdict: Verdict
    evidence: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class IdleInstance:
    """An instance that does nothing; ``monthly_cost`` is its list price, None where that is not known."""

    instance: Ec2Instance
    verdict: Waste
    evidence: Evidence
    monthly_cost: Money | None
    cpu_average: float
    cpu_maximum: float

    def cost_in(self, currency: str) -> Decimal | None:
        """Return the monthly cost where it is known and in this currency."""
        known = self.monthly_cost is not None and self.monthly_cost.currency == currency
        return self.monthly_cost.amount if known and self.monthly_cost else None


@dataclass(frozen=True, slots=True, kw_only=True)
class CouldNotTell:
    """An instance without a verdict, and why."""

    instance: Ec2Instance
    reason: str
    evidence: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """``running = idle + not_idle + could_not_tell``."""

    running: int
    idle: int
    not_idle: int
    could_not_tell: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IdleReport:
    """All running instances under one rule.

    ``monthly_cost_total`` adds what the idle instances of its currency cost; ``unknown_price`` counts
    the idle instances that are not in it.
    """

    rule: IdleRule
    idle: Sequence[IdleInstance]
    not_idle: int
    could_not_tell: Sequence[CouldNotTell]
    counts: Counts
    monthly_cost_total: Money
    unknown_price: int


Judging = Callable[[Ec2Instance, Utilization | None, IdleRule], Judgement]
"""How one instance is judged; of the rule another way of judging takes the days only."""


def judge(instance: Ec2Instance, utilization: Utilization | None, rule: IdleRule) -> Judgement:
    """Judge one instance; three answers, and what is not known never counts against it.

    One sample at or over the maximum acquits, however young the instance or patchy the data. Being
    called idle takes a whole window: old enough, seen in enough hours, under both thresholds.
    """
    if utilization is None:
        reason = f"none of its CloudWatch metrics were read; {days_text(rule.days)} are needed"
        return Judgement(instance=instance, verdict=Unknown(reason), evidence=no_evidence(rule.days))
    evidence = gather(utilization, rule.days, rule.min_coverage)
    if evidence.cpu_maximum is not None and evidence.cpu_maximum >= rule.cpu_maximum:
        verdict: Verdict = Ok(f"CPU reached {number(evidence.cpu_maximum)} %; {_meaning(rule)}")
    elif missing := _missing(instance, utilization, evidence, rule):
        verdict = Unknown(missing)
    else:
        verdict = _weigh(evidence, rule)
    return Judgement(instance=instance, verdict=verdict, evidence=evidence)


def _missing(
    instance: Ec2Instance, utilization: Utilization, evidence: Evidence, rule: IdleRule
) -> str | None:
    """Say what a verdict lacks, if anything."""
    if young := _youth(instance, evidence, rule):
        return young
    stored, expected = utilization.period.hours, evidence.hours_expected
    if stored < expected:
        return f"only {stored} hours of metrics are stored; {expected} are needed"
    if evidence.hours_seen < rule.hours_needed:
        return f"CPU was seen in {evidence.hours_seen} of {expected} hours; {rule.hours_needed} are needed"
    return None


def _youth(instance: Ec2Instance, evidence: Evidence, rule: IdleRule) -> str | None:
    """Say that the instance has not existed for the whole window, if so.

    The start of its primary network interface outlives stops; a datapoint from before the last start
    proves that the instance is older than that start.
    """
    if evidence.window is None:
        return None
    born = instance.first_launched_at or instance.launched_at
    since = born if evidence.first_seen is None else min(born, evidence.first_seen)
    if since <= evidence.window.start + GRACE:
        return None
    return f"launched {ago(since, evidence.window.end)}; {days_text(rule.days)} are needed"


def _weigh(evidence: Evidence, rule: IdleRule) -> Verdict:
    """Compare what a whole window showed with the thresholds."""
    average, maximum = evidence.cpu_average, evidence.cpu_maximum
    if average is None or maximum is None:
        return Unknown("CloudWatch has no CPU value of it")
    seen = f"{evidence.hours_seen} of {evidence.hours_expected} hours seen"
    if average >= rule.cpu_average:
        return Ok(f"CPU averaged {number(average)} % in {days_text(rule.days)} ({seen}); {_meaning(rule)}")
    peak = below(maximum, rule.cpu_maximum, ROUND_CEILING)
    return Waste(
        f"CPU averaged {below(average, rule.cpu_average)} % and never passed {peak} % "
        f"in {days_text(rule.days)} ({seen}); {_meaning(rule)}",
        monthly_saving=None,
    )


def _meaning(rule: IdleRule) -> str:
    return f"idle means under {rule.cpu_average:g} % on average and under {rule.cpu_maximum:g} % at the most."


def idle_report(
    instances: Sequence[Ec2Instance],
    utilization: Mapping[str, Utilization],
    rule: IdleRule,
    prices: InstancePrices | PriceBook,
    currency: str = "USD",
    judging: Judging = judge,
) -> IdleReport:
    """Judge every running instance; ``utilization`` is by ARN, sums are in ``currency``.

    Idle instances come dearest first, those without a price last.
    """
    judged = [
        judging(instance, utilization.get(instance.arn), rule)
        for instance in instances
        if instance.state == "running"
    ]
    idle = sorted((row for one in judged if (row := _idle(one, prices))), key=_dearest_first)
    unknown = [
        CouldNotTell(instance=one.instance, reason=one.verdict.reason, evidence=one.evidence)
        for one in judged
        if isinstance(one.verdict, Unknown)
    ]
    counted = [row.monthly_cost for row in idle if row.monthly_cost and row.monthly_cost.currency == currency]
    not_idle = len(judged) - len(idle) - len(unknown)
    return IdleReport(
        rule=rule,
        idle=idle,
        not_idle=not_idle,
        could_not_tell=unknown,
        counts=Counts(running=len(judged), idle=len(idle), not_idle=not_idle, could_not_tell=len(unknown)),
        monthly_cost_total=total(counted, currency),
        unknown_price=len(idle) - len(counted),
    )


def _idle(judged: Judgement, prices: InstancePrices | PriceBook) -> IdleInstance | None:
    verdict, evidence = judged.verdict, judged.evidence
    if not isinstance(verdict, Waste) or evidence.cpu_average is None or evidence.cpu_maximum is None:
        return None
    cost = prices.monthly(judged.instance)
    return IdleInstance(
        instance=judged.instance,
        verdict=Waste(verdict.reason, cost),
        evidence=evidence,
        monthly_cost=cost,
        cpu_average=evidence.cpu_average,
        cpu_maximum=evidence.cpu_maximum,
    )


def _dearest_first(row: IdleInstance) -> tuple[bool, str, Decimal, str, str, str]:
    cost = row.monthly_cost
    place = (row.instance.account_id, row.instance.region, row.instance.instance_id)
    return (cost is None, cost.currency if cost else "", -cost.amount if cost else Decimal(0), *place)
