"""AWS/DynamoDB: consumption is published only where there is some, provisioned capacity always."""

from __future__ import annotations

from collections.abc import Mapping

from plainbill.demo.company import Company
from plainbill.demo.estate_tables import Index, Table, tables
from plainbill.demo.measure import Listed, Provider, Wanted, flat, per_hour, since, weekly
from plainbill.demo.series import Series

_READS, _WRITES = "ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits"
_PROVISIONED = ("ProvisionedReadCapacityUnits", "ProvisionedWriteCapacityUnits")


def _find(wanted: Wanted) -> Series | None:
    table = tables(wanted.company).named(wanted.account, wanted.region, wanted.dimensions.get("TableName"))
    if table is None:
        return None
    index = None
    if wanted.only("TableName") is None:
        name = wanted.dimensions.get("GlobalSecondaryIndexName")
        index = next((one for one in table.indexes if one.name == name), None)
        if index is None:
            return None
    return _series(table, index, wanted.metric)


def _series(table: Table, index: Index | None, metric: str) -> Series | None:
    owner = index or table
    if metric in _PROVISIONED:
        units = owner.read_units if metric == _PROVISIONED[0] else owner.write_units
        return flat(units, spans=since(table.created_at)) if units else None
    if metric not in {_READS, _WRITES}:
        return None
    amount = owner.reads if metric == _READS else table.writes
    return _consumed(table, amount) if amount else None


def _consumed(table: Table, amount: float) -> Series:
    """Return units an hour by day, a third of them by night."""

    def level(day: int, hour: int) -> float:
        if table.is_weekly:
            return per_hour(amount) if day == 0 and hour == 6 else 0
        return per_hour(amount if 8 <= hour < 22 else amount / 3)

    return weekly(level, seed=table.seed, spans=since(table.created_at), is_sparse=True)


def _listed(company: Company, account: str, region: str) -> Listed:
    for table in tables(company).at(account, region):
        for name in (_READS, _WRITES, *_PROVISIONED):
            yield name, {"TableName": table.name}
            for index in table.indexes:
                yield name, {"TableName": table.name, "GlobalSecondaryIndexName": index.name}


METRICS: Mapping[str, Provider] = {"AWS/DynamoDB": Provider(_find, _listed)}
