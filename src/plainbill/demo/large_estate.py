"""An estate of any size that is never made: facts and verdicts of whichever instance is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import numpy as np

from plainbill.demo.fleet import Fleet
from plainbill.demo.habits import Expected
from plainbill.demo.instances import DemoInstance
from plainbill.demo.large_lives import NEVER, TYPES, Lives, lives_of, tags_of, words_of
from plainbill.demo.large_shape import Shape
from plainbill.demo.large_ways import WAYS, Way


@dataclass(frozen=True)
class LargeEstate:
    """The instances of a shape as they stand on a day (UTC)."""

    shape: Shape
    today: date

    def lives(self, numbers: Sequence[int]) -> Lives:
        """Return the facts of instances by their numbers, as arrays."""
        return lives_of(self.shape, np.array(numbers, dtype=np.int64), self.today)

    def way(self, number: int) -> Way:
        """Return what an instance is like."""
        return WAYS[int(self.lives([number]).way[0])]

    def truth(self, instance_id: str) -> Expected | None:
        """Return what should be said of an instance; None for one that does not run.

        Raises ``KeyError`` for an id that none of them has.
        """
        number = self.shape.number_of(instance_id)
        if number is None:
            raise KeyError(instance_id)
        return self.way(number).truth

    def idle(self, *, by_cpu: bool = False) -> frozenset[str]:
        """Return the ids of all that are idle; ``by_cpu`` of all that a rule of CPU alone must call idle."""
        verdicts = [way.by_cpu if by_cpu else way.truth for way in WAYS]
        is_idle = np.array([verdict is Expected.IDLE for verdict in verdicts])
        found: list[str] = []
        for start in range(0, self.shape.instances, 10_000):
            numbers = range(start, min(start + 10_000, self.shape.instances))
            kept = is_idle[self.lives(numbers).way]
            found += [self.shape.id_of(start + int(at)) for at in np.flatnonzero(kept)]
        return frozenset(found)

    def instance(self, number: int) -> DemoInstance:
        """Make one instance, as the small company's are."""
        lives = self.lives([number])
        way = WAYS[int(lives.way[0])]
        account, region = self.shape.places[int(lives.places[0])]
        team, role, _ = words_of(self.shape, number)
        stopped = int(lives.stopped[0])
        fleet = Fleet(
            account=account,
            region=region.name,
            name=f"{team}-{role}",
            instance_type=TYPES[int(lives.type[0])],
            habit=way.habit.name,
            team=team,
        )
        return DemoInstance(
            instance_id=self.shape.id_of(number),
            number=number,
            fleet=fleet,
            habit=way.habit,
            tags=tags_of(self.shape, number),
            first_launched_at=_instant(int(lives.born[0])),
            launched_at=_instant(int(lives.launched[0])),
            stopped_at=None if stopped < 0 else _instant(stopped),
            runs=_runs(lives),
            seed=int(lives.seed[0]),
            today=self.today,
        )


def _runs(lives: Lives) -> tuple[tuple[int, int | None], ...]:
    spans = [(int(start[0]), int(end[0])) for start, end in lives.runs]
    return tuple((start, None if end == NEVER else end) for start, end in spans if start != NEVER)


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
