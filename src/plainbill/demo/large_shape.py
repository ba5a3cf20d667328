"""How large a made-up estate is and how it spreads over accounts and Regions; ids that say their place.

Nothing is kept for an instance: a number tells its id and where it is, and the id tells the number.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from plainbill.demo.regions import LARGEST_FIRST, Region

Numbers = NDArray[np.int64]
MOST_INSTANCES, MOST_ACCOUNTS, MOST_REGIONS = 1_000_000, 500, len(LARGEST_FIRST)
_FIRST_ACCOUNT, _ACCOUNT_STEP = 210_000_000_000, 1_000_000_007
_EMPTY_ONE_IN = 5
_WORD = 2**64
_STRIDE = 0x9E3779B97F4A7C15  # odd, so that every number has an id of its own
_BACK = pow(_STRIDE, -1, _WORD)
_ID = re.compile("i-0([0-9a-f]{16})")


@dataclass(frozen=True)
class Shape:
    """So many instances in so many accounts and Regions; ``seed`` tells estates of one size apart.

    Raises ``ValueError`` for a size that is not offered.
    """

    instances: int = 1_000
    accounts: int = 10
    regions: int = 5
    seed: int = 1

    def __post_init__(self) -> None:
        limits = (("instances", MOST_INSTANCES), ("accounts", MOST_ACCOUNTS), ("regions", MOST_REGIONS))
        for name, most in limits:
            if not 1 <= getattr(self, name) <= most:
                raise ValueError(f"{name} must be between 1 and {most}, not {getattr(self, name)}")

    @cached_property
    def account_ids(self) -> tuple[str, ...]:
        """The accounts' ids, that of the payer first."""
        first = _FIRST_ACCOUNT + int(mixed(np.array([0]), self.seed)[0] % 1_000_000)
        return tuple(str(first + number * _ACCOUNT_STEP) for number in range(self.accounts))

    @cached_property
    def places(self) -> tuple[tuple[str, Region], ...]:
        """Every account in every Region, whether anything is there or not."""
        regions = LARGEST_FIRST[: self.regions]
        return tuple((account, region) for account in self.account_ids for region in regions)

    @cached_property
    def _bounds(self) -> list[int]:
        """The number of the first instance of each place, and the number of all at the end."""
        numbers = np.arange(len(self.places))
        chance = mixed(numbers, self.seed + 1)
        weights = 1 + chance // 8 % 4
        weights[numbers % self.regions == 0] *= 3  # most of it is in the first Region
        weights[(chance % _EMPTY_ONE_IN == 0) & (numbers > 0)] = 0
        reached = np.cumsum(weights) * self.instances // weights.sum()
        return [0, *(int(bound) for bound in reached)]

    @cached_property
    def _by_name(self) -> dict[tuple[str, str], int]:
        return {(account, region.name): number for number, (account, region) in enumerate(self.places)}

    def numbers_in(self, account: str, region: str) -> range:
        """Return the numbers of the instances in a place; none for a place that is empty or unknown."""
        place = self._by_name.get((account, region))
        return range(0) if place is None else range(self._bounds[place], self._bounds[place + 1])

    def place_of(self, number: int) -> int:
        """Return which of ``places`` an instance is in; raises ``IndexError`` for no instance's number."""
        if not 0 <= number < self.instances:
            raise IndexError(f"there are {self.instances} instances, none has number {number}")
        return bisect_right(self._bounds, number) - 1

    def places_of(self, numbers: Numbers) -> Numbers:
        """Return ``place_of`` of each number."""
        return np.searchsorted(np.array(self._bounds), numbers, side="right") - 1

    def id_of(self, number: int) -> str:
        """Return the id of an instance, as EC2 writes them."""
        return f"i-0{(number * _STRIDE + self.seed * _BACK) % _WORD:016x}"

    def number_of(self, instance_id: str) -> int | None:
        """Return the number of an instance by its id; None for an id that none of them has."""
        found = _ID.fullmatch(instance_id)
        if found is None:
            return None
        number = (int(found[1], 16) - self.seed * _BACK) * _BACK % _WORD
        return number if number < self.instances else None


def mixed(numbers: Numbers, salt: int) -> Numbers:
    """Return a number of 62 bits for each number, always the same for the same salt.

    The mixing is that of SplitMix64 (G. Steele, D. Lea, C. Flood, OOPSLA 2014).
    """
    word = numbers.astype(np.uint64) + np.uint64((salt + 1) * _STRIDE % _WORD)
    word = (word ^ (word >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    word = (word ^ (word >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return ((word ^ (word >> np.uint64(31))) >> np.uint64(2)).astype(np.int64)
