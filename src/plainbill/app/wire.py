"""How values look in JSON: money exact, instants in UTC, numbers finite."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import orjson

from plainbill.model.money import plain


def encode(view: object) -> bytes:
    """Return the JSON of a view: ``Decimal`` as a plain string, datetimes as ISO 8601 with ``Z``.

    Raises ``TypeError`` for a value that has no agreed form.
    """
    return orjson.dumps(view, default=_encode_one, option=orjson.OPT_UTC_Z)


def _encode_one(value: object) -> object:
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")
