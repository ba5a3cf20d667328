"""Rules for shared costs in words, and what becomes of a saved one whose names are gone."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from plainbill.analyzer.wording import grouping_words
from plainbill.model.cost_rule import CostRule, CostRuleChange, SavedCostRule, Spread

HOW = {
    Spread.PROPORTIONAL: "in proportion to own costs",
    Spread.EVEN: "evenly over the owners",
    Spread.FIXED: "by fixed percentages",
    Spread.NONE: "over nobody, and stay where they are",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CostRuleView:
    """A saved rule: its parameters are those of `/api/showback`, `words` say it in a sentence.

    `is_usual` is the one that is used where no other is asked for.
    """

    name: str
    words: str
    by: str
    shared: Sequence[str]
    is_untagged_shared: bool
    types: Sequence[str]
    rule: str
    fixed: dict[str, Decimal]
    is_usual: bool
    who: str
    saved_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CostRuleChangeView:
    """What somebody did with a saved rule; `words` null where it was removed."""

    at: datetime
    name: str
    words: str | None
    is_usual: bool
    who: str


def rule_view(saved: SavedCostRule) -> CostRuleView:
    """Return a saved rule for the page and the API."""
    rule = saved.rule
    return CostRuleView(
        name=saved.name,
        words=rule_words(rule),
        by=rule.by,
        shared=rule.shared,
        is_untagged_shared=rule.is_untagged_shared,
        types=rule.types,
        rule=rule.spread.value,
        fixed=dict(rule.fixed),
        is_usual=saved.is_usual,
        who=saved.who,
        saved_at=saved.saved_at,
    )


def rule_change_view(change: CostRuleChange) -> CostRuleChangeView:
    """Return a change for the page and the API."""
    return CostRuleChangeView(
        at=change.at,
        name=change.name,
        words=None if change.rule is None else rule_words(change.rule),
        is_usual=change.is_usual,
        who=change.who,
    )


def rule_words(rule: CostRule) -> str:
    """Say a rule in a sentence."""
    what = [
        *([f"the costs of {_listed(rule.shared)}"] if rule.shared else []),
        *([f"those of the record types {_listed(rule.types)}"] if rule.types else []),
        *(["those of no owner"] if rule.is_untagged_shared else []),
    ]
    by = f"Owners by {grouping_words(rule.by)}"
    if not what:
        return f"{by}; nothing is shared."
    what[0] = what[0].replace("those", "the costs", 1)
    return f"{by}; {_listed(what)} are shared, and spread {_how(rule)}."


def _how(rule: CostRule) -> str:
    percents = [f"{owner} {percent.normalize():f} %" for owner, percent in rule.fixed]
    return f"{HOW[rule.spread]}: {_listed(percents)}" if percents else HOW[rule.spread]


def without_missing(
    saved: SavedCostRule, owners: Collection[str] | None, record_types: Collection[str]
) -> tuple[CostRule, Sequence[str]]:
    """Return a saved rule without what nothing stored has any more, and what that means, in sentences.

    Where nothing is known yet, ``owners`` is None and the rule stays whole.
    """
    rule, said = saved.rule, f"the saved rule {saved.name}"
    notes: list[str] = []
    if owners is not None:
        gone = [name for name in rule.shared if name not in owners]
        notes += [
            f"{name} is shared by {said}, but owns no cost that is stored: nothing of it is spread, and the "
            "rest of the rule holds."
            for name in gone
        ]
        notes += [
            f"{owner} bears {percent.normalize():f} % by {said}, but owns no cost that is stored: "
            f"{_borne_by(rule, owners)}."
            for owner, percent in rule.fixed
            if owner not in owners
        ]
        rule = replace(
            rule,
            shared=tuple(name for name in rule.shared if name in owners),
            fixed=tuple((owner, percent) for owner, percent in rule.fixed if owner in owners),
        )
    if record_types:
        notes += [
            f"{name} is a record type that {said} shares, but no cost that is stored is of it: nothing of it "
            "is spread."
            for name in rule.types
            if name not in record_types
        ]
        rule = replace(rule, types=tuple(name for name in rule.types if name in record_types))
    return rule, notes


def _borne_by(rule: CostRule, owners: Collection[str]) -> str:
    left = [owner for owner, percent in rule.fixed if owner in owners and percent]
    if not left:
        return "nobody with a percentage is left, so what is shared stays where it is"
    return f"its part is borne by {_listed(left)}, in proportion to their percentages"


def _listed(names: Sequence[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last
