"""Our findings beside AWS's own advice: where both agree, where they do not and why, and what only one says.

AWS's amounts stand beside ours and are added to nothing: both are estimates of the same dollars.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from plainbill.analyzer.aws_advice import RULES, direction
from plainbill.analyzer.aws_measured import assessment, measured, outside_window
from plainbill.analyzer.comparison import Because, Said, Stance, best, compare, without_us
from plainbill.analyzer.engine import Report
from plainbill.analyzer.own_verdicts import Judged, by_arn, of_checks, of_findings
from plainbill.analyzer.registry import Check
from plainbill.analyzer.subjects import Subjects
from plainbill.analyzer.voices import Voices, able_to_speak, all_advice, asked_of, assessments, in_unison
from plainbill.analyzer.waste_check import Context
from plainbill.model.findings import Action
from plainbill.model.inventory import Gap
from plainbill.model.money import Money
from plainbill.model.resources import Resource
from plainbill.model.resources.aws_advice import (
    ADVICE,
    SPEAKERS,
    ComputeOptimizerRecommendation,
    TrustedAdvisorRecommendation,
)
from plainbill.model.resources.recommendation import AwsRecommendation

_SMALLER = direction(Action.RIGHTSIZE)
_SIZED_RIGHT = frozenset({"Optimized", "Underprovisioned"})
_BY_CHECKS = TrustedAdvisorRecommendation


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """AWS's word and ours on one resource.

    ``ours`` is the verdict that is compared, ``others`` what else of ours calls it waste. ``resource`` is
    None where we did not read it, ``advice`` where AWS says nothing; ``also`` are further voices of AWS that
    say the same. ``why`` is one or more sentences.
    """

    stance: Stance
    because: Because
    why: str
    resource: Resource | None = None
    ours: Judged | None = None
    others: tuple[Judged, ...] = ()
    advice: AwsRecommendation | None = None
    also: tuple[AwsRecommendation, ...] = ()

    @property
    def speakers(self) -> tuple[str, ...]:
        """Which of AWS's services say it; none where AWS says nothing."""
        voices = () if self.advice is None else (self.advice, *self.also)
        return tuple(dict.fromkeys(SPEAKERS[type(one)] for one in voices))

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


def second_opinions(report: Report, context: Context, checks: Iterable[Check]) -> SecondOpinions:
    """Hold what we found against what AWS recommends, as far as the inventory of ``context`` has it.

    ``report`` is what ``checks`` said of ``context``.
    """
    known = tuple(checks)
    places = {(account_id, region) for _, account_id, region in report.tallies}
    subjects, advice = Subjects(context, places, known), all_advice(context.inventory)
    table = _Table(
        context=context,
        checks=known,
        subjects=subjects,
        left_alone=assessments(advice, subjects),
        waste=by_arn(of_findings(report)),
    )
    theirs = [table.on_advice(one) for one in in_unison(advice, subjects)]
    alone = table.unmentioned(theirs)
    asked = {arn: asked_of(some[0].resource, context.inventory) for arn, some in alone.items()}
    ours = [table.on_ours(some, asked[arn]) for arn, some in alone.items() if asked[arn]]
    sources = {kind.source for kind in ADVICE}
    return SecondOpinions(
        opinions=sorted((*theirs, *ours), key=_in_order),
        unasked=[one for arn, some in alone.items() if not asked[arn] for one in some],
        gaps=[gap for gap in context.inventory.gaps if gap.source in sources],
    )


