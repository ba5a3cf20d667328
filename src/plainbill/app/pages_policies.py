"""The page of policies and its forms."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, RedirectResponse, Response

from plainbill.app.answers import Answer
from plainbill.app.api_policies import NO_SUCH_POLICY, REFUSED, put_in_force
from plainbill.app.assets import AnswerResponse
from plainbill.app.forms import form_body, form_of
from plainbill.app.pages import PAGE_ANSWERS, Overview
from plainbill.app.params import Params
from plainbill.app.policies import (
    ForgetPolicyParams,
    PolicyForm,
    UsePolicyParams,
    forget_policy,
    save_policy,
    thresholds_form,
)
from plainbill.app.problems import NOT_OURS, problem_answer
from plainbill.app.record import Edition, Record
from plainbill.app.seen import Seen

HERE = "/what-if/policies"
_DONE: dict[int | str, dict[str, Any]] = {
    303: {"description": "Done; the page shows it."},
    403: NOT_OURS,
    404: problem_answer("No such policy", 404, NO_SUCH_POLICY),
    422: problem_answer("A value that cannot be used", 422, "min_age_days is 'x'; allowed: a whole number"),
}
_TEXT = {"type": "string", "minLength": 1}
_FORM = {
    "type": "object",
    "properties": {"act": {"enum": ["use", "usual", "forget"]}, "name": _TEXT, "who": _TEXT},
    "required": ["act", "who"],
}
_SAVE_FORM = {
    "type": "object",
    "properties": {"name": _TEXT, "check": _TEXT, "note": {"type": "string"}, "who": _TEXT},
    "required": ["name", "check", "who"],
}


def policy_pages_router(record: Record, pages: PolicyPages) -> APIRouter:
    """Return the routes of the page."""
    router = APIRouter(tags=["page"], default_response_class=HTMLResponse)

    @router.get(HERE, operation_id="policiesPage", summary="The page of policies", responses=PAGE_ANSWERS)
    async def policies(_params: Annotated[Params, Query()]) -> Response:
        """Thresholds under names, and by which of them findings are judged."""
        edition = await record.edition()
        return AnswerResponse(await run_in_threadpool(pages.policies, edition))

    @router.post(
        HERE,
        operation_id="policyFormPage",
        summary="The buttons of the page of policies",
        status_code=303,
        response_class=RedirectResponse,
        responses={**_DONE, 409: REFUSED},
        openapi_extra=form_body(_FORM),
    )
    async def act(request: Request) -> Response:
        """Put a policy in force, go back to the usual thresholds, or forget a policy."""
        form = form_of(await request.body(), PolicyForm)
        if form.act == "usual":
            await put_in_force(record, UsePolicyParams(who=form.who))
        elif form.name is None:
            raise HTTPException(404, NO_SUCH_POLICY)
        elif form.act == "use":
            await put_in_force(record, UsePolicyParams(name=form.name, who=form.who))
        else:
            forgotten = ForgetPolicyParams(name=form.name, who=form.who)
            if not await run_in_threadpool(forget_policy, record, forgotten):
                raise HTTPException(404, NO_SUCH_POLICY)
        return RedirectResponse(HERE, 303)

    @router.post(
        f"{HERE}/save",
        operation_id="savePolicyPage",
        summary="The form that keeps the thresholds of a question",
        status_code=303,
        response_class=RedirectResponse,
        responses=_DONE,
        openapi_extra=form_body(_SAVE_FORM),
    )
    async def save(request: Request) -> Response:
        """Write what a policy says of one check as `/api/policies` does, and show all policies."""
        params = thresholds_form(await request.body())
        await run_in_threadpool(save_policy, record, params)
        return RedirectResponse(HERE, 303)

    return router


class PolicyPages:
    """Renders the page, again only when something that it shows has changed."""

    def __init__(self, record: Record, overview: Overview) -> None:
        self._record, self._overview = record, overview
        self._rendered = record.cached(2, self._render)

    def policies(self, edition: Edition) -> Answer:
        """Return the page."""
        return self._rendered(edition, self._record.seen(edition))

    def _render(self, _edition: Edition, seen: Seen) -> Answer:
        return self._overview.page("policies.html", seen.status, HERE, view=self._record.policies())
