"""What the doctor found, as pages and JSON show it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from plainbill.app.views.gaps import place_of
from plainbill.model.diagnosis import Diagnosis, Outcome, TriedRead

OUTCOMES: tuple[Outcome, ...] = ("denied", "failed", "not switched on", "not tried", "allowed")
"""In the order of what wants attention."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FixView:
    """One way to mend refusals, and the places that it mends."""

    remedy: str
    reason: str
    places: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class DoctorView:
    """The last diagnosis and what goes on now.

    ``state`` is never | running | found | failed: of a diagnosis that was asked for here and did not come to
    an end ``error`` says why. ``tried`` of ``total`` reads are done while one runs. ``age_seconds`` is that
    of ``last``; ``counts`` are its reads by outcome.
    """

    state: str
    tried: int | None
    total: int | None
    error: str | None
    age_seconds: int | None
    counts: Mapping[str, int]
    last: Diagnosis | None

    @property
    def missing(self) -> int:
        """How many reads do not work that should."""
        return 0 if self.last is None else sum(read.is_missing for read in self.last.reads)

    def with_outcome(self, outcome: str) -> list[TriedRead]:
        """Return the reads that ended so."""
        return [] if self.last is None else [read for read in self.last.reads if read.outcome == outcome]


def doctor_view(
    last: Diagnosis | None, now: datetime, *, running: tuple[int, int] | None, error: str | None
) -> DoctorView:
    """Return the view; ``running`` is how many of how many reads are done of one that runs."""
    state = "running" if running else "failed" if error else "never" if last is None else "found"
    tried, total = running or (None, None)
    counts = Counter(read.outcome for read in (last.reads if last else ()))
    return DoctorView(
        state=state,
        tried=tried,
        total=total,
        error=error,
        age_seconds=None if last is None else max(0, int((now - last.at).total_seconds())),
        counts={outcome: counts[outcome] for outcome in OUTCOMES},
        last=last,
    )


def fixes(read: TriedRead) -> list[FixView]:
    """Join the refusals of a read that one thing mends."""
    groups: dict[str, tuple[str, list[str]]] = {}
    for one in read.refusals:
        groups.setdefault(one.remedy, (one.reason, []))[1].append(place_of(one.account_id, one.region))
    return [
        FixView(remedy=remedy, reason=reason, places=places) for remedy, (reason, places) in groups.items()
    ]
