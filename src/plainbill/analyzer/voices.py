"""AWS's several voices on one thing, brought together: Cost Optimization Hub repeats Compute Optimizer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from plainbill.analyzer.aws_advice import COVERED, PURCHASES, direction
from plainbill.analyzer.aws_measured import is_left_alone
from plainbill.analyzer.subjects import Subjects
from plainbill.analyzer.waste_check import Inventory
from plainbill.model.resources import Resource
from plainbill.model.resources.aws_advice import ADVICE, ComputeOptimizerRecommendation
from plainbill.model.resources.recommendation import AwsRecommendation


@dataclass(frozen=True, slots=True)
class Voices:
    """One piece of advice by the voice that speaks for the others, and the others that say the same."""

    lead: AwsRecommendation
    also: tuple[AwsRecommendation, ...] = ()

    @property
    def all(self) -> tuple[AwsRecommendation, ...]:
        """Every voice, the leading one first."""
        return (self.lead, *self.also)

    @property
    def looking(self) -> tuple[AwsRecommendation, ...]:
        """Those that looked for themselves: the Hub repeats Compute Optimizer, where that speaks too."""
        sources = tuple(one for one in self.also if isinstance(one, ComputeOptimizerRecommendation))
        return self.also if sources and type(self.lead) is AwsRecommendation else self.all


def all_advice(inventory: Inventory) -> list[AwsRecommendation]:
    """Return all that AWS says, of every voice that was read."""
    found = (one for kind in ADVICE for one in inventory.resources.get(kind, ()))
    return [one for one in found if isinstance(one, AwsRecommendation)]


def in_unison(advice: Iterable[AwsRecommendation], subjects: Subjects) -> list[Voices]:
    """Bring together what would do the same with the same thing, whoever of AWS says it.

    The Hub leads, for its saving is after discounts and of one action a thing; then Compute Optimizer.
    """
    groups: dict[tuple[str, ...], list[AwsRecommendation]] = {}
    for one in advice:
        if not is_left_alone(one):
            groups.setdefault(_key(one, subjects), []).append(one)
    sorted_groups = (sorted(group, key=_rank) for group in groups.values())
    return [Voices(group[0], tuple(group[1:])) for group in sorted_groups]


def assessments(
    advice: Iterable[AwsRecommendation], subjects: Subjects
) -> dict[str, ComputeOptimizerRecommendation]:
    """Return what AWS looked at and would leave as it is, by the ARN of the thing."""
    found: dict[str, ComputeOptimizerRecommendation] = {}
    for one in advice:
        if isinstance(one, ComputeOptimizerRecommendation) and is_left_alone(one):
            found.setdefault(_thing(one, subjects), one)
    return found


def asked_of(resource: Resource, inventory: Inventory) -> Sequence[type[AwsRecommendation]]:
    """Return the voices whose advice on a resource's account and Region was read to the end."""
    place = (resource.account_id, resource.region)
    return [kind for kind in ADVICE if kind in inventory.resources and inventory.gap(kind, *place) is None]


def able_to_speak(
    resource: Resource, asked: Iterable[type[AwsRecommendation]]
) -> Sequence[type[AwsRecommendation]]:
    """Return those of the voices that have advice on the resource's kind at all."""
    return [kind for kind in asked if resource.source in COVERED[kind]]


def _key(advice: AwsRecommendation, subjects: Subjects) -> tuple[str, ...]:
    if advice.action is None or advice.action in PURCHASES:
        return (advice.arn,)  # nothing that another voice could mean too
    return (_thing(advice, subjects) or advice.arn, direction(advice.action))


def _thing(advice: AwsRecommendation, subjects: Subjects) -> str:
    resources = subjects.of(advice)
    return advice.subject_arn or (resources[0].arn if resources else "")


def _rank(advice: AwsRecommendation) -> int:
    return ADVICE.index(type(advice))
