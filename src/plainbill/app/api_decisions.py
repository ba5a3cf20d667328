"""The one request that changes what is remembered of a finding."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response

from plainbill.app import examples_findings
from plainbill.app.api import JSON_TYPE, answers_with
from plainbill.app.api_findings import NO_SUCH_FINDING, proof
from plainbill.app.decisions import DecisionParams, DecisionRefusedError, decide_finding
from plainbill.app.finding_params import FindingId
from plainbill.app.problems import NOT_JSON, NOT_OURS, problem_answer
from plainbill.app.record import Record
from plainbill.app.views.finding_shapes import FindingView
from plainbill.app.wire import encode

_GONE = "finding 6f1d2c3b4a596877 is gone: the last complete reading did not find it any more"


def decisions_router(record: Record) -> APIRouter:
    """Return the route that takes decisions of programs; the pages have a form of their own."""
    router = APIRouter(tags=["findings"])

    @router.post(
        "/api/findings/{finding_id}/decision",
        operation_id="decideFinding",
        summary="Snooze, dismiss or open a finding, or say that it is done",
        response_model=FindingView,
        responses={
            200: answers_with(examples_findings.DISMISSED)[200],
            400: NOT_JSON,
            403: NOT_OURS,
            404: problem_answer("No such finding", 404, NO_SUCH_FINDING),
            409: problem_answer("The finding is gone", 409, _GONE),
            422: problem_answer("The decision cannot be meant", 422, "until is None; allowed: the day"),
        },
    )
    async def decision(
        finding_id: FindingId,
        params: Annotated[
            DecisionParams, Body(examples=[{"state": "dismissed", "note": "for the audit", "who": "kim"}])
        ],
    ) -> Response:
        """Remember a decision and return the finding as it stands now.

        What is snoozed or dismissed is out of every list and sum until it is open again. AWS is not asked,
        and nothing is changed there. Of pages only Plainbill's own may do this.
        """
        await take_decision(record, finding_id, params)
        edition = await record.edition()
        view = await run_in_threadpool(proof, record, edition, finding_id)
        return Response(encode(view), 200, {"Cache-Control": "no-store"}, JSON_TYPE)

    return router


async def take_decision(record: Record, finding_id: str, params: DecisionParams) -> None:
    """Remember a decision; raises ``HTTPException`` 404 and 409, and ``ParameterError``."""
    edition = await record.edition()
    try:
        after = await run_in_threadpool(decide_finding, record, edition, finding_id, params)
    except DecisionRefusedError as error:
        raise HTTPException(409, str(error)) from error
    if after is None:
        raise HTTPException(404, NO_SUCH_FINDING)
