"""What costs are divided by: customers, requests ... as people count them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum


class Grain(StrEnum):
    """Whether a number is of a day or of a calendar month (UTC)."""

    DAY = "day"
    MONTH = "month"


class UnitKind(StrEnum):
    """Whether numbers of days add up (requests: flow) or are as many as are there (customers: level)."""

    FLOW = "flow"
    LEVEL = "level"


Values = Mapping[tuple[date, str | None], Decimal]
"""Numbers by the first day of what they are of, and their owner; None is all of them together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitSeries:
    """One kind of units under its name; a day or month without a number is not known, not zero.

    ``source`` is the file that was imported last.
    """

    name: str
    kind: UnitKind
    grain: Grain
    source: str
    saved_at: datetime
    values: Values = field(repr=False)
