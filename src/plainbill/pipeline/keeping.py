"""The storing half of a refresh: a snapshot, what it says of the findings, no more old ones than needed."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from plainbill.analyzer.registry import Check
from plainbill.errors import StorageError
from plainbill.pipeline.findings import remember_findings
from plainbill.storage import Collected, SnapshotStore, State

_log = logging.getLogger(__name__)


def keep(store: SnapshotStore, state: State, collected: Collected, checks: Sequence[Check]) -> None:
    """Store what was read, move the findings on, remove old snapshots; raises ``StorageError``.

    What cannot be removed stays until the next time: what was read is kept all the same.
    """
    remember_findings(state, store.write(collected), checks)
    try:
        store.prune()
    except StorageError as error:
        _log.warning("old snapshots stay for now: %s", error)
