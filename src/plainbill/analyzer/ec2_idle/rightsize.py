"""Would half the vCPUs have been enough? Measured on the CPU of 28 days.

On the public trace half the size would have been saturated (over 95 % full in more than 0.5 % of the next 30
days' hours) after a highest hourly mean under 40 % in 6 of 420 cases, after a 99.5th percentile under 40 %
but a higher highest hour in 4 of 29, and in 168 of 184 others (docs/idle-accuracy.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Literal

import numpy as np

from plainbill.analyzer.ec2_idle.load import Floats, Load

DAYS = 28
_FEWEST_VCPUS = 2
LIMIT, PERCENTILE = 40.0, 99.5
_MOST_MEMORY = 40.0  # of what it has: 80 % of half of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Rightsizing:
    """One size down would do: ``SAFE`` by the highest hour, ``BALANCED`` by all but the highest 0.5 %.

    ``highest`` and ``percentile`` are of the hours' CPU, in percent; ``memory_percent`` None is "not known".
    """

    level: Literal["SAFE", "BALANCED"]
    highest: float
    percentile: float
    memory_percent: float | None

    @property
    def cpu_percent(self) -> float:
        """The value that stayed under the limit."""
        return self.highest if self.level == "SAFE" else self.percentile

    @property
    def memory(self) -> str:
        """What is known of the memory, as the end of a sentence."""
        if self.memory_percent is None:
            return "memory unknown: check that half of it is enough"
        return f"memory at most {self.memory_percent:.0f} % used"


def find_rightsizing(
    load: Load, vcpus: int | None, memory_percent: float | None, baseline: float | None = None
) -> Rightsizing | None:
    """Return whether one size down would do by the last hours of a load, as ``rightsizing_of`` says."""
    return rightsizing_of(recent_sorted(load.cpu[None])[0], vcpus, memory_percent, baseline)


def recent_sorted(cpu: Floats) -> list[Floats]:
    """Return the last hours of CPU that were measured, the lowest first, for each row of all hours."""
    values = np.sort(cpu[:, -DAYS * 24 :], axis=1)  # nan comes last
    known = np.count_nonzero(~np.isnan(values), axis=1).tolist()
    return [row[:count] for row, count in zip(values, known, strict=True)]


def rightsizing_of(
    cpu: Floats, vcpus: int | None, memory_percent: float | None, baseline: float | None
) -> Rightsizing | None:
    """Return whether one size down would do; None where not, or where there is no smaller size to take.

    ``cpu`` is of ``recent_sorted``. An instance whose vCPUs are not known is given no such advice.
    ``baseline`` is the CPU that a burstable type sustains, in percent: half the size earns half the credits,
    so the mean must stay under half of it.
    """
    if not len(cpu) or vcpus is None or vcpus < _FEWEST_VCPUS or (memory_percent or 0.0) > _MOST_MEMORY:
        return None
    if baseline is not None and float(cpu.mean()) >= baseline / 2:
        return None
    highest, percentile = float(cpu[-1]), float(cpu[ceil(PERCENTILE / 100 * len(cpu)) - 1])
    if percentile >= LIMIT:
        return None
    return Rightsizing(
        level="SAFE" if highest < LIMIT else "BALANCED",
        highest=highest,
        percentile=percentile,
        memory_percent=memory_percent,
    )
