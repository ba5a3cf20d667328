"""The requests about budgets: what a month may cost, and how it goes."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Query
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response

from plainbill.app import examples_budgets
from plainbill.app.api import JSON_TYPE, answers_with
from plainbill.app.budgets import Budgets, RemoveBudgetParams, SaveBudgetParams
from plainbill.app.params import Params
from plainbill.app.policies import RemovalParams, name_in_path
from plainbill.app.problems import NOT_JSON, NOT_OURS, problem_answer
from plainbill.app.views.budgets import BudgetsView
from plainbill.app.wire import encode

NO_SUCH_BUDGET = "there is no budget of this name; /api/budgets has them all"
_CHANGED: dict[int | str, dict[str, Any]] = {
    200: answers_with(examples_budgets.BUDGETS)[200],
    403: NOT_OURS,
    422: problem_answer("A value that cannot be used", 422, "service is 'x'; allowed: a service on the bill"),
}


def budgets_router(budgets: Budgets) -> APIRouter:
    """Return the routes; the page has forms of its own."""
    router = APIRouter(tags=["budgets"])

    @router.get(
        "/api/budgets",
        operation_id="budgets",
        summary="Your budgets and AWS's, with how this month goes",
        response_model=BudgetsView,
        responses=answers_with(examples_budgets.BUDGETS),
    )
    async def all_of(_params: Annotated[Params, Query()]) -> Response:
        """Spent, share of the month, and what it will come to with an 80 % interval; unknown is not zero."""
        return await _all(budgets)

    @router.post(
        "/api/budgets",
        operation_id="saveBudget",
        summary="Set what a month may cost",
        response_model=BudgetsView,
        responses={**_CHANGED, 400: NOT_JSON},
    )
    async def save(params: Annotated[SaveBudgetParams, Body(examples=[examples_budgets.SAVED])]) -> Response:
        """Set a budget in place of the one of its name; only here, nothing is told to AWS."""
        edition = await budgets.record.edition()
        await run_in_threadpool(budgets.save, edition, params)
        return await _all(budgets)

    @router.delete(
        "/api/budgets/{name}",
        operation_id="removeBudget",
        summary="Remove a budget of your own",
        response_model=BudgetsView,
        responses={**_CHANGED, 404: problem_answer("No such budget", 404, NO_SUCH_BUDGET)},
    )
    async def remove(
        name: Annotated[str, name_in_path("budget")],
        params: Annotated[RemovalParams, Query()],
    ) -> Response:
        """Those of AWS Budgets stay: Plainbill changes nothing in AWS."""
        await removed(budgets, RemoveBudgetParams(name=name, who=params.who))
        return await _all(budgets)

    return router


async def removed(budgets: Budgets, params: RemoveBudgetParams) -> None:
    """Remove a budget; raises ``HTTPException`` 404."""
    if not await run_in_threadpool(budgets.remove, params):
        raise HTTPException(404, NO_SUCH_BUDGET)


async def _all(budgets: Budgets) -> Response:
    edition = await budgets.record.edition()
    view = await run_in_threadpool(budgets.view, edition)
    return Response(encode(view), 200, {"Cache-Control": "no-store"}, JSON_TYPE)
