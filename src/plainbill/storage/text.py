"""Text from outside, made so that any file can hold it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import UTC, datetime
from functools import lru_cache

from plainbill.model.inventory import Gap

_SURROGATE = re.compile("[\ud800-\udfff]")


def storable(text: str) -> str:
    """Return the text with lone surrogates replaced by U+FFFD.

    JSON can carry them (``"\\ud800"``), UTF-8 cannot; one such account name must not stop a refresh.
    """
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def storable_texts(texts: Mapping[str, str]) -> dict[str, str]:
    """Return tags and the like with keys and values that can be stored."""
    return {storable(key): storable(value) for key, value in texts.items()}


@lru_cache(maxsize=256)
def text_of(instant: datetime) -> str:
    """Return how an instant is stored: in UTC, so that texts sort as instants do."""
    return instant.astimezone(UTC).isoformat(timespec="microseconds")


def instant_of(text: str) -> datetime:
    """Return a stored instant, in UTC whatever offset it was written with."""
    return datetime.fromisoformat(text).astimezone(UTC)


def storable_gap(gap: Gap) -> Gap:
    """Return the gap with texts that can be stored: its reason quotes what AWS said."""
    texts = ((field.name, getattr(gap, field.name)) for field in fields(gap))
    return replace(gap, **{name: storable(text) for name, text in texts if text is not None})
