"""The monthly report: a page for paper, and Markdown for a chat."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, Response

from plainbill.app.answers import Answer
from plainbill.app.api import answers_with
from plainbill.app.assets import AnswerResponse
from plainbill.app.changes_params import ChangesParams
from plainbill.app.cost_record import CostRecord
from plainbill.app.markdown import MARKDOWN_TYPE
from plainbill.app.outlook import Outlook
from plainbill.app.pages import PAGE_ANSWERS, Overview
from plainbill.app.params import Params
from plainbill.app.place_query import PlaceQuery
from plainbill.app.problems import ParameterError
from plainbill.app.queries import FIRST_DAY
from plainbill.app.record import Edition
from plainbill.app.report_markdown import report_markdown
from plainbill.app.seen import Seen
from plainbill.app.showback import Showbacks
from plainbill.app.showback_params import ShowbackParams
from plainbill.app.views.finding_table import counted_by_confidence
from plainbill.app.views.findings import could_not_check
from plainbill.app.views.first import first_findings
from plainbill.app.views.reconciliation import reconciliation
from plainbill.app.views.report import report_view
from plainbill.app.views.report_shapes import ReportView
from plainbill.app.views.report_sources import ReportSources
from plainbill.app.views.showback_shapes import ShowbackView
from plainbill.model.period import month_start

HERE = "/report"
MONTHS = 13
"""How many months the page offers: so many are read."""
_DAY = timedelta(days=1)


class ReportParams(Params):
    """Which month is told of."""

    month: str | None = Field(
        default=None,
        pattern=r"^\d{4}-(0[1-9]|1[0-2])$",
        description="The calendar month (UTC), `YYYY-MM`; without it the last one that is over.",
        examples=["2026-10"],
    )


class Reports:
    """Puts reports together from what the other pages show."""

    def __init__(self, costs: CostRecord, outlook: Outlook, showbacks: Showbacks) -> None:
        self.record, self._costs, self._outlook, self._showbacks = costs.record, costs, outlook, showbacks

    def view(self, edition: Edition, params: ReportParams) -> ReportView:
        """Return the report of a month; raises ``ParameterError`` for one that has not begun."""
        return report_view(self.sources(edition, params))

    def sources(self, edition: Edition, params: ReportParams) -> ReportSources:
        """Return what it is made from; raises ``ParameterError``."""
        record, first = self.record, month_of(params, edition.today)
        status, table, judged = record.status(edition), record.findings(edition), record.judged(edition)
        asked = ChangesParams(start=first, end=end_of(first, status.data_until, edition.today))
        costs = record.costs(edition, record.cost_query(edition, asked).by_months()).view
        return ReportSources(
            month=first,
            is_whole=_is_over(month_start(first, 1), status.data_until),
            status=status,
            costs=costs,
            proof=reconciliation(costs),
            owners=self._owners(edition, ShowbackParams(start=asked.start, end=asked.end)),
            changes=self._costs.changes(edition, self._costs.changes_query(edition, asked)),
            forecast=self._outlook.forecast(edition).total,
            anomalies=self._outlook.anomalies(edition),
            rows=table.rows,
            first=first_findings(table.rows, costs.currency),
            totals=table.overall,
            by_confidence=counted_by_confidence(table),
            unread=could_not_check(judged, PlaceQuery()),
        )

    def _owners(self, edition: Edition, params: ShowbackParams) -> ShowbackView:
        return self._showbacks.view(edition, *self._showbacks.query(edition, params))


class ReportPages:
    """Renders the report, again only when something that it shows has changed."""

    def __init__(self, reports: Reports, overview: Overview) -> None:
        self._reports, self._record = reports, reports.record
        self._overview = overview
        self._rendered = self._record.cached(16, self._render)
        self._written = self._record.cached(16, self._write)

    def html(self, edition: Edition, params: ReportParams) -> Answer:
        """Return the page; raises ``ParameterError``."""
        return self._rendered(edition, params, self._record.seen(edition))

    def markdown(self, edition: Edition, params: ReportParams) -> Answer:
        """Return the Markdown; raises ``ParameterError``."""
        return self._written(edition, params, self._record.seen(edition))

    def _render(self, edition: Edition, params: ReportParams, seen: Seen) -> Answer:
        view, months = self._reports.view(edition, params), usual_months(edition.today)
        return self._overview.page("report.html", seen.status, HERE, view=view, months=months)

    def _write(self, edition: Edition, params: ReportParams, _seen: Seen) -> Answer:
        return Answer(report_markdown(self._reports.view(edition, params)), MARKDOWN_TYPE)


def report_router(reports: Reports, pages: ReportPages) -> APIRouter:
    """Return the routes."""
    router, record = APIRouter(), reports.record

    @router.get(
        HERE,
        operation_id="reportPage",
        summary="The monthly report, to be printed",
        responses=PAGE_ANSWERS,
        response_class=HTMLResponse,
        tags=["page"],
    )
    async def page(params: Annotated[ReportParams, Query()]) -> Response:
        """Bill, changes, forecast, waste, anomalies and what could not be seen, of one month."""
        edition = await record.edition()
        return AnswerResponse(await run_in_threadpool(pages.html, edition, params))

    @router.get(
        f"{HERE}.md",
        operation_id="reportMarkdown",
        summary="The monthly report as Markdown",
        response_class=Response,
        responses=answers_with(media_type=MARKDOWN_TYPE.partition(";")[0]),
        tags=["data"],
    )
    async def markdown(params: Annotated[ReportParams, Query()]) -> Response:
        """The same words as the page; what comes from AWS is escaped."""
        edition = await record.edition()
        return AnswerResponse(await run_in_threadpool(pages.markdown, edition, params))

    return router


def month_of(params: ReportParams, today: date) -> date:
    """Return the first day of the month that is asked for; raises ``ParameterError``."""
    if params.month is None:
        return month_start(today, -1)
    year, _, number = params.month.partition("-")
    if not FIRST_DAY.year <= int(year) <= today.year or (first := date(int(year), int(number), 1)) > today:
        allowed = f"a month from {FIRST_DAY:%Y-%m} to {today:%Y-%m}"
        raise ParameterError("month", params.month, allowed)
    return first


def end_of(first: date, data_until: date | None, today: date) -> date:
    """Return where a report of a month ends: a day that AWS has not filled is held against no whole one."""
    known = today if data_until is None else data_until + _DAY
    return min(month_start(first, 1), max(known, first + _DAY))


def usual_months(today: date) -> Sequence[date]:
    """Return the months that the page offers, the present one first."""
    return [month_start(today, -back) for back in range(MONTHS)]


def _is_over(end: date, data_until: date | None) -> bool:
    return data_until is not None and data_until >= end - _DAY
