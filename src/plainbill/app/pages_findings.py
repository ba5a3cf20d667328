"""The pages of findings, coverage and checks, rendered from the same views as the JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response

from plainbill.app.answers import Answer
from plainbill.app.api_decisions import take_decision
from plainbill.app.api_findings import NO_SUCH_FINDING, proof
from plainbill.app.assets import AnswerResponse
from plainbill.app.decisions import DecisionParams, decision_form
from plainbill.app.finding_params import CoveragePageParams, FindingId, FindingTableParams
from plainbill.app.forms import form_body
from plainbill.app.pages import PAGE_ANSWERS, Overview, changed_query
from plainbill.app.params import Params
from plainbill.app.problems import NOT_OURS, problem_answer
from plainbill.app.record import Edition, Record
from plainbill.app.seen import Seen
from plainbill.app.views.coverage import coverage_page
from plainbill.app.views.findings import findings_view
from plainbill.app.views.overview import account_options

Asked = tuple[tuple[str, str], ...]
Values = Mapping[str, Any]
_NOT_THERE: dict[int | str, dict[str, Any]] = {404: problem_answer("No such finding", 404, NO_SUCH_FINDING)}


_DECIDED: dict[int | str, dict[str, Any]] = {
    303: {"description": "Remembered: back to the page of the finding"},
    403: NOT_OURS,
    **_NOT_THERE,
    409: problem_answer("The finding is gone", 409, "the finding is gone, so there is nothing to decide"),
    422: problem_answer("The decision cannot be meant", 422, "until is None; allowed: the day"),
}
_FORM = {"type": "object", "properties": {name: {"type": "string"} for name in DecisionParams.model_fields}}


def finding_pages_router(record: Record, pages: FindingPages) -> APIRouter:
    """Return the routes of the pages."""
    router = APIRouter(tags=["page"], default_response_class=HTMLResponse)

    @router.get(
        "/findings", operation_id="findingsPage", summary="The page of findings", responses=PAGE_ANSWERS
    )
    async def findings(request: Request, params: Annotated[FindingTableParams, Query()]) -> Response:
        """Everything that costs more than it must, in the order and place that the address names."""
        return await _answer(record, request, pages.findings, params)

    @router.get(
        "/findings/{finding_id}",
        operation_id="findingPage",
        summary="The page of one finding",
        responses={**PAGE_ANSWERS, **_NOT_THERE},
    )
    async def finding(
        request: Request, finding_id: FindingId, _params: Annotated[Params, Query()]
    ) -> Response:
        """The proof of one finding, the arithmetic of its money, and the commands that would end it."""
        return await _answer(record, request, pages.finding, finding_id)

    @router.post(
        "/findings/{finding_id}",
        operation_id="decideFindingPage",
        summary="The form of a decision about a finding",
        status_code=303,
        responses=_DECIDED,
        openapi_extra=form_body(_FORM),
    )
    async def decide(request: Request, finding_id: FindingId) -> Response:
        """Remember a decision as `/api/findings/{finding_id}/decision` does, and show the finding again."""
        await take_decision(record, finding_id, decision_form(await request.body()))
        return RedirectResponse(f"/findings/{finding_id}#decision", 303)

    @router.get(
        "/coverage", operation_id="coveragePage", summary="The page of coverage", responses=PAGE_ANSWERS
    )
    async def coverage(request: Request, params: Annotated[CoveragePageParams, Query()]) -> Response:
        """Where every check looked, what it found, and where it could not look and why."""
        return await _answer(record, request, pages.coverage, params)

    @router.get("/checks", operation_id="checksPage", summary="The page of checks", responses=PAGE_ANSWERS)
    async def checks(request: Request, _params: Annotated[Params, Query()]) -> Response:
        """Every check with its explanation, rule and thresholds."""
        return await _answer(record, request, pages.checks, None)

    return router


async def _answer(
    record: Record, request: Request, make: Callable[[Edition, Any, Asked], Answer], what: object
) -> Response:
    edition = await record.edition()
    asked = tuple(request.query_params.items())
    return AnswerResponse(await run_in_threadpool(make, edition, what, asked))


class FindingPages:
    """Renders the pages, each again only when something that it shows has changed."""

    def __init__(self, record: Record, overview: Overview) -> None:
        self._record, self._overview = record, overview
        self._rendered = record.cached(64, self._render)

    def findings(self, edition: Edition, params: FindingTableParams, asked: Asked) -> Answer:
        """Return the page of findings."""
        return self._cached(edition, "findings.html", params, asked)

    def finding(self, edition: Edition, finding_id: str, asked: Asked) -> Answer:
        """Return the page of one finding; raises ``HTTPException`` where there is none."""
        return self._cached(edition, "finding.html", finding_id, asked)

    def coverage(self, edition: Edition, params: CoveragePageParams, asked: Asked) -> Answer:
        """Return the page of coverage."""
        return self._cached(edition, "coverage.html", params, asked)

    def checks(self, edition: Edition, _nothing: None, asked: Asked) -> Answer:
        """Return the page of checks."""
        return self._cached(edition, "checks.html", None, asked)

    def _cached(self, edition: Edition, name: str, what: object, asked: Asked) -> Answer:
        return self._rendered(edition, name, what, asked, self._record.seen(edition))

    def _render(self, edition: Edition, name: str, what: object, asked: Asked, seen: Seen) -> Answer:
        path, values = self._values(edition, name, what)
        return self._overview.page(name, seen.status, path, query=changed_query(dict(asked), path), **values)

    def _values(self, edition: Edition, name: str, what: object) -> tuple[str, Values]:
        match what:
            case FindingTableParams():
                return "/findings", self._findings_values(edition, what)
            case CoveragePageParams():
                return "/coverage", self._coverage_values(edition, what)
            case str():
                view, tomorrow = proof(self._record, edition, what), edition.today + timedelta(days=1)
                return f"/findings/{what}", {"view": view, "tomorrow": tomorrow}
            case _:
                assert name == "checks.html"  # noqa: S101  the only page that asks for nothing
                return "/checks", {"view": self._record.checks_view(edition)}

    def _findings_values(self, edition: Edition, params: FindingTableParams) -> Values:
        record = self._record
        query = record.finding_query(edition, params)
        rows = record.findings(edition)
        view = findings_view(self._record.standing(edition), rows, query, params.page, params.size)
        return {"view": view, **self._choices(edition)}

    def _coverage_values(self, edition: Edition, params: CoveragePageParams) -> Values:
        query = self._record.place_query(edition, params)
        return {
            "view": coverage_page(self._record.judged(edition), query, params.by),
            **self._choices(edition),
        }

    def _choices(self, edition: Edition) -> Values:
        """What the filters offer."""
        known, judged = self._record.known(edition), self._record.judged(edition)
        checks = self._record.checks_view(edition).checks
        regions = set(known.regions or ())
        if judged is not None:
            regions.update(judged.cells.regions)
        return {
            "checks": checks,
            "titles": {check.id: check.title for check in checks},
            "services": sorted({check.service for check in checks}),
            "accounts": account_options(known, self._record.status(edition)),
            "regions": sorted(regions),
        }
