"""The examples of findings in the API's description: views like any other."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from plainbill.app.views.finding_shapes import (
    ChartView,
    CheckCountsView,
    ChecksView,
    CheckView,
    CouldNotCheckView,
    CoverageCellView,
    CoverageView,
    EventView,
    FactView,
    FindingRowView,
    FindingsView,
    FindingView,
    MeasurementView,
    MetricView,
    PartView,
    PrecisionView,
    PriceView,
    RealisableTotalsView,
    RealisableView,
    RemedyView,
    SavingTotalsView,
    SecondOpinionView,
    ThresholdView,
    UndecidedView,
)
from plainbill.app.views.shapes import GapView

_READ = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
_FIRST = datetime(2026, 10, 25, 6, 0, tzinfo=UTC)
_DECIDED = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
_ACCOUNT = "111122223333"
_ID = "6f1d2c3b4a596877"
_VOLUME = f"arn:aws:ec2:us-east-1:{_ACCOUNT}:volume/vol-0a1b2c3d4e5f60718"
_TOTALS = SavingTotalsView(
    findings=1,
    monthly_saving={"USD": Decimal("8.00")},
    unknown_price=0,
    by_confidence={"high": 1},
    by_check={"ebs_volume_unattached": 1},
)
_GAP = GapView(
    source="ebs_volumes",
    account_id=_ACCOUNT,
    region="eu-west-3",
    kind="AccessDenied",
    action="ec2:DescribeVolumes",
    reason="the role may not describe volumes",
    remedy="allow ec2:DescribeVolumes to the role; `plainbill iam-policy` prints the statement",
)
ROW = FindingRowView(
    finding_id=_ID,
    check_id="ebs_volume_unattached",
    title="Unattached EBS volume",
    service="ebs",
    resource_id="vol-0a1b2c3d4e5f60718",
    name="old-wiki-data",
    arn=_VOLUME,
    account_id=_ACCOUNT,
    account_name="Production",
    region="us-east-1",
    action="Delete",
    effort="VeryLow",
    confidence="high",
    reason="attached to nothing, made 267 days ago",
    currency="USD",
    monthly_cost=Decimal("8.00"),
    monthly_saving=Decimal("8.00"),
    counted_saving=Decimal("8.00"),
    keeps_billing=["the snapshot that is made before"],
    doubts=[],
    cleared_by="attaching it to an instance",
    evidence=[MeasurementView(label="Age", value=267.0, unit="days", threshold=7.0)],
    state="open",
    state_since=_FIRST,
    until=None,
    note=None,
    who=None,
    first_seen=_FIRST,
    last_seen=_READ,
    wasted=Decimal("7.89"),
    unpriced=False,
    regressions=0,
    price_origin="built-in table",
)
_CHECK = CheckView(
    id="ebs_volume_unattached",
    title="Unattached EBS volume",
    service="ebs",
    explanation="A volume is billed by its size whether or not an instance uses it.",
    rule="Attached to no instance, and made at least 7 days ago.",
    source="",
    resource="EbsVolume",
    needs=[],
    action="Delete",
    effort="VeryLow",
    thresholds=[
        ThresholdView(
            name="min_age_days",
            help="Days since it was made.",
            default=7,
            value=7,
            allowed="a whole number from 1 to 36500",
            lowest=1,
            highest=36_500,
        )
    ],
    metrics=[
        MetricView(
            namespace="AWS/EBS",
            name="VolumeReadOps",
            statistic="Sum",
            unit="operations",
            step_hours=24.0,
            is_sparse=False,
        )
    ],
    counts=CheckCountsView(waste=1, ok=40, could_not_judge=1, could_not_check=1),
    monthly_saving={"USD": Decimal("8.00")},
    precision=PrecisionView(held=41, told=42, days=30),
    failure=None,
)
FINDINGS = FindingsView(
    taken_at=_READ,
    check=None,
    account=None,
    region=None,
    service=None,
    action=None,
    confidence=None,
    state=None,
    q="",
    sort="-monthly_saving",
    page=1,
    pages=1,
    size=25,
    matching=1,
    findings=[ROW],
    states={"open": 1, "snoozed": 0, "dismissed": 2, "acted": 0, "gone": 5},
    totals=_TOTALS,
    overall=_TOTALS,
    realisable=RealisableTotalsView(
        monthly_saving={"USD": Decimal("8.00")}, not_known_findings=0, is_lower_bound=False
    ),
    could_not_check=CouldNotCheckView(checks=3, could_not_check=1, could_not_judge=1),
    gaps=[_GAP],
)
FINDING = FindingView(
    taken_at=_READ,
    is_found=True,
    finding=ROW,
    check=_CHECK,
    facts=[FactView(label="Size", value="100 GiB"), FactView(label="Snapshot id", value=None)],
    tags={"Name": "old-wiki-data"},
    charts=[
        ChartView(
            label="VolumeReadOps",
            statistic="Sum",
            unit="operations",
            start=datetime(2026, 11, 22, tzinfo=UTC),
            end=datetime(2026, 11, 24, tzinfo=UTC),
            step_hours=24.0,
            values=[0.0, None],
            is_sparse=True,
            known=1,
            expected=2,
            threshold=None,
        )
    ],
    parts=[
        PartView(
            arn=_VOLUME, monthly_saving=Decimal("8.00"), counted_in=_ID, counted_title="Unattached EBS volume"
        )
    ],
    remaining=Decimal("0.00"),
    alternatives=[],
    remedy=RemedyView(
        commands=[
            "aws ec2 delete-volume --region us-east-1 --volume-id vol-0a1b2c3d4e5f60718 --dry-run",
        ],
        undo=[],
        notes=["--dry-run only asks whether you may. Take it off to do it."],
    ),
    price_source="Built-in table of AWS's list prices, 2024-07-01",
    prices=[
        PriceView(
            item="ebs gp3",
            region="us-east-1",
            price=Decimal("0.08"),
            currency="USD",
            unit="gb_month",
            as_of=date(2024, 7, 1),
            origin="built-in table",
            source="infracost ebs_volume_test",
        )
    ],
    history=[EventView(at=_FIRST, state="open", until=None, note=None, who=None)],
    realisable=RealisableView(
        monthly_saving=Decimal("8.00"),
        reason="It is nothing that Savings Plans or reservations cover.",
        is_lower_bound=False,
    ),
    second_opinions=[
        SecondOpinionView(
            stance="agree",
            why="AWS says Delete as well.",
            action="Delete",
            monthly_saving=Decimal("7.60"),
            sources=["Cost Optimization Hub", "Compute Optimizer"],
        )
    ],
)
DISMISSED = replace(
    FINDING,
    finding=replace(
        ROW,
        counted_saving=Decimal("0.00"),
        state="dismissed",
        state_since=_DECIDED,
        note="kept for the audit",
        who="kim",
    ),
    parts=[replace(FINDING.parts[0], counted_in=None, counted_title=None)],
    history=[
        *FINDING.history,
        EventView(at=_DECIDED, state="dismissed", until=None, note="kept for the audit", who="kim"),
    ],
)
CHECKS = ChecksView(taken_at=_READ, checks=[_CHECK], refused=[])
COVERAGE = CoverageView(
    network_not_asked=12,
    taken_at=_READ,
    account=None,
    region=None,
    service=None,
    check=None,
    accounts={_ACCOUNT: "Production"},
    states={"waste": 1, "could_not_check": 1, "could_not_judge": 1, "clean": 0, "nothing_there": 0},
    cells=[
        CoverageCellView(
            check_id="ebs_volume_unattached",
            account_id=_ACCOUNT,
            region="eu-west-1",
            state="could_not_judge",
            ok=4,
            waste=0,
            could_not_judge=1,
            gap=None,
        ),
        CoverageCellView(
            check_id="ebs_volume_unattached",
            account_id=_ACCOUNT,
            region="eu-west-3",
            state="could_not_check",
            ok=0,
            waste=0,
            could_not_judge=0,
            gap=0,
        ),
        CoverageCellView(
            check_id="ebs_volume_unattached",
            account_id=_ACCOUNT,
            region="us-east-1",
            state="waste",
            ok=36,
            waste=1,
            could_not_judge=0,
            gap=None,
        ),
    ],
    undecided=[
        UndecidedView(
            check_id="ebs_volume_unattached",
            resource_id="vol-0f9e8d7c6b5a40312",
            name=None,
            arn=f"arn:aws:ec2:eu-west-1:{_ACCOUNT}:volume/vol-0f9e8d7c6b5a40312",
            account_id=_ACCOUNT,
            region="eu-west-1",
            reason="whether it was used in the last 14 days is not known",
        )
    ],
    gaps=[_GAP],
)
