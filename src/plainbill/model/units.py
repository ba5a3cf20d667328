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


class UnitStatistic(StrEnum):
    """What CloudWatch makes of the samples of a day; only what adds up over days can be divided by.

    An average, maximum or percentile is of the samples, not of what they count: those of days do not add up.
    """

    SUM = "Sum"
    SAMPLE_COUNT = "SampleCount"


Values = Mapping[tuple[date, str | None], Decimal]
"""Numbers by the first day of what they are of, and their owner; None is all of them together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitMetric:
    """The CloudWatch metric whose ``statistic`` of a day (UTC) is the number of units of ``name``.

    ``asked_until`` is the end, exclusive, of the days that CloudWatch has answered; None before the first.
    """

    name: str
    namespace: str
    metric: str
    dimensions: tuple[tuple[str, str], ...]
    statistic: UnitStatistic
    account_id: str
    region: str
    saved_at: datetime
    asked_until: date | None = None

    @property
    def title(self) -> str:
        """What it is called where there is room for a line."""
        return f"{self.namespace} {self.metric}"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitSeries:
    """One kind of units under its name; a day or month without a number is not known, not zero.

    ``source`` is the file that was imported last, or what ``metric`` is called, by which refreshes read them.
    """

    name: str
    kind: UnitKind
    grain: Grain
    source: str
    saved_at: datetime
    values: Values = field(repr=False)
    metric: UnitMetric | None = None
