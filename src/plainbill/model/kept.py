"""What is known of an answer of AWS's that is kept for a refresh to go on with."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """A kept answer, without its content.

    ``low`` and ``high`` are what it cost in US dollars, as decimal strings; ``following`` is the key of the
    next page, if there is one.
    """

    service: str
    operation: str
    low: str
    high: str
    following: bytes | None = None
