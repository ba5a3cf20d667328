"""The parts of the monthly report that tell of waste, anomalies and what could not be seen."""

from __future__ import annotations

from collections.abc import Sequence

from plainbill.app.finding_formats import action_name, effort_name, sums
from plainbill.app.formats import (
    UNKNOWN,
    day,
    fine_money,
    link,
    moment,
    money,
    plural,
    signed_money,
    source_name,
)
from plainbill.app.formats import missing as gaps_of
from plainbill.app.views.finding_shapes import CouldNotCheckView
from plainbill.app.views.outlook import AnomalyView
from plainbill.app.views.report_shapes import ReportPartView
from plainbill.app.views.report_sources import SHOWN, ReportSources, more, table
from plainbill.app.views.shapes import DaysView


def waste(of: ReportSources) -> ReportPartView:
    """Say what can stop being paid for, and what to do first."""
    said = []
    if of.totals.findings:
        unknown = of.totals.unknown_price
        rest = f", and {unknown:,} of them of unknown price" if unknown else ""
        said.append(
            f"{plural(of.totals.findings, 'finding')}: {sums(of.totals.monthly_saving)} a month "
            f"at list price{rest}. Each billed thing is counted once."
        )
        said.append(
            "To do first, by dollars, how sure and effort:" if of.first else "None has a known saving."
        )
    else:
        said.append("No waste is known." if none_found(of.unread) == UNKNOWN else "No waste was found.")
    rows = [
        (
            f"{row.name or row.resource_id}: {row.title}",
            row.account_name or row.account_id,
            money(row.counted_saving, row.currency or "USD"),
            row.confidence or UNKNOWN,
            f"{action_name(row.action)}, {effort_name(row.effort)} effort",
        )
        for row in of.first
    ]
    return ReportPartView(
        title="Waste found, as of now",
        said=said,
        table=table(
            ("Finding", "Account", "Saves a month", "Sure", "Action"),
            rows,
            numbers=("Saves a month",),
            links=[f"/findings/{row.finding_id}" for row in of.first],
        ),
        href="/findings",
    )


def found_and_removed(of: ReportSources) -> ReportPartView:
    """Say what was first seen, and what was gone, in the month."""
    period = of.costs.period
    new = [one for one in of.rows if one.first_seen and period.start <= one.first_seen.date() < period.end]
    gone = [
        one
        for one in of.rows
        if one.state == "gone" and one.state_since and period.start <= one.state_since.date() < period.end
    ]
    gone.sort(key=lambda one: (-(one.monthly_saving or 0), one.arn))
    rows = [
        (
            one.resource_id,
            one.title,
            day(one.state_since) if one.state_since else UNKNOWN,
            money(one.monthly_saving, one.currency or "USD"),
            one.reason,
        )
        for one in gone[:SHOWN]
    ]
    return ReportPartView(
        title="Waste found and removed in these days",
        said=_remembered(of, len(new), len(gone)),
        table=table(
            ("Resource", "Finding", "Gone since", "Saved a month", "How it ended"),
            rows,
            numbers=("Saved a month",),
            links=[f"/findings/{one.finding_id}" for one in gone[:SHOWN]],
        ),
        href=link("/findings", state="gone"),
    )


def _remembered(of: ReportSources, new: int, gone: int) -> list[str]:
    """Say how many findings came and went, as far back as any is remembered."""
    period = of.costs.period
    since = min((one.first_seen.date() for one in of.rows if one.first_seen), default=None)
    if since is None or since >= period.end:
        return ["No finding is remembered from these days: whether there was waste then is not known."]
    said = [
        f"{plural(new, 'finding')} first seen in these days; {plural(gone, 'finding')} gone since.",
        *(["Beside each stands what it would have saved; alternatives are not added up."] if gone else []),
    ]
    if since > period.start:
        said.append(f"Findings are remembered from {day(since)} on; of earlier days nothing is said.")
    return said


