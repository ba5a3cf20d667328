"""How much there is to read, as far as the last refresh knows: what is most begins first."""

from __future__ import annotations

from collections.abc import Mapping
from statistics import fmean

from plainbill.model.resources import Resource
from plainbill.storage import Snapshot

UNKNOWN = 1.0
"""Things expected of a kind that was never read: less than anywhere where some were found."""


class Expected:
    """What the last refresh, None if there was none, found of each kind in each account and Region.

    What one call cost is about the same everywhere, and a place with more things takes more calls. A place
    that was never read is expected to hold as many as the others do on average.
    """

    def __init__(self, last: Snapshot | None) -> None:
        self._last = last
        self._read = set(last.manifest.places) if last else set()
        self._counts: dict[type[Resource], Mapping[tuple[str, str], int]] = {}

    def things(self, kind: type[Resource], account_id: str, region: str | None) -> float:
        """Return how many of a kind to expect in an account and Region; None: in all of the account."""
        if self._last is None:
            return UNKNOWN
        if kind not in self._counts:
            self._counts[kind] = self._last.counts(kind)
        counts = self._counts[kind]
        if region is None:
            return float(sum(count for (account, _), count in counts.items() if account == account_id))
        if (account_id, region) in counts:
            return float(counts[account_id, region])
        return 0.0 if (account_id, region) in self._read else fmean(counts.values() or (UNKNOWN,))
