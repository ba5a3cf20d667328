"""The example of AWS's advice in the API's description: a view like any other."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from plainbill.app.views.advice_shapes import AdviceRowView, AdviceSourceView, AdviceView
from plainbill.app.views.shapes import GapView

_ACCOUNT, _OTHER = "111122223333", "444455556666"
ADVICE = AdviceView(
    taken_at=datetime(2026, 11, 24, 6, 0, tzinfo=UTC),
    stance="not_shared",
    page=1,
    pages=1,
    size=25,
    matching=1,
    opinions=[
        AdviceRowView(
            stance="disagree",
            because="our checks clear it",
            why="AWS would stop or delete it; we would not. Idle EC2 instance: CPU reached 40.0 %. Compute "
            "Optimizer looked at 14 days: Cpu Maximum 3.10. Its busiest hour was on 2026-11-04 (CPU 40 %), "
            "before the 14 days that Compute Optimizer looked at.",
            sources=["Cost Optimization Hub", "Compute Optimizer"],
            arn=f"arn:aws:ec2:us-east-1:{_ACCOUNT}:instance/i-0a1b2c3d4e5f60718",
            resource_id="i-0a1b2c3d4e5f60718",
            name="month-end",
            account_id=_ACCOUNT,
            account_name="Production",
            region="us-east-1",
            action="Stop",
            their_saving=Decimal("70.08"),
            their_currency="USD",
            our_title="Idle EC2 instance",
            our_action=None,
            our_saving=None,
            our_currency=None,
            finding_id=None,
        )
    ],
    counts={"agree": 8, "disagree": 1, "only theirs": 0, "only ours": 20},
    their_saving={
        "agree": {"USD": Decimal("410.20")},
        "disagree": {"USD": Decimal("70.08")},
        "only theirs": {},
        "only ours": {},
    },
    unasked=0,
    sources=[
        AdviceSourceView(name="Cost Optimization Hub", state="read", recommendations=6),
        AdviceSourceView(name="Compute Optimizer", state="partly read", recommendations=9),
        AdviceSourceView(name="Trusted Advisor", state="not read", recommendations=0),
    ],
    gaps=[
        GapView(
            source="compute_optimizer",
            account_id=_OTHER,
            region=None,
            kind="NotEnabled",
            action=None,
            reason="Not switched on, or no data yet: compute-optimizer:GetEnrollmentStatus in 444455556666",
            remedy="Opt in to Compute Optimizer in the AWS console. It is free.",
        )
    ],
)
