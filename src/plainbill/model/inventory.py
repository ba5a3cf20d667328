"""What could not be read: as much a part of an answer as what could."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """One hole in what was read: never shown as zero, never as "all good".

    ``source`` names the fetcher, ``action`` the IAM action that was refused (None when something else
    went wrong), ``kind`` the class of the failure (``AccessDenied``, ``Throttled``, ``Unreachable`` ...),
    ``reason`` what happened in a sentence and ``remedy`` what to do about it.
    """

    source: str
    account_id: str | None
    region: str | None
    kind: str
    action: str | None
    reason: str
    remedy: str


NOTES = frozenset({"RequestsPassed", "NotAskedForFree"})
"""Kinds of gaps in which nothing is missing: they say how something was read, or what it cost."""
