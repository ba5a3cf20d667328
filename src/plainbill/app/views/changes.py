"""Why the bill of one period is not that of another, from what is stored."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from plainbill.analyzer.bill_bridge import Bridge, Cause, Part, Step, bridge
from plainbill.analyzer.bill_lines import Sums, bill_lines
from plainbill.analyzer.cost_periods import Compare, compared_period
from plainbill.analyzer.unit_rates import RateChange, rate_changes
from plainbill.analyzer.wording import grouping_words
from plainbill.app.changes_params import ChangesQuery
from plainbill.app.formats import days as days_text
from plainbill.app.formats import growth, money, plural, signed_money
from plainbill.app.views.aws_opinions import aws_comparison
from plainbill.app.views.changes_shapes import ChangePartView, ChangeStepView, ChangesView
from plainbill.app.views.cost_details import detail_notes
from plainbill.app.views.shapes import CostByServiceView, DaysView
from plainbill.app.views.stored_costs import NOT_COMPARED, known_days, part_of_a_day
from plainbill.model.billing import UsageRecord
from plainbill.model.cost import CostMetric, CostTable
from plainbill.model.exact import exact_sum
from plainbill.model.period import Period
from plainbill.storage import Snapshot

MOST_PARTS = 200
"""How many parts of a cause are listed one by one."""
TITLES: Mapping[Cause, str] = {
    Cause.LENGTH: "More or fewer days",
    Cause.NEW: "New",
    Cause.GONE: "Gone",
    Cause.MORE: "More usage",
    Cause.LESS: "Less usage",
    Cause.PRICE: "Price of a unit",
    Cause.COMMITMENT: "Savings Plans and reservations",
    Cause.DISCOUNT: "Discounts",
    Cause.CREDIT: "Credits and refunds",
    Cause.FEE: "Support and other fees",
    Cause.TAX: "Tax",
    Cause.UNEXPLAINED: "In no row",
}
_NO_TYPES = "Record types of these days were not read: credits, tax and fees are not told apart from usage."
_NO_CONTROL = "AWS's own total of one of the periods could not be compared, so the rows stand for themselves."

_ALL_TOGETHER = "Usage types are stored of all accounts together, not of one: choose all accounts."
_UNNAMED = {
    CostTable.SERVICE: "No service",
    CostTable.REGION: "No Region",
    CostTable.USAGE_TYPE: "No usage type",
}
_OFFSETS = (
    "Costs are stored after the credits, refunds and discounts within them; these stand in steps of their "
    "own, and the usage behind them is named among more and less usage."
)


def changes_view(
    snapshot: Snapshot | None,
    query: ChangesQuery,
    now: CostByServiceView,
    then: CostByServiceView,
    details: Collection[str] = (),
) -> ChangesView:
    """Return the bridge from the compared period to the period; ``now`` and ``then`` are their bills.

    ``details`` are the further tables of costs that are asked for.
    """
    period, before = query.costs.period, compared_of(query)
    nothing = ChangesView(
        period=DaysView(start=period.first_day, end=period.end_day),
        compared=DaysView(start=before.first_day, end=before.end_day),
        compare=query.compare.value,
        by=query.by.value,
        metric=query.costs.metric.value,
        account=query.costs.account,
        currency=now.currency,
        before=None,
        after=None,
        change=None,
        steps=[],
        notes=[],
        may_change=now.may_change,
        gaps=now.gaps,
        aws=aws_comparison(snapshot),
    )
    if snapshot is None:
        return nothing
    if unknown := [_missing(one) for one in (then, now) if one.missing_days]:
        return replace(nothing, notes=unknown)
    if part := part_of_a_day(known_days(snapshot, CostTable.SERVICE, period)):
        return replace(nothing, notes=[f"{part}, {NOT_COMPARED}."])
    if not_had := _not_had(snapshot, query, before, details):
        return replace(nothing, notes=not_had)
    rates, about_rates = _rates(snapshot, query, before)
    types = _types(snapshot, query, before)
    control = _control(then, now)
    found = bridge(
        bill_lines(_sums(snapshot, query.by, query, before), types, _UNNAMED[query.by]),
        (before.days, period.days),
        rates,
        control,
    )
    missing = [] if types else [_NO_TYPES]
    if control is None:
        missing.append(_NO_CONTROL)
    if any(part.is_offset for step in found.steps for part in step.parts):
        missing.append(_OFFSETS)
    return replace(
        nothing,
        before=found.before,
        after=found.after,
        change=found.change,
        steps=_steps(found, snapshot.manifest.accounts, now.currency),
        notes=[*missing, about_rates],
    )


def changed_sentence(view: ChangesView) -> str:
    """Say what became of the bill, or that it is not known."""
    now, then = days_text(view.period), days_text(view.compared)
    if view.change is None:
        return f"Why {now} cost what they cost against {then} is not known."
    after = money(view.after, view.currency)
    if not view.change:
        return f"As much was spent in {now} as in {then}: {after}."
    grown = growth(view.change, view.before)
    return (
        f"{money(abs(view.change), view.currency)} {'more' if view.change > 0 else 'less'}"
        f"{f' ({grown})' if grown else ''} in {now} than in {then}: "
        f"{money(view.before, view.currency)} became {after}."
    )


def compared_of(query: ChangesQuery) -> Period:
    """Return the earlier period."""
    before = compared_period(query.costs.period, query.compare)
    assert before is not None  # noqa: S101  only nothing is compared with nothing
    return before


def _missing(costs: CostByServiceView) -> str:
    count = len(costs.missing_days)
    return (
        f"{plural(count, 'day')} of {days_text(costs.period)} {'is' if count == 1 else 'are'} not known, "
        "and a part is not compared with a whole."
    )


def _not_had(snapshot: Snapshot, query: ChangesQuery, before: Period, details: Collection[str]) -> list[str]:
    """Say why there is no bridge of these parts, nothing where there is."""
    table, period = query.by, query.costs.period
    if table is CostTable.USAGE_TYPE and query.costs.account is not None:
        return [_ALL_TOGETHER]
    unknown = sum(one.days - len(known_days(snapshot, table, one)) for one in (before, period))
    if table is CostTable.SERVICE or not unknown:
        return []
    words = grouping_words(table.value)
    notes = detail_notes(snapshot, table, before.first_day, details)
    return [f"{plural(unknown, 'day')} of both periods are not known by {words}.", *notes]


def _sums(snapshot: Snapshot, table: CostTable, query: ChangesQuery, before: Period) -> tuple[Sums, Sums]:
    costs = query.costs
    earlier, later = (
        {
            key: cost
            for key, cost in snapshot.cost_sums(table, period, costs.metric).items()
            if costs.account in (None, key[1])
        }
        for period in (before, costs.period)
    )
    if query.by is CostTable.USAGE_TYPE:
        return _of_all_accounts(earlier), _of_all_accounts(later)
    return earlier, later


def _of_all_accounts(sums: Sums) -> Sums:
    keys = dict.fromkeys(key for key, _ in sums)
    return {(key, None): exact_sum(cost for (one, _), cost in sums.items() if one == key) for key in keys}


def _types(snapshot: Snapshot, query: ChangesQuery, before: Period) -> tuple[Sums, Sums] | None:
    for period in (before, query.costs.period):
        if len(known_days(snapshot, CostTable.RECORD_TYPE, period)) < period.days:
            return None
    return _sums(snapshot, CostTable.RECORD_TYPE, query, before)


def _control(then: CostByServiceView, now: CostByServiceView) -> tuple[Decimal, Decimal] | None:
    if then.control_total is None or now.control_total is None:
        return None
    return then.control_total, now.control_total


def _rates(snapshot: Snapshot, query: ChangesQuery, before: Period) -> tuple[list[RateChange], str]:
    """Return the rates that moved and a sentence on what they rest on, or why there are none."""
    costs = query.costs
    if costs.metric is not CostMetric.UNBLENDED or costs.account is not None:
        return [], (
            "Prices are not told apart from usage here: quantities are stored with unblended costs of all "
            "accounts together."
        )
    if query.compare is Compare.LAST_YEAR:
        return [], "Prices are not told apart from usage: quantities of a year ago are not stored."
    billed = snapshot.billed()
    records = billed.by_operation.records if billed and billed.by_operation else ()
    period = costs.period
    later = [one for one in records if period.first_day <= one.start and one.end <= period.end_day]
    earlier = [one for one in records if before.first_day <= one.start and one.end <= period.first_day]
    if not later or not earlier:
        return [], (
            "Prices are not told apart from usage: quantities are stored of about the last month only, "
            "not of both periods."
        )
    spans = [_span(earlier), _span(later)]
    found = rate_changes(earlier, later, *((span.end - span.start).days for span in spans))
    return found, (
        f"Prices are what a unit cost in {days_text(spans[1])} against {days_text(spans[0])}, the days whose "
        "quantities are stored; a free tier or volume price that is used up counts as a price."
    )


def _span(records: Sequence[UsageRecord]) -> DaysView:
    return DaysView(start=min(one.start for one in records), end=max(one.end for one in records))


def _steps(found: Bridge, names: Mapping[str, str | None], currency: str) -> list[ChangeStepView]:
    return [_step(step, names, currency) for step in found.steps]


def _step(step: Step, names: Mapping[str, str | None], currency: str) -> ChangeStepView:
    parts = [_part(part, names) for part in step.parts[:MOST_PARTS]]
    if rest := step.parts[MOST_PARTS:]:
        amount = exact_sum(part.amount for part in rest)
        folded = Part(cause=step.cause, key=f"{len(rest)} smaller ones", account_id=None, amount=amount)
        parts.append(_part(folded, names))
    title = TITLES[step.cause]
    return ChangeStepView(
        cause=step.cause.value,
        title=title,
        amount=step.amount,
        sentence=f"{title}: {signed_money(step.amount, currency)}{_led_by(parts, currency)}.",
        parts=parts,
    )


def _led_by(parts: Sequence[ChangePartView], currency: str) -> str:
    largest = parts[0]
    where = largest.account_name or largest.account_id
    who = f"{largest.key} in {where}" if where else largest.key
    if len(parts) == 1:
        return f", {who}"
    return f", the largest part {who} ({signed_money(largest.amount, currency)})"


def _part(part: Part, names: Mapping[str, str | None]) -> ChangePartView:
    return ChangePartView(
        key=part.key,
        account_id=part.account_id,
        account_name=names.get(part.account_id) if part.account_id else None,
        amount=part.amount,
        before=part.before,
        after=part.after,
        unit=part.rate.unit if part.rate else None,
        rate_before=part.rate.rate_before if part.rate else None,
        rate_after=part.rate.rate_after if part.rate else None,
    )
