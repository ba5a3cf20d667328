"""The JSON answers to what-if questions, all from what is stored."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from plainbill.app import examples_what_if
from plainbill.app.answers import Answer
from plainbill.app.api import JSON_TYPE, answers_with
from plainbill.app.problems import ParameterError
from plainbill.app.ready import prepare
from plainbill.app.record import Edition
from plainbill.app.views.what_if import whole
from plainbill.app.views.what_if_shapes import IdlePresetsView, WhatIfView
from plainbill.app.what_if_params import IdlePresetsParams, described_parameters
from plainbill.app.what_if_record import CHECK, WhatIfs
from plainbill.app.wire import encode


def what_if_router(what_ifs: WhatIfs) -> APIRouter:
    """Return the routes that answer with what would be found."""
    router = APIRouter(tags=["what-if"])
    record = what_ifs.record

    @router.get(
        "/api/what-if",
        operation_id="whatIf",
        summary="What one check would find with other thresholds",
        response_model=WhatIfView,
        responses=answers_with(examples_what_if.WHAT_IF),
        openapi_extra=described_parameters(what_ifs.checks, is_check_required=True),
    )
    async def what_if(request: Request) -> Response:
        """Judge by one check anew, from what is stored; the other checks' answers stay.

        A finding in `gone` may be `ok` or `could_not_judge` (more days asked for than are stored): only
        the first is good news. Sums count each billed thing once, before and after.
        """
        asked = dict(request.query_params)
        return await prepare(record, request, lambda edition: _answer(what_ifs, edition, asked))

    @router.get(
        "/api/idle-presets",
        operation_id="idlePresets",
        summary="Named idle rules side by side over the running EC2 instances",
        response_model=IdlePresetsView,
        responses=answers_with(examples_what_if.IDLE_PRESETS),
    )
    async def idle_presets(request: Request, params: Annotated[IdlePresetsParams, Query()]) -> Response:
        """What each rule says over the same stored hours, and the instances on which two of them disagree."""
        return await prepare(
            record,
            request,
            lambda edition: Answer(encode(what_ifs.presets(edition, params.place)), JSON_TYPE),
        )

    return router


def _answer(what_ifs: WhatIfs, edition: Edition, asked: dict[str, str]) -> Answer:
    question = what_ifs.question(edition, asked)
    if question is None:
        allowed = ", ".join(check.id for check in what_ifs.checks)
        raise ParameterError(CHECK, "", allowed)
    return Answer(encode(whole(what_ifs.view(edition, question))), JSON_TYPE)
