"""The JSON and CSV answers about commitments."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from plainbill.app import examples_commitments
from plainbill.app.answers import Answer
from plainbill.app.api import JSON_TYPE, answers_with, attachment
from plainbill.app.commitments import Commitments
from plainbill.app.csv import CSV_TYPE, table_csv
from plainbill.app.params import Params
from plainbill.app.ready import prepare
from plainbill.app.views.commitments_shapes import CommitmentsView
from plainbill.app.wire import encode

COMMITMENT_COLUMNS = (
    "commitment_id", "kind", "title", "account_id", "account_name", "region", "scope", "state", "payment",
    "term_months", "start", "end", "hourly", "currency", "committed", "used", "unused", "utilization",
    "on_demand", "saved",
)  # fmt: skip


def commitments_router(commitments: Commitments) -> APIRouter:
    """Return the routes."""
    router, record = APIRouter(tags=["commitments"]), commitments.record

    @router.get(
        "/api/commitments",
        operation_id="commitments",
        summary="Savings Plans and reservations: use, waste, ends, and AWS's offers checked",
        response_model=CommitmentsView,
        responses=answers_with(examples_commitments.COMMITMENTS),
    )
    async def answer(request: Request, _params: Annotated[Params, Query()]) -> Response:
        """What is committed, how much of it is used and unused, when it ends, and what AWS would buy.

        Offers are held against the lowest use, the forecast, and what the findings would take away.
        """
        return await prepare(
            record, request, lambda edition: Answer(encode(commitments.view(edition)), JSON_TYPE)
        )

    @router.get(
        "/api/commitments.csv",
        operation_id="commitmentsCsv",
        summary="Savings Plans and reservations as a table for spreadsheets",
        response_class=Response,
        responses=answers_with(media_type=CSV_TYPE),
    )
    async def table(request: Request, _params: Annotated[Params, Query()]) -> Response:
        """The `commitments` of `/api/commitments`, one a row."""
        extra = attachment("plainbill-commitments.csv")
        return await prepare(
            record,
            request,
            lambda edition: Answer(commitments_csv(commitments.view(edition)), CSV_TYPE, extra=extra),
        )

    return router


def commitments_csv(view: CommitmentsView) -> bytes:
    """Return commitments, one a row; what is not known is an empty cell."""
    rows = ([getattr(row, column) for column in COMMITMENT_COLUMNS] for row in view.commitments)
    return table_csv(COMMITMENT_COLUMNS, rows)
