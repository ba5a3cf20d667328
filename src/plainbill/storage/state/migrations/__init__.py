"""The steps that bring a state file from any earlier version to this one; forward only."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_NAME = re.compile(r"(\d{4})_[a-z0-9_]+\.sql")


@dataclass(frozen=True, slots=True)
class Migration:
    """One step: its number, the name of its file and its SQL statements."""

    version: int
    name: str
    sql: str


@cache
def all_migrations() -> tuple[Migration, ...]:
    """Return the steps that are part of this package, in order."""
    found = ((_NAME.fullmatch(entry.name), entry) for entry in files(__name__).iterdir())
    steps = (
        Migration(int(match[1]), entry.name, entry.read_text(encoding="utf-8"))
        for match, entry in found
        if match
    )
    return tuple(sorted(steps, key=lambda step: step.version))
