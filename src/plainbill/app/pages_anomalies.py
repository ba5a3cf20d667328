"""The page of anomalies and its form."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response

from plainbill.app.anomaly_drawing import anomaly_drawing
from plainbill.app.answers import Answer
from plainbill.app.api_outlook import NO_SUCH_ANOMALY, decide
from plainbill.app.assets import AnswerResponse
from plainbill.app.forms import form_body, form_of
from plainbill.app.outlook import AnomalyForm, Outlook
from plainbill.app.pages import PAGE_ANSWERS, Overview
from plainbill.app.params import Params
from plainbill.app.problems import NOT_OURS, problem_answer
from plainbill.app.record import Edition
from plainbill.app.seen import Seen

HERE = "/anomalies"
_DONE: dict[int | str, dict[str, Any]] = {
    303: {"description": "Remembered; the page shows it."},
    403: NOT_OURS,
    404: problem_answer("No such anomaly", 404, NO_SUCH_ANOMALY),
    422: problem_answer("A value that cannot be used", 422, "state is 'x'; allowed: 'new'"),
}
_FORM = {
    "type": "object",
    "properties": {
        "anomaly": {"type": "string", "pattern": "^[0-9a-f]{16}$"},
        "state": {"enum": ["new", "acknowledged", "expected"]},
        "note": {"type": "string"},
        "who": {"type": "string", "minLength": 1},
    },
    "required": ["anomaly", "state", "who"],
}


def anomaly_pages_router(outlook: Outlook, pages: AnomalyPages) -> APIRouter:
    """Return the routes of the page."""
    router, record = APIRouter(tags=["page"], default_response_class=HTMLResponse), outlook.record

    @router.get(HERE, operation_id="anomaliesPage", summary="The page of anomalies", responses=PAGE_ANSWERS)
    async def anomalies(_params: Annotated[Params, Query()]) -> Response:
        """What cost more or less than expected, in money and with its likely cause."""
        edition = await record.edition()
        return AnswerResponse(await run_in_threadpool(pages.anomalies, edition))

    @router.post(
        HERE,
        operation_id="decideAnomalyPage",
        summary="The form of the page of anomalies",
        status_code=303,
        response_class=RedirectResponse,
        responses=_DONE,
        openapi_extra=form_body(_FORM),
    )
    async def decision(request: Request) -> Response:
        """Remember what a person says of an anomaly, and show the page again."""
        form = form_of(await request.body(), AnomalyForm)
        await decide(outlook, form.anomaly, form)
        return RedirectResponse(HERE, 303)

    return router


class AnomalyPages:
    """Renders the page, again only when something that it shows has changed."""

    def __init__(self, outlook: Outlook, overview: Overview) -> None:
        self._outlook, self._record, self._overview = outlook, outlook.record, overview
        self._rendered = self._record.cached(2, self._render)

    def anomalies(self, edition: Edition) -> Answer:
        """Return the page."""
        return self._rendered(edition, self._record.seen(edition))

    def _render(self, edition: Edition, seen: Seen) -> Answer:
        view, days = self._outlook.anomalies(edition), self._outlook.days_around(edition)
        drawn = {
            one.anomaly_id: anomaly_drawing(days[one.anomaly_id], float(one.expected_a_day))
            for one in view.anomalies
        }
        return self._overview.page("anomalies.html", seen.status, HERE, view=view, days=days, drawn=drawn)
