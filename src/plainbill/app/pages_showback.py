"""The page of showback and unit costs."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response

from plainbill.analyzer.wording import grouping_words
from plainbill.app.answers import Answer
from plainbill.app.api_showback import NO_SUCH_RULE, rule_removed
from plainbill.app.assets import AnswerResponse
from plainbill.app.cost_params import GroupBy
from plainbill.app.drawings import line_drawing
from plainbill.app.formats import link
from plainbill.app.forms import form_body, form_of
from plainbill.app.pages import PAGE_ANSWERS, Overview, changed_query
from plainbill.app.pages_costs import Asked
from plainbill.app.problems import NOT_OURS, problem_answer
from plainbill.app.record import Edition
from plainbill.app.seen import Seen
from plainbill.app.showback import Showbacks
from plainbill.app.showback_params import (
    RemoveRuleParams,
    SaveRuleParams,
    ShowbackParams,
    ShowbackQuery,
    as_parameters,
    as_words,
)
from plainbill.app.views.cost_page import usual_periods
from plainbill.app.views.overview import account_options
from plainbill.app.views.showback import Owners
from plainbill.app.views.showback_shapes import ShowbackView
from plainbill.model.cost import CostMetric, CostTable
from plainbill.model.cost_rule import CostRule, Spread

HERE = "/showback"
RULES = (
    (Spread.PROPORTIONAL, "by own costs"),
    (Spread.EVEN, "evenly"),
    (Spread.FIXED, "by percentages"),
    (Spread.NONE, "not at all"),
)

_DONE: dict[int | str, dict[str, Any]] = {
    303: {"description": "Done; the page shows it."},
    403: NOT_OURS,
    422: problem_answer("A value that cannot be used", 422, "shared is 'x'; allowed: data, shared, web"),
}
_TEXT, _NAME = {"type": "string"}, {"type": "string", "minLength": 1}
_SAVE = {
    "type": "object",
    "properties": {
        "name": _NAME,
        "by": _TEXT,
        "shared": _TEXT,
        "untagged": {"enum": ["own", "shared"]},
        "types": _TEXT,
        "rule": {"enum": [rule.value for rule in Spread]},
        "fixed": _TEXT,
        "usual": {"enum": ["on", "true", "false"]},
        "who": _NAME,
    },
    "required": ["name", "who"],
}
_REMOVE = {"type": "object", "properties": {"name": _NAME, "who": _NAME}, "required": ["name", "who"]}


def showback_pages_router(showbacks: Showbacks, pages: ShowbackPages) -> APIRouter:
    """Return the route of the page."""
    router = APIRouter(tags=["page"], default_response_class=HTMLResponse)

    @router.get(HERE, operation_id="showbackPage", summary="The page of showback", responses=PAGE_ANSWERS)
    async def page(request: Request, params: Annotated[ShowbackParams, Query()]) -> Response:
        """Who owes what and what a unit costs; the address holds the question and the rule."""
        edition = await showbacks.record.edition()
        asked = tuple(request.query_params.items())
        return AnswerResponse(await run_in_threadpool(pages.showback, edition, params, asked))

    @router.post(
        f"{HERE}/rule",
        operation_id="saveCostRulePage",
        summary="The form that saves a rule for shared costs",
        status_code=303,
        response_class=RedirectResponse,
        responses=_DONE,
        openapi_extra=form_body(_SAVE),
    )
    async def save(request: Request) -> Response:
        """Keep the shown rule in place of the one of its name, and show costs by it."""
        params = form_of(await request.body(), SaveRuleParams)
        await run_in_threadpool(showbacks.save_rule, await showbacks.record.edition(), params)
        return RedirectResponse(HERE if params.usual else link(HERE, saved=params.name), 303)

    @router.post(
        f"{HERE}/rule/remove",
        operation_id="removeCostRulePage",
        summary="The form that removes a saved rule",
        status_code=303,
        response_class=RedirectResponse,
        responses={**_DONE, 404: problem_answer("No such rule", 404, NO_SUCH_RULE)},
        openapi_extra=form_body(_REMOVE),
    )
    async def remove(request: Request) -> Response:
        """Remove a saved rule, and show costs without it."""
        await rule_removed(showbacks, form_of(await request.body(), RemoveRuleParams))
        return RedirectResponse(HERE, 303)

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
                "by": self._showbacks.choices(edition, query.rule.by),
                "rule": [(rule.value, label) for rule, label in RULES],
                "types": self._showbacks.costs.keys(edition, CostTable.RECORD_TYPE),
            },
            words={**as_parameters(query.rule), **({} if asked_by else {"by": ""})},
            noun=grouping_words(query.rule.by),
            is_whole_rule=not query.missing or query.rule.spread is not Spread.FIXED,
            shared_with=_shared_with(view, query.rule),
            behind=_behind(view, self._showbacks.owners(edition, query.by, query.table)),
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


def _shared_with(view: ShowbackView, rule: CostRule) -> dict[str, Mapping[str, str | None]]:
    """Return the parameters of the rule in which an owner is shared as well, or is no longer.

    Where rules are saved the whole of it is said, so that no saved one takes its place.
    """
    names = list(rule.shared)
    whole = {**as_parameters(rule), "saved": None} if view.saved_rules else {}
    return {
        row.owner: {
            **whole,
            "shared": as_words(
                [name for name in names if name != row.owner] if row.owner in names else [*names, row.owner]
            ),
        }
        for row in view.rows
        if row.owner and row.owner not in view.types
    }
