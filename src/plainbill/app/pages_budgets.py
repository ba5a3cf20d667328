"""The page of budgets and its forms."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response

from plainbill.app.answers import Answer
from plainbill.app.api_budgets import NO_SUCH_BUDGET, removed
from plainbill.app.assets import AnswerResponse
from plainbill.app.budgets import Budgets, RemoveBudgetParams, SaveBudgetParams
from plainbill.app.cost_params import CostFilterParams
from plainbill.app.forms import form_body, form_of
from plainbill.app.pages import PAGE_ANSWERS, Overview
from plainbill.app.pages_costs import filter_choices, label_of
from plainbill.app.params import Params
from plainbill.app.problems import NOT_OURS, problem_answer
from plainbill.app.record import Edition
from plainbill.app.seen import Seen
from plainbill.app.views.overview import account_options
from plainbill.model.cost import CostMetric

HERE = "/budgets"
_DONE: dict[int | str, dict[str, Any]] = {
    303: {"description": "Done; the page shows it."},
    403: NOT_OURS,
    422: problem_answer("A value that cannot be used", 422, "amount is '-5'; allowed: greater than 0"),
}
_TEXT = {"type": "string", "minLength": 1}
_SAVE = {
    "type": "object",
    "properties": {
        "name": _TEXT,
        "amount": {"type": "string", "pattern": r"^\d+(\.\d{1,2})?$"},
        "metric": {"enum": ["unblended", "amortized", "net_unblended", "net_amortized"]},
        "account": {"type": "string"},
        **{name: {"type": "string"} for name in CostFilterParams.model_fields},
        "who": _TEXT,
    },
    "required": ["name", "amount", "who"],
}
_REMOVE = {"type": "object", "properties": {"name": _TEXT, "who": _TEXT}, "required": ["name", "who"]}


def budget_pages_router(budgets: Budgets, pages: BudgetPages) -> APIRouter:
    """Return the routes of the page."""
    router, record = APIRouter(tags=["page"], default_response_class=HTMLResponse), budgets.record

    @router.get(HERE, operation_id="budgetsPage", summary="The page of budgets", responses=PAGE_ANSWERS)
    async def page(_params: Annotated[Params, Query()]) -> Response:
        """What a month may cost, how it goes, and what AWS Budgets says."""
        edition = await record.edition()
        return AnswerResponse(await run_in_threadpool(pages.budgets, edition))

    @router.post(
        HERE,
        operation_id="saveBudgetPage",
        summary="The form that sets a budget",
        status_code=303,
        response_class=RedirectResponse,
        responses=_DONE,
        openapi_extra=form_body(_SAVE),
    )
    async def save(request: Request) -> Response:
        """Set a budget in place of the one of its name, and show all."""
        params = form_of(await request.body(), SaveBudgetParams)
        await run_in_threadpool(budgets.save, await record.edition(), params)
        return RedirectResponse(HERE, 303)

    @router.post(
        f"{HERE}/remove",
        operation_id="removeBudgetPage",
        summary="The form that removes a budget",
        status_code=303,
        response_class=RedirectResponse,
        responses={**_DONE, 404: problem_answer("No such budget", 404, NO_SUCH_BUDGET)},
        openapi_extra=form_body(_REMOVE),
    )
    async def remove(request: Request) -> Response:
        """Remove a budget, and show the others."""
        await removed(budgets, form_of(await request.body(), RemoveBudgetParams))
        return RedirectResponse(HERE, 303)

    return router


class BudgetPages:
    """Renders the page, again only when something that it shows has changed."""

    def __init__(self, budgets: Budgets, overview: Overview) -> None:
        self._budgets, self._record, self._overview = budgets, budgets.record, overview
        self._rendered = self._record.cached(2, self._render)

    def budgets(self, edition: Edition) -> Answer:
        """Return the page."""
        return self._rendered(edition, self._record.seen(edition))

    def _render(self, edition: Edition, seen: Seen) -> Answer:
        return self._overview.page(
            "budgets.html",
            seen.status,
            HERE,
            view=self._budgets.view(edition),
            filters=filter_choices(self._budgets.costs, edition),
            label_of=partial(label_of, several=self._budgets.costs.several(edition)),
            accounts=account_options(self._record.known(edition), seen.status),
            metrics=[metric.value for metric in CostMetric],
        )
