"""The shapes of what changed a bill; rules and promises as in ``shapes``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from plainbill.app.views.aws_opinions_shapes import AwsComparisonView
from plainbill.app.views.shapes import DaysView, GapView


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePartView:
    """What one service, record type or usage type adds to a cause.

    ``before`` and ``after`` are what it cost, of a service or record type. ``rate_before`` and ``rate_after``
    are what a ``unit`` of a usage type cost, where its price is the cause.
    """

    key: str
    account_id: str | None
    account_name: str | None
    amount: Decimal
    before: Decimal | None
    after: Decimal | None
    unit: str | None
    rate_before: Decimal | None
    rate_after: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeStepView:
    """One cause; ``parts`` sum to ``amount``, the last one may hold what is too small to list."""

    cause: str
    title: str
    amount: Decimal
    sentence: str
    parts: Sequence[ChangePartView]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangesView:
    """From one bill to another: ``before`` plus the amounts of ``steps`` is ``after``, to the last digit.

    None where a day of either period is not known; ``notes`` say why, and how far to trust the rest. ``by``
    is what the parts are (``service``, ``region`` or ``usage_type``), ``aws`` what AWS says of the last two
    whole months, whatever the periods are here.
    """

    period: DaysView
    compared: DaysView
    compare: str
    by: str
    metric: str
    account: str | None
    currency: str
    before: Decimal | None
    after: Decimal | None
    change: Decimal | None
    steps: Sequence[ChangeStepView]
    notes: Sequence[str]
    may_change: Sequence[str]
    gaps: Sequence[GapView]
    aws: AwsComparisonView
