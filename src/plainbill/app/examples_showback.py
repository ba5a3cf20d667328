"""An example answer about showback, for the API's description."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from plainbill.app.examples import COSTS
from plainbill.app.views.cost_rules import CostRuleChangeView, CostRuleView
from plainbill.app.views.reconciliation import reconciliation
from plainbill.app.views.shapes import AccountCostView, DaysView
from plainbill.app.views.showback_shapes import (
    ShowbackRowView,
    ShowbackView,
    UnitCostView,
    UnitEffectsView,
    UnitsView,
)

_DAYS = DaysView(start=date(2026, 11, 1), end=date(2026, 11, 3))


def _row(owner: str, part: str, direct: str, share: str, name: str | None = None) -> ShowbackRowView:
    charged = Decimal(direct) + Decimal(share)
    return ShowbackRowView(
        owner=owner,
        name=owner or (name or ""),
        part=part,
        cost=Decimal(direct),
        direct=Decimal(direct),
        share=Decimal(share),
        charged=charged,
        share_of_total=float(charged / 200),
    )


def _units(day: int, end: int, cost: str, units: str | None, each: str | None) -> UnitCostView:
    days = end - day
    return UnitCostView(
        start=date(2026, 11, day),
        end=date(2026, 11, end),
        spans=days,
        counted=days if units else 0,
        without_units=0 if units else days,
        without_cost=0,
        zero=0,
        cost=Decimal(cost),
        units=None if units is None else Decimal(units),
        unit_cost=None if each is None else Decimal(each),
        is_estimated=True,
    )


SAVED = {"name": "finance", "by": "tag", "shared": "shared", "rule": "even", "usual": True, "who": "kim"}
RULE = CostRuleView(
    name="finance",
    words="Owners by tag; the costs of shared are shared, and spread in proportion to own costs.",
    by="tag",
    shared=["shared"],
    is_untagged_shared=False,
    types=[],
    rule="proportional",
    fixed={},
    is_usual=True,
    who="kim",
    saved_at=datetime(2026, 11, 2, 8, 0, tzinfo=UTC),
)
SHOWBACK = ShowbackView(
    period=_DAYS,
    metric="unblended",
    by="tag",
    named="tag:team",
    account=None,
    currency="USD",
    shared=["shared"],
    is_untagged_shared=False,
    types=[],
    rule="proportional",
    fixed={},
    saved="finance",
    rule_words="Owners by tag; the costs of shared are shared, and spread in proportion to own costs.",
    saved_rules=[RULE],
    rule_changes=[
        CostRuleChangeView(at=RULE.saved_at, name=RULE.name, words=RULE.words, is_usual=True, who=RULE.who)
    ],
    total=Decimal("200.00"),
    rule_used="proportional",
    why=None,
    shared_total=Decimal("30.00"),
    unallocated=Decimal("20.00"),
    untagged=Decimal("20.00"),
    untagged_share=0.1,
    untagged_by_account=[
        AccountCostView(account_id="111122223333", name="Production", cost=Decimal("20.00"), share=1.0)
    ],
    left_out=[],
    rows=[
        _row("web", "owner", "100.00", "20.00"),
        _row("data", "owner", "50.00", "10.00"),
        _row("shared", "shared", "30.00", "-30.00"),
        _row("", "nobody", "20.00", "0", "untagged"),
    ],
    missing_days=[],
    reconciliation=reconciliation(COSTS),
    gaps=[],
    notes=[],
    unit_names=["customers"],
    units=UnitsView(
        name="customers",
        kind="level",
        grain="day",
        source="customers.csv",
        imported_at=datetime(2026, 11, 3, 8, 0, tzinfo=UTC),
        granularity="daily",
        whole=_units(1, 3, "200.00", "1000", "0.20"),
        rows=[_units(1, 2, "98.00", "990", "0.0989898990"), _units(2, 3, "102.00", "1010", "0.1009900990")],
        previous=_units(1, 3, "190.00", "980", "0.1938775510"),
        effects=UnitEffectsView(
            before=Decimal("190.00"),
            after=Decimal("200.00"),
            change=Decimal("10.00"),
            spans=Decimal(0),
            volume=Decimal("3.88"),
            unit_cost=Decimal("6.12"),
        ),
        divided="own",
        has_owners=False,
        owners=[],
        metric=None,
        notes=[],
    ),
)
