"""The bodies of forms: read as parameters, and told to OpenAPI."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, TypeVar
from urllib.parse import parse_qsl

from fastapi.exceptions import RequestValidationError
from pydantic import StringConstraints, ValidationError

from plainbill.app.params import Params
from plainbill.app.problems import ParameterError

P = TypeVar("P", bound=Params)
Who = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)]
_FORM_TYPE = "application/x-www-form-urlencoded"
_MOST_FIELDS = 60


def form_body(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return what OpenAPI says of a route whose body is a form of this JSON schema."""
    return {"requestBody": {"required": True, "content": {_FORM_TYPE: {"schema": schema}}}}


def form_of(body: bytes, params: type[P]) -> P:
    """Return what a form says; raises ``RequestValidationError`` as a JSON body would."""
    return checked(fields_of(body), params)


def fields_of(body: bytes) -> dict[str, str]:
    """Return the fields of a form as they are; raises ``ParameterError`` for too many."""
    try:
        return dict(parse_qsl(body.decode("utf-8", "replace"), max_num_fields=_MOST_FIELDS))
    except ValueError as error:
        raise ParameterError("form", None, f"at most {_MOST_FIELDS} fields") from error


def checked(fields: Mapping[str, object], params: type[P]) -> P:
    """Return fields as parameters; raises ``RequestValidationError`` as a JSON body would."""
    try:
        return params.model_validate(fields)
    except ValidationError as error:
        raise RequestValidationError(error.errors()) from error
