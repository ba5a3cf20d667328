"""Checks with the thresholds of a policy in place of their own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from plainbill.analyzer.registry import Check
from plainbill.analyzer.what_if import SettingError, parse_settings, variant_of
from plainbill.model.policy import Policy, Thresholds


@dataclass(frozen=True, slots=True)
class Change:
    """A threshold of a check that is not the usual one."""

    check: Check
    name: str
    usual: Any
    value: Any


@dataclass(frozen=True, slots=True)
class Ruled:
    """The checks under a policy, by its name; None is the usual thresholds.

    ``problems`` says which of its thresholds cannot be used any more, and why.
    """

    policy: str | None
    checks: tuple[Check, ...]
    problems: Sequence[str]

    @property
    def changes(self) -> Sequence[Change]:
        """The thresholds that differ from those that the checks declare, in the checks' order."""
        return [
            Change(check, one.name, one.default, value)
            for check in self.checks
            for one in check.thresholds()
            if (value := getattr(check, one.name)) != one.default
        ]


def under(checks: Iterable[Check], policy: Policy | None) -> Ruled:
    """Return the checks as a policy has them, each with its usual thresholds where it says nothing.

    A check or threshold that is no more, or a value that is not allowed any more, is a problem, and that
    check keeps its usual thresholds.
    """
    ours = {check.id: check for check in checks}
    problems: list[str] = []
    for check_id, texts in {} if policy is None else policy.settings.items():
        if check_id not in ours:
            problems.append(f"there is no check {check_id}")
            continue
        try:
            ours[check_id] = with_thresholds(ours[check_id], texts)
        except SettingError as error:
            problems.append(f"{check_id} is judged by its usual thresholds: {error}")
    return Ruled(None if policy is None else policy.name, tuple(ours.values()), tuple(problems))


def with_thresholds(check: Check, texts: Thresholds) -> Check:
    """Return a check with these thresholds; raises ``SettingError``."""
    return variant_of(check, parse_settings(check, texts))


def with_only(check: Check, texts: Thresholds) -> Check:
    """Return a check with these thresholds and its usual ones for the rest; raises ``SettingError``."""
    usual: dict[str, Any] = {one.name: one.default for one in check.thresholds()}
    return variant_of(check, {**usual, **parse_settings(check, texts)})


def unusual_of(check: Check) -> Thresholds:
    """Return the thresholds with which a check judges, where they are not the usual ones."""
    return {
        one.name: str(value)
        for one in check.thresholds()
        if (value := getattr(check, one.name)) != one.default
    }


def unusual(check: Check, texts: Thresholds) -> Mapping[str, str]:
    """Return those of the thresholds that differ from the check's own; raises ``SettingError``."""
    parsed = parse_settings(check, texts)
    return {name: texts[name].strip() for name, value in parsed.items() if value != getattr(check, name)}
