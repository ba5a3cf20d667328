"""One piece of AWS's advice against what we said of the same resource: who says what, and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from plainbill.analyzer.aws_advice import PURCHASES, direction
from plainbill.analyzer.own_verdicts import Judged, reason_of
from plainbill.model.findings import Action, Unknown
from plainbill.model.money import Money
from plainbill.model.resources.recommendation import AwsRecommendation

MOST_APART = Decimal("0.25")
"""Up to this share of the larger one, two estimates of a saving count as the same."""
LEAST_APART = Decimal(1)
"""So much of the currency apart is never worth a word."""


class Stance(StrEnum):
    """How AWS and we stand to each other on one resource."""

    AGREE = "agree"
    DISAGREE = "disagree"
    ONLY_THEIRS = "only theirs"
    ONLY_OURS = "only ours"


class Because(StrEnum):
    """The reason for a stance, in one word to sort by; the sentence is beside it."""

    SAME_ACTION = "same action"
    OTHER_MONEY = "same action, other money"
    OTHER_ACTION = "other action"
    CLEARED = "our checks clear it"
    AWS_CLEARED = "AWS clears it"
    COULD_NOT_TELL = "our checks could not tell"
    PURCHASE = "a purchase"
    UNKNOWN_ACTION = "an action that we do not know"
    NO_CHECK = "no check of ours"
    NOT_READ = "not read"
    NOT_FOUND = "not found"
    AWS_SILENT = "AWS says nothing of it"
    AWS_HAS_NONE = "AWS has no advice on the kind"


@dataclass(frozen=True, slots=True)
class Said:
    """What comes of a comparison; ``ours`` is the verdict of ours that it was made with."""

    stance: Stance
    because: Because
    why: str
    ours: Judged | None = None


def without_us(advice: AwsRecommendation) -> Said | None:
    """Say of advice that no verdict on a resource can match why that is so; None of all other."""
    if advice.action is None:
        why = f"Plainbill does not know what AWS means by {advice.action_type}."
        return Said(Stance.ONLY_THEIRS, Because.UNKNOWN_ACTION, why)
    if advice.action in PURCHASES:
        why = "It is a commitment to buy; Plainbill's checks judge what is there."
        return Said(Stance.ONLY_THEIRS, Because.PURCHASE, why)
    return None


def compare(
    advice: AwsRecommendation, action: Action, waste: Sequence[Judged], cleared: Sequence[Judged]
) -> Said:
    """Hold advice to do ``action`` against our verdicts on the same resource.

    ``waste`` are those that call it waste, ``cleared`` those that say it is well or that they cannot tell.
    """
    same = [one for one in waste if direction(one.action) == direction(action)]
    if same:
        return _on_money(advice, action, best(same, advice.subject_arn))
    asked = [one for one in cleared if direction(one.action) == direction(action)]
    if waste:
        return _other_action(advice, action, best(waste, advice.subject_arn), asked)
    undecided = [one for one in asked if isinstance(one.verdict, Unknown)]
    if undecided:
        why = f"AWS would {direction(action)}; we could not tell. {_reasons(undecided)}"
        return Said(Stance.DISAGREE, Because.COULD_NOT_TELL, why, undecided[0])
    if asked:
        why = f"AWS would {direction(action)}; we would not. {_reasons(asked)}"
        return Said(Stance.DISAGREE, Because.CLEARED, why, asked[0])
    why = f"Plainbill has no check that would {direction(action)}."
    return Said(Stance.ONLY_THEIRS, Because.NO_CHECK, why)


def best(several: Iterable[Judged], arn: str | None) -> Judged:
    """Return the verdict that saves most on the thing, one on the thing itself before one on others."""

    def rank(one: Judged) -> tuple[bool, bool, Decimal]:
        saving = one.saving_on(arn or one.resource.arn)
        return (one.resource.arn == arn, saving is not None, saving.amount if saving else Decimal(0))

    return max(several, key=rank)


def are_apart(one: Money, other: Money) -> bool:
    """Say whether two estimates in one currency differ by so much that it must be said."""
    gap = abs((one - other).amount)
    return gap > max(MOST_APART * max(abs(one.amount), abs(other.amount)), LEAST_APART)


def _on_money(advice: AwsRecommendation, action: Action, ours: Judged) -> Said:
    theirs, own = advice.saving, ours.saving_on(advice.subject_arn or ours.resource.arn)
    both = f"Both would {direction(action)}"
    if theirs is None or own is None or theirs.currency != own.currency:
        why = f"{both}. AWS estimates {_money(theirs)}, we {_money(own)}: not to be compared."
        return Said(Stance.AGREE, Because.SAME_ACTION, why, ours)
    if not are_apart(theirs, own):
        why = f"{both}. AWS estimates {_money(theirs)}, we {_money(own)}."
        return Said(Stance.AGREE, Because.SAME_ACTION, why, ours)
    why = (
        f"{both}, but AWS estimates {_money(theirs)} and we {_money(own)}. AWS may take off your discounts "
        "and counts only the hours that ran; ours is the list price of a whole month."
    )
    return Said(Stance.DISAGREE, Because.OTHER_MONEY, why, ours)


def _other_action(advice: AwsRecommendation, action: Action, ours: Judged, asked: Sequence[Judged]) -> Said:
    """``asked`` are our verdicts on what AWS would do; they say why we would not."""
    own = ours.saving_on(advice.subject_arn or ours.resource.arn)
    why = (
        f"AWS would {direction(action)} ({_money(advice.saving)}); we would {direction(ours.action)} "
        f"({_money(own)}). {_reasons([ours, *asked])}"
    )
    return Said(Stance.DISAGREE, Because.OTHER_ACTION, why, ours)


def _reasons(several: Iterable[Judged]) -> str:
    """Return verdicts as sentences; the reasons of waste already end with a stop."""
    return " ".join(f"{reason_of(one).rstrip('.')}." for one in several)


def _money(amount: Money | None) -> str:
    if amount is None:
        return "an amount that is not known"
    rounded = amount.rounded()
    return f"{rounded.amount:,.2f} {rounded.currency} a month"
