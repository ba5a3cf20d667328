"""Typed questions about costs, typed answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from plainbill.model.cost import CostMetric, DailyCost
from plainbill.model.period import Period
from plainbill.storage.query.engine import Engine

# The metric is a member of CostMetric, so its name in the SQL is one of five; all else is bound.
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
