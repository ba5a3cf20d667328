"""Errors as answers: RFC 9457 problem documents that say what was wrong and what is allowed."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Protocol

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response

from plainbill.app.wire import encode
from plainbill.errors import PlainbillError

PROBLEM_JSON = "application/problem+json"
_LONGEST_ECHO = 80
_FRESH = {"Cache-Control": "no-store"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemView:
    """Why a request got no answer (RFC 9457); ``parameter`` names the query parameter that is wrong."""

    title: str
    status: int
    detail: str
    parameter: str | None = None


class ParameterError(PlainbillError):
    """A query parameter cannot be used; becomes a 422 answer."""

    def __init__(self, parameter: str, received: object, allowed: str) -> None:
        self.parameter, self.received, self.allowed = parameter, received, allowed
        super().__init__(f"{parameter} is {shortened(received)}; allowed: {allowed}")


def shortened(received: object) -> str:
    """Return what was received, quoted, and cut where it is long."""
    text = received if isinstance(received, str) else str(received)
    return repr(text if len(text) <= _LONGEST_ECHO else text[:_LONGEST_ECHO] + "…")


class ProblemPage(Protocol):
    """Whoever can show a problem to a person."""

    def problem_page(self, problem: ProblemView) -> str:
        """Return the problem as HTML."""


def problem(status: int, detail: str, *, headers: Mapping[str, str] | None = None) -> Response:
    """Return a problem document as a response."""
    return _document(_view(status, detail), headers)


def _view(status: int, detail: str, parameter: str | None = None) -> ProblemView:
    return ProblemView(title=HTTPStatus(status).phrase, status=status, detail=detail, parameter=parameter)


def _document(view: ProblemView, headers: Mapping[str, str] | None = None) -> Response:
    return Response(encode(view), view.status, headers={**_FRESH, **(headers or {})}, media_type=PROBLEM_JSON)


def _answer(request: Request, view: ProblemView, headers: Mapping[str, str] | None = None) -> Response:
    """Return a page to a person with a browser, a document to a program."""
    is_program = request.url.path.startswith(("/api/", "/static/"))
    if is_program or "text/html" not in request.headers.get("accept", ""):
        return _document(view, headers)
    page: ProblemPage = request.app
    return HTMLResponse(page.problem_page(view), view.status, headers={**_FRESH, **(headers or {})})


def problem_answer(description: str, status: int, detail: str) -> dict[str, Any]:
    """Return the OpenAPI text of an answer that is a problem, with an example."""
    example = {"title": description, "status": status, "detail": detail, "parameter": None}
    return {
        "description": description,
        "model": ProblemView,
        "content": {PROBLEM_JSON: {"example": example}},
    }


OWN_PAGES_ONLY = "only Plainbill's own pages may do this"
NOT_OURS = problem_answer("Not asked by a page of ours", 403, OWN_PAGES_ONLY)
"""The OpenAPI text of the answer that every request which changes something may give."""
NOT_JSON = problem_answer("Not JSON", 400, "There was an error parsing the body")
"""The OpenAPI text of the answer to a body that cannot be read."""


async def on_parameter_error(request: Request, error: Exception) -> Response:
    """Answer a parameter that means nothing here."""
    assert isinstance(error, ParameterError)  # noqa: S101  the handler is registered for this class only
    return _answer(request, _view(422, str(error), error.parameter))


async def on_invalid_request(request: Request, error: Exception) -> Response:
    """Answer a parameter of the wrong form with the first thing that is wrong."""
    assert isinstance(error, RequestValidationError)  # noqa: S101  registered for this class only
    first = error.errors()[0]
    names = [str(part) for part in first["loc"] if part not in {"query", "body", "header", "path"}]
    name = names[-1][:_LONGEST_ECHO] if names else "request"
    if first["type"] == "extra_forbidden":
        detail = f"{shortened(name)} is not a parameter of this address"
    elif first["type"] == "missing":  # its input is what it is missing in
        detail = f"{name} is missing"
    elif first["type"] == "json_invalid":  # its place is that of a character
        name, detail = "request", f"the request's body is no JSON: {first['ctx']['error']}"
    else:
        detail = f"{name} is {shortened(first['input'])}: {first['msg']}"
    return _answer(request, _view(422, detail, name))


async def on_http_error(request: Request, error: Exception) -> Response:
    """Answer an unknown address or a method that does not fit."""
    assert isinstance(error, HTTPException)  # noqa: S101  registered for this class only
    return _answer(request, _view(error.status_code, str(error.detail)), error.headers)


async def on_plainbill_error(request: Request, error: Exception) -> Response:
    """Answer when a file of ours cannot be read just now: the message says what and where."""
    return _answer(request, _view(503, str(error)))


async def on_crash(_request: Request, _error: Exception) -> Response:
    """Answer a fault of ours without telling the world how we look inside."""
    return problem(500, "Plainbill failed on this request; the server's log says where")


HANDLERS: Mapping[int | type[Exception], Callable[[Request, Any], Coroutine[Any, Any, Response]]] = {
    ParameterError: on_parameter_error,
    PlainbillError: on_plainbill_error,
    RequestValidationError: on_invalid_request,
    HTTPException: on_http_error,
    Exception: on_crash,
}