@dataclass(frozen=True, kw_only=True)
class _Table:
    """All that we said, laid out to be held against advice; verdicts are by ARN."""

    context: Context
    checks: tuple[Check, ...]
    subjects: Subjects
    left_alone: Mapping[str, ComputeOptimizerRecommendation]
    waste: Mapping[str, Sequence[Judged]]

    def on_advice(self, voices: Voices) -> Opinion:
        """Return the opinion on what one piece of advice is about."""
        advice = voices.lead
        resources = self.subjects.of(advice)
        first = resources[0] if resources else None
        arns = dict.fromkeys([*(one.arn for one in resources), *filter(None, [advice.subject_arn])])
        waste = list({id(one): one for arn in arns for one in self.waste.get(arn, ())}.values())
        said = without_us(advice) or self._compared(advice, resources, waste)
        others = tuple(one for one in waste if one is not said.ours)
        told = (said.why, *self._why(voices, said, first))
        return Opinion(
            stance=said.stance,
            because=said.because,
            why=" ".join(filter(None, told)),
            resource=first,
            ours=said.ours,
            others=others,
            advice=advice,
            also=voices.also,
        )

    def _why(self, voices: Voices, said: Said, resource: Resource | None) -> Iterator[str]:
        """Yield what AWS measured, and what it could not see in the days that it looked at."""
        yield from dict.fromkeys(measured(one) for one in voices.looking)
        if resource is not None and said.stance is Stance.DISAGREE:
            yield next(filter(None, (outside_window(one, resource, self.context) for one in voices.all)), "")

    def _compared(
        self, advice: AwsRecommendation, resources: Sequence[Resource], waste: Sequence[Judged]
    ) -> Said:
        action = Action(advice.action_type)
        if not resources and not waste:
            return self.subjects.absence(advice)
        cleared = [one for each in resources for one in of_checks(self.checks, each, self.context)]
        return compare(advice, action, waste, cleared)

    def unmentioned(self, opinions: Iterable[Opinion]) -> Mapping[str, Sequence[Judged]]:
        """Return what we call waste and no opinion speaks of, by the ARN of the resource."""
        mentioned = {id(one) for opinion in opinions for one in (opinion.ours, *opinion.others)}
        found: dict[str, list[Judged]] = {}
        for arn, several in self.waste.items():
            for one in several:
                if one.resource.arn == arn and id(one) not in mentioned:
                    found.setdefault(arn, []).append(one)
        return found

    def on_ours(self, several: Sequence[Judged], asked: Sequence[type[AwsRecommendation]]) -> Opinion:
        """Return the opinion on what we call waste and AWS recommends nothing for."""
        ours = best(several, several[0].resource.arn)
        said = _alone(ours, asked, self.left_alone.get(ours.resource.arn))
        return Opinion(
            stance=said.stance,
            because=said.because,
            why=said.why,
            resource=ours.resource,
            ours=ours,
            others=tuple(one for one in several if one is not ours),
        )


def _alone(
    ours: Judged, asked: Sequence[type[AwsRecommendation]], left: ComputeOptimizerRecommendation | None
) -> Said:
    """Say why only we call it waste; ``left`` is what AWS measured where it would leave it as it is."""
    source = ours.resource.source
    able = able_to_speak(ours.resource, asked)
    if not able:
        names = " and ".join(SPEAKERS[kind] for kind in asked)
        has = "has" if len(asked) == 1 else "have"
        why = f"{names} {has} no advice on this kind of resource."
        return Said(Stance.ONLY_OURS, Because.AWS_HAS_NONE, why, ours)
    if left is not None and left.finding in _SIZED_RIGHT and direction(ours.action) == _SMALLER:
        why = f"We would {_SMALLER}; AWS would not. {assessment(left)}"
        return Said(Stance.DISAGREE, Because.AWS_CLEARED, why, ours)
    is_end = direction(ours.action) == direction(Action.DELETE)
    rule = f" It calls idle: {RULES[source]}." if is_end and source in RULES else ""
    seen = f" {assessment(left)}" if left is not None else ""
    unasked = "" if len(able) > 1 or able != [_BY_CHECKS] else f" Only {SPEAKERS[_BY_CHECKS]} could be asked."
    why = f"AWS recommends nothing for it, and does not say why.{rule}{seen}{unasked}"
    return Said(Stance.ONLY_OURS, Because.AWS_SILENT, why, ours)


def _in_order(opinion: Opinion) -> tuple[int, Decimal, str, str]:
    """Sort by stance, then the dearest first by the larger of both estimates."""
    amounts = [money.amount for money in (opinion.our_saving, opinion.their_saving) if money]
    action = opinion.advice.action_type if opinion.advice else ""
    return (list(Stance).index(opinion.stance), -max(amounts, default=Decimal(0)), opinion.arn or "", action)
