"""Our findings beside AWS's own advice: where both agree, where they do not and why, and what only one says.

AWS's amounts stand beside ours and are added to nothing: both are estimates of the same dollars.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from plainbill.analyzer.aws_advice import RULES, SOURCES, direction
from plainbill.analyzer.comparison import Because, Said, Stance, best, compare, is_waste, without_us
from plainbill.analyzer.engine import Report
from plainbill.analyzer.own_verdicts import Judged, by_arn, of_checks, of_findings
from plainbill.analyzer.registry import Check
from plainbill.analyzer.subjects import Subjects
from plainbill.analyzer.waste_check import Context
from plainbill.model.findings import Action
from plainbill.model.inventory import Gap
from plainbill.model.money import Money
from plainbill.model.resources import Resource
from plainbill.model.resources.recommendation import AwsRecommendation


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """AWS's word and ours on one resource.

    ``ours`` is the verdict that is compared, ``others`` what else of ours calls it waste. ``resource`` is
    None where we did not read it, ``advice`` where AWS says nothing. ``why`` is one or more sentences.
    """

    stance: Stance
    because: Because
    why: str
    resource: Resource | None = None
    ours: Judged | None = None
    others: tuple[Judged, ...] = ()
    advice: AwsRecommendation | None = None

    @property
    def arn(self) -> str | None:
        """The ARN of the resource; None for a purchase."""
        if self.advice is not None:
            return self.advice.subject_arn or (self.resource.arn if self.resource else None)
        return self.resource.arn if self.resource else None

    @property
    def our_saving(self) -> Money | None:
        """What our verdict would save a month at list price; None where there is none or it is not known."""
        if self.ours is None:
            return None
        return self.ours.saving_on(self.arn or self.ours.resource.arn)

    @property
    def their_saving(self) -> Money | None:
        """What AWS estimates; None where it says nothing, or no amount."""
        return self.advice.saving if self.advice else None


@dataclass(frozen=True, kw_only=True)
class SecondOpinions:
    """Everything that AWS or we say, one opinion a resource and piece of advice.

    ``unasked`` is what we call waste where AWS's advice could not be read, for the reasons in ``gaps``, or
    was not asked for: on it there is no second opinion, which is not the same as AWS saying nothing.
    """

    opinions: Sequence[Opinion]
    unasked: Sequence[Judged] = ()
    gaps: Sequence[Gap] = field(default=())

    @property
    def counts(self) -> Mapping[Stance, int]:
        """How many opinions of each stance."""
        return {stance: len(self.of(stance)) for stance in Stance}

    def of(self, stance: Stance) -> Sequence[Opinion]:
        """Return the opinions of one stance, the dearest first."""
        return [one for one in self.opinions if one.stance is stance]


def second_opinions(
    report: Report,
    recommendations: Sequence[AwsRecommendation] | None,
    context: Context,
    checks: Iterable[Check],
    also: Iterable[Judged] = (),
) -> SecondOpinions:
    """Hold what we found against what AWS recommends.

    ``report`` is what ``checks`` said of ``context``. ``recommendations`` is None where they were not asked
    for. ``also`` are verdicts of rules that are no checks, such as ``own_verdicts.of_idle``.
    """
    further, known = list(also), tuple(checks)
    places = {(account_id, region) for _, account_id, region in report.tallies}
    table = _Table(
        context=context,
        checks=known,
        subjects=Subjects(context, places, known),
        waste=by_arn([*of_findings(report), *filter(is_waste, further)]),
        cleared=by_arn(one for one in further if not is_waste(one)),
    )
    theirs = [table.on_advice(one) for one in recommendations or ()]
    alone = table.unmentioned(theirs)
    was_asked = {arn: recommendations is not None and table.is_asked(some[0]) for arn, some in alone.items()}
    ours = [_only_ours(some) for arn, some in alone.items() if was_asked[arn]]
    return SecondOpinions(
        opinions=sorted((*theirs, *ours), key=_in_order),
        unasked=[one for arn, some in alone.items() if not was_asked[arn] for one in some],
        gaps=[gap for gap in context.inventory.gaps if gap.source == AwsRecommendation.source],
    )


@dataclass(frozen=True, kw_only=True)
class _Table:
    """All that we said, laid out to be held against advice; verdicts are by ARN."""

    context: Context
    checks: tuple[Check, ...]
    subjects: Subjects
    waste: Mapping[str, Sequence[Judged]]
    cleared: Mapping[str, Sequence[Judged]]

    def on_advice(self, advice: AwsRecommendation) -> Opinion:
        """Return the opinion on what one piece of advice is about."""
        resources = self.subjects.of(advice)
        first = resources[0] if resources else None
        arns = dict.fromkeys([*(one.arn for one in resources), *filter(None, [advice.subject_arn])])
        waste = list({id(one): one for arn in arns for one in self.waste.get(arn, ())}.values())
        said = without_us(advice) or self._compared(advice, resources, waste)
        others = tuple(one for one in waste if one is not said.ours)
        return _opinion(said, first, others, advice)

    def _compared(
        self, advice: AwsRecommendation, resources: Sequence[Resource], waste: Sequence[Judged]
    ) -> Said:
        action = Action(advice.action_type)
        if not resources and not waste:
            return self.subjects.absence(advice)
        cleared = [one for resource in resources for one in self._cleared(resource)]
        return compare(advice, action, waste, cleared)

    def _cleared(self, resource: Resource) -> Iterator[Judged]:
        yield from self.cleared.get(resource.arn, ())
        yield from of_checks(self.checks, resource, self.context)

    def unmentioned(self, opinions: Iterable[Opinion]) -> Mapping[str, Sequence[Judged]]:
        """Return what we call waste and no opinion speaks of, by the ARN of the resource."""
        mentioned = {id(one) for opinion in opinions for one in (opinion.ours, *opinion.others)}
        found: dict[str, list[Judged]] = {}
        for arn, several in self.waste.items():
            for one in several:
                if one.resource.arn == arn and id(one) not in mentioned:
                    found.setdefault(arn, []).append(one)
        return found

    def is_asked(self, judged: Judged) -> bool:
        """Say whether AWS's advice on the account of a verdict was read."""
        place = (judged.resource.account_id, judged.resource.region)
        return self.context.inventory.gap(AwsRecommendation, *place) is None


