"""What showback may be asked, and what a request means."""

from __future__ import annotations

import csv
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Literal

from pydantic import Field

from plainbill.app.cost_params import NAMED_PATTERN, GroupBy
from plainbill.app.forms import Who
from plainbill.app.params import CostParams, Params
from plainbill.app.policies import PolicyName
from plainbill.app.problems import ParameterError
from plainbill.app.queries import CostQuery, one_of
from plainbill.model.cost import AnyTable
from plainbill.model.cost_rule import CostRule, Spread

Words = tuple[str, ...]
_LONGEST = 2000
_WHOLE = Decimal(100)
_PLACES = 6
"""Decimals that a percentage may have."""
_PERCENTS = "owners with percentages that sum to 100, such as web:60,data:40"
OWNERS = (GroupBy.TAG, GroupBy.COST_CATEGORY, GroupBy.ACCOUNT)
_Name = Field(description="The rule's name.", examples=["finance"])


class RuleParams(Params):
    """Who an owner is, and how shared costs are divided."""

    by: str | None = Field(
        default=None,
        pattern=f"^(account|{NAMED_PATTERN})$",
        description="Who an owner is: a value of the tag or of the cost category, or an account; without it "
        "the first of them that is stored. Where several tags or cost categories are read, `tag:team` is the "
        "one of that key or name.",
        examples=["tag", "tag:team"],
    )
    shared: str | None = Field(
        default=None,
        max_length=_LONGEST,
        description="Owners whose costs are shared by the others, separated by commas; one with a comma in "
        "its name stands in double quotes.",
        examples=["shared"],
    )
    untagged: Literal["own", "shared"] | None = Field(
        default=None,
        description="Whether costs without an owner are a row of their own (`own`, the usual) or `shared` "
        "by all.",
    )
    types: str | None = Field(
        default=None,
        max_length=_LONGEST,
        description="Record types (Tax, Support ...) that are shared, separated by commas; only where owners "
        "are accounts, for of tags AWS is not asked by record type.",
        examples=["Tax,Support"],
    )
    rule: Spread | None = Field(
        default=None,
        description="How what is shared is spread: in proportion to what each owner costs itself (the "
        "usual), evenly, by the percentages of `fixed`, or not at all.",
    )
    fixed: str | None = Field(
        default=None,
        max_length=_LONGEST,
        description="For the rule `fixed`: " + _PERCENTS + ".",
        examples=["web:60,data:40"],
    )

    def says_anything(self) -> bool:
        """Say whether any part of a rule is given: then all of it is, what is left out as usual."""
        return any(getattr(self, name) is not None for name in RuleParams.model_fields)

    def says(self, rule: CostRule) -> bool:
        """Say whether just this rule is given, in the words in which a page gives it."""
        return all((getattr(self, name) or "") == words for name, words in as_parameters(rule).items())


class ShowbackParams(RuleParams, CostParams):
    """Who owes what, and what a unit costs."""

    saved: PolicyName | None = Field(
        default=None,
        description="The saved rule to go by. Without it, and without any part of a rule, it is the saved "
        "rule that is the usual one, if any. Beside another rule the other one holds.",
        examples=["finance"],
    )
    unit: str | None = Field(
        default=None,
        max_length=60,
        description="The units that costs are divided by, as they were named; without it the first.",
        examples=["customers"],
    )
    divided: Literal["own", "charged"] = Field(
        default="own",
        description="What is divided of each owner: its own costs, or what it is charged with its share.",
    )
    granularity: Literal["daily", "monthly"] = Field(
        default="daily", description="Whether unit costs are shown of days or of calendar months."
    )


class SaveRuleParams(RuleParams):
    """A rule to be kept under a name, in place of the one of that name."""

    name: PolicyName = _Name
    usual: bool = Field(
        default=False, description="Whether it is used wherever no other rule is asked for; one rule can be."
    )
    who: Who = Field(description="Who saves it.", examples=["kim"])


