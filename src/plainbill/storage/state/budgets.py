"""Budgets and their changes, in the state file."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from decimal import Decimal

from plainbill.model.budget import Budget, BudgetChange
from plainbill.model.cost import CostMetric
from plainbill.storage.text import instant_of, storable

_DIMENSIONS = (
    "service", "record_type", "region", "usage_type", "purchase_type", "tag", "cost_category",
)  # fmt: skip
"""The columns of what a budget is of, beside the account."""


def load(connection: sqlite3.Connection) -> list[Budget]:
    """Return all budgets, by name."""
    return [_budget(row) for row in connection.execute("SELECT * FROM budgets ORDER BY name")]


def save(connection: sqlite3.Connection, budget: Budget) -> None:
    """Write a budget in place of the one of its name, and note who did it."""
    if unknown := budget.only.keys() - set(_DIMENSIONS):
        raise ValueError(f"a budget of {', '.join(sorted(unknown))} cannot be stored")
    columns: Mapping[str, str | None] = {
        "name": storable(budget.name),
        "amount": str(budget.amount),
        "currency": budget.currency,
        "metric": budget.metric.value,
        "account": budget.account,
        "who": storable(budget.who),
        "saved_at": budget.saved_at.isoformat(),
        **{dimension: storable(value) for dimension, value in budget.only.items()},
    }
    names, places = ", ".join(columns), ", ".join(f":{name}" for name in columns)
    connection.execute(
        f"INSERT OR REPLACE INTO budgets ({names}) VALUES ({places})",  # noqa: S608  names of ours
        columns,
    )
    _note(
        connection, BudgetChange(at=budget.saved_at, name=budget.name, amount=budget.amount, who=budget.who)
    )


def delete(connection: sqlite3.Connection, change: BudgetChange) -> bool:
    """Remove the budget of a name and note who did it; False where there is none."""
    found = connection.execute("DELETE FROM budgets WHERE name = ?", (storable(change.name),)).rowcount > 0
    if found:
        _note(connection, change)
    return found


def changes(connection: sqlite3.Connection, limit: int) -> list[BudgetChange]:
    """Return the latest changes, newest first."""
    rows = connection.execute("SELECT * FROM budget_changes ORDER BY number DESC LIMIT ?", (limit,))
    return [
        BudgetChange(
            at=instant_of(row["at"]),
            name=row["name"],
            amount=None if row["amount"] is None else Decimal(row["amount"]),
            who=row["who"],
        )
        for row in rows
    ]


def _note(connection: sqlite3.Connection, change: BudgetChange) -> None:
    connection.execute(
        "INSERT INTO budget_changes (at, name, amount, who) VALUES (?, ?, ?, ?)",
        (
            change.at.isoformat(),
            storable(change.name),
            None if change.amount is None else str(change.amount),
            storable(change.who),
        ),
    )


def _budget(row: sqlite3.Row) -> Budget:
    return Budget(
        name=row["name"],
        amount=Decimal(row["amount"]),
        currency=row["currency"],
        metric=CostMetric(row["metric"]),
        only={name: row[name] for name in _DIMENSIONS if row[name] is not None},
        account=row["account"],
        who=row["who"],
        saved_at=instant_of(row["saved_at"]),
    )
