"""CloudWatch metrics of any resource: which one, and what was measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import isfinite

from plainbill.model.period import Period

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, order=True)
class Metric:
    """One statistic of one metric, asked for in steps of ``step``.

    ``statistic`` is CloudWatch's (``Sum``, ``Average``, ``Maximum``, ``p99.5`` ...). A day's ``Sum`` and
    ``Maximum`` are exact, so ``DAY`` is enough unless the hour matters. ``is_sparse`` says that the
    service publishes nothing while nothing happens: an absent datapoint then may be a true zero, which a
    check may only believe once it has shown that the metric is published at all.
    """

    namespace: str
    name: str
    statistic: str
    unit: str = ""  # for display: "%", "bytes", "requests" ...
    step: timedelta = DAY
    is_sparse: bool = False

    @property
    def key(self) -> str:
        """A name that is stored: ``AWS/RDS DatabaseConnections Maximum 86400``."""
        return f"{self.namespace} {self.name} {self.statistic} {int(self.step.total_seconds())}"


@dataclass(frozen=True, slots=True)
class Series:
    """One metric of one resource over ``period``: a value a step, oldest first.

    None is a step without a datapoint, never zero. Raises ``ValueError`` unless there is a value for each
    step.
    """

    period: Period
    step: timedelta
    values: Sequence[float | None]

    def __post_init__(self) -> None:
        steps = (self.period.end - self.period.start) / self.step
        if len(self.values) != steps:
            raise ValueError(f"{len(self.values)} values for a period of {steps:g} steps")

    @property
    def known(self) -> list[float]:
        """The measured values; what is no number is no measurement."""
        return [value for value in self.values if value is not None and isfinite(value)]

    @property
    def coverage(self) -> float:
        """The share of the steps that were measured, 0 to 1."""
        return len(self.known) / len(self.values)

    @property
    def maximum(self) -> float | None:
        """The highest value, None where nothing was measured."""
        return max(self.known, default=None)

    @property
    def total(self) -> float | None:
        """The sum of the measured values, None where nothing was measured."""
        return sum(self.known) if self.known else None

    @property
    def mean(self) -> float | None:
        """The mean of the measured values, None where nothing was measured."""
        return sum(self.known) / len(self.known) if self.known else None

    def last(self, span: timedelta) -> Series:
        """Return the most recent part; the whole where less is stored."""
        steps = min(int(span / self.step), len(self.values))
        start = self.period.end - steps * self.step
        return Series(Period(start, self.period.end), self.step, tuple(self.values[-steps:]))
