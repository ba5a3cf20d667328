"""How much a resource was used, and how much evidence there is for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from plainbill.model.period import Period

Hours = Sequence[float | None]
"""One value per hour of a period, oldest first; None is an hour without a datapoint, never zero."""


class NotAsked(Enum):
    """What stands for a series that a refresh left unasked, because no verdict depends on it.

    It is no gap (nothing failed), not an empty series (nothing is known of it) and not zero.
    """

    NOT_ASKED = "not asked"


NOT_ASKED: Final = NotAsked.NOT_ASKED
WHY_NOT_ASKED = "not asked: CPU alone shows that it is used"


@dataclass(frozen=True, slots=True, kw_only=True)
class Utilization:
    """Hourly CloudWatch statistics of one instance over ``period`` (whole hours).

    ``cpu_average`` and ``cpu_maximum`` are percent: the hour's Average and the highest single sample of
    the hour (statistic Maximum; the maximum of averages is something else). ``network_in`` and
    ``network_out`` are bytes an hour (statistic Sum), or both ``NOT_ASKED``. Raises ``ValueError`` for
    series that do not fit the period or each other.
    """

    period: Period
    cpu_average: Hours
    cpu_maximum: Hours
    network_in: Hours | NotAsked
    network_out: Hours | NotAsked

    def __post_init__(self) -> None:
        if (self.network_in is NOT_ASKED) != (self.network_out is NOT_ASKED):
            raise ValueError("network in and out are asked together or not at all")
        count = self.period.hours
        for hours in (self.cpu_average, self.cpu_maximum, *(self.network or ())):
            if len(hours) != count:
                raise ValueError(f"{len(hours)} values for a period of {count} hours")

    @property
    def network(self) -> tuple[Hours, Hours] | None:
        """Bytes in and bytes out; None where they were not asked."""
        if isinstance(self.network_in, NotAsked) or isinstance(self.network_out, NotAsked):
            return None
        return self.network_in, self.network_out
