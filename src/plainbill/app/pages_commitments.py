"""The page of commitments, rendered from the same view as the JSON."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, Response

from plainbill.app.answers import Answer
from plainbill.app.assets import AnswerResponse
from plainbill.app.commitments import Commitments
from plainbill.app.pages import PAGE_ANSWERS, Overview
from plainbill.app.params import Params
from plainbill.app.record import Edition
from plainbill.app.seen import Seen

HERE = "/commitments"


def commitment_pages_router(commitments: Commitments, page: CommitmentsPage) -> APIRouter:
    """Return the route of the page."""
    router = APIRouter(tags=["page"], default_response_class=HTMLResponse)

    @router.get(
        HERE, operation_id="commitmentsPage", summary="The page of commitments", responses=PAGE_ANSWERS
    )
    async def answer(_params: Annotated[Params, Query()]) -> Response:
        """Savings Plans and reservations: what is used, what is waste, what ends, what to buy."""
        edition = await commitments.record.edition()
        return AnswerResponse(await run_in_threadpool(page.answer, edition))

    return router


class CommitmentsPage:
    """Renders the page, again only when something that it shows has changed."""

    def __init__(self, commitments: Commitments, overview: Overview) -> None:
        self._commitments, self._record, self._overview = commitments, commitments.record, overview
        self._rendered = self._record.cached(2, self._render)

    def answer(self, edition: Edition) -> Answer:
        """Return the page."""
        return self._rendered(edition, self._record.seen(edition))

    def _render(self, edition: Edition, seen: Seen) -> Answer:
        return self._overview.page(
            "commitments.html", seen.status, HERE, view=self._commitments.view(edition)
        )
