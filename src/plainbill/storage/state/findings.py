"""The findings over time: one row each, and an event for every change of state."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from plainbill.model.lifecycle import Ending, FindingRecord, FindingState
from plainbill.model.money import Money
from plainbill.storage.text import instant_of, storable, storable_texts, text_of

_COLUMNS = (
    "finding_id", "check_id", "arn", "resource_id", "account_id", "region", "first_seen", "last_seen",
    "state", "state_since", "saving", "currency", "wasted", "unpriced", "regressions", "gone_at", "ending",
    "until", "note", "who", "features", "thresholds", "unasked_at", "unasked_by",
)  # fmt: skip
_VALUES = ", ".join(f":{name}" for name in _COLUMNS)
_CHANGES = ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS[1:])
_UPSERT = (
    f"INSERT INTO findings ({', '.join(_COLUMNS)}) VALUES ({_VALUES}) "  # noqa: S608 - the names above
    f"ON CONFLICT (finding_id) DO UPDATE SET {_CHANGES}"
)


@dataclass(frozen=True, slots=True)
class FindingEvent:
    """A change of state: by a person, or by a reading where ``who`` is None."""

    at: datetime
    state: FindingState
    until: datetime | None
    note: str | None
    who: str | None


def load(connection: sqlite3.Connection) -> list[FindingRecord]:
    """Return all records, by id."""
    return [_record(row) for row in connection.execute("SELECT * FROM findings ORDER BY finding_id")]


def load_one(connection: sqlite3.Connection, finding_id: str) -> FindingRecord | None:
    """Return one record, None where there is none."""
    row = connection.execute(
        "SELECT * FROM findings WHERE finding_id = ?", (storable(finding_id),)
    ).fetchone()
    return None if row is None else _record(row)


def save(
    connection: sqlite3.Connection, records: Iterable[FindingRecord], *, is_decided: bool = False
) -> None:
    """Write records in place of what was known of them, with an event where the state began anew.

    An event has the words of a person only where one decided it: a record keeps them longer than that.
    """
    known = {
        row["finding_id"]: (row["state"], row["state_since"])
        for row in connection.execute("SELECT finding_id, state, state_since FROM findings")
    }
    for record in records:
        row = _row(record)
        connection.execute(_UPSERT, row)
        if is_decided or known.get(record.finding_id) != (row["state"], row["state_since"]):
            connection.execute(
                "INSERT INTO finding_events VALUES (:finding_id, :state_since, :state, :until, :note, :who)",
                row if is_decided else {**row, "until": None, "note": None, "who": None},
            )


def events(connection: sqlite3.Connection, finding_id: str) -> list[FindingEvent]:
    """Return every change of state of a finding, oldest first."""
    rows = connection.execute(
        "SELECT * FROM finding_events WHERE finding_id = ? ORDER BY at, rowid", (finding_id,)
    )
    return [
        FindingEvent(
            at=instant_of(row["at"]),
            state=FindingState(row["state"]),
            until=_instant(row["until"]),
            note=row["note"],
            who=row["who"],
        )
        for row in rows
    ]


def _row(record: FindingRecord) -> dict[str, object]:
    saving = record.monthly_saving
    return {
        "finding_id": record.finding_id,
        "check_id": record.check_id,
        "arn": storable(record.arn),
        "resource_id": storable(record.resource_id),
        "account_id": record.account_id,
        "region": record.region,
        "first_seen": text_of(record.first_seen),
        "last_seen": text_of(record.last_seen),
        "state": record.state.value,
        "state_since": text_of(record.state_since),
        "saving": None if saving is None else str(saving.amount),
        "currency": None if saving is None else saving.currency,
        "wasted": str(record.wasted),
        "unpriced": int(record.unpriced),
        "regressions": record.regressions,
        "gone_at": None if record.gone_at is None else text_of(record.gone_at),
        "ending": None if record.ending is None else record.ending.value,
        "until": None if record.until is None else text_of(record.until),
        "note": None if record.note is None else storable(record.note),
        "who": None if record.who is None else storable(record.who),
        "features": json.dumps(storable_texts(record.features)),
        "thresholds": json.dumps(storable_texts(record.thresholds)) if record.thresholds else "{}",
        "unasked_at": None if record.unasked_at is None else text_of(record.unasked_at),
        "unasked_by": None if record.unasked_by is None else storable(record.unasked_by),
    }


def _record(row: sqlite3.Row) -> FindingRecord:
    return FindingRecord(
        finding_id=row["finding_id"],
        check_id=row["check_id"],
        arn=row["arn"],
        resource_id=row["resource_id"],
        account_id=row["account_id"],
        region=row["region"],
        first_seen=instant_of(row["first_seen"]),
        last_seen=instant_of(row["last_seen"]),
        state=FindingState(row["state"]),
        state_since=instant_of(row["state_since"]),
        monthly_saving=None if row["saving"] is None else Money(Decimal(row["saving"]), row["currency"]),
        wasted=Decimal(row["wasted"]),
        unpriced=bool(row["unpriced"]),
        regressions=row["regressions"],
        gone_at=_instant(row["gone_at"]),
        ending=None if row["ending"] is None else Ending(row["ending"]),
        until=_instant(row["until"]),
        note=row["note"],
        who=row["who"],
        features=json.loads(row["features"]),
        thresholds=json.loads(row["thresholds"]),
        unasked_at=_instant(row["unasked_at"]),
        unasked_by=row["unasked_by"],
    )


def _instant(text: str | None) -> datetime | None:
    return None if text is None else instant_of(text)
