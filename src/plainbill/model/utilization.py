"""How much a resource was used, and how much evidence there is for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from plainbill.model.period import Period

Hours = Sequence[float | None]
"""One value per hour of a period, oldest first; None is an hour without a datapoint, never zero."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Utilization:
    """Hourly CloudWatch statistics of one instance over ``period`` (whole hours).

    ``cpu_average`` and ``cpu_maximum`` are percent: the hour's Average and the highest single sample of
    the hour (statistic Maximum; the maximum of averages is something else). ``network_in`` and
    ``network_out`` are bytes an hour (statistic Sum).
    """

    period: Period
    cpu_average: Hours
    cpu_maximum: Hours
    network_in: Hours
    network_out: Hours

    def __post_init__(self) -> None:
        for hours in (self.cpu_average, self.cpu_maximum, self.network_in, self.network_out):
            if len(hours) != self.period.hours:
                raise ValueError(f"{len(hours)} values for a period of {self.period.hours} hours")
