"""The examples of what-if answers in the API's description: views like any other."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from plainbill.app.examples_findings import FINDINGS, ROW
from plainbill.app.views.what_if_shapes import (
    DisagreementView,
    IdleAnswerView,
    IdlePresetsView,
    IdlePresetView,
    MovedView,
    OutcomeView,
    SettingView,
    WhatIfView,
)

_BEFORE = OutcomeView(
    findings=1,
    ok=40,
    could_not_judge=1,
    could_not_check=1,
    unknown_price=0,
    monthly_saving={"USD": Decimal("8.00")},
    all_checks_monthly_saving={"USD": Decimal("8.00")},
)
WHAT_IF = WhatIfView(
    taken_at=FINDINGS.taken_at,
    check_id=ROW.check_id,
    title=ROW.title,
    service=ROW.service,
    default_rule="Attached to no instance, and made at least 7 days ago.",
    rule="Attached to no instance, and made at least 300 days ago.",
    settings=[
        SettingView(
            name="min_age_days",
            help="Days since it was made.",
            kind="int",
            default=7,
            usual=7,
            value=300,
            allowed="a whole number from 1 to 36500",
            lowest=1,
            highest=36_500,
        )
    ],
    before=_BEFORE,
    after=replace(_BEFORE, findings=0, ok=41, monthly_saving={}, all_checks_monthly_saving={}),
    gone=[MovedView(finding=ROW, instead="ok", reason="made 267 days ago")],
    came=[],
    changed=[],
)
_QUIET = "CPU peaked at 0.90 % in 14 days; idle means at most 1 %."
_BUSY = "Busy on 4 of 28 days."
IDLE_PRESETS = IdlePresetsView(
    taken_at=FINDINGS.taken_at,
    account=None,
    region=None,
    running=1,
    presets=[
        IdlePresetView(
            name="cost-explorer",
            title="AWS Cost Explorer",
            summary="No CPU sample over 1 %.",
            source="Cost Management User Guide, rightsizing recommendations",
            days=14,
            idle=1,
            not_idle=0,
            could_not_tell=0,
            monthly_cost={"USD": Decimal("70.08")},
            unknown_price=0,
        ),
        IdlePresetView(
            name="plainbill",
            title="Plainbill's graded rule",
            summary="At most one busy day in 28, no job at regular times, nothing that speaks for it.",
            source="docs/idle-accuracy.md",
            days=28,
            idle=0,
            not_idle=1,
            could_not_tell=0,
            monthly_cost={},
            unknown_price=0,
        ),
    ],
    disagreements=[
        DisagreementView(
            instance_id="i-0a1b2c3d4e5f60718",
            name="report-builder",
            account_id=ROW.account_id,
            account_name=ROW.account_name,
            region=ROW.region,
            instance_type="m5.large",
            currency="USD",
            monthly_cost=Decimal("70.08"),
            finding_id=None,
            answers=[
                IdleAnswerView(preset="cost-explorer", answer="idle", reason=_QUIET),
                IdleAnswerView(preset="plainbill", answer="not_idle", reason=_BUSY),
            ],
        )
    ],
)
