"""The JSON, CSV and Markdown answers about findings, checks and coverage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response, StreamingResponse

from plainbill.app import examples_findings
from plainbill.app.answers import Answer
from plainbill.app.api import JSON_TYPE, answers_with, attachment
from plainbill.app.csv import CSV_TYPE, findings_csv, findings_csv_parts
from plainbill.app.finding_params import FindingId, FindingParams, FindingTableParams, PlaceParams
from plainbill.app.markdown import MARKDOWN_TYPE, findings_markdown
from plainbill.app.params import Params
from plainbill.app.problems import problem_answer
from plainbill.app.ready import prepare
from plainbill.app.record import Edition, Record
from plainbill.app.views.coverage import coverage_view
from plainbill.app.views.finding import finding_view
from plainbill.app.views.finding_shapes import (
    ChecksView,
    CoverageView,
    FindingRowView,
    FindingsView,
    FindingView,
)
from plainbill.app.views.findings import findings_view
from plainbill.app.wire import encode

_CSV_NAME = "plainbill-findings.csv"
NO_SUCH_FINDING = "there is no such finding, neither in what was read last nor in the record"
_NOT_THERE: Mapping[int | str, dict[str, Any]] = {
    404: problem_answer("No such finding", 404, NO_SUCH_FINDING)
}


def findings_router(record: Record, most_kept: int = 10_000) -> APIRouter:
    """Return the routes that answer with findings.

    A table of more than ``most_kept`` is sent while it is written, and not kept for those who ask next.
    """
    router = APIRouter(tags=["findings"])
    _add_json(router, record)
    _add_files(router, record, most_kept)
    return router


def _add_json(router: APIRouter, record: Record) -> None:
    @router.get(
        "/api/findings",
        operation_id="findings",
        summary="What costs more than it must, with the proof",
        response_model=FindingsView,
        responses=answers_with(examples_findings.FINDINGS),
    )
    async def findings(request: Request, params: Annotated[FindingTableParams, Query()]) -> Response:
        """Findings of all waste checks, one page of them.

        `totals` is of all that match, `overall` of all there are. In sums only `counted_saving` is added:
        findings on one billed thing are alternatives, of which the largest counts. What could not be read
        is in `could_not_check` and `gaps`, and is never a clean bill.
        """
        return await prepare(record, request, lambda edition: _json(_page(record, edition, params)))

    @router.get(
        "/api/findings/{finding_id}",
        operation_id="finding",
        summary="One finding with all that proves it",
        response_model=FindingView,
        responses={**answers_with(examples_findings.FINDING), **_NOT_THERE},
    )
    async def finding(
        request: Request, finding_id: FindingId, _params: Annotated[Params, Query()]
    ) -> Response:
        """The resource, its measurements, the arithmetic of the money, and what would end it."""
        return await prepare(record, request, lambda edition: _json(proof(record, edition, finding_id)))

    @router.get(
        "/api/checks",
        operation_id="checks",
        summary="Every waste check: its rule, thresholds and counts",
        response_model=ChecksView,
        responses=answers_with(examples_findings.CHECKS),
    )
    async def checks(request: Request, _params: Annotated[Params, Query()]) -> Response:
        """What each check looks for, by which rule, and how often it found it."""
        return await prepare(record, request, lambda edition: _json(record.checks_view(edition)))

    @router.get(
        "/api/coverage",
        operation_id="coverage",
        summary="Where every check looked, and where it could not",
        response_model=CoverageView,
        responses=answers_with(examples_findings.COVERAGE),
    )
    async def coverage(request: Request, params: Annotated[PlaceParams, Query()]) -> Response:
        """One cell for each check, account and Region; `gap` is the index of the reason in `gaps`."""
        return await prepare(
            record,
            request,
            lambda edition: _json(coverage_view(record.judged(edition), record.place_query(edition, params))),
        )


def _add_files(router: APIRouter, record: Record, most_kept: int) -> None:
    @router.get(
        "/api/findings.csv",
        operation_id="findingsCsv",
        summary="Findings as a table for spreadsheets",
        response_class=Response,
        responses=answers_with(media_type=CSV_TYPE),
    )
    async def findings_table(request: Request, params: Annotated[FindingParams, Query()]) -> Response:
        """All findings of `/api/findings` as filtered and sorted; text is safe from formulas."""
        edition = await record.edition()
        rows = await run_in_threadpool(_matching, record, edition, params)
        if len(rows) > most_kept:
            headers = {"Cache-Control": "no-store", **attachment(_CSV_NAME)}
            return StreamingResponse(findings_csv_parts(rows), media_type=CSV_TYPE, headers=headers)
        return await prepare(record, request, lambda edition: _csv(record, edition, params))

    @router.get(
        "/api/findings.md",
        operation_id="findingsMarkdown",
        summary="Findings as Markdown for a ticket or a message",
        response_class=Response,
        responses=answers_with(media_type=MARKDOWN_TYPE),
    )
    async def findings_text(request: Request, params: Annotated[FindingParams, Query()]) -> Response:
        """All findings of `/api/findings` as filtered and sorted; text of others stays text."""
        return await prepare(record, request, lambda edition: _markdown(record, edition, params))


def proof(record: Record, edition: Edition, finding_id: str) -> FindingView:
    """Return one finding; raises ``HTTPException`` (404) where there is none."""
    view = finding_view(record.standing(edition), finding_id, record.state.finding_events(finding_id))
    if view is None:
        raise HTTPException(404, NO_SUCH_FINDING)
    return view


def _page(record: Record, edition: Edition, params: FindingTableParams) -> FindingsView:
    query = record.finding_query(edition, params)
    rows = record.findings(edition)
    return findings_view(record.standing(edition), rows, query, params.page, params.size)


def _matching(record: Record, edition: Edition, params: FindingParams) -> Sequence[FindingRowView]:
    return record.findings(edition).matching(record.finding_query(edition, params))


def _csv(record: Record, edition: Edition, params: FindingParams) -> Answer:
    return Answer(findings_csv(_matching(record, edition, params)), CSV_TYPE, extra=attachment(_CSV_NAME))


def _markdown(record: Record, edition: Edition, params: FindingParams) -> Answer:
    query = record.finding_query(edition, params)
    rows = record.findings(edition)
    view = findings_view(record.standing(edition), rows, query, 1, max(1, len(rows)))
    body = findings_markdown(view, view.findings)
    return Answer(body, MARKDOWN_TYPE, extra=attachment("plainbill-findings.md"))


def _json(view: object) -> Answer:
    return Answer(encode(view), JSON_TYPE)