def _only_ours(several: Sequence[Judged]) -> Opinion:
    ours = best(several, several[0].resource.arn)
    source = ours.resource.source
    others = tuple(one for one in several if one is not ours)
    if source not in SOURCES.values():
        why = "Cost Optimization Hub has no advice on this kind of resource."
        said = Said(Stance.ONLY_OURS, Because.AWS_HAS_NONE, why, ours)
    else:
        is_end = direction(ours.action) == direction(Action.DELETE)
        rule = f" It calls idle: {RULES[source]}." if is_end and source in RULES else ""
        why = f"AWS recommends nothing for it, and does not say why.{rule}"
        said = Said(Stance.ONLY_OURS, Because.AWS_SILENT, why, ours)
    return _opinion(said, ours.resource, others, None)


def _opinion(
    said: Said, resource: Resource | None, others: tuple[Judged, ...], advice: AwsRecommendation | None
) -> Opinion:
    return Opinion(
        stance=said.stance,
        because=said.because,
        why=said.why,
        resource=resource,
        ours=said.ours,
        others=others,
        advice=advice,
    )


def _in_order(opinion: Opinion) -> tuple[int, Decimal, str, str]:
    """Sort by stance, then the dearest first by the larger of both estimates."""
    amounts = [money.amount for money in (opinion.our_saving, opinion.their_saving) if money]
    action = opinion.advice.action_type if opinion.advice else ""
    return (list(Stance).index(opinion.stance), -max(amounts, default=Decimal(0)), opinion.arn or "", action)
