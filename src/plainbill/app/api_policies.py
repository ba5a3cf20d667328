"""The requests about policies: thresholds under a name, and by which of them findings are judged."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Query
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response

from plainbill.app import examples_policies
from plainbill.app.api import JSON_TYPE, answers_with
from plainbill.app.params import Params
from plainbill.app.policies import (
    ForgetPolicyParams,
    PolicyRefusedError,
    RemovalParams,
    SavePolicyParams,
    UsePolicyParams,
    forget_policy,
    name_in_path,
    save_policy,
    use_policy,
)
from plainbill.app.problems import NOT_JSON, NOT_OURS, problem_answer
from plainbill.app.record import Record
from plainbill.app.views.policies import PoliciesView
from plainbill.app.wire import encode

NO_SUCH_POLICY = "there is no policy of this name; /api/policies has them all"
_UNKNOWN = problem_answer("No such policy", 404, NO_SUCH_POLICY)
_CHANGED: dict[int | str, dict[str, Any]] = {
    200: answers_with(examples_policies.POLICIES)[200],
    403: NOT_OURS,
}
REFUSED = problem_answer("It cannot be followed", 409, "there is no check ebs_volume_of_old")
_WRONG = problem_answer("A value that cannot be used", 422, "min_age_days is 'x'; allowed: a whole number")


def policies_router(record: Record) -> APIRouter:
    """Return the routes; the page has forms of its own."""
    router = APIRouter(tags=["policies"])

    @router.get(
        "/api/policies",
        operation_id="policies",
        summary="Every policy, and which of them is in force",
        response_model=PoliciesView,
        responses=answers_with(examples_policies.POLICIES),
    )
    async def policies(_params: Annotated[Params, Query()]) -> Response:
        """Thresholds under names, each beside the usual one, and who judged by which since when."""
        return await _all(record)

    @router.post(
        "/api/policies",
        operation_id="savePolicy",
        summary="Keep the thresholds of one check in a policy",
        response_model=PoliciesView,
        responses={**_CHANGED, 400: NOT_JSON, 422: _WRONG},
    )
    async def save(
        params: Annotated[SavePolicyParams, Body(examples=[examples_policies.SAVED])],
    ) -> Response:
        """Write what a policy says of one check; what it says of others stays.

        A policy of a new name is made. Saving does not put a policy in force.
        """
        await run_in_threadpool(save_policy, record, params)
        return await _all(record)

    @router.post(
        "/api/policies/in-force",
        operation_id="usePolicy",
        summary="Judge by a policy from now on, or by the usual thresholds",
        response_model=PoliciesView,
        responses={**_CHANGED, 400: NOT_JSON, 404: _UNKNOWN, 409: REFUSED, 422: _WRONG},
    )
    async def use(
        params: Annotated[UsePolicyParams, Body(examples=[{"name": "night shift", "who": "kim"}])],
    ) -> Response:
        """Everything that is found, here and by the next refresh, is found by these thresholds."""
        await put_in_force(record, params)
        return await _all(record)

    @router.delete(
        "/api/policies/{name}",
        operation_id="forgetPolicy",
        summary="Forget a policy",
        response_model=PoliciesView,
        responses={**_CHANGED, 404: _UNKNOWN, 422: _WRONG},
    )
    async def forget(
        name: Annotated[str, name_in_path("policy")],
        params: Annotated[RemovalParams, Query()],
    ) -> Response:
        """Where it was in force, the usual thresholds are again."""
        if not await run_in_threadpool(forget_policy, record, ForgetPolicyParams(name=name, who=params.who)):
            raise HTTPException(404, NO_SUCH_POLICY)
        return await _all(record)

    return router


async def put_in_force(record: Record, params: UsePolicyParams) -> None:
    """Judge by a policy from now on; raises ``HTTPException`` 404 and 409."""
    try:
        is_there = await run_in_threadpool(use_policy, record, params)
    except PolicyRefusedError as error:
        raise HTTPException(409, str(error)) from error
    if not is_there:
        raise HTTPException(404, NO_SUCH_POLICY)


async def _all(record: Record) -> Response:
    view = await run_in_threadpool(record.policies)
    return Response(encode(view), 200, {"Cache-Control": "no-store"}, JSON_TYPE)
