"""The shapes of what-if answers and of idle rules side by side: fields are only added, as in ``shapes``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from plainbill.app.views.finding_shapes import FindingRowView
from plainbill.app.views.shapes import Setting


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingView:
    """One threshold: what is in force and in this question, what the check declares, and what it may be.

    ``default`` is the value in force, ``usual`` that without a policy.

    ``kind`` is ``int``, ``float``, ``bool`` or ``str``.
    """

    name: str
    help: str
    kind: str
    default: Setting
    usual: Setting
    value: Setting
    allowed: str
    lowest: int | None
    highest: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeView:
    """What one check says of all resources, and what is counted, of its findings and of everybody's.

    ``could_not_check`` counts places, the other counts are resources. Sums are a month's, by currency; each
    billed thing is in them once.
    """

    findings: int
    ok: int
    could_not_judge: int
    could_not_check: int
    unknown_price: int
    monthly_saving: Mapping[str, Decimal]
    all_checks_monthly_saving: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedView:
    """A finding that would go or come; ``instead`` is ``ok`` or ``could_not_judge``: the other answer."""

    finding: FindingRowView
    instead: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedView:
    """A finding that would stay with another saving or confidence."""

    before: FindingRowView
    after: FindingRowView


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIfView:
    """One check as it is and with other thresholds; before anything was read the outcomes are None."""

    taken_at: datetime | None
    check_id: str
    title: str
    service: str
    default_rule: str
    rule: str
    settings: Sequence[SettingView]
    before: OutcomeView | None
    after: OutcomeView | None
    gone: Sequence[MovedView]
    came: Sequence[MovedView]
    changed: Sequence[ChangedView]


@dataclass(frozen=True, slots=True, kw_only=True)
class IdlePresetView:
    """One idle rule and its answers; ``monthly_cost`` is of the idle ones, by currency, at list price.

    ``unknown_price`` of the idle ones are in no sum.
    """

    name: str
    title: str
    summary: str
    source: str
    days: int
    idle: int
    not_idle: int
    could_not_tell: int
    monthly_cost: Mapping[str, Decimal]
    unknown_price: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IdleAnswerView:
    """What one rule says of one instance: ``idle``, ``not_idle`` or ``could_not_tell``."""

    preset: str
    answer: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DisagreementView:
    """An instance that one rule calls idle and another does not; ``finding_id`` where it is a finding."""

    instance_id: str
    name: str | None
    account_id: str
    account_name: str | None
    region: str
    instance_type: str
    currency: str | None
    monthly_cost: Decimal | None
    finding_id: str | None
    answers: Sequence[IdleAnswerView]


@dataclass(frozen=True, slots=True, kw_only=True)
class IdlePresetsView:
    """All idle rules over the same stored hours of the running instances."""

    taken_at: datetime | None
    account: str | None
    region: str | None
    running: int
    presets: Sequence[IdlePresetView]
    disagreements: Sequence[DisagreementView]
