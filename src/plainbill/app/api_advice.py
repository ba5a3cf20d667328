"""The JSON answer about AWS's own advice and how our findings stand to it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from plainbill.app import examples_advice
from plainbill.app.answers import Answer
from plainbill.app.api import JSON_TYPE, answers_with
from plainbill.app.finding_params import AdviceParams
from plainbill.app.ready import prepare
from plainbill.app.record import Record
from plainbill.app.views.advice import advice_view
from plainbill.app.views.advice_shapes import AdviceView
from plainbill.app.wire import encode


def advice_router(record: Record) -> APIRouter:
    """Return the route; it must come before that of one finding, whose path it would fit too."""
    router = APIRouter(tags=["findings"])

    @router.get(
        "/api/findings/aws-advice",
        operation_id="awsAdvice",
        summary="What AWS itself recommends, and whether Plainbill agrees",
        response_model=AdviceView,
        responses=answers_with(examples_advice.ADVICE),
    )
    async def advice(request: Request, params: Annotated[AdviceParams, Query()]) -> Response:
        """Each piece of AWS's advice beside the verdict of ours on the same resource, with the reason.

        `counts` and `their_saving` are of everything, whatever `stance` asks for. AWS's estimates are in no
        sum of findings. Advice that an account never switched on is in `gaps`, and is not silence of AWS.
        """
        return await prepare(
            record,
            request,
            lambda edition: Answer(encode(advice_view(record.judged(edition), params)), JSON_TYPE),
        )

    return router
