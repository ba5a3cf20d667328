"""The pages of what-if questions, rendered from the same views as the JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, Response

from plainbill.app.answers import Answer
from plainbill.app.assets import AnswerResponse
from plainbill.app.pages import PAGE_ANSWERS, Overview
from plainbill.app.place_query import service_of
from plainbill.app.record import Edition
from plainbill.app.seen import Seen
from plainbill.app.views.overview import account_options
from plainbill.app.views.sliders import sliders_of
from plainbill.app.what_if_params import IdlePresetsParams, described_parameters
from plainbill.app.what_if_record import Question, WhatIfs

SHOWN = 100
"""How many findings each list of the page has; the JSON has all."""


def what_if_pages_router(what_ifs: WhatIfs, pages: WhatIfPages) -> APIRouter:
    """Return the routes of the pages."""
    router = APIRouter(tags=["page"], default_response_class=HTMLResponse)
    record = what_ifs.record

    @router.get(
        "/what-if",
        operation_id="whatIfPage",
        summary="The page of other thresholds",
        responses=PAGE_ANSWERS,
        openapi_extra=described_parameters(what_ifs.checks, is_check_required=False),
    )
    async def what_if(request: Request) -> Response:
        """One check with the thresholds that the address names: what would go, come and change."""
        edition = await record.edition()
        question = what_ifs.question(edition, dict(request.query_params)) or what_ifs.usual()
        return AnswerResponse(await run_in_threadpool(pages.what_if, edition, question))

    @router.get(
        "/what-if/idle-rules",
        operation_id="idleRulesPage",
        summary="The page of idle rules side by side",
        responses=PAGE_ANSWERS,
    )
    async def idle_rules(params: Annotated[IdlePresetsParams, Query()]) -> Response:
        """Where the idle rules of vendors and of Plainbill disagree, and about which instances."""
        edition = await record.edition()
        return AnswerResponse(await run_in_threadpool(pages.idle_rules, edition, params))

    return router


class WhatIfPages:
    """Renders the pages, each again only when something that it shows has changed."""

    def __init__(self, what_ifs: WhatIfs, overview: Overview) -> None:
        self._what_ifs, self._record, self._overview = what_ifs, what_ifs.record, overview
        self._rendered = self._record.cached(32, self._render)

    def what_if(self, edition: Edition, question: Question) -> Answer:
        """Return the page of one question."""
        return self._rendered(edition, question, self._record.seen(edition))

    def idle_rules(self, edition: Edition, params: IdlePresetsParams) -> Answer:
        """Return the page of idle rules; raises ``ParameterError`` for a place that is not known."""
        return self._rendered(edition, params, self._record.seen(edition))

    def _render(self, edition: Edition, what: Question | IdlePresetsParams, seen: Seen) -> Answer:
        if isinstance(what, IdlePresetsParams):
            name, here, values = "idle_rules.html", "/what-if/idle-rules", self._rules(edition, what)
        else:
            name, here, values = "what_if.html", "/what-if", self._answers(edition, what)
        return self._overview.page(name, seen.status, here, shown=SHOWN, **values)

    def _answers(self, edition: Edition, question: Question) -> Mapping[str, Any]:
        checks = [
            {"id": check.id, "title": check.title, "service": service_of(check.id)}
            for check in self._what_ifs.checks
        ]
        view = self._what_ifs.view(edition, question)
        return {
            "view": view,
            "checks": checks,
            "asked": dict(question[1]),
            "sliders": sliders_of(view.settings),
            "kept": {one.name: one.value for one in view.settings if one.value != one.usual},
            "policy_names": [policy.name for policy in self._record.policies().policies],
        }

    def _rules(self, edition: Edition, params: IdlePresetsParams) -> Mapping[str, Any]:
        known = self._record.known(edition)
        return {
            "view": self._what_ifs.presets(edition, params.place),
            "accounts": account_options(known, self._record.status(edition)),
            "regions": sorted(known.regions or ()),
        }
