"""The facts of any instances of a large estate, computed for as many as are asked for at once."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import date
from functools import cache

import numpy as np
from numpy.typing import NDArray

from plainbill.demo.large_shape import Numbers, Shape, mixed
from plainbill.demo.large_ways import WAYS
from plainbill.model.period import midnight

TYPES = (
    *("m5.large", "m5.xlarge", "m5.2xlarge", "c5.large", "c5.xlarge", "c5.2xlarge"),
    *("r5.large", "r5.xlarge", "m6i.large", "m6i.xlarge", "c6i.xlarge", "r6i.large"),
)
TYPES_IN_A_PLACE = 4
TEAMS = ("storefront", "checkout", "search", "data", "platform", "finance", "mobile", "logistics")
ROLES = ("web", "api", "worker", "store", "stream", "report", "index", "build")
ENVIRONMENTS = ("production", "staging", "development")
NEVER = 2**40
"""An hour that does not come."""
_DAY, _HOUR = 86_400, 3_600
_OLD, _SPAN = 45, 856  # days since the first launch, and how many more
_OLD_ENOUGH, _YOUNG, _STOPPED, _LATELY = 230, 12, 200, 8
_AWAY = (9, 4)
_NINE, _FIVE_PM = 9 * _HOUR, 17 * _HOUR


@dataclass(frozen=True, slots=True)
class Lives:
    """Facts by instance: ``way`` and ``type`` by their place in ``WAYS`` and ``TYPES``, times in seconds.

    ``runs`` are its two runs at the most, each from an hour since the epoch up to another.
    """

    numbers: Numbers
    places: Numbers
    way: Numbers
    type: Numbers
    seed: Numbers
    born: Numbers
    launched: Numbers
    stopped: Numbers  # -1 for one that runs
    runs: tuple[tuple[Numbers, Numbers], tuple[Numbers, Numbers]]

    @property
    def is_running(self) -> NDArray[np.bool_]:
        """Whether each runs now."""
        return self.stopped < 0


def lives_of(shape: Shape, numbers: Numbers, today: date) -> Lives:
    """Return what is true of instances, by their numbers, on a day."""
    places = shape.places_of(numbers)
    way = np.searchsorted(_shares(), mixed(numbers, shape.seed + 2) % 1000, side="right")
    chance = mixed(numbers, shape.seed + 3)
    life = _lives_by_way()[way]
    now = int(midnight(today).timestamp())
    age = np.where(life == "young", 1 + chance % _YOUNG, _OLD + chance % _SPAN)
    age = np.where(life == "stopped", np.maximum(age, _OLD_ENOUGH), age)
    born = now - age * _DAY + chance // 1024 % 36_000
    gone, back = (now - days * _DAY + _NINE for days in _AWAY)
    days_off = np.where(life == "stopped", 15 + chance // 7 % _STOPPED, 2 + chance // 7 % _LATELY)
    stopped = np.where(
        np.char.startswith(life, "stopped"), now - days_off * _DAY + _FIVE_PM + chance % 60 * 60, -1
    )
    is_restarted = life == "restarted"
    first = _next_hour(born)
    end = np.where(stopped >= 0, _next_hour(stopped), np.where(is_restarted, _next_hour(gone), NEVER))
    second = np.where(is_restarted, _next_hour(back), NEVER)
    return Lives(
        numbers=numbers,
        places=places,
        way=way,
        type=_types(shape, numbers, places),
        seed=mixed(numbers, shape.seed + 4) % 2**32,
        born=born,
        launched=np.where(is_restarted, back, born),
        stopped=stopped,
        runs=((first, end), (second, np.full_like(second, NEVER))),
    )


def words_of(shape: Shape, number: int) -> tuple[str, str, str]:
    """Return an instance's team, role and environment; they say nothing of how busy it is."""
    chance = zlib.crc32(f"{shape.seed}/{number}".encode())
    return TEAMS[chance % 8], ROLES[chance // 8 % 8], ENVIRONMENTS[chance // 64 % 3]


def tags_of(shape: Shape, number: int) -> dict[str, str]:
    """Return an instance's tags."""
    team, role, environment = words_of(shape, number)
    return {"Name": f"{team}-{role}-{number:06d}", "team": team, "environment": environment}


def _types(shape: Shape, numbers: Numbers, places: Numbers) -> Numbers:
    here = mixed(places, shape.seed + 5) % len(TYPES)
    return (here + mixed(numbers, shape.seed + 6) % TYPES_IN_A_PLACE) % len(TYPES)


@cache
def _shares() -> Numbers:
    """Return where each way ends among a thousand."""
    return np.cumsum([way.share for way in WAYS])


@cache
def _lives_by_way() -> NDArray[np.str_]:
    return np.array([way.life for way in WAYS])


def _next_hour(seconds: Numbers | int) -> Numbers:
    return -(-np.asarray(seconds) // _HOUR)
