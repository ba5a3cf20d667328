"""The value of a threshold as JSON and the page can write it."""

from __future__ import annotations

from typing import Any

from plainbill.app.views.shapes import Setting


def setting_of(value: Any) -> Setting:
    """Return a value that JSON knows as it is, any other as its text."""
    return value if isinstance(value, (bool, int, float, str)) or value is None else str(value)
