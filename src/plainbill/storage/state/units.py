"""Units and their numbers, in the state file."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from plainbill.errors import PlainbillError
from plainbill.model.units import Grain, UnitKind, UnitSeries
from plainbill.storage.text import instant_of, storable


class UnitsDifferError(PlainbillError):
    """Numbers of another kind, or of other spans, are stored under the name."""

    def __init__(self, stored: UnitSeries, given: UnitSeries) -> None:
        super().__init__(
            f"{stored.name!r} is stored as a {stored.kind} by the {stored.grain}, and the file is of a "
            f"{given.kind} by the {given.grain}: remove it first, or give the file another name"
        )


@dataclass(frozen=True, slots=True)
class Imported:
    """How many numbers were new, had another value before, and are stored now."""

    added: int
    replaced: int
    stored: int


def load(connection: sqlite3.Connection) -> list[UnitSeries]:
    """Return everything that costs can be divided by, by name."""
    named: dict[str, dict[tuple[date, str | None], Decimal]] = {}
    for row in connection.execute("SELECT * FROM unit_values ORDER BY name, start, owner"):
        at = (date.fromisoformat(row["start"]), row["owner"] or None)
        named.setdefault(row["name"], {})[at] = Decimal(row["value"])
    rows = connection.execute("SELECT * FROM units ORDER BY name")
    return [_series(row, named.get(row["name"], {})) for row in rows]


def load_one(connection: sqlite3.Connection, name: str) -> UnitSeries | None:
    """Return what is stored under a name, None where nothing is."""
    return next((one for one in load(connection) if one.name == name), None)


def save(connection: sqlite3.Connection, given: UnitSeries) -> Imported:
    """Add numbers to those of the same name, in place of the ones of the same span and owner.

    Raises ``UnitsDifferError`` where what is stored under the name is something else.
    """
    given = replace(
        given,
        name=storable(given.name),
        values={
            (start, None if owner is None else storable(owner)): value
            for (start, owner), value in given.values.items()
        },
    )
    stored = load_one(connection, given.name)
    if stored is not None and (stored.kind, stored.grain) != (given.kind, given.grain):
        raise UnitsDifferError(stored, given)
    before = {} if stored is None else stored.values
    connection.execute(
        "INSERT INTO units (name, kind, grain, source, saved_at) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (name) DO UPDATE SET source = excluded.source, saved_at = excluded.saved_at",
        (given.name, given.kind.value, given.grain.value, storable(given.source), given.saved_at.isoformat()),
    )
    connection.executemany(
        "INSERT OR REPLACE INTO unit_values (name, start, owner, value) VALUES (?, ?, ?, ?)",
        [
            (given.name, start.isoformat(), owner or "", str(value))
            for (start, owner), value in given.values.items()
        ],
    )
    return Imported(
        added=len(given.values.keys() - before.keys()),
        replaced=sum(before[at] != value for at, value in given.values.items() if at in before),
        stored=len(given.values.keys() | before.keys()),
    )


def delete(connection: sqlite3.Connection, name: str) -> bool:
    """Forget everything under a name; False where there is nothing."""
    connection.execute("DELETE FROM unit_values WHERE name = ?", (storable(name),))
    return connection.execute("DELETE FROM units WHERE name = ?", (storable(name),)).rowcount > 0


def _series(row: sqlite3.Row, values: Mapping[tuple[date, str | None], Decimal]) -> UnitSeries:
    return UnitSeries(
        name=row["name"],
        kind=UnitKind(row["kind"]),
        grain=Grain(row["grain"]),
        source=row["source"],
        saved_at=instant_of(row["saved_at"]),
        values=values,
    )
