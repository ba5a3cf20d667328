"""The monthly report, put together from the views of other pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from plainbill.app.finding_formats import sums
from plainbill.app.formats import (
    UNKNOWN,
    days,
    growth,
    link,
    money,
    month,
    signed_money,
)
from plainbill.app.views.changes import changed_sentence
from plainbill.app.views.outlook import AnomalyView
from plainbill.app.views.report_costs import (
    accounts,
    adds_up,
    changed,
    forecast,
    owners,
    reconciled,
    services,
)
from plainbill.app.views.report_shapes import FigureView, ReportView
from plainbill.app.views.report_sources import ReportSources
from plainbill.app.views.report_waste import anomalies as anomalies_part
from plainbill.app.views.report_waste import (
    coverage,
    found_and_removed,
    how_sure,
    is_looked_at,
    method,
    none_found,
    not_looked_at,
    overlaps,
    waste,
)


def report_view(of: ReportSources) -> ReportView:
    """Return the report; before anything was read it has no parts."""
    plain = ReportView(
        month=of.month, period=of.costs.period, is_whole=of.is_whole, taken_at=of.status.taken_at
    )
    if of.status.taken_at is None:
        return plain
    anomalies = [one for one in of.anomalies.anomalies if overlaps(one, of.costs.period)]
    return ReportView(
        month=of.month,
        period=of.costs.period,
        is_whole=of.is_whole,
        taken_at=of.status.taken_at,
        currency=of.costs.currency,
        summary=changed_sentence(of.changes),
        figures=list(_figures(of, anomalies)),
        daily=of.costs.daily,
        parts=[
            adds_up(of),
            changed(of),
            services(of),
            accounts(of),
            *owners(of),
            forecast(of),
            waste(of),
            found_and_removed(of),
            anomalies_part(of, anomalies),
            coverage(of),
            method(of),
        ],
        incomplete=of.costs.total is None or bool(of.costs.missing_days) or of.status.state == "partial",
    )


def _figures(of: ReportSources, anomalies: Sequence[AnomalyView]) -> Iterator[FigureView]:
    costs, changes = of.costs, of.changes
    yield FigureView(
        label="Bill" if of.is_whole else "Bill so far",
        value=money(costs.total, costs.currency),
        note=reconciled(of.proof, costs.currency),
        href=link("/cost", start=costs.period.start, end=costs.period.end),
    )
    more = growth(changes.change, changes.before)
    yield FigureView(
        label=f"Against {days(changes.compared)}",
        value=signed_money(changes.change, changes.currency),
        note=more or "",
        href=link("/changes", start=changes.period.start, end=changes.period.end),
    )
    if of.forecast.months:
        ahead = of.forecast.months[0]
        between = f"{money(ahead.low_80, costs.currency)} to {money(ahead.high_80, costs.currency)}"
        yield FigureView(
            label=f"Forecast for {month(ahead.start)}",
            value=money(ahead.expected, costs.currency),
            note=f"80 % interval: {between}",
            href="/cost",
        )
    yield FigureView(
        label="Waste a month, as of now",
        value=sums(of.totals.monthly_saving) if of.totals.findings else none_found(of.unread),
        note=how_sure(of),
        href="/findings",
    )
    yield FigureView(
        label="Anomalies in these days",
        value=f"{len(anomalies):,}" if is_looked_at(of) else UNKNOWN,
        note=not_looked_at(of),
        href="/anomalies",
    )
