"""What the instances of a large estate are like, with the share of each kind and the verdict it deserves.

A third is idle; the others are busy in ways that some rule or other overlooks, or cannot be judged.
"""

from __future__ import annotations

from dataclasses import dataclass

from plainbill.demo.habits import HABITS, Expected, Habit

_OWN = (
    Habit("quiet", lambda _day, _hour: (1.6, 8.6, 5), Expected.IDLE, spread=0.8),
    Habit("peaks just below", lambda _day, _hour: (1.4, 9.9, 5), Expected.IDLE),
)
"""Idle by every rule: also by one that weighs the work of eight vCPUs, or a few megabytes an hour."""
_HABITS = {**HABITS, **{habit.name: habit for habit in _OWN}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One kind of instance: ``share`` is in thousandths, ``truth`` what should be said of it after 14 days.

    ``truth`` is None for one that does not run. ``life`` is one of settled, young (launched within the last
    12 days), stopped (for weeks), stopped lately (within the last 10 days) and restarted (away from the 9th
    to the 4th day before today). Every ``missing``-th stretch of ``stretch`` hours has no metrics.
    """

    name: str
    habit: Habit
    share: int
    truth: Expected | None
    life: str = "settled"
    missing: int = 0
    stretch: int = 1

    @property
    def by_cpu(self) -> Expected | None:
        """What a rule must say that looks at nothing but CPU: under 5 % on average, never at 10 %."""
        return Expected.IDLE if self.name == "relay" else self.truth


def _way(habit: str, share: int, truth: Expected | None, name: str = "", **more: str | int) -> Way:
    fields = {"name": name or habit, "habit": _HABITS[habit], "share": share, "truth": truth} | more
    return Way(**fields)  # type: ignore[arg-type]  # by the names of its fields


_IDLE, _BUSY, _OPEN = Expected.IDLE, Expected.NOT_IDLE, Expected.COULD_NOT_TELL
WAYS = (
    _way("shop", 120, _BUSY),
    _way("steady", 110, _BUSY),
    _way("calm", 80, _BUSY),
    _way("office hours", 60, _BUSY),
    _way("nightly batch", 50, _BUSY),
    _way("weekly batch", 40, _BUSY),
    _way("short nightly cron", 30, _BUSY),
    _way("just above the average", 20, _BUSY),
    _way("just above the peak", 20, _BUSY),
    _way("relay", 30, _BUSY),  # busy in its network alone
    _way("quiet", 170, _IDLE),
    _way("asleep", 120, _IDLE),
    _way("peaks just below", 20, _IDLE),
    _way("quiet", 23, _IDLE, "with holes", missing=20),
    _way("quiet", 15, _OPEN, "half unseen", missing=2, stretch=6),
    _way("silent", 5, _OPEN),
    _way("quiet", 30, _OPEN, "young and idle", life="young"),
    _way("shop", 12, _BUSY, "young and busy", life="young"),
    _way("quiet", 15, _OPEN, "restarted", life="restarted"),
    _way("shop", 20, None, "stopped", life="stopped"),
    _way("quiet", 10, None, "stopped lately", life="stopped lately"),
)
