"""The named idle rules in the place of our first one: the same report, another way of judging."""

from __future__ import annotations

from datetime import datetime

from plainbill.analyzer.ec2_idle import PRESETS
from plainbill.analyzer.evidence import gather, no_evidence
from plainbill.analyzer.idle import IdleRule, Judgement, Judging
from plainbill.model.findings import Unknown, Verdict, Waste
from plainbill.model.resources import Ec2Instance
from plainbill.model.utilization import Utilization
from plainbill.prices.specs import InstanceSpecs

SEED = "seed"
"""The preset whose thresholds a reader may set: ``analyzer.idle`` judges by it."""


def judging_by(preset: str, now: datetime) -> Judging:
    """Return how a preset judges an instance at a moment.

    The evidence is what was measured in the days of the rule that is given with it. Who is called idle must
    have a CPU to show for it; without one nothing can be said.
    """
    named, specs = PRESETS[preset], InstanceSpecs.load()

    def judging(instance: Ec2Instance, utilization: Utilization | None, rule: IdleRule) -> Judgement:
        spec = specs.of(instance.instance_type)
        verdict: Verdict = named.verdict(instance, utilization, None if spec is None else spec.vcpus, now)
        evidence = no_evidence(rule.days)
        if utilization is not None:
            evidence = gather(utilization, rule.days, rule.min_coverage)
        if isinstance(verdict, Waste) and (evidence.cpu_average is None or evidence.cpu_maximum is None):
            verdict = Unknown("CloudWatch has no CPU value of it")
        return Judgement(instance=instance, verdict=verdict, evidence=evidence)

    return judging
