"""AWS's timestamps as they come off the wire."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


def instant(value: str | float | datetime) -> datetime:
    """Return the instant, aware and in UTC, that AWS sent as a number, a string or botocore's datetime.

    Numbers are seconds since 1970 (JSON protocols); strings are ISO 8601 (XML protocols), RFC 822 (some
    headers) or a number written out. An ISO 8601 date without a zone is UTC, as AWS means it.
    Raises ``ValueError`` for anything else.
    """
    if isinstance(value, datetime):
        return _in_utc(value)
    if isinstance(value, str):
        return _in_utc(_of_text(value.strip()))
    return datetime.fromtimestamp(value, UTC)


def instant_or_none(value: str | float | datetime | None) -> datetime | None:
    """Return an instant that AWS need not tell."""
    return None if value is None else instant(value)


def _of_text(text: str) -> datetime:
    if text[:1].isalpha():
        return parsedate_to_datetime(text)
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return datetime.fromtimestamp(float(text), UTC)


def _in_utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
