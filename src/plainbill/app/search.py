"""Search over everything that has a name: a page that works without a script, and JSON for the palette."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, Response

from plainbill.app.answers import Answer
from plainbill.app.api import JSON_TYPE, answers_with
from plainbill.app.assets import AnswerResponse
from plainbill.app.cost_record import CostRecord
from plainbill.app.examples_face import SEARCH
from plainbill.app.formats import link
from plainbill.app.pages import PAGE_ANSWERS, Overview
from plainbill.app.params import Params
from plainbill.app.places import MORE_PLACES, PLACES
from plainbill.app.record import Edition
from plainbill.app.views.overview import account_options
from plainbill.app.views.search import HitView, SearchView, search_view
from plainbill.app.wire import encode
from plainbill.model.cost import CostTable

HERE = "/search"


class SearchParams(Params):
    """What is looked for."""

    q: str = Field(
        default="",
        max_length=200,
        description="Words that a name holds, all of them; without any every page.",
        examples=["nat gateway"],
    )


def search_router(search: Search) -> APIRouter:
    """Return the routes."""
    router = APIRouter()

    @router.get(
        HERE,
        operation_id="searchPage",
        summary="The page of search",
        responses=PAGE_ANSWERS,
        response_class=HTMLResponse,
        tags=["page"],
    )
    async def page(params: Annotated[SearchParams, Query()]) -> Response:
        """Pages, accounts, services, checks and findings whose names hold some words."""
        edition = await search.costs.record.edition()
        return AnswerResponse(await run_in_threadpool(search.html, edition, params.q))

    @router.get(
        "/api/search",
        operation_id="search",
        summary="Pages, accounts, services, checks and findings by name",
        response_model=SearchView,
        responses=answers_with(SEARCH),
        tags=["data"],
    )
    async def data(params: Annotated[SearchParams, Query()]) -> Response:
        """The best few of each kind, from what is stored: never more than some forty, whatever is stored."""
        edition = await search.costs.record.edition()
        return AnswerResponse(await run_in_threadpool(search.json, edition, params.q))

    return router


class Search:
    """Looks through what is shown; the names are put together once per edition."""

    def __init__(self, costs: CostRecord, overview: Overview) -> None:
        self.costs, self._record = costs, costs.record
        self._overview = overview
        self._entries = self._record.cached(2, self._make_entries)

    def json(self, edition: Edition, q: str) -> Answer:
        """Return what is found as JSON."""
        return Answer(encode(self._view(edition, q)), JSON_TYPE)

    def html(self, edition: Edition, q: str) -> Answer:
        """Return the page."""
        return self._overview.page(
            "search.html", self._record.status(edition), HERE, view=self._view(edition, q)
        )

    def _view(self, edition: Edition, q: str) -> SearchView:
        return search_view(q, self._entries(edition), self._record.findings(edition))

    def _make_entries(self, edition: Edition) -> Sequence[HitView]:
        record = self._record
        accounts = account_options(record.known(edition), record.status(edition))
        services = self.costs.keys(edition, CostTable.SERVICE)
        return [
            *(
                HitView(kind="Page", label=place.label, detail=place.about, href=place.path)
                for place in (*PLACES, *MORE_PLACES)
            ),
            *(
                HitView(
                    kind="Account",
                    label=name or account,
                    detail=f"account {account}" if name else "account",
                    href=link("/cost", account=account, group="service"),
                )
                for account, name in accounts
            ),
            *(
                HitView(kind="Service", label=name, detail="cost", href=link("/cost", service=name))
                for name in services
            ),
            *(
                HitView(kind="Check", label=one.title, detail=one.id, href=f"/checks#{one.id}")
                for one in record.checks_view(edition).checks
            ),
        ]
