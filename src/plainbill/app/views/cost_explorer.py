"""Costs of any stored days by whatever is stored, compared and reconciled."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from plainbill.analyzer.cost_by_service import CostReport, DayCost, ServiceCost, cost_report
from plainbill.analyzer.cost_periods import compared_period, months_of
from plainbill.app.cost_params import DIMENSIONS, ExplorerQuery
from plainbill.app.views.cost_details import detail_notes, row_names
from plainbill.app.views.cost_shapes import ComparedView, CostExplorerView, CostRowView, CostSpanView
from plainbill.app.views.reconciliation import reconciliation
from plainbill.app.views.shapes import CostByServiceView, DaysView
from plainbill.app.views.stored_costs import (
    NOT_COMPARED,
    Known,
    is_same_reading,
    known_days,
    part_of_a_day,
    unsettled_days,
)
from plainbill.model.cost import CostTable, DailyCost
from plainbill.model.exact import exact_sum, finest
from plainbill.model.period import Period
from plainbill.storage import Snapshot

_OTHER_READING = (
    "these rows and AWS's own total were not read of the same days at the same time, so they are not compared"
)


def explorer_view(
    snapshot: Snapshot | None,
    query: ExplorerQuery,
    whole: CostByServiceView,
    details: Collection[str] = tuple(CostTable),
) -> CostExplorerView:
    """Return the answer; ``whole`` is the bill of the same days, metric and account by service.

    ``details`` are the tables that are asked for beside those that always are.
    """
    nothing = _nothing(query, whole)
    if snapshot is not None:
        nothing = replace(
            nothing, notes=detail_notes(snapshot, query.table, query.costs.period.first_day, details)
        )
    if snapshot is None or snapshot.manifest.span(query.table) is None:
        return nothing
    period = query.costs.period
    known = known_days(snapshot, query.table, period)
    if not known:
        return nothing
    rows = [row for row in _rows(snapshot, query, period) if row.day in known]
    before_period = compared_period(period, query.compare)
    before_days = before_period.days if before_period else 0
    before = None if before_period is None else _known_rows(snapshot, query, before_period)
    report = cost_report(rows, before, period)
    part = part_of_a_day(known)
    is_whole = len(known) == period.days and not part
    names = row_names(snapshot, query, (one.service for one in report.services))
    proof = replace(whole, control_total=None, control_note=_OTHER_READING, missing_days=(), late_days=())
    if query.table is CostTable.SERVICE or is_same_reading(
        known, known_days(snapshot, CostTable.SERVICE, period)
    ):
        proof = whole
    return replace(
        nothing,
        total=report.total,
        per_day=_per_day(report.total, len(known)),
        known_days=len(known),
        compared=None
        if before_period is None
        else _compared(query, report, before_period, len(known), part, is_whole=is_whole),
        rows=[
            _row(one, names, len(known), before_days, is_whole=is_whole)
            for one in report.services
            if one.cost or one.previous_cost
        ],
        spans=_spans(query, report, known),
        missing_days=[day for day in period.dates() if day not in known],
        reconciliation=reconciliation(proof, report.total, is_part=bool(query.only)),
    )


def _nothing(query: ExplorerQuery, whole: CostByServiceView) -> CostExplorerView:
    costs = query.costs
    return CostExplorerView(
        period=DaysView(start=costs.period.first_day, end=costs.period.end_day),
        metric=costs.metric.value,
        group=query.group.value,
        granularity="monthly" if query.is_monthly else "daily",
        account=costs.account,
        only={group.value: value for group, value in query.only},
        currency=whole.currency,
        total=None,
        per_day=None,
        known_days=0,
        compared=None,
        rows=[],
        spans=[],
        missing_days=list(costs.period.dates()),
        reconciliation=reconciliation(whole, is_part=True),
        gaps=whole.gaps,
    )


def _rows(snapshot: Snapshot, query: ExplorerQuery, period: Period) -> list[DailyCost]:
    column = DIMENSIONS[query.table.kind][query.group]
    costs = query.costs
    return snapshot.grouped_costs(
        query.table,
        period,
        costs.metric,
        column,
        key=query.key,
        account=costs.account,
        service=query.service,
    )


def _known_rows(snapshot: Snapshot, query: ExplorerQuery, period: Period) -> list[DailyCost] | None:
    """Return the rows of a period of which every day is known, else None."""
    if len(known_days(snapshot, query.table, period)) < period.days:
        return None
    return _rows(snapshot, query, period)


def _per_day(cost: Decimal, days: int) -> Decimal:
    return finest(cost / days)


def _row(
    one: ServiceCost, names: Mapping[str, str | None], days: int, before_days: int, *, is_whole: bool
) -> CostRowView:
    per_day = _per_day(one.cost, days)
    before = None if one.previous_cost is None else _per_day(one.previous_cost, before_days)
    return CostRowView(
        key=one.service,
        name=names.get(one.service),
        cost=one.cost,
        share=one.share,
        per_day=per_day,
        previous_cost=one.previous_cost,
        previous_per_day=before,
        change=one.change if is_whole else None,
        change_per_day=per_day - before if is_whole and before is not None else None,
    )


def _compared(
    query: ExplorerQuery, report: CostReport, before: Period, days: int, part: str | None, *, is_whole: bool
) -> ComparedView:
    previous = report.previous_total
    now = _per_day(report.total, days)
    then = None if previous is None else _per_day(previous, before.days)
    note = None
    if previous is None:
        note = "not every day of the earlier period was read, so nothing is compared"
    elif part:
        note = f"{part}, {NOT_COMPARED}"
    elif not is_whole:
        note = f"some of these days are not known yet, {NOT_COMPARED}"
    elif report.is_estimated:
        note = "some of these days are estimated: the change may still grow or shrink"
    return ComparedView(
        compare=query.compare.value,
        period=DaysView(start=before.first_day, end=before.end_day),
        total=previous,
        per_day=then,
        change=report.change if is_whole else None,
        change_per_day=now - then if is_whole and then is not None else None,
        note=note,
    )


def _spans(query: ExplorerQuery, report: CostReport, known: Known) -> list[CostSpanView]:
    days = {day.day: day for day in report.daily}
    open_days = frozenset(unsettled_days(known))
    period = query.costs.period
    if query.is_monthly:
        return [_span(list(month.dates()), days, known, open_days) for month in months_of(period)]
    return [_span([day], days, known, open_days) for day in period.dates()]


def _span(
    dates: Sequence[date], days: Mapping[date, DayCost], known: Known, open_days: frozenset[date]
) -> CostSpanView:
    read = [day for day in dates if day in known]
    billed = [days[day] for day in read if day in days]
    keys = {key: None for day in billed for key in day.costs}
    costs = {key: exact_sum(day.costs[key] for day in billed if key in day.costs) for key in keys}
    return CostSpanView(
        start=dates[0],
        end=date.fromordinal(dates[-1].toordinal() + 1),
        total=exact_sum(costs.values()) if read else None,
        costs=costs,
        is_estimated=any(day.is_estimated for day in billed),
        is_unsettled=not open_days.isdisjoint(read),
        missing_days=len(dates) - len(read),
    )
