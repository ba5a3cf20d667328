"""The refreshes: what each read, what it could not, what it cost."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable
from dataclasses import astuple, replace
from datetime import datetime
from decimal import Decimal

from plainbill.model.inventory import Gap
from plainbill.model.run import OperationCost, Run, RunState
from plainbill.storage.text import instant_of, storable, storable_gap, text_of

INTERRUPTED = "interrupted: the process ended before the refresh was done; start another refresh"

_UPSERT = """
INSERT INTO runs (run_id, state, started_at, finished_at, accounts, regions, error)
VALUES (:run_id, :state, :started_at, :finished_at, :accounts, :regions, :error)
ON CONFLICT (run_id) DO UPDATE SET
    state = excluded.state, started_at = excluded.started_at, finished_at = excluded.finished_at,
    accounts = excluded.accounts, regions = excluded.regions, error = excluded.error
"""
_GAP_COLUMNS = "source, account_id, region, kind, action, reason, remedy"


def save_run(connection: sqlite3.Connection, run: Run) -> None:
    """Write a run with its operations and gaps, in place of what was known of it."""
    connection.execute(_UPSERT, _row(run))
    for table in ("run_operations", "run_gaps"):
        connection.execute(f"DELETE FROM {table} WHERE run_id = ?", (run.run_id,))  # noqa: S608 - two names above
    connection.executemany("INSERT INTO run_operations VALUES (?, ?, ?, ?, ?, ?, ?)", _operation_rows(run))
    connection.executemany("INSERT INTO run_gaps VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", _gap_rows(run))


def load_runs(connection: sqlite3.Connection, limit: int) -> list[Run]:
    """Return the latest runs, newest first: in the order of their writing, whatever the clock said."""
    rows = connection.execute("SELECT * FROM runs ORDER BY rowid DESC LIMIT ?", (limit,)).fetchall()
    return [_run(connection, row) for row in rows]


def running(connection: sqlite3.Connection) -> list[str]:
    """Return the ids of the runs that never said how they ended."""
    return [row["run_id"] for row in connection.execute("SELECT run_id FROM runs WHERE state = 'running'")]


def fail_interrupted(connection: sqlite3.Connection, run_ids: Iterable[str]) -> None:
    """Mark these runs, if still "running", as failed; ``finished_at`` stays unknown.

    Only for a caller who knows that no process is working on them.
    """
    connection.executemany(
        "UPDATE runs SET state = 'failed', error = ? WHERE state = 'running' AND run_id = ?",
        [(INTERRUPTED, run_id) for run_id in run_ids],
    )


def unless_dead(run: Run, dead: Collection[str]) -> Run:
    """Return a run as failed where its process is dead and that could not be written."""
    is_dead = run.run_id in dead and run.state is RunState.RUNNING
    return replace(run, state=RunState.FAILED, error=INTERRUPTED) if is_dead else run


def spend_since(connection: sqlite3.Connection, since: datetime) -> tuple[Decimal, Decimal]:
    """Return what the calls of all runs started at or after ``since`` cost: lowest, highest, in USD."""
    rows = connection.execute(
        "SELECT low, high FROM run_operations JOIN runs USING (run_id) WHERE started_at >= ?",
        (text_of(since),),
    ).fetchall()
    low = sum((Decimal(row["low"]) for row in rows), Decimal(0))
    high = sum((Decimal(row["high"]) for row in rows), Decimal(0))
    return low, high


def operations_in(connection: sqlite3.Connection, start: datetime, end: datetime) -> list[OperationCost]:
    """Return what runs asked that began or ended in ``[start, end)``, summed by operation.

    A run over midnight counts on both days: which of its calls came before is not known.
    """
    rows = connection.execute(
        "SELECT service, operation, calls, low, high FROM run_operations JOIN runs USING (run_id)"
        " WHERE started_at < :end AND (started_at >= :start OR (finished_at >= :start))",
        {"start": text_of(start), "end": text_of(end)},
    ).fetchall()
    sums: dict[tuple[str, str], tuple[int, Decimal, Decimal]] = {}
    for row in rows:
        calls, low, high = sums.get((row["service"], row["operation"]), (0, Decimal(0), Decimal(0)))
        sums[row["service"], row["operation"]] = (
            calls + row["calls"],
            low + Decimal(row["low"]),
            high + Decimal(row["high"]),
        )
    return [
        OperationCost(service=service, operation=operation, calls=calls, low=low, high=high)
        for (service, operation), (calls, low, high) in sorted(sums.items())
    ]


def _row(run: Run) -> dict[str, str | None]:
    return {
        "run_id": run.run_id,
        "state": run.state.value,
        "started_at": text_of(run.started_at),
        "finished_at": None if run.finished_at is None else text_of(run.finished_at),
        "accounts": json.dumps(list(run.accounts)),
        "regions": json.dumps(list(run.regions)),
        "error": None if run.error is None else storable(run.error),
    }


def _operation_rows(run: Run) -> Iterable[tuple[object, ...]]:
    for position, cost in enumerate(run.operations):
        yield (run.run_id, position, cost.service, cost.operation, cost.calls, str(cost.low), str(cost.high))


def _gap_rows(run: Run) -> Iterable[tuple[object, ...]]:
    for position, gap in enumerate(run.gaps):
        yield (run.run_id, position, *astuple(storable_gap(gap)))


def _run(connection: sqlite3.Connection, row: sqlite3.Row) -> Run:
    return Run(
        run_id=row["run_id"],
        state=RunState(row["state"]),
        started_at=instant_of(row["started_at"]),
        finished_at=None if row["finished_at"] is None else instant_of(row["finished_at"]),
        accounts=tuple(json.loads(row["accounts"])),
        regions=tuple(json.loads(row["regions"])),
        operations=_operations(connection, row["run_id"]),
        gaps=_gaps(connection, row["run_id"]),
        error=row["error"],
    )


def _operations(connection: sqlite3.Connection, run_id: str) -> tuple[OperationCost, ...]:
    rows = connection.execute(
        "SELECT service, operation, calls, low, high FROM run_operations WHERE run_id = ? ORDER BY position",
        (run_id,),
    )
    return tuple(
        OperationCost(
            service=row["service"],
            operation=row["operation"],
            calls=row["calls"],
            low=Decimal(row["low"]),
            high=Decimal(row["high"]),
        )
        for row in rows
    )


def _gaps(connection: sqlite3.Connection, run_id: str) -> tuple[Gap, ...]:
    rows = connection.execute(
        f"SELECT {_GAP_COLUMNS} FROM run_gaps WHERE run_id = ? ORDER BY position",  # noqa: S608 - a constant above
        (run_id,),
    )
    return tuple(Gap(**dict(row)) for row in rows)
