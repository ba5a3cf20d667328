"""Costs, and what changed them, as JSON and CSV."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from plainbill.app import examples_costs
from plainbill.app.answers import Answer
from plainbill.app.api import JSON_TYPE, answers_with, attachment
from plainbill.app.changes_params import ChangesParams
from plainbill.app.cost_csv import changes_csv, explorer_csv
from plainbill.app.cost_params import CostExplorerParams
from plainbill.app.cost_record import CostRecord
from plainbill.app.csv import CSV_TYPE
from plainbill.app.ready import prepare
from plainbill.app.record import Edition
from plainbill.app.views.changes_shapes import ChangesView
from plainbill.app.views.cost_shapes import CostExplorerView
from plainbill.app.wire import encode


def costs_router(costs: CostRecord) -> APIRouter:
    """Return the routes that answer questions about costs."""
    router = APIRouter(tags=["data"])
    record = costs.record

    @router.get(
        "/api/costs",
        operation_id="costs",
        summary="Costs of any stored days, grouped, filtered, compared and reconciled",
        response_model=CostExplorerView,
        responses=answers_with(examples_costs.EXPLORER),
    )
    async def explore(request: Request, params: Annotated[CostExplorerParams, Query()]) -> Response:
        """What the page `/cost` shows for the same parameters.

        `rows` sum to `total`, and so do `spans`. `reconciliation` holds the whole bill of the same days
        against AWS's own total; a service by record type is not stored.
        """
        return await prepare(
            record, request, lambda edition: Answer(encode(_view(costs, edition, params)), JSON_TYPE)
        )

    @router.get(
        "/api/costs.csv",
        operation_id="costsCsv",
        summary="The same as a table for spreadsheets",
        response_class=Response,
        responses=answers_with(media_type=CSV_TYPE),
    )
    async def explore_csv(request: Request, params: Annotated[CostExplorerParams, Query()]) -> Response:
        """The rows of `/api/costs` with a column for each day or month."""
        return await prepare(record, request, lambda edition: _table(_view(costs, edition, params)))

    @router.get(
        "/api/changes",
        operation_id="changes",
        summary="Why the bill of one period is not that of another",
        response_model=ChangesView,
        responses=answers_with(examples_costs.CHANGES),
    )
    async def changes(request: Request, params: Annotated[ChangesParams, Query()]) -> Response:
        """`before` plus the amounts of `steps` is `after`, exactly; the parts of a step sum to it.

        Usage that both periods have is brought to the same number of days first. Prices are told apart where
        quantities are stored; `notes` say of which days.
        """
        return await prepare(
            record, request, lambda edition: Answer(encode(_changes(costs, edition, params)), JSON_TYPE)
        )

    @router.get(
        "/api/changes.csv",
        operation_id="changesCsv",
        summary="The same as a table for spreadsheets",
        response_class=Response,
        responses=answers_with(media_type=CSV_TYPE),
    )
    async def changes_table(request: Request, params: Annotated[ChangesParams, Query()]) -> Response:
        """Every part of every cause, one a row."""
        return await prepare(
            record, request, lambda edition: _changes_table(_changes(costs, edition, params))
        )

    return router


def _view(costs: CostRecord, edition: Edition, params: CostExplorerParams) -> CostExplorerView:
    return costs.explorer(edition, costs.query(edition, params))


def _table(view: CostExplorerView) -> Answer:
    name = f"plainbill-costs-by-{view.group}-{view.period.start}-{view.period.end}.csv"
    return Answer(explorer_csv(view), CSV_TYPE, extra=attachment(name))


def _changes(costs: CostRecord, edition: Edition, params: ChangesParams) -> ChangesView:
    return costs.changes(edition, costs.changes_query(edition, params))


def _changes_table(view: ChangesView) -> Answer:
    name = f"plainbill-changes-{view.compared.start}-{view.period.end}.csv"
    return Answer(changes_csv(view), CSV_TYPE, extra=attachment(name))
