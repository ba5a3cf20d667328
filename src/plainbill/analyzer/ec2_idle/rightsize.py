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

from plainbill.analyzer.ec2_idle.load import Flags, Floats, Load

DAYS = 28
FEWEST_VCPUS = 2
_LIMIT = 40.0
_PERCENTILE = 99.5
_MOST_MEMORY = 40.0  # of what it has: 80 % of half of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Rightsizing:
    """One size down would do: ``SAFE`` by the highest hour, ``BALANCED`` by all but the highest 0.5 %.

    ``cpu_percent`` is the value that stayed under the limit; ``memory_percent`` None is "not known".
    """

    level: Literal["SAFE", "BALANCED"]
    cpu_percent: float
    memory_percent: float | None

    @property
    def memory(self) -> str:
        """What is known of the memory, as the end of a sentence."""
        if self.memory_percent is None:
            return "memory unknown: check that half of it is enough"
        return f"memory at most {self.memory_percent:.0f} % used"


def find_rightsizing(
    load: Load, vcpus: int | None, memory_percent: float | None, baseline: float | None = None
) -> Rightsizing | None:
    """Return whether one size down would do; None where not, or where there is no smaller size to take.

    An instance whose vCPUs are not known is given no such advice. ``baseline`` is the CPU that a burstable
    type sustains, in percent: half the size earns half the credits, so the mean must stay under half of it.
    """
    recent = load.cpu[-DAYS * 24 :]
    cpu = np.sort(recent[~np.isnan(recent)])
    if not len(cpu) or vcpus is None or vcpus < FEWEST_VCPUS or (memory_percent or 0.0) > _MOST_MEMORY:
        return None
    if baseline is not None and float(cpu.mean()) >= baseline / 2:
        return None
    highest, percentile = float(cpu[-1]), float(cpu[ceil(_PERCENTILE / 100 * len(cpu)) - 1])
    if highest < _LIMIT:
        return Rightsizing(level="SAFE", cpu_percent=highest, memory_percent=memory_percent)
    if percentile < _LIMIT:
        return Rightsizing(level="BALANCED", cpu_percent=percentile, memory_percent=memory_percent)
    return None


def may_be_rightsized(cpu: Floats) -> Flags:
    """Return for each row of hourly CPU whether ``find_rightsizing`` could find that one size down would do.

    Where it could not, too many of the hours that were measured reach the limit.
    """
    recent = cpu[:, -DAYS * 24 :]
    known = np.count_nonzero(~np.isnan(recent), axis=1)
    low = np.count_nonzero(recent < _LIMIT, axis=1)
    found: Flags = (known > 0) & (low >= np.ceil(_PERCENTILE / 100 * known))
    return found