def anomalies(of: ReportSources, found: Sequence[AnomalyView]) -> ReportPartView:
    """Name the anomalies that touch the month."""
    currency = of.anomalies.currency
    rows = [
        (
            day(one.start),
            one.account_name or one.name,
            signed_money(one.impact, currency),
            money(one.expected, currency),
            one.state + (f": {one.note}" if one.note else ""),
        )
        for one in found[:SHOWN]
    ]
    if missing := not_looked_at(of):
        said = [f"{missing[0].upper()}{missing[1:]}."]
    else:
        said = [] if found else ["No service and no account left its rhythm."]
    numbers = ("More or less", "Expected")
    return ReportPartView(
        title="Anomalies",
        said=said,
        table=table(("From", "Where", *numbers, "State"), rows, numbers=numbers),
        href="/anomalies",
    )


def is_looked_at(of: ReportSources) -> bool:
    """Say whether anomalies were looked for on any day of the month."""
    since = of.anomalies.since
    return of.anomalies.reason is None and since is not None and since < of.costs.period.end


def not_looked_at(of: ReportSources) -> str:
    """Say which days of the month anomalies were not looked for on; empty for none."""
    if of.anomalies.reason:
        return f"nothing could be looked at: {of.anomalies.reason}"
    if of.anomalies.since is None or of.anomalies.since <= of.costs.period.start:
        return ""
    return f"looked for from {day(of.anomalies.since)} on; of earlier days nothing is said"


def overlaps(one: AnomalyView, period: DaysView) -> bool:
    """Say whether an anomaly touches some days."""
    return one.start < period.end and period.start < one.end


def coverage(of: ReportSources) -> ReportPartView:
    """Say what was read, and what could not be."""
    status, unread, gaps = of.status, of.unread, gaps_of(of.status.gaps)
    said = [
        (
            f"{status.accounts_read:,} of {plural(status.accounts_total, 'account')} and "
            f"{plural(len(status.regions), 'Region')} were read on {moment(status.taken_at)}."
        ),
        (
            f"{unread.could_not_check:,} of {plural(unread.checks, 'check')} in accounts and Regions could "
            f"not look, or not wholly; of {plural(unread.could_not_judge, 'resource')} nothing can be said."
        ),
    ]
    if of.costs.missing_days:
        said.append(f"{plural(len(of.costs.missing_days), 'day')} of costs could not be read.")
    if not gaps:
        said.append("No gaps: everything else that was asked was answered.")
    rows = [
        (
            source_name(gap.source),
            " ".join(filter(None, (gap.account_id, gap.region))),
            gap.reason,
            gap.remedy,
        )
        for gap in gaps[:SHOWN]
    ]
    return ReportPartView(
        title="Coverage and gaps",
        said=[*said, *more(len(gaps), "gap", "")],
        table=table(("Source", "Where", "What is missing", "Remedy"), rows),
        href="/coverage",
    )


def method(of: ReportSources) -> ReportPartView:
    """Say how the figures came about."""
    status = of.status
    judged = f"the policy {status.policy}" if status.policy else "the usual thresholds"
    return ReportPartView(
        title="How this was made",
        said=[
            (
                "Costs are unblended, of all accounts, by UTC day, as Cost Explorer gave them "
                f"on {moment(of.costs.as_of)}."
            ),
            "What could not be read is left out and said, never counted as zero.",
            f"Findings are judged by {judged}; savings are at list price, of what is stored today.",
            "Every figure is that of the page named beside it; none was made for this report.",
            f"Reading AWS cost up to {fine_money(status.cost_high)} at the last refresh.",
        ],
        href="/settings",
    )


def how_sure(of: ReportSources) -> str:
    """Say what is counted of the savings by how sure they are."""
    words = {"high": "sure", "medium": "likely", "review": "to be looked at"}
    return ", ".join(
        f"{sums(amounts)} {words[word]}" for word, amounts in of.by_confidence.items() if amounts
    )


def none_found(unread: CouldNotCheckView) -> str:
    """Say of no findings whether that means no waste."""
    return UNKNOWN if unread.could_not_check or not unread.checks else "none found"
