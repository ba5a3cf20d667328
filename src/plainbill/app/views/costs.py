"""Costs of a period by service, with everything that says how far to trust them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from plainbill.analyzer.cost_by_service import CostReport, cost_report
from plainbill.app.queries import CostQuery
from plainbill.app.views.gaps import NOT_READ_YET, NOTHING_READ, cost_gaps
from plainbill.app.views.shapes import (
    AccountCostView,
    CostByServiceView,
    DaysView,
    DayView,
    GapView,
    RecordTypeView,
    ServiceCostView,
)
from plainbill.app.views.stored_costs import (
    control_total,
    known_days,
    may_change,
    part_of_a_day,
    read_at,
    total_of_days,
    unsettled_days,
)
from plainbill.model.cost import CostTable, DailyCost
from plainbill.model.exact import exact_sum
from plainbill.model.period import Period
from plainbill.storage import Snapshot

_FAILED = "the costs of these days could not be read"
_UNFILLED = "AWS has put nothing on the bill yet for these days"
_UNASKED = "no cost of these days has been read"


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """What is known of the costs of a query: the view, and the report it was made from, if any."""

    view: CostByServiceView
    report: CostReport | None


def costs_of(snapshot: Snapshot | None, query: CostQuery) -> Costs:
    """Return what is known of the costs; what is not known is None and stands among the gaps."""
    nothing = _nothing(query)
    if snapshot is None:
        return Costs(view=replace(nothing, gaps=[NOTHING_READ]), report=None)
    manifest = snapshot.manifest
    gaps = cost_gaps(manifest.gaps)
    span = manifest.tables.get(CostTable.SERVICE)
    nothing = replace(nothing, currency=manifest.currency, gaps=gaps, as_of=span.as_of if span else None)
    known = known_days(snapshot, CostTable.SERVICE, query.period) if span else {}
    if not known:
        return Costs(view=replace(nothing, control_note=_why(snapshot, query, gaps)), report=None)
    rows = _rows(snapshot, CostTable.SERVICE, query, query.period)
    before = _rows_before(snapshot, query)
    report = cost_report([row for row in rows if row.day in known], before, query.period)
    return Costs(view=_view(snapshot, query, report, known, nothing), report=report)


def _why(snapshot: Snapshot, query: CostQuery, gaps: Sequence[GapView]) -> str:
    """Say why no cost of a query is known, where none is: AWS has none yet, refused, or was not asked."""
    if not read_at(snapshot, CostTable.SERVICE).keys().isdisjoint(query.period.dates()):
        return _UNFILLED
    return _FAILED if gaps else _UNASKED


def _nothing(query: CostQuery) -> CostByServiceView:
    period, before = query.period, query.before
    return CostByServiceView(
        period=DaysView(start=period.first_day, end=period.end_day),
        compared=DaysView(start=before.first_day, end=before.end_day),
        metric=query.metric.value,
        account=query.account,
        currency="USD",
        total=None,
        control_total=None,
        difference=None,
        control_note=NOT_READ_YET,
        previous_total=None,
        change=None,
        is_estimated=False,
        estimated_days=0,
        as_of=None,
        services=[],
        by_record_type=[],
        by_account=[],
        daily=[],
        missing_days=list(period.dates()),
        gaps=[],
    )


def _view(
    snapshot: Snapshot,
    query: CostQuery,
    report: CostReport,
    known: Mapping[date, datetime],
    frame: CostByServiceView,
) -> CostByServiceView:
    is_whole = len(known) == query.period.days and not part_of_a_day(known)
    control, note = control_total(snapshot, query.period, query.metric, query.account, known)
    estimated = sum(day.is_estimated for day in report.daily)
    missing = [day for day in query.period.dates() if day not in known]
    read = read_at(snapshot, CostTable.SERVICE)
    unread = [day for day in missing if day not in read]
    return replace(
        frame,
        total=report.total,
        control_total=control,
        difference=None if control is None else exact_sum((control, -report.total)),
        control_note=note,
        previous_total=report.previous_total,
        change=report.change if is_whole else None,
        is_estimated=report.is_estimated,
        estimated_days=estimated,
        services=service_rows(report, is_whole=is_whole),
        by_record_type=_record_types(snapshot, query, known),
        by_account=_accounts(snapshot, query, report.total),
        daily=day_rows(report),
        missing_days=missing,
        missing_total=total_of_days(snapshot, query.period, query.metric, query.account, unread),
        late_days=[day for day in missing if day in read],
        unsettled_days=unsettled_days(known),
        may_change=may_change(known, estimated),
    )


def service_rows(report: CostReport, *, is_whole: bool) -> list[ServiceCostView]:
    """Return the services of a report; part of a period is not compared with a whole one."""
    return [
        ServiceCostView(
            service=row.service,
            cost=row.cost,
            share=row.share,
            previous_cost=row.previous_cost,
            change=row.change if is_whole else None,
        )
        for row in report.services
    ]


def day_rows(report: CostReport) -> list[DayView]:
    """Return the days of a report that have a cost."""
    return [DayView(date=day.day, is_estimated=day.is_estimated, costs=day.costs) for day in report.daily]


def _rows_before(snapshot: Snapshot, query: CostQuery) -> list[DailyCost] | None:
    """The rows of the period before; None unless the cost of every day of it is known."""
    before = replace(query, period=query.before)
    if len(known_days(snapshot, CostTable.SERVICE, before.period)) < before.period.days:
        return None
    return _rows(snapshot, CostTable.SERVICE, before, before.period)


def _record_types(
    snapshot: Snapshot, query: CostQuery, known: Mapping[date, datetime]
) -> list[RecordTypeView]:
    if not known.keys() <= read_at(snapshot, CostTable.RECORD_TYPE).keys():
        return []
    parts: defaultdict[str, list[Decimal]] = defaultdict(list)
    for row in _rows(snapshot, CostTable.RECORD_TYPE, query, query.period):
        if row.day in known:
            parts[row.key or "Unknown"].append(row.cost)
    sums = [(name, exact_sum(costs)) for name, costs in parts.items()]
    ordered = sorted(sums, key=lambda item: (-abs(item[1]), item[0]))
    return [RecordTypeView(record_type=name, cost=cost) for name, cost in ordered]


def _accounts(snapshot: Snapshot, query: CostQuery, total: Decimal) -> list[AccountCostView]:
    names = snapshot.manifest.accounts
    return [
        AccountCostView(
            account_id=account,
            name=names.get(account),
            cost=cost,
            share=float(cost / total) if total > 0 else None,
        )
        for account, cost in snapshot.costs_by_account(query.period, query.metric)
        if query.account in (None, account)
    ]


def _rows(snapshot: Snapshot, table: CostTable, query: CostQuery, period: Period) -> list[DailyCost]:
    if table not in snapshot.manifest.tables:
        return []
    return snapshot.daily_costs(table, period, query.metric, query.account)
