"""The requests about showback and unit costs."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from plainbill.app import examples_showback
from plainbill.app.answers import Answer
from plainbill.app.api import JSON_TYPE, answers_with, attachment
from plainbill.app.csv import CSV_TYPE
from plainbill.app.ready import prepare
from plainbill.app.record import Edition
from plainbill.app.showback import Showbacks
from plainbill.app.showback_csv import showback_csv, units_csv
from plainbill.app.showback_params import ShowbackParams
from plainbill.app.views.showback_shapes import ShowbackView
from plainbill.app.wire import encode


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


def _table(view: ShowbackView) -> Answer:
    name = f"plainbill-showback-by-{view.by}-{view.period.start}-{view.period.end}.csv"
    return Answer(showback_csv(view), CSV_TYPE, extra=attachment(name))


def _units_table(view: ShowbackView) -> Answer:
    name = f"plainbill-unit-costs-{view.period.start}-{view.period.end}.csv"
    return Answer(units_csv(view), CSV_TYPE, extra=attachment(name))
