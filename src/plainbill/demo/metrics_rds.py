"""AWS/RDS: what CloudWatch measures of DB instances, by how they are used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from plainbill.demo.company import Company
from plainbill.demo.estate_rds import Database, databases
from plainbill.demo.measure import Listed, Provider, Wanted, daily, flat, since, weekly
from plainbill.demo.series import Series

_GIB = 2**30
_MEMORY_GIB = {"db.r6g.2xlarge": 64, "db.m5.large": 8, "db.m4.large": 8, "db.t3.large": 8, "db.t3.medium": 4,
               "db.t4g.medium": 4}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Habit:
    """Connections and CPU (percent) by day and by night, and operations a second."""

    connections: tuple[float, float] | None
    cpu: tuple[float, float] = (2.0, 2.0)
    reads: float = 0.1
    writes: float = 1.5


_HABITS = {
    "busy": _Habit((8, 60), (18, 52), 120, 240),
    "calm": _Habit((3, 12), (4, 14), 6, 12),
    "silent": _Habit((0, 0)),
    "watched": _Habit((1, 1)),  # a monitoring agent holds one connection, day and night
    "fed from outside": _Habit((0, 0), (11, 16), 20, 310),  # replication that it fetches itself
    "office hours": _Habit((0, 6), (0, 9), 4, 6),
    "off": _Habit(None),
}
_METRICS = {
    "DatabaseConnections": "Count",
    "CPUUtilization": "Percent",
    "FreeableMemory": "Bytes",
    "ReadIOPS": "Count/Second",
    "WriteIOPS": "Count/Second",
}


def _find(wanted: Wanted) -> Series | None:
    known = databases(wanted.company)
    database = known.named(wanted.account, wanted.region, wanted.only("DBInstanceIdentifier"))
    if database is None or wanted.metric not in _METRICS:
        return None
    habit = _HABITS[database.habit]
    if habit.connections is None:
        return None
    return _series(database, habit, wanted.metric, _METRICS[wanted.metric])


def _series(database: Database, habit: _Habit, metric: str, unit: str) -> Series:
    spans = since(database.created_at)
    if metric == "FreeableMemory":
        free = _MEMORY_GIB[database.db_class] * _GIB * database.memory
        return flat(free, unit, spans)
    if metric in {"ReadIOPS", "WriteIOPS"}:
        return flat(habit.reads if metric == "ReadIOPS" else habit.writes, unit, spans)
    low, high = (habit.connections or (0, 0)) if metric == "DatabaseConnections" else habit.cpu
    if database.habit == "office hours":
        return weekly(lambda day, hour: high if day < 5 and 8 <= hour < 18 else low, unit=unit, spans=spans)
    return (
        flat(low, unit, spans)
        if low == high
        else daily(low, high, unit=unit, spans=spans, seed=database.seed)
    )


def _listed(company: Company, account: str, region: str) -> Listed:
    for database in databases(company).at(account, region):
        for name in _METRICS:
            yield name, {"DBInstanceIdentifier": database.name}


METRICS: Mapping[str, Provider] = {"AWS/RDS": Provider(_find, _listed)}
