"""After a snapshot was written: what it says of the findings, and no more old ones than needed."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from plainbill.analyzer.registry import Check
from plainbill.errors import StorageError
from plainbill.pipeline.findings import remember_findings
from plainbill.storage import Snapshot, SnapshotStore, State

_log = logging.getLogger(__name__)


def move_on(
    store: SnapshotStore, state: State, written: Snapshot, checks: Sequence[Check], policy: str | None = None
) -> None:
    """Move the findings on to a new snapshot and remove old ones; raises ``StorageError``.

    What cannot be removed stays until the next time: what was read is kept all the same.
    """
    remember_findings(state, written, checks, policy)
    try:
        store.prune()
    except StorageError as error:
        _log.warning("old snapshots stay for now: %s", error)
