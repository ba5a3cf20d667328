"""Budgets and how this month goes against them: the view for the page, JSON and the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from plainbill.analyzer.budget_pace import BudgetState, Pace
from plainbill.model.budget import Budget, BudgetChange
from plainbill.model.findings import Unknown
from plainbill.model.resources.aws_budget import AwsBudget

_PERCENT = Decimal("0.1")
_WORST_FIRST = (BudgetState.OVER, BudgetState.AT_RISK, BudgetState.UNKNOWN, BudgetState.ON_TRACK)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaceView:
    """The month `[start, end)` after `days_gone` of its days, up to `until`; percentages are of the budget.

    `expected` with its interval, of which four of five months lie within, is null where there is no forecast:
    `reason` says why. `missing_days` of the days gone are not known, and so not in `spent`.
    """

    start: date
    end: date
    until: date
    days_gone: int
    days: int
    spent: Decimal
    spent_percent: Decimal | None
    missing_days: int
    expected: Decimal | None
    expected_percent: Decimal | None
    low_80: Decimal | None
    high_80: Decimal | None
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetView:
    """A budget of your own; `state` is `on track`, `at risk`, `over` or `unknown`, `why_unknown` says why.

    `only` holds by name what it is of (`service`, `region` ...), `account` null is all of them.
    """

    name: str
    amount: Decimal
    currency: str
    metric: str
    only: Mapping[str, str]
    account: str | None
    account_name: str | None
    state: str
    pace: PaceView | None
    why_unknown: str | None
    who: str
    saved_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedLimitView:
    """What a month or quarter that begins on a day may cost."""

    start: date
    limit: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class AwsBudgetView:
    """A budget of AWS Budgets in AWS's own words; null is what AWS did not say.

    `planned` has the limits by month or quarter where each has its own; `limit` is the present one.
    """

    account: str
    account_name: str | None
    name: str
    time_unit: str
    currency: str | None
    limit: Decimal | None
    spent: Decimal | None
    spent_percent: Decimal | None
    forecast: Decimal | None
    forecast_percent: Decimal | None
    is_filtered: bool
    updated_at: datetime | None
    is_healthy: bool | None
    planned: Sequence[PlannedLimitView] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OffTrackView:
    """A budget that is `over`, or `at risk` of it; `is_aws` says whose it is."""

    name: str
    state: str
    is_aws: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetChangeView:
    """Who set a budget to which amount, or removed it (`amount` null)."""

    at: datetime
    name: str
    amount: Decimal | None
    who: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetsView:
    """Your own budgets, those of AWS Budgets, and who changed what; `data_until` is the last known day.

    `aws_budgets` is null where they were never asked for. `aws_missing` says why some could not be read:
    of those nothing follows.
    """

    currency: str
    data_until: date | None
    budgets: Sequence[BudgetView]
    aws_budgets: Sequence[AwsBudgetView] | None
    aws_missing: Sequence[str]
    changes: Sequence[BudgetChangeView]


def budget_view(budget: Budget, said: Pace | Unknown, names: Mapping[str, str | None]) -> BudgetView:
    """Return one budget with its pace, or with why that is not known."""
    known = said if isinstance(said, Pace) else None
    return BudgetView(
        name=budget.name,
        amount=budget.amount,
        currency=budget.currency,
        metric=budget.metric.value,
        only=dict(budget.only),
        account=budget.account,
        account_name=names.get(budget.account or ""),
        state="unknown" if known is None else known.state.value,
        pace=None if known is None else _pace(known, budget.amount),
        why_unknown=said.reason if isinstance(said, Unknown) else None,
        who=budget.who,
        saved_at=budget.saved_at,
    )


def worst_first(budgets: Iterable[BudgetView]) -> list[BudgetView]:
    """Return budgets in the order in which they need a look."""
    return sorted(budgets, key=lambda one: (_WORST_FIRST.index(BudgetState(one.state)), one.name))


def _pace(said: Pace, amount: Decimal) -> PaceView:
    month = said.month
    return PaceView(
        start=said.start,
        end=said.end,
        until=said.until,
        days_gone=said.days_gone,
        days=said.days,
        spent=said.spent,
        spent_percent=percent(said.spent, amount),
        missing_days=said.missing_days,
        expected=None if month is None else month.expected,
        expected_percent=None if month is None else percent(month.expected, amount),
        low_80=None if month is None else month.low_80,
        high_80=None if month is None else month.high_80,
        reason=said.reason,
    )


def aws_budget_view(budget: AwsBudget, names: Mapping[str, str | None]) -> AwsBudgetView:
    """Return one of AWS's budgets."""
    limit, spent, forecast = map(_decimal, (budget.limit, budget.spent, budget.forecast))
    return AwsBudgetView(
        account=budget.account_id,
        account_name=names.get(budget.account_id),
        name=budget.budget_name,
        time_unit=budget.time_unit.lower(),
        currency=budget.currency,
        limit=limit,
        spent=spent,
        spent_percent=percent(spent, limit),
        forecast=forecast,
        forecast_percent=percent(forecast, limit),
        is_filtered=budget.is_filtered,
        updated_at=budget.updated_at,
        is_healthy=None if budget.health is None else budget.health == "HEALTHY",
        planned=[
            PlannedLimitView(start=date.fromisoformat(day), limit=Decimal(budget.planned[day]))
            for day in sorted(budget.planned)
        ],
    )


def off_track(view: BudgetsView) -> list[OffTrackView]:
    """Return the budgets of which more is spent, or is likely to be, by our forecast or by AWS's own."""
    own = [
        OffTrackView(name=one.name, state=one.state, is_aws=False)
        for one in view.budgets
        if one.state in {BudgetState.OVER, BudgetState.AT_RISK}
    ]
    found = ((one, _aws_state(one)) for one in view.aws_budgets or ())
    theirs = [OffTrackView(name=one.name, state=state, is_aws=True) for one, state in found if state]
    return sorted([*own, *theirs], key=lambda one: one.state != BudgetState.OVER)


def _aws_state(budget: AwsBudgetView) -> str | None:
    """Return the state of a budget by AWS's figures, None where they give no reason to look."""
    if budget.limit is None:
        return None
    if budget.spent is not None and budget.spent > budget.limit:
        return BudgetState.OVER
    is_dear = budget.forecast is not None and budget.forecast > budget.limit
    return BudgetState.AT_RISK if is_dear else None


def change_view(change: BudgetChange) -> BudgetChangeView:
    """Return one change."""
    return BudgetChangeView(at=change.at, name=change.name, amount=change.amount, who=change.who)


def percent(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    """Return a part in percent of a whole, to one place; None where either is not known or the whole is 0."""
    return None if part is None or not whole else (100 * part / whole).quantize(_PERCENT)


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
