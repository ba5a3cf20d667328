"""How often VMs that looked like this one stayed unused for the next 30 days, on a public trace.

The trace is GWA-T-12 Bitbrains "rnd" (S. Shen, V. van Beek, A. Iosup, CCGrid 2015): 500 production VMs of
one managed-hosting provider, 91 days of 2013. "Unused" is busy on at most two of the 30 days, busy from
10 % mean CPU or 50 MB in an hour on. The intervals are Wilson's at 95 %; they take several looks at one
VM for independent and so are somewhat too narrow. Half of the trace is measured again by bench/idle.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import sqrt

TRACE = "public traces"
_Z = 1.959963984540054  # the 97.5th percentile of the normal distribution


@dataclass(frozen=True, slots=True, kw_only=True)
class Probability:
    """A share of comparable VMs, 0 to 1, and its interval; None where none was published."""

    look_back_days: int
    busy_days: str
    value: float
    low: float | None
    high: float | None


def wilson(successes: int, trials: int) -> tuple[float, float]:
    """Return Wilson's score interval at 95 % of a share (E. B. Wilson, 1927); needs ``trials`` > 0.

    Raises ``ValueError`` for counts that are none.
    """
    if not 0 <= successes <= trials or trials == 0:
        raise ValueError(f"got {successes} of {trials}")
    share, spread = successes / trials, _Z**2 / trials
    centre = share + spread / 2
    reach = _Z * sqrt(share * (1 - share) / trials + spread / (4 * trials))
    low, high = (centre - reach) / (1 + spread), (centre + reach) / (1 + spread)
    return max(0.0, low), min(1.0, high)


_Cell = tuple[float, float | None, float | None]
_BUSY_DAYS = ("0", "1", "2", "3", "4-5")
_TABLE: Mapping[int, tuple[_Cell, ...]] = {
    7: (
        (0.935, 0.917, 0.949),
        (0.638, None, None),
        (0.611, None, None),
        (0.453, None, None),
        (0.097, None, None),
    ),
    14: (
        (0.958, 0.941, 0.971),
        (0.897, 0.854, 0.928),
        (0.584, None, None),
        (0.366, None, None),
        (0.401, None, None),
    ),
    28: (
        (0.992, 0.977, 0.997),
        (0.946, 0.908, 0.969),
        (0.900, 0.821, 0.946),
        (0.578, None, None),
        (0.545, None, None),
    ),
    42: (
        (1.000, 0.981, 1.000),
        (0.955, 0.899, 0.981),
        (0.918, None, None),
        (0.941, None, None),
        (0.675, None, None),
    ),
    56: (
        (1.000, 0.958, 1.000),
        (0.963, None, None),
        (0.940, None, None),
        (1.000, *wilson(21, 21)),
        (0.900, *wilson(18, 20)),
    ),
}

LOOK_BACKS = tuple(_TABLE)


@cache
def probability_unused(look_back_days: int, busy_days: int) -> Probability | None:
    """Return the row of the longest look-back that fits; None under 7 days and over 5 busy days."""
    days = max((known for known in LOOK_BACKS if known <= look_back_days), default=None)
    if days is None or not 0 <= busy_days <= 5:
        return None
    column = min(busy_days, 4)
    value, low, high = _TABLE[days][column]
    return Probability(look_back_days=days, busy_days=_BUSY_DAYS[column], value=value, low=low, high=high)
