"""Units and their numbers, in the state file."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from plainbill.errors import PlainbillError
from plainbill.model.units import Grain, UnitKind, UnitMetric, UnitSeries, UnitStatistic, Values
from plainbill.storage.text import instant_of, storable


class UnitsDifferError(PlainbillError):
    """Numbers of another kind, or of other spans, are stored under the name."""

    def __init__(self, stored: UnitSeries, given: UnitSeries) -> None:
        super().__init__(
            f"{stored.name!r} is stored as a {stored.kind} by the {stored.grain}, and the file is of a "
            f"{given.kind} by the {given.grain}: remove it first, or give the file another name"
        )


class UnitsTakenError(PlainbillError):
    """The name is that of other units, which come from elsewhere."""

    def __init__(self, name: str, source: str) -> None:
        super().__init__(f"{name!r} is stored already, from {source}: remove it first, or take another name")


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
    metrics = {one.name: one for one in load_metrics(connection)}
    rows = connection.execute("SELECT * FROM units ORDER BY name")
    return [_series(row, named.get(row["name"], {}), metrics.get(row["name"])) for row in rows]


def load_one(connection: sqlite3.Connection, name: str) -> UnitSeries | None:
    """Return what is stored under a name, None where nothing is."""
    return next((one for one in load(connection) if one.name == name), None)


def save(connection: sqlite3.Connection, given: UnitSeries) -> Imported:
    """Add numbers to those of the same name, in place of the ones of the same span and owner.

    Raises ``UnitsDifferError`` where what is stored under the name is something else, and ``UnitsTakenError``
    where it comes from CloudWatch.
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
    if stored is not None and stored.metric is not None:
        raise UnitsTakenError(stored.name, f"CloudWatch ({stored.source})")
    if stored is not None and (stored.kind, stored.grain) != (given.kind, given.grain):
        raise UnitsDifferError(stored, given)
    before = {} if stored is None else stored.values
    connection.execute(
        "INSERT INTO units (name, kind, grain, source, saved_at) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (name) DO UPDATE SET source = excluded.source, saved_at = excluded.saved_at",
        (given.name, given.kind.value, given.grain.value, storable(given.source), given.saved_at.isoformat()),
    )
    _put(connection, given.name, given.values)
    return Imported(
        added=len(given.values.keys() - before.keys()),
        replaced=sum(before[at] != value for at, value in given.values.items() if at in before),
        stored=len(given.values.keys() | before.keys()),
    )


def delete(connection: sqlite3.Connection, name: str) -> bool:
    """Forget everything under a name; False where there is nothing."""
    for table in ("unit_values", "unit_metrics"):
        connection.execute(f"DELETE FROM {table} WHERE name = ?", (storable(name),))  # noqa: S608  named above
    return connection.execute("DELETE FROM units WHERE name = ?", (storable(name),)).rowcount > 0


def load_metrics(connection: sqlite3.Connection) -> list[UnitMetric]:
    """Return the metrics that refreshes read, by name."""
    return [_metric(row) for row in connection.execute("SELECT * FROM unit_metrics ORDER BY name")]


def name_metric(connection: sqlite3.Connection, metric: UnitMetric) -> None:
    """Let refreshes read a metric under a name; raises ``UnitsTakenError``."""
    if stored := load_one(connection, storable(metric.name)):
        raise UnitsTakenError(stored.name, stored.source)
    name, at = storable(metric.name), metric.saved_at.isoformat()
    connection.execute(
        "INSERT INTO units (name, kind, grain, source, saved_at) VALUES (?, ?, ?, ?, ?)",
        (name, UnitKind.FLOW.value, Grain.DAY.value, storable(metric.title), at),
    )
    connection.execute(
        "INSERT INTO unit_metrics "
        "(name, namespace, metric, dimensions, statistic, account, region, saved_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            name,
            storable(metric.namespace),
            storable(metric.metric),
            storable(json.dumps(metric.dimensions)),
            metric.statistic.value,
            metric.account_id,
            metric.region,
            at,
        ),
    )


def keep_days(
    connection: sqlite3.Connection,
    metric: UnitMetric,
    days: Mapping[date, Decimal],
    until: date,
    at: datetime,
) -> bool:
    """Add what CloudWatch answered of the days up to ``until``; False where the metric is named no more."""
    name = storable(metric.name)
    found = connection.execute(
        "UPDATE unit_metrics SET asked_until = ? WHERE name = ? AND saved_at = ?",
        (until.isoformat(), name, metric.saved_at.isoformat()),
    )
    if not found.rowcount:
        return False
    connection.execute("UPDATE units SET saved_at = ? WHERE name = ?", (at.isoformat(), name))
    _put(connection, name, {(day, None): value for day, value in days.items()})
    return True


def _put(connection: sqlite3.Connection, name: str, values: Values) -> None:
    connection.executemany(
        "INSERT OR REPLACE INTO unit_values (name, start, owner, value) VALUES (?, ?, ?, ?)",
        [(name, start.isoformat(), owner or "", str(value)) for (start, owner), value in values.items()],
    )


def _metric(row: sqlite3.Row) -> UnitMetric:
    return UnitMetric(
        name=row["name"],
        namespace=row["namespace"],
        metric=row["metric"],
        dimensions=tuple((name, value) for name, value in json.loads(row["dimensions"])),
        statistic=UnitStatistic(row["statistic"]),
        account_id=row["account"],
        region=row["region"],
        saved_at=instant_of(row["saved_at"]),
        asked_until=None if row["asked_until"] is None else date.fromisoformat(row["asked_until"]),
    )


def _series(row: sqlite3.Row, values: Values, metric: UnitMetric | None) -> UnitSeries:
    return UnitSeries(
        name=row["name"],
        kind=UnitKind(row["kind"]),
        grain=Grain(row["grain"]),
        source=row["source"],
        saved_at=instant_of(row["saved_at"]),
        values=values,
        metric=metric,
    )