class RemoveRuleParams(Params):
    """Which saved rule is removed, and by whom."""

    name: PolicyName = _Name
    who: Who = Field(description="Who does it.", examples=["kim"])


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowbackQuery:
    """A question: ``by`` is who an owner is, ``rule`` how shared costs are divided.

    ``table`` holds what each owner costs. ``saved`` is the saved rule that it is, None where it is none.
    ``missing`` says, in sentences, what that rule names and nothing stored has; ``rule`` is without it.
    """

    costs: CostQuery
    by: GroupBy
    rule: CostRule
    table: AnyTable
    unit: str | None
    is_monthly: bool
    is_charged: bool = False
    saved: str | None = None
    missing: Words = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Nameable:
    """What a question may name: None where nothing is known yet."""

    owners: Collection[str] | None
    record_types: Collection[str]


def rule_of(params: RuleParams, by: str, known: Nameable) -> CostRule:
    """Return the rule that the parameters say; ``by`` is who an owner is, such as ``tag:team``.

    Raises ``ParameterError`` for what cannot be meant or is not stored.
    """
    shared = _words("shared", params.shared)
    for name in shared:
        one_of("shared", name, known.owners)
    types = _words("types", params.types)
    if types and by != GroupBy.ACCOUNT:
        raise ParameterError(
            "types",
            params.types,
            "nothing unless owners are accounts: AWS is asked for two things at a time, and of a tag or cost "
            "category that is the account",
        )
    for name in types:
        one_of("types", name, known.record_types or None)
    spread = params.rule or Spread.PROPORTIONAL
    return CostRule(
        by=by,
        shared=shared,
        is_untagged_shared=params.untagged == "shared",
        types=types,
        spread=spread,
        fixed=tuple(_percents(params.fixed, shared, known).items()) if spread is Spread.FIXED else (),
    )


def unit_of(params: ShowbackParams, known: Collection[str]) -> str | None:
    """Return the units to divide by; raises ``ParameterError`` for what nobody counted."""
    if params.unit is not None and params.unit not in known:
        allowed = ", ".join(known) or "none yet: `plainbill units --import` stores some"
        raise ParameterError("unit", params.unit, allowed)
    return params.unit or next(iter(known), None)


def as_parameters(rule: CostRule) -> dict[str, str]:
    """Return the whole rule as the parameters have it; what says nothing is empty."""
    return {
        "by": rule.by,
        "shared": as_words(rule.shared),
        "untagged": "shared" if rule.is_untagged_shared else "own",
        "types": as_words(rule.types),
        "rule": rule.spread.value,
        "fixed": as_words([f"{owner}:{percent.normalize():f}" for owner, percent in rule.fixed]),
    }


def as_words(names: Collection[str]) -> str:
    """Write names as the parameters have them."""
    return ",".join(f'"{name.replace(chr(34), 2 * chr(34))}"' if _is_odd(name) else name for name in names)


def _is_odd(name: str) -> bool:
    return any(mark in name for mark in ',"') or name != name.strip()


def _words(parameter: str, text: str | None) -> Words:
    try:
        rows = list(csv.reader([text or ""], skipinitialspace=True, strict=True))
    except csv.Error:
        raise ParameterError(
            parameter, text, 'names separated by commas, odd ones in "double quotes"'
        ) from None
    return tuple(dict.fromkeys(word for row in rows for word in row if word))


def _percents(text: str | None, shared: Collection[str], known: Nameable) -> Mapping[str, Decimal]:
    percents: dict[str, Decimal] = {}
    for word in _words("fixed", text):
        owner, colon, number = word.rpartition(":")
        percent = _percent(number)
        if not colon or percent is None or owner in percents:
            raise ParameterError("fixed", word, _PERCENTS)
        if owner in shared:
            raise ParameterError("fixed", owner, "an owner that is not among the shared ones")
        one_of("fixed", owner, known.owners)
        percents[owner] = percent
    if sum(percents.values(), Decimal(0)) != _WHOLE:
        raise ParameterError("fixed", text, _PERCENTS)
    return percents


def _percent(text: str) -> Decimal | None:
    try:
        percent = Decimal(text.strip().removesuffix("%"))
    except InvalidOperation:
        return None
    is_short = percent.is_finite() and int(percent.as_tuple().exponent) >= -_PLACES
    return percent if is_short and 0 <= percent <= _WHOLE else None
