"""The short way: an answer that lies ready is sent before any routing; HEAD is GET without a body."""

from __future__ import annotations

from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from plainbill.app.answers import Answer
from plainbill.app.assets import AnswerResponse
from plainbill.app.record import Edition, Record
from plainbill.app.views.gaps import NOT_READ_YET
from plainbill.errors import StorageError

_ENDLESS = "/api/refresh/events"  # a HEAD of a stream would wait for its end


class ReadyAnswers:
    """Sends prepared bytes by (edition, path, query); everything else goes on to the routes."""

    def __init__(self, app: ASGIApp, record: Record) -> None:
        self._app, self._record = app, record

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer at once where the answer is ready."""
        if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"}:
            await self._app(scope, receive, send)
            return
        ready = await self._ready(scope)
        if ready is not None:
            await ready(scope, receive, send)
        elif scope["method"] == "HEAD" and scope["path"] != _ENDLESS:
            await self._app({**scope, "method": "GET"}, receive, _without_body(send))
        else:
            await self._app(scope, receive, send)

    async def _ready(self, scope: Scope) -> Answer | None:
        try:
            edition = await self._record.edition()
        except StorageError:  # the routes say so, where a request needs what is stored
            return None
        return self._record.answers.get(edition.id, scope["path"], scope["query_string"])


async def prepare(record: Record, request: Request, make: Callable[[Edition], Answer]) -> Response:
    """Make an answer off the event loop, keep it for this edition, and return it.

    A table has no place to say that nothing has been read yet, and without rows it would say that there is
    nothing: before the first reading it raises ``HTTPException`` 409.
    """
    edition = await record.edition()
    if edition.snapshot is None and request.url.path.endswith(".csv"):
        raise HTTPException(409, NOT_READ_YET)
    answer = await run_in_threadpool(make, edition)
    record.answers.put(edition.id, request.url.path, request.scope["query_string"], answer)
    return AnswerResponse(answer)


def _without_body(send: Send) -> Send:
    async def send_headers(message: Message) -> None:
        await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

    return send_headers
