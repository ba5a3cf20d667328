"""The progress of a refresh over server-sent events, and the request that starts one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated, Protocol

from fastapi import APIRouter, Header, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent
from starlette.responses import RedirectResponse, Response

from plainbill.app.problems import NOT_OURS, problem, problem_answer
from plainbill.app.refresh import Refresher
from plainbill.app.watch import Watch
from plainbill.app.wire import encode
from plainbill.errors import RefreshRunningError

_EVENTS = "/api/refresh/events"
_LAST_ID = "The last event that a client already has; browsers send it when they connect again."
_RETRY = 3000  # milliseconds a browser waits before it connects again


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshStartedView:
    """A refresh was started; ``events`` is the address of its progress."""

    state: str
    events: str


def events_router(refresher: Refresher | None, watch: Watch) -> APIRouter:
    """Return the routes that start and follow a refresh."""
    router = APIRouter(tags=["refresh"])

    @router.post(
        "/api/refresh",
        status_code=202,
        operation_id="startRefresh",
        summary="Start reading everything from AWS again",
        response_model=RefreshStartedView,
        responses={
            202: {"content": {"application/json": {"example": {"state": "started", "events": _EVENTS}}}},
            303: {
                "description": "Asked by a form without scripts: back to the page, which shows the progress"
            },
            403: NOT_OURS,
            409: problem_answer("A refresh runs already", 409, "a refresh is running already"),
            503: problem_answer("Refreshing is off here", 503, "this server only shows what is stored"),
        },
    )
    async def start_refresh(request: Request) -> Response:
        """Start a refresh in the background; one at a time, whoever started it.

        Of pages only Plainbill's own may do this; a program needs no header for it.
        """
        return await started(request, refresher, back="/", progress=_EVENTS)

    @router.get(
        _EVENTS,
        operation_id="followRefresh",
        summary="Follow the running refresh",
        response_class=EventSourceResponse,
        responses={
            200: {"description": "`started`, `progress`, `finished`, `failed` or `idle` events"},
            422: problem_answer("A parameter cannot be used", 422, "last-event-id is not a text"),
        },
    )
    async def follow_refresh(
        last_event_id: Annotated[str | None, Header(description=_LAST_ID)] = None,
    ) -> AsyncIterator[ServerSentEvent]:
        """The events of the running refresh from its start on, then the stream ends.

        Where none runs here, one `idle` event says how the last one ended (`last`, null when none was
        started) and whether another process refreshes just now (`elsewhere`).
        """
        async for event in _events(refresher, watch, last_event_id):
            yield event

    return router


class Startable(Protocol):
    """What runs in a process of its own."""

    async def start(self) -> None:
        """Start it; raises ``RefreshRunningError`` when one runs already."""


async def started(request: Request, child: Startable | None, *, back: str, progress: str) -> Response:
    """Start a child, None where this server has none; a form is led ``back`` to its page, started or not."""
    if child is None:
        return problem(503, "this server only shows what is stored: it was started without a refresher")
    is_form = "text/html" in request.headers.get("accept", "")
    try:
        await child.start()
    except RefreshRunningError as error:
        if not is_form:
            return problem(409, str(error))
    if is_form:
        return RedirectResponse(back, 303)
    view = RefreshStartedView(state="started", events=progress)
    return Response(encode(view), 202, {"Cache-Control": "no-store"}, "application/json")


async def _events(
    refresher: Refresher | None, watch: Watch, last_id: str | None
) -> AsyncIterator[ServerSentEvent]:
    """Yield the events; that nothing runs any more is told when pages show what was read."""
    is_idle = True
    if refresher is not None:
        async for event in refresher.follow(last_id):
            is_idle = False
            if event.name == "finished":
                await watch.caught_up()
            yield ServerSentEvent(event=event.name, id=event.id, raw_data=event.data, retry=_RETRY)
    if is_idle:
        await watch.caught_up()
        last = None if refresher is None else refresher.last_event
        elsewhere = "false" if refresher is None or not refresher.is_running else "true"
        data = f'{{"event":"idle","elsewhere":{elsewhere},"last":{last.data if last else "null"}}}'
        yield ServerSentEvent(event="idle", raw_data=data, retry=_RETRY)
