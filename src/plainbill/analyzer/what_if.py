"""What one check would say with other thresholds; everything that the others said is taken as it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import Field, dataclass, replace
from functools import cached_property
from math import isfinite
from typing import Any

from plainbill.analyzer.changed_report import ChangedReport, Claims
from plainbill.analyzer.engine import Finding, Report, verdict_of
from plainbill.analyzer.isolation import attempt
from plainbill.analyzer.late import judge_late
from plainbill.analyzer.registry import Check
from plainbill.analyzer.waste_check import Context
from plainbill.errors import PlainbillError
from plainbill.model.findings import Ok, Unknown

Value = bool | int | float | str
_KINDS: Mapping[str, type[Value]] = {"bool": bool, "int": int, "float": float, "str": str}
_TRUE, _FALSE = frozenset({"true", "yes", "1"}), frozenset({"false", "no", "0"})
_MOST_DAYS = 36_500  # a century: longer than anything is stored, and dates of it can still be counted
_MOST = 10**12
_LONGEST_TEXT = 200


class SettingError(PlainbillError):
    """A threshold cannot be set so; ``allowed`` says what it can be set to."""

    def __init__(self, name: str, received: str, allowed: str) -> None:
        self.name, self.received, self.allowed = name, received, allowed
        super().__init__(f"{name} is {received!r}; allowed: {allowed}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """What a threshold may be set to; the bounds are None where a text, or yes and no, are meant.

    With ``is_open`` the lowest value itself is not allowed.
    """

    kind: type[Value]
    lowest: int | None = None
    highest: int | None = None
    is_open: bool = False

    @property
    def text(self) -> str:
        """In words, for messages and for the page."""
        if self.kind is bool:
            return "true or false"
        if self.kind is str:
            return f"a text of at most {_LONGEST_TEXT} characters"
        noun = "a whole number" if self.kind is int else "a number"
        start = f"more than {self.lowest} and" if self.is_open else f"from {self.lowest}"
        end = "at most" if self.is_open else "to"
        return f"{noun} {start} {end} {self.highest}"

    def parse(self, text: str) -> Value | None:
        """Return the value of a text; None for one that is not allowed."""
        if self.kind is str:
            return text if len(text) <= _LONGEST_TEXT else None
        if self.kind is bool:
            word = text.lower()
            return True if word in _TRUE else False if word in _FALSE else None
        number = _number(text, whole=self.kind is int)
        return number if number is not None and self._holds(number) else None

    def _holds(self, number: float) -> bool:
        if self.lowest is None or self.highest is None:
            return True
        return self.lowest <= number <= self.highest and not (self.is_open and number == self.lowest)


@dataclass(frozen=True)
class Moved:
    """A finding that goes or comes; ``check`` is the one that has no such finding.

    ``is_unknown`` says whether that one could not judge its resource.
    """

    finding: Finding
    check: Check
    context: Context
    is_unknown: bool

    @cached_property
    def instead(self) -> Ok | Unknown:
        """What is (or was) said of its resource instead, made when somebody looks."""
        said = verdict_of(self.check, self.finding.resource, self.context)
        return said if isinstance(said, Ok | Unknown) else Ok()


@dataclass(frozen=True)
class WhatIf:
    """One check as it is and as it would be: whole reports, so that every sum counts each thing once.

    ``changed`` are the findings that stay, with another saving or confidence, as they were and would be.
    """

    check: Check
    variant: Check
    context: Context
    before: Report
    after: Report

    @cached_property
    def gone(self) -> Sequence[Moved]:
        """The findings that would not be there, with what would be said instead: in order, or unknown."""
        unknown = _undecided(self.after, self.check.id)
        return [
            Moved(finding, self.variant, self.context, id(finding.resource) in unknown)
            for resource, finding in self._were.items()
            if resource not in self._would_be
        ]

    @cached_property
    def came(self) -> Sequence[Moved]:
        """The findings that would be new, with what is said of them now."""
        unknown = _undecided(self.before, self.check.id)
        return [
            Moved(finding, self.check, self.context, id(finding.resource) in unknown)
            for resource, finding in self._would_be.items()
            if resource not in self._were
        ]

    @cached_property
    def changed(self) -> Sequence[tuple[Finding, Finding]]:
        """The findings that stay with another saving or confidence."""
        pairs = [(was, self._would_be[one]) for one, was in self._were.items() if one in self._would_be]
        return [(was, would) for was, would in pairs if _worth(was) != _worth(would)]

    @cached_property
    def _were(self) -> Mapping[int, Finding]:
        return _by_resource(self.before.of_check(self.check.id))

    @cached_property
    def _would_be(self) -> Mapping[int, Finding]:
        return _by_resource(self.after.of_check(self.check.id))


def what_if(
    report: Report,
    context: Context,
    check: Check,
    settings: Mapping[str, Value],
    claims: Claims | None = None,
) -> WhatIf:
    """Judge anew by one check with other thresholds; raises ``SettingError`` as ``variant_of`` does.

    ``report`` is what all checks, this one included, said of the same context in the same places. Who asks
    often hands over the ``claims`` of the report.
    """
    variant = variant_of(check, settings)
    attempt(check.id, check.prepare, context)  # also before anything is changed: the page begins so
    if variant == check:
        return WhatIf(check, variant, context.aside(), report, report)
    aside = context.aside()
    places = {(account_id, region) for name, account_id, region in report.tallies if name == check.id}
    own = judge_late(variant, aside, places)
    after = ChangedReport(Claims(report) if claims is None else claims, check.id, own)
    return WhatIf(check, variant, aside, report, after)


def variant_of(check: Check, settings: Mapping[str, Value]) -> Check:
    """Return the check with these thresholds; raises ``SettingError`` where it refuses them together."""
    try:
        return replace(check, **settings)
    except ValueError as error:
        named = ", ".join(settings)
        raise SettingError(named, ", ".join(map(str, settings.values())), str(error)) from error


def parse_settings(check: Check, texts: Mapping[str, str]) -> dict[str, Value]:
    """Return the thresholds that texts set, by name; an empty text leaves the default.

    Raises ``SettingError`` for a name that the check does not have and for a value that is not allowed.
    """
    known = {one.name: allowed_of(one) for one in check.thresholds()}
    found: dict[str, Value] = {}
    for name, text in texts.items():
        allowed = known.get(name)
        if allowed is None:
            names = ", ".join(name for name, one in known.items() if one is not None)
            raise SettingError(name, text, f"the thresholds of {check.id}: {names or 'it has none'}")
        if not text.strip():
            continue
        value = allowed.parse(text.strip())
        if value is None:
            raise SettingError(name, text, allowed.text)
        found[name] = value
    return found


def allowed_of(threshold: Field[Any]) -> Allowed | None:
    """Return what a threshold may be set to, by its type and the sense of its name; None where it is fixed.

    Days are at least one, percents 0 to 100, a coverage or share is more than 0 and at most 1, a headroom is
    a multiple of at least 1; any other number is not negative. Bounds that the check names come first.
    """
    declared = threshold.type
    kind = _KINDS.get(declared if isinstance(declared, str) else getattr(declared, "__name__", ""))
    if kind is None or kind in {bool, str}:
        return None if kind is None else Allowed(kind=kind)
    lowest, highest = threshold.metadata.get("lowest"), threshold.metadata.get("highest")
    named = _by_name(kind, set(threshold.name.split("_")))
    return replace(
        named,
        lowest=named.lowest if lowest is None else lowest,
        highest=named.highest if highest is None else highest,
    )


def _by_name(kind: type[Value], words: set[str]) -> Allowed:
    if words & {"percent", "percentage"}:
        return Allowed(kind=kind, lowest=0, highest=100)
    if words & {"coverage", "share"}:
        return Allowed(kind=kind, lowest=0, highest=1, is_open=True)
    if "days" in words:
        return Allowed(kind=kind, lowest=1, highest=_MOST_DAYS)
    if "headroom" in words:
        return Allowed(kind=kind, lowest=1, highest=100)
    return Allowed(kind=kind, lowest=0, highest=_MOST)


def _number(text: str, *, whole: bool) -> int | float | None:
    """Return a number of ASCII digits; None for anything else, endless ones included."""
    if not text.isascii() or "_" in text or len(text) > _LONGEST_TEXT:
        return None
    try:
        number = int(text) if whole else float(text)
    except ValueError:
        return None
    return number if isfinite(number) else None


def _by_resource(findings: Sequence[Finding]) -> dict[int, Finding]:
    """Return findings by the identity of the resource: one context has each of them once, and keeps them."""
    return {id(finding.resource): finding for finding in findings}


def _undecided(report: Report, check_id: str) -> frozenset[int]:
    """Return the identities of resources, as above."""
    return frozenset(id(one.resource) for one in report.undecided_of(check_id))


def _worth(finding: Finding) -> tuple[object, ...]:
    return finding.saving, finding.confidence
