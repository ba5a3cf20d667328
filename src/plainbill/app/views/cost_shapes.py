"""The shapes of the cost explorer; rules and promises as in ``shapes``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from plainbill.app.views.shapes import DaysView, GapView, RecordTypeView


@dataclass(frozen=True, slots=True, kw_only=True)
class CostRowView:
    """One value of what is grouped by; None is not known or not compared.

    ``per_day`` amounts are averages over the known days, to ten decimals.
    """

    key: str
    name: str | None
    cost: Decimal
    share: float | None
    per_day: Decimal
    previous_cost: Decimal | None
    previous_per_day: Decimal | None
    change: Decimal | None
    change_per_day: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CostSpanView:
    """One day or calendar month of the period by row; ``total`` None means that no day of it is known."""

    start: date
    end: date
    total: Decimal | None
    costs: Mapping[str, Decimal]
    is_estimated: bool
    is_unsettled: bool
    missing_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedView:
    """The period that is compared with; ``note`` says why there is no figure, or how far to trust it."""

    compare: str
    period: DaysView
    total: Decimal | None
    per_day: Decimal | None
    change: Decimal | None
    change_per_day: Decimal | None
    note: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconciliationView:
    """Rows held against AWS's own total of the same days and metric; a difference is never hidden.

    ``total`` is of the whole bill (of one account where one is asked for), ``part`` what the shown rows are
    of it where only one service or record type is shown. ``by_record_type`` sums to ``record_types_total``;
    ``record_types_difference`` is ``total`` minus that.
    """

    total: Decimal | None
    part: Decimal | None
    control_total: Decimal | None
    difference: Decimal | None
    note: str | None
    by_record_type: Sequence[RecordTypeView]
    record_types_total: Decimal | None
    record_types_difference: Decimal | None
    estimated_days: int
    unsettled_days: int
    as_of: datetime | None
    may_change: Sequence[str]
    late_days: int = 0  # days of which AWS had nothing yet when they were read
    missing_days: int = 0  # other days that are in no row
    missing_total: Decimal | None = None  # AWS's own total of these; None where it is not known


@dataclass(frozen=True, slots=True, kw_only=True)
class CostExplorerView:
    """Costs of a period, grouped and filtered; ``total`` None means that nothing is known, not zero.

    ``only`` is what they are narrowed to by dimension, but for the account. ``notes`` say why days are not
    there, and when they will be.
    """

    period: DaysView
    metric: str
    group: str
    granularity: str
    account: str | None
    only: Mapping[str, str]
    currency: str
    total: Decimal | None
    per_day: Decimal | None
    known_days: int
    compared: ComparedView | None
    rows: Sequence[CostRowView]
    spans: Sequence[CostSpanView]
    missing_days: Sequence[date]
    reconciliation: ReconciliationView
    gaps: Sequence[GapView]
    notes: Sequence[str] = ()
