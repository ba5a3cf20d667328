"""What could not be read: as much a part of an answer as what could."""

from __future__ import annotations

from dataclasses import dataclass

ASKED_LATER = "AskedLater"
"""The kind of what waits for the requests of another day."""
NO_DATAPOINT = "NoDatapoint"
"""The kind of what a metric does not say though it was asked and answered: nothing was published then."""
REMARKS = frozenset(
    {
        "Resumed",
        "Skipped",
        "RequestsPassed",
        "NotAskedForFree",
        "AccountTwice",
        "AskedInItsOwnAccount",
        "NotConfirmed",
        ASKED_LATER,
        NO_DATAPOINT,
    }
)
"""Kinds of gaps that nothing is missing from: they say how an answer came about, or what it cost."""


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
