"""Policies and their uses, in the state file."""

from __future__ import annotations

import json
import sqlite3

from plainbill.model.policy import Policy, PolicyUse
from plainbill.storage.text import instant_of, storable, storable_texts


def load(connection: sqlite3.Connection) -> list[Policy]:
    """Return all policies, by name."""
    return [_policy(row) for row in connection.execute("SELECT * FROM policies ORDER BY name")]


def load_one(connection: sqlite3.Connection, name: str) -> Policy | None:
    """Return one policy, None where there is none of that name."""
    row = connection.execute("SELECT * FROM policies WHERE name = ?", (name,)).fetchone()
    return None if row is None else _policy(row)


def save(connection: sqlite3.Connection, policy: Policy) -> None:
    """Write a policy in place of the one of its name."""
    settings = {check: storable_texts(texts) for check, texts in policy.settings.items()}
    connection.execute(
        "INSERT OR REPLACE INTO policies (name, settings, note, who, saved_at) VALUES (?, ?, ?, ?, ?)",
        (
            storable(policy.name),
            json.dumps(settings),
            None if policy.note is None else storable(policy.note),
            storable(policy.who),
            policy.saved_at.isoformat(),
        ),
    )


def delete(connection: sqlite3.Connection, name: str) -> bool:
    """Forget a policy; say whether there was one."""
    return connection.execute("DELETE FROM policies WHERE name = ?", (name,)).rowcount > 0


def use(connection: sqlite3.Connection, use: PolicyUse) -> None:
    """Note by which policy findings are judged from now on."""
    name = None if use.name is None else storable(use.name)
    connection.execute(
        "INSERT INTO policy_uses (at, name, who) VALUES (?, ?, ?)",
        (use.at.isoformat(), name, storable(use.who)),
    )


def uses(connection: sqlite3.Connection, limit: int) -> list[PolicyUse]:
    """Return the latest uses, newest first."""
    rows = connection.execute("SELECT * FROM policy_uses ORDER BY number DESC LIMIT ?", (limit,))
    return [PolicyUse(at=instant_of(row["at"]), name=row["name"], who=row["who"]) for row in rows]


def in_force(connection: sqlite3.Connection) -> Policy | None:
    """Return the policy by which findings are judged, None for the usual thresholds."""
    latest = uses(connection, 1)
    return None if not latest or latest[0].name is None else load_one(connection, latest[0].name)


def _policy(row: sqlite3.Row) -> Policy:
    return Policy(
        name=row["name"],
        settings=json.loads(row["settings"]),
        note=row["note"],
        who=row["who"],
        saved_at=instant_of(row["saved_at"]),
    )
