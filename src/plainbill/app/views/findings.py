"""Findings as the URL asks for them: filtered, sorted, paged, and what they come to."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from math import ceil

from plainbill.analyzer.commitments import RealisableReport
from plainbill.analyzer.engine import Finding
from plainbill.analyzer.isolation import SOURCE as FAILURES
from plainbill.analyzer.wording import sentence
from plainbill.app.finding_queries import FindingQuery
from plainbill.app.place_query import PlaceQuery, service_of
from plainbill.app.views.cells import whole
from plainbill.app.views.finding_shapes import (
    CouldNotCheckView,
    FindingRowView,
    FindingsView,
    MeasurementView,
    RealisableTotalsView,
)
from plainbill.app.views.finding_table import FindingTable
from plainbill.app.views.gaps import NOTHING_READ, gap_view
from plainbill.app.views.judged import Judged
from plainbill.app.views.shapes import GapView, SavingCardView
from plainbill.app.views.standing import Standing, life_of
from plainbill.model.lifecycle import Ending, FindingRecord, FindingState
from plainbill.model.money import Money
from plainbill.prices.ladder import least_trusted

_EVERY_KIND = frozenset({"accounts", "ec2_regions", "sts", "resource_metrics", "cloudwatch", FAILURES})
"""Sources whose gap may touch every check: accounts, Regions and metrics, and checks that cannot be used."""
_GONE = "the last complete reading did not find it any more"
_OUT_OF_SIGHT = "the last reading could not look there, or by this check: what is known is of an earlier one"
_ENDINGS: Mapping[Ending | None, str] = {
    Ending.CLEARED: f"{_GONE}: the resource is there and is waste no more",
    Ending.DELETED: f"{_GONE}: the resource is not there any more",
}


def finding_rows(standing: Standing) -> list[FindingRowView]:
    """Return every finding, in the report's order: the largest saving first, unknown ones last, then gone."""
    judged = standing.judged
    if judged is None:
        return []
    found = [finding_row(finding, judged, standing) for finding in judged.report.findings]
    gone = [
        remembered_row(record, judged)
        for record in standing.records.values()
        if record.state is FindingState.GONE and record.finding_id not in judged.by_id
    ]
    return found + gone


def finding_row(finding: Finding, judged: Judged, standing: Standing) -> FindingRowView:
    """Return one finding as all lists show it."""
    waste, resource = finding.waste, finding.resource
    money = waste.monthly_saving or waste.monthly_cost
    assert standing.listed is not None  # noqa: S101  a reading was judged
    counted = standing.listed.report.counted_of(finding)
    if counted is None and waste.monthly_saving is not None:
        counted = Money(Decimal(0), waste.monthly_saving.currency)  # set aside
    return FindingRowView(
        finding_id=finding.finding_id,
        check_id=finding.check.id,
        title=finding.check.title,
        service=service_of(finding.check.id),
        resource_id=resource.resource_id,
        name=resource.name or None,
        arn=resource.arn,
        account_id=resource.account_id,
        account_name=judged.names.get(resource.account_id),
        region=resource.region,
        action=finding.action.value,
        effort=finding.effort.value,
        confidence=finding.confidence.value,
        reason=sentence(waste.reason),
        currency=None if money is None else money.currency,
        monthly_cost=None if waste.monthly_cost is None else waste.monthly_cost.amount,
        monthly_saving=None if waste.monthly_saving is None else waste.monthly_saving.amount,
        counted_saving=None if counted is None else counted.amount,
        keeps_billing=list(waste.keeps_billing),
        doubts=list(waste.doubts),
        cleared_by=waste.cleared_by,
        evidence=[
            MeasurementView(label=one.label, value=one.value, unit=one.unit, threshold=one.threshold)
            for one in waste.evidence
        ],
        price_origin=least_trusted(rate for _, _, rate in finding.rates),
        **standing.life(finding.finding_id),
    )


def remembered_row(record: FindingRecord, judged: Judged) -> FindingRowView:
    """Return a finding that the reading did not find: it is in no sum, and only the record tells of it."""
    check = next((check for check in judged.checks if check.id == record.check_id), None)
    saving = record.monthly_saving
    return FindingRowView(
        finding_id=record.finding_id,
        check_id=record.check_id,
        title=record.check_id if check is None else check.title,
        service=service_of(record.check_id),
        resource_id=record.resource_id,
        name=None,
        arn=record.arn,
        account_id=record.account_id,
        account_name=judged.names.get(record.account_id),
        region=record.region,
        action="" if check is None else check.action.value,
        effort="" if check is None else check.effort.value,
        confidence=None,
        reason=_why_not_found(record),
        currency=None if saving is None else saving.currency,
        monthly_cost=None,
        monthly_saving=None if saving is None else saving.amount,
        counted_saving=None if saving is None else Decimal(0),
        keeps_billing=[],
        doubts=[],
        cleared_by="",
        evidence=[
            MeasurementView(label=label, value=value or None, unit="", threshold=None)
            for label, value in record.features.items()
        ],
        price_origin=None,
        **life_of(record),
    )


