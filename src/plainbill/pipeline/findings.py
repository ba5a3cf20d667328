"""The end of a refresh: what the checks say of it is remembered, finding by finding."""

from __future__ import annotations

from collections.abc import Sequence

from plainbill.analyzer.lifecycle import advance
from plainbill.analyzer.reading import arns, context_of
from plainbill.analyzer.registry import Check
from plainbill.analyzer.unasked import unasked
from plainbill.pipeline.judging import Second, judged
from plainbill.storage import Snapshot, State


def remember_findings(
    state: State,
    snapshot: Snapshot,
    checks: Sequence[Check],
    policy: str | None = None,
    second: Second | None = None,
) -> None:
    """Judge a snapshot by the checks of a policy, half of it by a second process, and move all findings on.

    Raises ``StorageError``, and ``JudgingError`` as ``judged`` does: the findings are left as they were."""
    manifest = snapshot.manifest
    context = context_of(snapshot, manifest.gaps, manifest.taken_at, checks)
    report = judged(snapshot, context, checks, second)
    present = arns(context)
    # Judged before the transaction: only a refresh changes thresholds of findings, and it has the lock.
    lost = unasked(state.findings(), report, context, checks)
    state.advance_findings(lambda records: advance(records, report, present, manifest.taken_at, lost, policy))
