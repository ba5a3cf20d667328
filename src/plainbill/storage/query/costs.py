"""Typed questions about costs, typed answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from plainbill.model.cost import CostColumn, CostMetric, DailyCost
from plainbill.model.period import Period
from plainbill.storage.query.engine import Engine

# The metric is a member of CostMetric, so its name in the SQL is one of five, and a column is one of
# CostColumn's; all else is bound.
# Sums come as text: DuckDB's own way from DECIMAL to Decimal takes more than twice as long.
_DAILY = """
SELECT day, key, sum({metric})::VARCHAR, bool_or(is_estimated)
FROM read_parquet($files)
WHERE day >= $first AND day < $end AND ($account IS NULL OR account_id = $account)
GROUP BY day, key
ORDER BY day, key
"""
_BY_ACCOUNT = """
SELECT account_id, sum({metric})::VARCHAR
FROM read_parquet($files)
WHERE day >= $first AND day < $end
GROUP BY account_id
ORDER BY sum({metric}) DESC, account_id
"""
_GROUPED = """
SELECT day, {column}, sum({metric})::VARCHAR, bool_or(is_estimated)
FROM read_parquet($files)
WHERE day >= $first AND day < $end
  AND ($key IS NULL OR key = $key) AND ($other IS NULL OR {other} = $other)
GROUP BY day, {column}
ORDER BY day, {column}
"""
_SUMS = """
SELECT key, account_id, sum({metric})::VARCHAR
FROM read_parquet($files)
WHERE day >= $first AND day < $end
GROUP BY key, account_id
ORDER BY key, account_id
"""
_KEYS = "SELECT DISTINCT key FROM read_parquet($files) WHERE key IS NOT NULL ORDER BY key"
_FIRST_ESTIMATED = "SELECT min(day) FROM read_parquet($files) WHERE is_estimated AND day >= $first"


def daily_costs(
    engine: Engine, files: Sequence[str], period: Period, metric: CostMetric, account: str | None
) -> list[DailyCost]:
    """Return the cost of each day and key, summed over accounts or of one, ordered by day and key."""
    if not files:
        return []
    parameters = {**_over(engine, files, period), "account": account}
    rows = engine.rows(_DAILY.format(metric=CostMetric(metric).value), parameters)
    return [
        DailyCost(day=day, key=key, cost=Decimal(cost), is_estimated=estimated)
        for day, key, cost, estimated in rows
    ]


def grouped_costs(
    engine: Engine,
    files: Sequence[str],
    period: Period,
    metric: CostMetric,
    column: CostColumn,
    key: str | None,
    account: str | None,
    service: str | None = None,
) -> list[DailyCost]:
    """Return the cost of each day and value of a column, of one key, account or service if named.

    Only usage types have a service, and they have no account.
    """
    if not files:
        return []
    other = CostColumn.ACCOUNT if service is None else CostColumn.SERVICE
    sql = _GROUPED.format(metric=CostMetric(metric).value, column=CostColumn(column).value, other=other.value)
    bound = {**_over(engine, files, period), "key": key, "other": account if service is None else service}
    rows = engine.rows(sql, bound)
    return [
        DailyCost(day=day, key=value, cost=Decimal(cost), is_estimated=estimated)
        for day, value, cost, estimated in rows
    ]


def cost_sums(
    engine: Engine, files: Sequence[str], period: Period, metric: CostMetric
) -> dict[tuple[str | None, str | None], Decimal]:
    """Return what each key of each account cost over the whole period."""
    if not files:
        return {}
    rows = engine.rows(_SUMS.format(metric=CostMetric(metric).value), _over(engine, files, period))
    return {(key, account): Decimal(cost) for key, account, cost in rows}


def cost_keys(engine: Engine, files: Sequence[str]) -> list[str]:
    """Return every key of a table, in the order of the alphabet."""
    return [key for (key,) in engine.rows(_KEYS, {"files": engine.paths(files)})] if files else []


def costs_by_account(
    engine: Engine, files: Sequence[str], period: Period, metric: CostMetric
) -> list[tuple[str, Decimal]]:
    """Return the cost of each account, dearest first."""
    if not files:
        return []
    rows = engine.rows(_BY_ACCOUNT.format(metric=CostMetric(metric).value), _over(engine, files, period))
    return [(account, Decimal(cost)) for account, cost in rows]


def first_estimated_day(engine: Engine, files: Sequence[str], first: date) -> date | None:
    """Return the first day, from ``first`` on, that was Estimated when last read."""
    if not files:
        return None
    found: date | None = engine.rows(_FIRST_ESTIMATED, {"files": engine.paths(files), "first": first})[0][0]
    return found


def _over(engine: Engine, files: Sequence[str], period: Period) -> dict[str, object]:
    return {"files": engine.paths(files), "first": period.first_day, "end": period.end_day}
