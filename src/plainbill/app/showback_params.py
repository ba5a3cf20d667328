"""What showback may be asked, and what a request means."""

from __future__ import annotations

import csv
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Literal

from pydantic import Field

from plainbill.analyzer.showback import Rule
from plainbill.app.cost_params import GroupBy
from plainbill.app.params import CostParams
from plainbill.app.problems import ParameterError
from plainbill.app.queries import CostQuery, one_of

Words = tuple[str, ...]
_LONGEST = 2000
_WHOLE = Decimal(100)
_PERCENTS = "owners with percentages that sum to 100, such as web:60,data:40"
OWNERS = (GroupBy.TAG, GroupBy.COST_CATEGORY, GroupBy.ACCOUNT)


class ShowbackParams(CostParams):
    """Who owes what, and what a unit costs."""

    by: Literal["tag", "cost_category", "account"] | None = Field(
        default=None,
        description="Who an owner is: a value of the tag or of the cost category, or an account; without it "
        "the first of them that is stored.",
    )
    shared: str | None = Field(
        default=None,
        max_length=_LONGEST,
        description="Owners whose costs are shared by the others, separated by commas; one with a comma in "
        "its name stands in double quotes.",
        examples=["shared"],
    )
    untagged: Literal["own", "shared"] = Field(
        default="own", description="Whether costs without an owner are a row of their own or shared by all."
    )
    types: str | None = Field(
        default=None,
        max_length=_LONGEST,
        description="Record types (Tax, Support ...) that are shared, separated by commas; only where owners "
        "are accounts, for of tags AWS is not asked by record type.",
        examples=["Tax,Support"],
    )
    rule: Rule = Field(
        default=Rule.PROPORTIONAL,
        description="How what is shared is spread: in proportion to what each owner costs itself, evenly, by "
        "the percentages of `fixed`, or not at all.",
    )
    fixed: str | None = Field(
        default=None,
        max_length=_LONGEST,
        description="For the rule `fixed`: " + _PERCENTS + ".",
        examples=["web:60,data:40"],
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


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowbackQuery:
    """A question: ``by`` is who an owner is, the rest how shared costs are spread over them."""

    costs: CostQuery
    by: GroupBy
    shared: Words
    is_untagged_shared: bool
    types: Words
    rule: Rule
    fixed: tuple[tuple[str, Decimal], ...]
    unit: str | None
    is_monthly: bool
    is_charged: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Nameable:
    """What a question may name: None where nothing is known yet."""

    owners: Collection[str] | None
    record_types: Collection[str]
    units: Collection[str]


def showback_query(params: ShowbackParams, costs: CostQuery, by: GroupBy, known: Nameable) -> ShowbackQuery:
    """Return what the parameters mean; raises ``ParameterError``."""
    shared, types = _words("shared", params.shared), _words("types", params.types)
    for name in shared:
        one_of("shared", name, known.owners)
    if types and by is not GroupBy.ACCOUNT:
        raise ParameterError(
            "types",
            params.types,
            "nothing unless owners are accounts: AWS is asked for two things at a time, and of a tag or cost "
            "category that is the account",
        )
    for name in types:
        one_of("types", name, known.record_types or None)
    if params.unit is not None and params.unit not in known.units:
        allowed = ", ".join(known.units) or "none yet: `plainbill units --import` stores some"
        raise ParameterError("unit", params.unit, allowed)
    fixed = _percents(params.fixed, shared, known) if params.rule is Rule.FIXED else {}
    return ShowbackQuery(
        costs=costs,
        by=by,
        shared=shared,
        is_untagged_shared=params.untagged == "shared",
        types=types,
        rule=params.rule,
        fixed=tuple(fixed.items()),
        unit=params.unit or next(iter(known.units), None),
        is_monthly=params.granularity == "monthly",
        is_charged=params.divided == "charged",
    )


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
    return percent if percent.is_finite() and 0 <= percent <= _WHOLE else None
