"""Policies as the page and the JSON show them: each threshold beside the usual one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from plainbill.analyzer.policy import under, with_thresholds
from plainbill.analyzer.registry import Check
from plainbill.analyzer.what_if import SettingError
from plainbill.app.views.setting import setting_of
from plainbill.app.views.shapes import Setting
from plainbill.model.policy import Policy, PolicyUse, Thresholds


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyThresholdView:
    """One threshold of a policy as it was typed; ``usual`` is None where there is none such any more."""

    name: str
    value: str
    usual: Setting


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyCheckView:
    """What a policy says of one check; ``title`` is None where there is no such check any more.

    ``question`` are the parameters with which ``/api/what-if`` answers as this policy would, whatever is in
    force now; None where it cannot be followed.
    """

    check_id: str
    title: str | None
    thresholds: Sequence[PolicyThresholdView]
    question: Mapping[str, str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyView:
    """One policy; ``problems`` says which of its thresholds cannot be used any more."""

    name: str
    note: str | None
    who: str
    saved_at: datetime
    is_in_force: bool
    checks: Sequence[PolicyCheckView]
    problems: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyUseView:
    """By what findings were judged since when: a policy's name, or None for the usual thresholds."""

    at: datetime
    name: str | None
    who: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PoliciesView:
    """All policies by name, which of them is in force, and the latest changes of that, newest first."""

    in_force: str | None
    policies: Sequence[PolicyView]
    uses: Sequence[PolicyUseView]


def policies_view(
    policies: Iterable[Policy], in_force: Policy | None, uses: Iterable[PolicyUse], checks: Sequence[Check]
) -> PoliciesView:
    """Return the policies; ``checks`` have their usual thresholds."""
    by_id = {check.id: check for check in checks}
    name = None if in_force is None else in_force.name
    return PoliciesView(
        in_force=name,
        policies=[_policy(one, by_id, in_force) for one in policies],
        uses=[PolicyUseView(at=use.at, name=use.name, who=use.who) for use in uses],
    )


def _policy(policy: Policy, checks: Mapping[str, Check], in_force: Policy | None) -> PolicyView:
    now = {} if in_force is None else in_force.settings
    return PolicyView(
        name=policy.name,
        note=policy.note,
        who=policy.who,
        saved_at=policy.saved_at,
        is_in_force=in_force is not None and in_force.name == policy.name,
        checks=[
            _of_check(check_id, texts, checks, now.get(check_id, {}))
            for check_id, texts in sorted(policy.settings.items())
        ],
        problems=under(checks.values(), policy).problems,
    )


def _of_check(
    check_id: str, texts: Thresholds, checks: Mapping[str, Check], now: Thresholds
) -> PolicyCheckView:
    check = checks.get(check_id)
    known = {one.name for one in check.thresholds()} if check else set()
    return PolicyCheckView(
        check_id=check_id,
        title=check.title if check else None,
        thresholds=[
            PolicyThresholdView(
                name=name, value=value, usual=setting_of(getattr(check, name)) if name in known else None
            )
            for name, value in sorted(texts.items())
        ],
        question=None if check is None else _question(check, texts, now),
    )


def _question(check: Check, texts: Thresholds, now: Thresholds) -> Mapping[str, str] | None:
    """Return the thresholds of a policy, and the usual ones where what is in force ``now`` has others."""
    try:
        with_thresholds(check, texts)
    except SettingError:
        return None
    usual = {one.name: str(setting_of(one.default)) for one in check.thresholds() if one.name in now}
    return {"check": check.id, **usual, **texts}
