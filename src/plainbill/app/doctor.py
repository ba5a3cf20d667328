"""The doctor in the page: started by a form, run in a process of its own, its record shown with every fix."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Protocol

import orjson
from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, Response

from plainbill.app.answers import Answer
from plainbill.app.api import JSON_TYPE, answers_with
from plainbill.app.assets import AnswerResponse
from plainbill.app.events import RefreshStartedView, Startable, started
from plainbill.app.examples_doctor import DOCTOR
from plainbill.app.pages import PAGE_ANSWERS, Overview
from plainbill.app.params import Params
from plainbill.app.problems import NOT_OURS, problem_answer
from plainbill.app.record import Record
from plainbill.app.refresh import RefreshEvent
from plainbill.app.views.doctor import DoctorView, doctor_view
from plainbill.app.wire import encode
from plainbill.errors import StorageError
from plainbill.storage import Home
from plainbill.storage.diagnosis import last_diagnosis

HERE, STATE = "/doctor", "/api/doctor"


class Examiner(Startable, Protocol):
    """What the pages need of whatever tries the reads."""

    @property
    def is_running(self) -> bool:
        """Whether one runs that was started here."""

    @property
    def latest(self) -> RefreshEvent | None:
        """The latest event of the one that runs or ran last."""

    async def close(self) -> None:
        """Stop it."""


@dataclass(frozen=True)
class Doctor:
    """What is known of access to AWS; ``examiner`` is None where nothing may be started here."""

    home: Home
    clock: Callable[[], datetime]
    examiner: Examiner | None

    def view(self) -> DoctorView:
        """Return what was found last and what goes on."""
        error = None
        try:
            last = last_diagnosis(self.home)
        except StorageError as damaged:
            last, error = None, str(damaged)
        event = self.examiner.latest if self.examiner else None
        told = orjson.loads(event.data) if event else {}
        is_running = self.examiner is not None and self.examiner.is_running
        running = (int(told.get("done", 0)), int(told.get("total", 0))) if is_running else None
        if event is not None and event.name == "failed":
            error = str(told.get("error"))
        return doctor_view(last, self.clock(), running=running, error=error)


def doctor_router(doctor: Doctor, record: Record, overview: Overview) -> APIRouter:
    """Return the routes of the page, of its JSON, and of the form that starts it."""
    router = APIRouter()

    @router.get(
        HERE,
        operation_id="doctorPage",
        summary="The page of the doctor",
        responses=PAGE_ANSWERS,
        response_class=HTMLResponse,
        tags=["page"],
    )
    async def page(_params: Annotated[Params, Query()]) -> Response:
        """Which reads AWS allows, what is missing without the others, and how to allow them."""
        edition = await record.edition()

        def made() -> Answer:
            can_start = doctor.examiner is not None
            return overview.page(
                "doctor.html", record.status(edition), HERE, view=doctor.view(), can_start=can_start
            )

        return AnswerResponse(await run_in_threadpool(made))

    @router.get(
        STATE,
        operation_id="doctor",
        summary="What the last diagnosis found, and whether one runs",
        response_model=DoctorView,
        responses=answers_with(DOCTOR),
        tags=["data"],
    )
    async def data(_params: Annotated[Params, Query()]) -> Response:
        """The record of `plainbill doctor`, whoever ran it; asking for it calls nothing of AWS."""
        return AnswerResponse(await run_in_threadpool(lambda: Answer(encode(doctor.view()), JSON_TYPE)))

    @router.post(
        STATE,
        status_code=202,
        operation_id="startDoctor",
        summary="Try every read that Plainbill asks AWS for",
        response_model=RefreshStartedView,
        tags=["refresh"],
        responses={
            202: {"content": {"application/json": {"example": {"state": "started", "events": STATE}}}},
            303: {"description": "Asked by a form: back to the page, which shows how far it is"},
            403: NOT_OURS,
            409: problem_answer("A diagnosis runs already", 409, "the doctor is running already"),
            503: problem_answer("Asking AWS is off here", 503, "this server only shows what is stored"),
        },
    )
    async def start(request: Request) -> Response:
        """Start `plainbill doctor` in the background; it makes no call to Cost Explorer.

        Of pages only Plainbill's own may do this; a program needs no header for it.
        """
        return await started(request, doctor.examiner, back=HERE, progress=STATE)

    return router
