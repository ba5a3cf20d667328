"""The page of AWS's own advice, rendered from the same view as the JSON."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, Response

from plainbill.app.answers import Answer
from plainbill.app.assets import AnswerResponse
from plainbill.app.finding_params import AdviceParams
from plainbill.app.pages import PAGE_ANSWERS, Overview, changed_query
from plainbill.app.record import Edition, Record
from plainbill.app.seen import Seen
from plainbill.app.views.advice import advice_view

_PATH = "/findings/aws-advice"
Asked = tuple[tuple[str, str], ...]


def advice_pages_router(record: Record, page: AdvicePage) -> APIRouter:
    """Return the route; it must come before that of one finding, whose path it would fit too."""
    router = APIRouter(tags=["page"], default_response_class=HTMLResponse)

    @router.get(
        _PATH, operation_id="awsAdvicePage", summary="The page of AWS's advice", responses=PAGE_ANSWERS
    )
    async def advice(request: Request, params: Annotated[AdviceParams, Query()]) -> Response:
        """What AWS recommends and we do not, with the reason, and how often both agree."""
        edition = await record.edition()
        asked = tuple(request.query_params.items())
        return AnswerResponse(await run_in_threadpool(page.answer, edition, params, asked))

    return router


class AdvicePage:
    """Renders the page, again only when something that it shows has changed."""

    def __init__(self, record: Record, overview: Overview) -> None:
        self._record, self._overview = record, overview
        self._rendered = record.cached(16, self._render)

    def answer(self, edition: Edition, params: AdviceParams, asked: Asked) -> Answer:
        """Return the page."""
        return self._rendered(edition, params, asked, self._record.seen(edition))

    def _render(self, edition: Edition, params: AdviceParams, asked: Asked, seen: Seen) -> Answer:
        return self._overview.page(
            "aws_advice.html",
            seen.status,
            _PATH,
            query=changed_query(dict(asked), _PATH),
            view=advice_view(self._record.judged(edition), params),
        )
