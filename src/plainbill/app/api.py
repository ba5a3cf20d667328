"""The JSON and CSV answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from plainbill.app import examples
from plainbill.app.answers import Answer
from plainbill.app.csv import CSV_TYPE, costs_csv, idle_csv
from plainbill.app.params import CostByServiceParams, IdleTableParams, Params
from plainbill.app.problems import problem_answer
from plainbill.app.ready import prepare
from plainbill.app.record import Edition, Record
from plainbill.app.views.gaps import NOT_READ_YET
from plainbill.app.views.shapes import CostByServiceView, IdleInstancesView, StatusView
from plainbill.app.views.table import matching_rows
from plainbill.app.wire import encode

JSON_TYPE = "application/json"
Answers = dict[int | str, dict[str, Any]]
_NOT_MODIFIED: Answers = {304: {"description": "The client holds these very bytes (`If-None-Match`)"}}
_UNREAD: Answers = {409: problem_answer("Nothing has been read yet", 409, NOT_READ_YET)}
_WRONG: Answers = {422: problem_answer("A parameter cannot be used", 422, "days is '90'; allowed: 1 to 60")}


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthView:
    """The process lives; says nothing about the data."""

    status: str


def api_router(record: Record) -> APIRouter:
    """Return the routes that answer with data."""
    router = APIRouter(tags=["data"])

    @router.get(
        "/api/cost-by-service",
        operation_id="costByService",
        summary="Costs of a period by service, reconciled with AWS's own total",
        response_model=CostByServiceView,
        responses=answers_with(examples.COSTS),
    )
    async def cost_by_service(request: Request, params: Annotated[CostByServiceParams, Query()]) -> Response:
        """Costs by service, record type, account and day.

        `difference` is `control_total` minus `total`. What is not known is null; days that were not read
        are `missing_days`, and what could not be read is in `gaps`.
        """
        return await prepare(record, request, lambda edition: _json(_costs(record, edition, params)))

    @router.get(
        "/api/idle-instances",
        operation_id="idleInstances",
        summary="Running EC2 instances that look idle, with the proof",
        response_model=IdleInstancesView,
        responses=answers_with(examples.IDLE),
    )
    async def idle_instances(request: Request, params: Annotated[IdleTableParams, Query()]) -> Response:
        """Judge every running instance anew by the given thresholds, from what is stored.

        An instance is idle when its average CPU and its highest CPU sample are both below; what cannot
        be judged is in `could_not_tell`, never among the others. `q` filters `instances` only: counts and
        totals are of all.
        """
        return await prepare(record, request, lambda edition: _json(_shown(record, edition, params)))

    @router.get(
        "/api/status",
        operation_id="status",
        summary="How old, how complete and how dear the data are",
        response_model=StatusView,
        responses={
            200: {"content": {JSON_TYPE: {"example": examples.as_json(examples.STATUS)}}},
            422: _WRONG[422],
        },
    )
    async def status(_params: Annotated[Params, Query()]) -> Response:
        """Age, coverage, gaps, and what the calls of the last refresh and of this month cost."""
        edition = await record.edition()
        view = await run_in_threadpool(record.status, edition)
        return Response(encode(view), headers={"Cache-Control": "no-store"}, media_type=JSON_TYPE)

    @router.get(
        "/api/cost-by-service.csv",
        operation_id="costByServiceCsv",
        summary="Costs by service as a table for spreadsheets",
        response_class=Response,
        responses=answers_with(media_type=CSV_TYPE),
    )
    async def cost_by_service_csv(
        request: Request, params: Annotated[CostByServiceParams, Query()]
    ) -> Response:
        """The services of `/api/cost-by-service`, one a row; text is safe from formulas."""
        return await prepare(record, request, lambda edition: _costs_table(_costs(record, edition, params)))

    @router.get(
        "/api/idle-instances.csv",
        operation_id="idleInstancesCsv",
        summary="Idle instances as a table for spreadsheets",
        response_class=Response,
        responses=answers_with(media_type=CSV_TYPE),
    )
    async def idle_instances_csv(request: Request, params: Annotated[IdleTableParams, Query()]) -> Response:
        """All rows of the idle table as filtered and sorted, whatever page is shown."""
        return await prepare(record, request, lambda edition: _idle_table(record, edition, params))

    @router.get("/healthz", operation_id="health", summary="Is the process alive?", response_model=HealthView)
    async def health() -> Response:
        """Answer without a password and without touching the data."""
        return Response(_HEALTHY, headers={"Cache-Control": "no-store"}, media_type=JSON_TYPE)

    return router


_HEALTHY = encode(HealthView(status="ok"))


def answers_with(example: object = None, media_type: str = JSON_TYPE) -> Answers:
    """Return the OpenAPI text of the usual answers: the data, the client has them, a parameter is wrong."""
    content = {"schema": {"type": "string"}} if example is None else {"example": examples.as_json(example)}
    shown: Answers = {200: {"description": "The data", "content": {media_type: content}}}
    unread = _UNREAD if media_type == CSV_TYPE else {}
    return {**shown, **_NOT_MODIFIED, **_WRONG, **unread}


def _costs(record: Record, edition: Edition, params: CostByServiceParams) -> CostByServiceView:
    query = record.cost_query(edition, params)
    return record.costs(edition, query.by_months() if params.compare == "months" else query).view


def _shown(record: Record, edition: Edition, params: IdleTableParams) -> IdleInstancesView:
    view = record.idle(edition, record.idle_query(edition, params))
    return replace(view, instances=matching_rows(view.instances, params.q, params.sort))


def _json(view: object) -> Answer:
    return Answer(encode(view), JSON_TYPE)


def _costs_table(view: CostByServiceView) -> Answer:
    name = f"plainbill-cost-by-service-{view.period.start}-{view.period.end}.csv"
    return Answer(costs_csv(view), CSV_TYPE, extra=attachment(name))


def _idle_table(record: Record, edition: Edition, params: IdleTableParams) -> Answer:
    view = _shown(record, edition, params)
    return Answer(idle_csv(view.instances, view), CSV_TYPE, extra=attachment("plainbill-idle-instances.csv"))


def attachment(name: str) -> Mapping[str, str]:
    """Return the header that makes a browser keep an answer as a file."""
    return {"Content-Disposition": f'attachment; filename="{name}"'}
