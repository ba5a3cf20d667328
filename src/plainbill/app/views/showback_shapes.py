"""The shapes of showback and unit costs; rules and promises as in ``shapes``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from plainbill.app.views.cost_rules import CostRuleChangeView, CostRuleView
from plainbill.app.views.cost_shapes import ReconciliationView
from plainbill.app.views.shapes import AccountCostView, DaysView, GapView


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowbackRowView:
    """One row in whole cents: `charged` is `direct` plus `share`; `cost` is what AWS billed, exactly.

    `part` is `owner`, `shared` (a record type too: then `owner` is its name) or `nobody`, whose `owner` is
    empty. `share` is negative where a row gives its costs away. `share_of_total` is of `charged`.
    """

    owner: str
    name: str
    part: str
    cost: Decimal
    direct: Decimal
    share: Decimal
    charged: Decimal
    share_of_total: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitCostView:
    """What a unit cost over the `counted` of `spans` days or months; null where nothing can be divided by.

    `cost` is of the counted ones alone. Of the others `without_units` have no number of units and
    `without_cost` no cost. `zero` of the counted had no units at all.
    """

    start: date
    end: date
    spans: int
    counted: int
    without_units: int
    without_cost: int
    zero: int
    cost: Decimal
    units: Decimal | None
    unit_cost: Decimal | None
    is_estimated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitEffectsView:
    """Why the counted costs changed, in cents: the three effects sum to `change`.

    `spans`: more or fewer days or months were counted; `volume`: more or fewer units in each; `unit_cost`:
    each cost more or less.
    """

    before: Decimal
    after: Decimal
    change: Decimal
    spans: Decimal
    volume: Decimal
    unit_cost: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerUnitsView:
    """What a unit costs one row of showback; `cost` is all of its period in cents, null where not known.

    `whole` is over the counted days alone: of the owner's own numbers, or of all together where none has any.
    """

    owner: str
    name: str
    part: str
    cost: Decimal | None
    whole: UnitCostView


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitMetricView:
    """The CloudWatch metric that numbers of units are read from.

    `dimensions` are pairs of name and value. `asked_until` is the end of the days that it answered, null
    before the first. `gaps` are those of the last refresh in its account and Region.
    """

    namespace: str
    name: str
    dimensions: Sequence[tuple[str, str]]
    statistic: str
    account_id: str
    region: str
    named_at: datetime
    asked_until: date | None
    gaps: Sequence[GapView]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitsView:
    """Costs divided by what people count; a day or month without a number is not counted, never zero.

    `kind` is `flow` for what adds up (requests) and `level` for what is there (customers). `previous` is the
    period before, `effects` null where either has nothing to go by. `owners` are the rows of showback, with
    `own` costs or what they are `charged` as `divided` says; their `cost` sums to the total. `has_owners`
    says whether numbers are of owners. `metric` is null for numbers of a file.
    """

    name: str
    kind: str
    grain: str
    source: str
    imported_at: datetime
    granularity: str
    whole: UnitCostView
    rows: Sequence[UnitCostView]
    previous: UnitCostView | None
    effects: UnitEffectsView | None
    divided: str
    has_owners: bool
    owners: Sequence[OwnerUnitsView]
    metric: UnitMetricView | None
    notes: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowbackView:
    """Who owes what of a period; `total` null means that nothing is known, not zero.

    `rows` sum to `total` to the cent, in `direct` and in `charged`; `shared_total` is to be spread by `rule`.
    `rule_used` is null where it was not; `why` says why another was taken or none. `unallocated` is charged
    to nobody. `left_out` are owners without a share: their own costs are not above zero. `untagged` has no
    owner, `untagged_by_account` is the same by account. `unit_names` are all that costs can be divided by.
    `named` is `by` with the key of the tag or the name of the cost category where it is known: `tag:team`.
    `saved` is the name of the saved rule that this is by, null where it is none; what that rule names and
    nothing stored has is in `notes`.
    """

    period: DaysView
    metric: str
    by: str
    named: str
    account: str | None
    currency: str
    shared: Sequence[str]
    is_untagged_shared: bool
    types: Sequence[str]
    rule: str
    fixed: Mapping[str, Decimal]
    saved: str | None
    rule_words: str
    saved_rules: Sequence[CostRuleView]
    rule_changes: Sequence[CostRuleChangeView]
    total: Decimal | None
    rule_used: str | None
    why: str | None
    shared_total: Decimal
    unallocated: Decimal
    untagged: Decimal
    untagged_share: float | None
    untagged_by_account: Sequence[AccountCostView]
    left_out: Sequence[str]
    rows: Sequence[ShowbackRowView]
    missing_days: Sequence[date]
    reconciliation: ReconciliationView
    gaps: Sequence[GapView]
    notes: Sequence[str]
    unit_names: Sequence[str]
    units: UnitsView | None
