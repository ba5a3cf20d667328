"""Decisions about anomalies, in the state file."""

from __future__ import annotations

import sqlite3

from plainbill.model.anomaly import AnomalyDecision, AnomalyState
from plainbill.storage.text import instant_of, storable


def load(connection: sqlite3.Connection) -> dict[str, AnomalyDecision]:
    """Return the latest decision about each anomaly, by its id."""
    rows = connection.execute("SELECT * FROM anomaly_decisions ORDER BY anomaly_id")
    return {row["anomaly_id"]: _decision(row) for row in rows}


def save(connection: sqlite3.Connection, decision: AnomalyDecision) -> None:
    """Write a decision in place of the one before."""
    connection.execute(
        "INSERT OR REPLACE INTO anomaly_decisions (anomaly_id, state, note, who, at) VALUES (?, ?, ?, ?, ?)",
        (
            decision.anomaly_id,
            decision.state.value,
            None if decision.note is None else storable(decision.note),
            storable(decision.who),
            decision.at.isoformat(),
        ),
    )


def _decision(row: sqlite3.Row) -> AnomalyDecision:
    return AnomalyDecision(
        anomaly_id=row["anomaly_id"],
        state=AnomalyState(row["state"]),
        note=row["note"],
        who=row["who"],
        at=instant_of(row["at"]),
    )
