"""The page of showback and unit costs."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, Response

from plainbill.analyzer.showback import Rule
from plainbill.app.answers import Answer
from plainbill.app.assets import AnswerResponse
from plainbill.app.cost_params import GroupBy
from plainbill.app.drawings import line_drawing
from plainbill.app.pages import PAGE_ANSWERS, Overview, changed_query
from plainbill.app.pages_costs import Asked
from plainbill.app.record import Edition
from plainbill.app.seen import Seen
from plainbill.app.showback import Showbacks
from plainbill.app.showback_params import OWNERS, ShowbackParams, ShowbackQuery, as_words
from plainbill.app.views.cost_page import usual_periods
from plainbill.app.views.overview import account_options
from plainbill.app.views.showback import Owners
from plainbill.app.views.showback_shapes import ShowbackView
from plainbill.model.cost import CostMetric, CostTable

HERE = "/showback"
RULES = (
    (Rule.PROPORTIONAL, "by own costs"),
    (Rule.EVEN, "evenly"),
    (Rule.FIXED, "by percentages"),
    (Rule.NONE, "not at all"),
)


def showback_pages_router(showbacks: Showbacks, pages: ShowbackPages) -> APIRouter:
    """Return the route of the page."""
    router = APIRouter(tags=["page"], default_response_class=HTMLResponse)

    @router.get(HERE, operation_id="showbackPage", summary="The page of showback", responses=PAGE_ANSWERS)
    async def page(request: Request, params: Annotated[ShowbackParams, Query()]) -> Response:
        """Who owes what and what a unit costs; the address holds the question and the rule."""
        edition = await showbacks.record.edition()
        asked = tuple(request.query_params.items())
        return AnswerResponse(await run_in_threadpool(pages.showback, edition, params, asked))

    return router


class ShowbackPages:
    """Renders the page, again only when something that it shows has changed."""

    def __init__(self, showbacks: Showbacks, overview: Overview) -> None:
        self._showbacks, self._record, self._overview = showbacks, showbacks.record, overview
        self._rendered = self._record.cached(16, self._render)

    def showback(self, edition: Edition, params: ShowbackParams, asked: Asked) -> Answer:
        """Return the page; ``asked`` are the address's own words. Raises ``ParameterError``."""
        query, asked_by = self._showbacks.query(edition, params)
        return self._rendered(edition, query, asked_by, asked, self._record.seen(edition))

    def _render(
        self, edition: Edition, query: ShowbackQuery, asked_by: str | None, asked: Asked, seen: Seen
    ) -> Answer:
        view = self._showbacks.view(edition, query, asked_by)
        return self._overview.page(
            "showback.html",
            seen.status,
            HERE,
            query=changed_query(dict(asked), HERE),
            periods=usual_periods(edition.today),
            metrics=[metric.value for metric in CostMetric],
            accounts=account_options(self._record.known(edition), seen.status),
            view=view,
            choices={
                "by": [(by.value, by.value.replace("_", " ")) for by in OWNERS],
                "rule": [(rule.value, label) for rule, label in RULES],
                "types": self._showbacks.costs.keys(edition, CostTable.RECORD_TYPE),
            },
            words={name: dict(asked).get(name, "") for name in ("by", "shared", "types", "fixed")},
            shared_with=_shared_with(view),
            behind=_behind(view, self._showbacks.owners(edition, query.by)),
            largest=max(
                (abs(row.direct) + max(row.share, Decimal(0)) for row in view.rows), default=Decimal(0)
            ),
            drawn=None
            if view.units is None
            else line_drawing(
                [None if row.unit_cost is None else float(row.unit_cost) for row in view.units.rows]
            ),
            is_account=query.by is GroupBy.ACCOUNT,
        )


def _behind(view: ShowbackView, owners: Owners) -> dict[str, dict[str, str]]:
    """Return by owner what the cost page is asked for to show what its own costs are made of."""
    keys = {row.owner: owners.key(row.owner) for row in view.rows if row.owner not in view.types}
    if owners.is_account:
        return {owner: {"account": key} for owner, key in keys.items() if key}
    return {owner: {view.by: key, "group": "account"} for owner, key in keys.items() if key}


def _shared_with(view: ShowbackView) -> dict[str, str]:
    """Return what the parameter ``shared`` is once an owner is shared as well, or is no longer."""
    names = list(view.shared)
    return {
        row.owner: as_words(
            [name for name in names if name != row.owner] if row.owner in names else [*names, row.owner]
        )
        for row in view.rows
        if row.owner and row.owner not in view.types
    }
