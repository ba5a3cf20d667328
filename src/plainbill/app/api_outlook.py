"""The JSON and CSV answers about the months to come and about anomalies."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Path, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response

from plainbill.app import examples_outlook
from plainbill.app.answers import Answer
from plainbill.app.api import JSON_TYPE, answers_with, attachment
from plainbill.app.csv import CSV_TYPE, anomalies_csv
from plainbill.app.outlook import AnomalyDecisionParams, Outlook
from plainbill.app.params import Params
from plainbill.app.problems import NOT_JSON, NOT_OURS, problem_answer
from plainbill.app.ready import prepare
from plainbill.app.views.outlook import AnomaliesView, ForecastView
from plainbill.app.wire import encode

NO_SUCH_ANOMALY = "there is no anomaly of this id among those of the last days"
AnomalyId = Annotated[str, Path(pattern="^[0-9a-f]{16}$", description="The anomaly's id.")]


def outlook_router(outlook: Outlook) -> APIRouter:
    """Return the routes."""
    router, record = APIRouter(tags=["outlook"]), outlook.record

    @router.get(
        "/api/forecast",
        operation_id="forecast",
        summary="Month end and three months ahead, with intervals, in total and by service",
        response_model=ForecastView,
        responses=answers_with(examples_outlook.FORECAST),
    )
    async def forecast(request: Request, _params: Annotated[Params, Query()]) -> Response:
        """Unblended costs of all accounts, from the days that AWS has filled.

        The method is chosen for each series by what it would have said in the past; what cannot be judged so
        has no months and a `reason`.
        """
        return await prepare(record, request, lambda edition: _json(outlook.forecast(edition)))

    @router.get(
        "/api/anomalies",
        operation_id="anomalies",
        summary="Days that cost more or less than expected, by service and account",
        response_model=AnomaliesView,
        responses=answers_with(examples_outlook.ANOMALIES),
    )
    async def anomalies(request: Request, _params: Annotated[Params, Query()]) -> Response:
        """Tax, support and monthly fees, days that are not there yet and gaps are no anomalies."""
        return await prepare(record, request, lambda edition: _json(outlook.anomalies(edition)))

    @router.get(
        "/api/anomalies.csv",
        operation_id="anomaliesCsv",
        summary="Anomalies as a table for spreadsheets",
        response_class=Response,
        responses=answers_with(media_type=CSV_TYPE),
    )
    async def anomalies_table(request: Request, _params: Annotated[Params, Query()]) -> Response:
        """The anomalies of `/api/anomalies`, one a row."""
        extra = attachment("plainbill-anomalies.csv")
        return await prepare(
            record,
            request,
            lambda edition: Answer(anomalies_csv(outlook.anomalies(edition)), CSV_TYPE, extra=extra),
        )

    @router.post(
        "/api/anomalies/{anomaly_id}/decision",
        operation_id="decideAnomaly",
        summary="Acknowledge an anomaly, call it expected, or take that back",
        response_model=AnomaliesView,
        responses={
            200: answers_with(examples_outlook.ANOMALIES)[200],
            400: NOT_JSON,
            403: NOT_OURS,
            404: problem_answer("No such anomaly", 404, NO_SUCH_ANOMALY),
            422: problem_answer("A value that cannot be used", 422, "state is 'x'; allowed: 'new'"),
        },
    )
    async def decision(
        anomaly_id: AnomalyId,
        params: Annotated[AnomalyDecisionParams, Body(examples=[{"state": "expected", "who": "kim"}])],
    ) -> Response:
        """Remember what a person says, and return all anomalies as they stand now. AWS is not asked."""
        await decide(outlook, anomaly_id, params)
        edition = await record.edition()
        view = await run_in_threadpool(outlook.anomalies, edition)
        return Response(encode(view), 200, {"Cache-Control": "no-store"}, JSON_TYPE)

    return router


async def decide(outlook: Outlook, anomaly_id: str, params: AnomalyDecisionParams) -> None:
    """Remember what a person says; raises ``HTTPException`` 404."""
    edition = await outlook.record.edition()
    if not await run_in_threadpool(outlook.decide, edition, anomaly_id, params):
        raise HTTPException(404, NO_SUCH_ANOMALY)


def _json(view: object) -> Answer:
    return Answer(encode(view), JSON_TYPE)
