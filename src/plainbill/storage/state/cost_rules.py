"""Rules for shared costs and their changes, in the state file."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

from pydantic import TypeAdapter

from plainbill.model.cost_rule import CostRule, CostRuleChange, SavedCostRule
from plainbill.storage.text import instant_of, storable

_JSON = TypeAdapter(CostRule)


def load(connection: sqlite3.Connection) -> list[SavedCostRule]:
    """Return all rules, by name."""
    return [_saved(row) for row in connection.execute("SELECT * FROM cost_rules ORDER BY name")]


def save(connection: sqlite3.Connection, saved: SavedCostRule) -> None:
    """Write a rule in place of the one of its name, as the only usual one if it is, and note who did it."""
    name = storable(saved.name)
    connection.execute("DELETE FROM cost_rules WHERE name = ?", (name,))
    if saved.is_usual:
        connection.execute("UPDATE cost_rules SET is_usual = 0")
    connection.execute(
        "INSERT INTO cost_rules (name, rule, is_usual, who, saved_at) VALUES (?, ?, ?, ?, ?)",
        (name, _written(saved.rule), saved.is_usual, storable(saved.who), saved.saved_at.isoformat()),
    )
    _note(
        connection,
        CostRuleChange(
            at=saved.saved_at, name=saved.name, rule=saved.rule, is_usual=saved.is_usual, who=saved.who
        ),
    )


def delete(connection: sqlite3.Connection, change: CostRuleChange) -> bool:
    """Remove the rule of a name and note who did it; False where there is none."""
    name = storable(change.name)
    found = connection.execute("DELETE FROM cost_rules WHERE name = ?", (name,)).rowcount > 0
    if found:
        _note(connection, change)
    return found


def changes(connection: sqlite3.Connection, limit: int) -> list[CostRuleChange]:
    """Return the latest changes, newest first."""
    rows = connection.execute("SELECT * FROM cost_rule_changes ORDER BY number DESC LIMIT ?", (limit,))
    return [
        CostRuleChange(
            at=instant_of(row["at"]),
            name=row["name"],
            rule=None if row["rule"] is None else _JSON.validate_json(row["rule"]),
            is_usual=bool(row["is_usual"]),
            who=row["who"],
        )
        for row in rows
    ]


def _note(connection: sqlite3.Connection, change: CostRuleChange) -> None:
    connection.execute(
        "INSERT INTO cost_rule_changes (at, name, rule, is_usual, who) VALUES (?, ?, ?, ?, ?)",
        (
            change.at.isoformat(),
            storable(change.name),
            None if change.rule is None else _written(change.rule),
            change.is_usual,
            storable(change.who),
        ),
    )


def _written(rule: CostRule) -> str:
    clean = replace(
        rule,
        by=storable(rule.by),
        shared=tuple(map(storable, rule.shared)),
        types=tuple(map(storable, rule.types)),
        fixed=tuple((storable(owner), percent) for owner, percent in rule.fixed),
    )
    return _JSON.dump_json(clean).decode()


def _saved(row: sqlite3.Row) -> SavedCostRule:
    return SavedCostRule(
        name=row["name"],
        rule=_JSON.validate_json(row["rule"]),
        is_usual=bool(row["is_usual"]),
        who=row["who"],
        saved_at=instant_of(row["saved_at"]),
    )
