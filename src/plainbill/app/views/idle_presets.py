"""The named idle rules side by side over the stored hours of the running instances."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from plainbill.analyzer.ec2_idle import PRESETS, compare, disagreements
from plainbill.app.place_query import PlaceQuery
from plainbill.app.views.judged import Judged
from plainbill.app.views.what_if_shapes import (
    DisagreementView,
    IdleAnswerView,
    IdlePresetsView,
    IdlePresetView,
)
from plainbill.model.findings import Ok, Verdict, Waste
from plainbill.model.money import Money
from plainbill.model.resources import Ec2Instance
from plainbill.prices.specs import InstanceSpecs

SUMMARIES: Mapping[str, str] = {
    "seed": "Mean CPU under 5 % and no sample of 10 % or more.",
    "compute-optimizer": "No CPU sample of 5 % or more, and under 5 MB of network a day.",
    "trusted-advisor": "On 4 or more of 14 days: mean CPU of at most 10 % and at most 5 MB of network.",
    "cost-explorer": "No CPU sample over 1 %.",
    "gcp": "Under 0.03 vCPU in 97 % of the hours, and almost no network in 95 % of them.",
    "azure": "95 % of the hours peak under 3 % CPU, and the last 3 days average at most 2 %.",
    "plainbill": "At most one busy day in 28, no job at regular times, nothing that speaks for it.",
}
"""Each rule in a line: analyzer/ec2_idle's ``vendor_rules`` and ``presets`` say it exactly."""


@dataclass(frozen=True, slots=True)
class JudgedInstance:
    """One running instance, what each rule says of it, and what it costs a month (None is not known)."""

    instance: Ec2Instance
    verdicts: Mapping[str, Verdict]
    monthly_cost: Money | None


def judge_by_presets(judged: Judged | None) -> tuple[JudgedInstance, ...]:
    """Put every rule to every running instance: the dear part, made once for each edition."""
    if judged is None:
        return ()
    context, specs = judged.context, InstanceSpecs.load()
    found = []
    for instance in context.inventory.resources.get(Ec2Instance, ()):
        if not isinstance(instance, Ec2Instance) or instance.state != "running":
            continue
        spec = specs.of(instance.instance_type)
        usage = context.utilization.get(instance.arn)
        verdicts = compare(instance, usage, None if spec is None else spec.vcpus, context.now)
        found.append(JudgedInstance(instance, verdicts, context.prices.monthly(instance)))
    return tuple(found)


def idle_presets_view(
    judged: Judged | None, everything: Iterable[JudgedInstance], query: PlaceQuery
) -> IdlePresetsView:
    """Count what each rule says of the instances of a place, and list where they disagree, dearest first."""
    rows = [
        one
        for one in everything
        if query.account in (None, one.instance.account_id) and query.region in (None, one.instance.region)
    ]
    odd = [one for one in rows if disagreements(one.verdicts)]
    odd.sort(key=_dearest_first)
    return IdlePresetsView(
        taken_at=None if judged is None else judged.context.now,
        account=query.account,
        region=query.region,
        running=len(rows),
        presets=[_preset(name, rows) for name in PRESETS],
        disagreements=[] if judged is None else [_disagreement(one, judged) for one in odd],
    )


def answer_of(verdict: Verdict) -> str:
    """Return the word for a verdict."""
    return (
        "idle" if isinstance(verdict, Waste) else "not_idle" if isinstance(verdict, Ok) else "could_not_tell"
    )


def _preset(name: str, rows: list[JudgedInstance]) -> IdlePresetView:
    preset, answers = PRESETS[name], [answer_of(one.verdicts[name]) for one in rows]
    idle = [one.monthly_cost for one, answer in zip(rows, answers, strict=True) if answer == "idle"]
    sums: dict[str, Decimal] = {}
    for money in idle:
        if money is not None:
            sums[money.currency] = sums.get(money.currency, Decimal(0)) + money.amount
    return IdlePresetView(
        name=name,
        title=preset.title,
        summary=SUMMARIES[name],
        source=preset.source,
        days=preset.days,
        idle=len(idle),
        not_idle=answers.count("not_idle"),
        could_not_tell=answers.count("could_not_tell"),
        monthly_cost=sums,
        unknown_price=idle.count(None),
    )


def _disagreement(one: JudgedInstance, judged: Judged) -> DisagreementView:
    instance, money = one.instance, one.monthly_cost
    own = [finding for finding in judged.touching.get(instance.arn, ()) if finding.resource == instance]
    own.sort(key=lambda finding: not finding.check.id.endswith("_idle"))
    return DisagreementView(
        instance_id=instance.instance_id,
        name=instance.name or None,
        account_id=instance.account_id,
        account_name=judged.names.get(instance.account_id),
        region=instance.region,
        instance_type=instance.instance_type,
        currency=None if money is None else money.currency,
        monthly_cost=None if money is None else money.amount,
        finding_id=own[0].finding_id if own else None,
        answers=[
            IdleAnswerView(preset=name, answer=answer_of(verdict), reason=verdict.reason)
            for name, verdict in one.verdicts.items()
        ],
    )


def _dearest_first(one: JudgedInstance) -> tuple[bool, Decimal, str]:
    money = one.monthly_cost
    return (money is None, -money.amount if money else Decimal(0), one.instance.arn)
