"""The requests about showback and unit costs."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response

from plainbill.app import examples_showback
from plainbill.app.answers import Answer
from plainbill.app.api import JSON_TYPE, answers_with, attachment
from plainbill.app.csv import CSV_TYPE
from plainbill.app.policies import RemovalParams, name_in_path
from plainbill.app.problems import NOT_JSON, NOT_OURS, problem_answer
from plainbill.app.ready import prepare
from plainbill.app.record import Edition
from plainbill.app.showback import Showbacks
from plainbill.app.showback_csv import showback_csv, units_csv
from plainbill.app.showback_params import RemoveRuleParams, SaveRuleParams, ShowbackParams
from plainbill.app.views.showback_shapes import ShowbackView
from plainbill.app.wire import encode

NO_SUCH_RULE = "there is no saved rule of this name; /api/showback has them all"
_CHANGED: dict[int | str, dict[str, Any]] = {
    200: answers_with(examples_showback.SHOWBACK)[200],
    403: NOT_OURS,
    422: problem_answer("A value that cannot be used", 422, "shared is 'x'; allowed: data, shared, web"),
}


def showback_router(showbacks: Showbacks) -> APIRouter:
    """Return the routes."""
    router = APIRouter(tags=["data"])
    record = showbacks.record

    def seen(edition: Edition, params: ShowbackParams) -> ShowbackView:
        return showbacks.view(edition, *showbacks.query(edition, params))

    @router.get(
        "/api/showback",
        operation_id="showback",
        summary="Who owes what, with shared costs spread by a rule, and what a unit costs",
        response_model=ShowbackView,
        responses=answers_with(examples_showback.SHOWBACK),
    )
    async def showback(request: Request, params: Annotated[ShowbackParams, Query()]) -> Response:
        """What the page `/showback` shows for the same parameters.

        `direct` and `charged` of the rows each sum to `total` to the cent. Costs without an owner are a row
        of their own unless they are to be shared. `units` is null where no numbers of units were imported.
        """
        return await prepare(
            record, request, lambda edition: Answer(encode(seen(edition, params)), JSON_TYPE)
        )

    @router.post(
        "/api/showback/rules",
        operation_id="saveCostRule",
        summary="Save a rule for shared costs",
        response_model=ShowbackView,
        responses={**_CHANGED, 400: NOT_JSON},
    )
    async def save(params: Annotated[SaveRuleParams, Body(examples=[examples_showback.SAVED])]) -> Response:
        """Keep a rule in place of the one of its name; the answer is showback by it. Nothing goes to AWS."""
        edition = await record.edition()
        await run_in_threadpool(showbacks.save_rule, edition, params)
        return await _fresh(ShowbackParams(saved=params.name))

    @router.delete(
        "/api/showback/rules/{name}",
        operation_id="removeCostRule",
        summary="Remove a saved rule for shared costs",
        response_model=ShowbackView,
        responses={**_CHANGED, 404: problem_answer("No such rule", 404, NO_SUCH_RULE)},
    )
    async def remove(
        name: Annotated[str, name_in_path("rule")],
        params: Annotated[RemovalParams, Query()],
    ) -> Response:
        """Who removed it stays on record; the answer is showback without it."""
        await rule_removed(showbacks, RemoveRuleParams(name=name, who=params.who))
        return await _fresh(ShowbackParams())

    async def _fresh(params: ShowbackParams) -> Response:
        edition = await record.edition()
        view = await run_in_threadpool(seen, edition, params)
        return Response(encode(view), 200, {"Cache-Control": "no-store"}, JSON_TYPE)

    @router.get(
        "/api/showback.csv",
        operation_id="showbackCsv",
        summary="Who owes what, as a table for spreadsheets",
        response_class=Response,
        responses=answers_with(media_type=CSV_TYPE),
    )
    async def showback_table(request: Request, params: Annotated[ShowbackParams, Query()]) -> Response:
        """The rows of `/api/showback`."""
        return await prepare(record, request, lambda edition: _table(seen(edition, params)))

    @router.get(
        "/api/unit-costs.csv",
        operation_id="unitCostsCsv",
        summary="What a unit costs, as a table for spreadsheets",
        response_class=Response,
        responses=answers_with(media_type=CSV_TYPE),
    )
    async def units_table(request: Request, params: Annotated[ShowbackParams, Query()]) -> Response:
        """The days or months of `units` of `/api/showback`, then the whole period, then each owner."""
        return await prepare(record, request, lambda edition: _units_table(seen(edition, params)))

    return router


async def rule_removed(showbacks: Showbacks, params: RemoveRuleParams) -> None:
    """Remove a saved rule; raises ``HTTPException`` 404."""
    if not await run_in_threadpool(showbacks.remove_rule, params):
        raise HTTPException(404, NO_SUCH_RULE)


def _table(view: ShowbackView) -> Answer:
    name = f"plainbill-showback-by-{view.by}-{view.period.start}-{view.period.end}.csv"
    return Answer(showback_csv(view), CSV_TYPE, extra=attachment(name))


def _units_table(view: ShowbackView) -> Answer:
    name = f"plainbill-unit-costs-{view.period.start}-{view.period.end}.csv"
    return Answer(units_csv(view), CSV_TYPE, extra=attachment(name))
