"""Until when RDS supports a major version at no charge, and from when extended support is billed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

TABLE_OF = date(2026, 9, 1)
"""When the dates below were looked up."""
SOURCE = (
    "Amazon RDS user guide, MySQL on Amazon RDS versions; release calendars of RDS for PostgreSQL, Aurora "
    "PostgreSQL and Aurora MySQL (AWS, 2026)"
)
DISABLED = "open-source-rds-extended-support-disabled"
"""What ``EngineLifecycleSupport`` says of a database that is upgraded instead."""


@dataclass(frozen=True, slots=True)
class Support:
    """The dates of one major version; ``dearer_from`` begins the third year's higher rate, None for none."""

    standard_until: date
    billed_from: date
    dearer_from: date | None


def _dates(standard_until: str, billed_from: str, dearer_from: str | None) -> Support:
    third_year = None if dearer_from is None else date.fromisoformat(dearer_from)
    return Support(date.fromisoformat(standard_until), date.fromisoformat(billed_from), third_year)


_POSTGRES = {
    "11": _dates("2024-02-29", "2024-04-01", "2026-04-01"),  # March 2024 was not charged
    "12": _dates("2025-02-28", "2025-03-01", "2027-03-01"),
    "13": _dates("2026-02-28", "2026-03-01", "2028-03-01"),
    "14": _dates("2027-02-28", "2027-03-01", "2029-03-01"),
    "15": _dates("2028-02-29", "2028-03-01", "2030-03-01"),
    "16": _dates("2029-02-28", "2029-03-01", "2031-03-01"),
    "17": _dates("2030-02-28", "2030-03-01", "2032-03-01"),
    "18": _dates("2031-02-28", "2031-03-01", "2033-03-01"),
}
_DATES: Mapping[str, Mapping[str, Support]] = {
    "postgres": _POSTGRES,
    "aurora-postgresql": _POSTGRES,
    "mysql": {
        "5.7": _dates("2024-02-29", "2024-03-01", "2026-03-01"),
        "8.0": _dates("2026-07-31", "2026-08-01", "2028-08-01"),
        "8.4": _dates("2029-07-31", "2029-08-01", "2031-08-01"),
    },
    "aurora-mysql": {
        "5.7": _dates("2024-10-31", "2024-12-01", "2026-12-01"),  # version 2; November 2024 was not charged
        "8.0": _dates("2028-04-30", "2028-05-01", None),  # version 3
    },
}


def has_extended_support(engine: str) -> bool:
    """Return whether RDS sells extended support for an engine at all."""
    return engine in _DATES


def major_version(engine: str, version: str) -> str:
    """Return the major version: 5.7 of 5.7.mysql_aurora.2.11.4, 13 of 13.16."""
    parts = version.split(".")
    return ".".join(parts[:2]) if engine.endswith("mysql") else parts[0]


def support_of(engine: str, version: str) -> Support | None:
    """Return the dates of an engine's version; None where the table does not hold it."""
    return _DATES.get(engine, {}).get(major_version(engine, version))