def _why_not_found(record: FindingRecord) -> str:
    if record.unasked_at is not None:
        now = "the usual thresholds" if record.unasked_by is None else f"policy {record.unasked_by}"
        return f"no longer asked for: {now}. Nothing says that the resource is waste no more"
    return _ENDINGS.get(record.ending, _GONE) if record.state is FindingState.GONE else _OUT_OF_SIGHT


def findings_view(
    standing: Standing, table: FindingTable, query: FindingQuery, page: int, size: int
) -> FindingsView:
    """Return one page of what a query asks for; a page beyond the last is the last."""
    judged, listed = standing.judged, standing.listed
    matching = table.places(query)
    found = table.in_state(matching, query.state)
    pages = max(1, ceil(len(found) / size))
    page = min(page, pages)
    return FindingsView(
        taken_at=None if judged is None else judged.context.now,
        check=query.check,
        account=query.account,
        region=query.region,
        service=query.service,
        action=query.action,
        confidence=query.confidence,
        state=query.state,
        q=query.q,
        sort=query.sort,
        page=page,
        pages=pages,
        size=size,
        matching=len(found),
        findings=table.at(found[(page - 1) * size : page * size]),
        states=table.states(matching),
        totals=table.totals(found),
        overall=table.overall,
        realisable=None if listed is None else realisable_totals(listed.realisable),
        could_not_check=could_not_check(judged, query),
        gaps=check_gaps(judged, query),
    )


def realisable_totals(report: RealisableReport) -> RealisableTotalsView:
    """Return what of all savings would really be saved."""
    return RealisableTotalsView(
        monthly_saving={currency: money.amount for currency, money in report.realisable.items()},
        not_known_findings=report.not_known_findings,
        is_lower_bound=report.is_lower_bound,
    )


def could_not_check(judged: Judged | None, query: PlaceQuery) -> CouldNotCheckView:
    """Count what has no answer among the checks and places of a query."""
    if judged is None:
        return CouldNotCheckView(checks=0, could_not_check=0, could_not_judge=0)
    looked = whole(judged.cells.squares(query, "region").values())
    wanted = sum(query.wants(check.id, None, None) for check in judged.checks)
    closed = wanted * sum(query.account in (None, account) for account in judged.not_entered)
    refused = sum(gap.source == FAILURES for gap in judged.context.inventory.gaps)
    return CouldNotCheckView(
        checks=looked.cells + closed + refused,
        could_not_check=looked.closed + closed + refused,
        could_not_judge=looked.could_not_judge,
    )


def saving_card(judged: Judged | None, table: FindingTable) -> SavingCardView | None:
    """Return the findings in a few figures, for the first screen."""
    if judged is None:
        return None
    totals, unread = table.overall, could_not_check(judged, PlaceQuery())
    return SavingCardView(
        findings=totals.findings,
        monthly_saving=totals.monthly_saving,
        unknown_price=totals.unknown_price,
        checks=unread.checks,
        could_not_check=unread.could_not_check,
        could_not_judge=unread.could_not_judge,
    )


def check_gaps(judged: Judged | None, query: PlaceQuery) -> list[GapView]:
    """Return the gaps that the checks and places of a query may suffer from."""
    if judged is None:
        return [NOTHING_READ]
    wanted = [check for check in judged.checks if query.wants(check.id, None, None)]
    sources = _EVERY_KIND | {kind.source for check in wanted for kind in check.kinds()}
    gaps = [gap for gap in judged.context.inventory.gaps if gap.source.partition(".")[0] in sources]
    known = set(gaps)
    gaps += [gap for gap in judged.not_entered.values() if gap not in known]
    gaps += [gap for check in wanted for gap in judged.failures.get(check.id, ())]
    return [
        gap_view(gap)
        for gap in gaps
        if (query.account is None or gap.account_id in (None, query.account))
        and (query.region is None or gap.region in (None, query.region))
    ]
