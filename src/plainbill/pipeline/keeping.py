"""After a snapshot was written: what it says of the findings, and no more old ones than needed."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence

from plainbill.analyzer.registry import Check
from plainbill.errors import StorageError
from plainbill.model.inventory import Gap
from plainbill.pipeline.findings import remember_findings
from plainbill.pipeline.judging import Second
from plainbill.storage import Snapshot, SnapshotStore, State

_log = logging.getLogger(__name__)


def move_on(
    store: SnapshotStore,
    state: State,
    written: Snapshot,
    checks: Sequence[Check],
    policy: str | None = None,
    second: Second | None = None,
) -> None:
    """Move the findings on to a new snapshot and remove old ones; raises ``StorageError``.

    What cannot be removed stays until the next time: what was read is kept all the same.
    """
    remember_findings(state, written, checks, policy, second)
    try:
        store.prune()
    except StorageError as error:
        _log.warning("old snapshots stay for now: %s", error)


def not_confirmed(store: SnapshotStore) -> Iterator[Gap]:
    """Yield a remark where the last snapshot may not outlive a power cut; nothing is missing from it."""
    if store.unconfirmed:
        yield Gap(
            source="storage",
            account_id=None,
            region=None,
            kind="NotConfirmed",
            action=None,
            reason=f"{store.unconfirmed[0].upper()}{store.unconfirmed[1:]}.",
            remedy="Look into the system's log for errors of the disk.",
        )
