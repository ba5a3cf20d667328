"""What may be asked about why a bill changed, and what a request means."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from pydantic import Field

from plainbill.analyzer.cost_periods import Compare
from plainbill.app.params import CostParams
from plainbill.app.queries import CostQuery
from plainbill.model.cost import CostTable
from plainbill.model.period import month_start

_FEWEST = 3
"""Days of a month that are worth being held against those of the month before."""
_DAY = timedelta(days=1)


class ChangesParams(CostParams):
    """Two periods of costs; the month to date without ``start`` and ``end``."""

    compare: Literal["previous", "last_year"] = Field(
        default="previous",
        description="The period to compare with: the one before (whole months with whole months, the first "
        "days of a month with those of the month before) or the same days last year.",
    )
    by: Literal["service", "region", "usage_type"] = Field(
        default="service",
        description="What the parts of each step are: services, or what is asked of Cost Explorer as well "
        "(Regions, usage types). Usage types are of all accounts together.",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangesQuery:
    """The later period, what it is compared with, and the table whose keys are the parts."""

    costs: CostQuery
    compare: Compare
    by: CostTable = CostTable.SERVICE


def with_usual_days(params: ChangesParams, last_day: date | None, today: date) -> ChangesParams:
    """Return the parameters with days: of the month to the last known day, early in it the last month."""
    if params.start or params.end:
        return params
    end = (last_day or today - _DAY) + _DAY
    first = month_start(end - _DAY)
    if (end - first).days < _FEWEST:
        first, end = month_start(first, -1), first
    return params.model_copy(update={"start": first, "end": end})
