"""Errors as answers: RFC 9457 problem documents that say what was wrong and what is allowed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from plainbill.app.wire import encode
from plainbill.errors import PlainbillError

PROBLEM_JSON = "application/problem+json"
_LONGEST_ECHO = 80


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


def problem(
    status: int, detail: str, *, parameter: str | None = None, headers: Mapping[str, str] | None = None
) -> Response:
    """Return a problem document as a response."""
    view = ProblemView(title=HTTPStatus(status).phrase, status=status, detail=detail, parameter=parameter)
    fresh = {"Cache-Control": "no-store", **(headers or {})}
    return Response(encode(view), status, headers=fresh, media_type=PROBLEM_JSON)


def problem_answer(description: str, status: int, detail: str) -> dict[str, Any]:
    """Return the OpenAPI text of an answer that is a problem, with an example."""
    example = {"title": description, "status": status, "detail": detail, "parameter": None}
    return {
        "description": description,
        "model": ProblemView,
        "content": {PROBLEM_JSON: {"example": example}},
    }


async def on_parameter_error(_request: Request, error: Exception) -> Response:
    """Answer a parameter that means nothing here."""
    assert isinstance(error, ParameterError)  # noqa: S101  the handler is registered for this class only
    return problem(422, str(error), parameter=error.parameter)


async def on_invalid_request(_request: Request, error: Exception) -> Response:
    """Answer a parameter of the wrong form with the first thing that is wrong."""
    assert isinstance(error, RequestValidationError)  # noqa: S101  registered for this class only
    first = error.errors()[0]
    names = [str(part) for part in first["loc"] if part not in {"query", "body", "header", "path"}]
    name = names[-1] if names else "request"
    if first["type"] == "extra_forbidden":
        return problem(422, f"{shortened(name)} is not a parameter of this address", parameter=name[:80])
    detail = f"{name} is {shortened(first['input'])}: {first['msg']}"
    return problem(422, detail, parameter=names[-1] if names else None)


async def on_http_error(_request: Request, error: Exception) -> Response:
    """Answer an unknown address or a method that does not fit."""
    assert isinstance(error, HTTPException)  # noqa: S101  registered for this class only
    return problem(error.status_code, str(error.detail), headers=error.headers)


async def on_plainbill_error(_request: Request, error: Exception) -> Response:
    """Answer when a file of ours cannot be read just now: the message says what and where."""
    return problem(503, str(error))


async def on_crash(_request: Request, _error: Exception) -> Response:
    """Answer a fault of ours without telling the world how we look inside."""
    return problem(500, "plainbill failed on this request; the server's log says where")
