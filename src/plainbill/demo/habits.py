"""What instances do all week: mean and peak of CPU, and traffic, for each hour of a week.

Every number is percent of CPU or megabytes an hour; the week starts on Monday 00:00 local time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

Level = Callable[[int, int], tuple[float, float, float]]
"""(day of the week 0-6, hour 0-23) -> (mean CPU %, peak CPU %, MB of traffic each way in the hour)."""

WEEK = 168


class Expected(StrEnum):
    """The verdict of the seed rule (average < 5 % and maximum < 10 % over 14 days) by construction."""

    IDLE = "idle"
    NOT_IDLE = "not_idle"
    COULD_NOT_TELL = "could_not_tell"


@dataclass(frozen=True, slots=True)
class Habit:
    """A way of working, and what the seed rule must say of it when it was seen for the whole window."""

    name: str
    level: Level
    expected: Expected
    is_measured: bool = True
    spread: float = 0.0  # how much less than this the calmest of its kind does, 0 to 1


def _shops(day: int, hour: int) -> tuple[float, float, float]:
    busy = 1.0 if 9 <= hour <= 22 else 0.45 if hour in {7, 8, 23} else 0.22
    weekend = 1.25 if day >= 5 else 1.0
    return 34 * busy * weekend, 62 * busy * weekend, 900 * busy * weekend


def _nightly(_day: int, hour: int) -> tuple[float, float, float]:
    return (78, 97, 4200) if 1 <= hour <= 3 else (1.1, 3.5, 12)


def _weekly(day: int, hour: int) -> tuple[float, float, float]:
    return (71, 94, 6100) if day == 6 and 2 <= hour <= 4 else (0.9, 3.0, 6)


def _office(day: int, hour: int) -> tuple[float, float, float]:
    return (14, 55, 160) if day < 5 and 8 <= hour <= 18 else (1.2, 4.0, 2)


def _cron(_day: int, hour: int) -> tuple[float, float, float]:
    return (3.0, 30.0, 9) if hour == 5 else (1.4, 4.0, 5)


def _flat(mean: float, peak: float, megabytes: float) -> Level:
    return lambda _day, _hour: (mean, peak, megabytes)


HABITS = {
    habit.name: habit
    for habit in (
        Habit("shop", _shops, Expected.NOT_IDLE, spread=0.3),
        Habit("steady", _flat(38, 61, 2400), Expected.NOT_IDLE, spread=0.4),
        Habit("calm", _flat(14, 31, 350), Expected.NOT_IDLE, spread=0.3),
        Habit("nightly batch", _nightly, Expected.NOT_IDLE),
        Habit("weekly batch", _weekly, Expected.NOT_IDLE),
        Habit("office hours", _office, Expected.NOT_IDLE),
        Habit("short nightly cron", _cron, Expected.NOT_IDLE),  # a maximum of averages would miss it
        Habit("just above the average", _flat(6.2, 9.2, 30), Expected.NOT_IDLE),
        Habit("just above the peak", _flat(3.0, 14.0, 25), Expected.NOT_IDLE),
        Habit("just below both", _flat(4.7, 9.4, 40), Expected.IDLE),
        Habit("idle", _flat(2.9, 8.6, 9), Expected.IDLE, spread=0.8),
        Habit("asleep", _flat(0.8, 3.4, 1.2), Expected.IDLE, spread=0.8),
        Habit("relay", _flat(3.1, 7.4, 5200), Expected.IDLE),  # little CPU, much traffic
        Habit("pegged", _flat(84, 97, 420), Expected.NOT_IDLE),
        Habit("above its baseline", _flat(26, 44, 180), Expected.NOT_IDLE),  # of a t3.medium: 20 %
        Habit("silent", _flat(0, 0, 0), Expected.COULD_NOT_TELL, is_measured=False),
    )
}
