"""The graded answer about one instance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from plainbill.analyzer.ec2_idle.calibration import Probability
from plainbill.analyzer.ec2_idle.guards import Guard
from plainbill.analyzer.ec2_idle.load import BUSY, BusyRule
from plainbill.analyzer.ec2_idle.periodic import Rhythm
from plainbill.analyzer.ec2_idle.rightsize import Rightsizing
from plainbill.analyzer.ec2_idle.schedule import Schedule
from plainbill.analyzer.ec2_idle.wakes import WakeEvent


class IdleClass(StrEnum):
    """What an instance is, in the order in which it is asked."""

    EXCLUDED = "excluded"
    INSUFFICIENT_DATA = "insufficient data"
    IDLE = "idle"
    PERIODIC = "periodic"
    SCHEDULABLE = "schedulable"
    RIGHTSIZABLE = "rightsizable"
    ACTIVE = "active"


class Grade(StrEnum):
    """How sure "idle" is; REVIEW is "probably idle: ask its owner"."""

    HIGH = "high"
    MEDIUM = "medium"
    REVIEW = "review"


STEPS: tuple[Grade | None, ...] = (Grade.HIGH, Grade.MEDIUM, Grade.REVIEW, None)
"""From surest to not idle: a guard goes one step to the right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IdlePolicy:
    """The window and the thresholds; the defaults are those whose accuracy docs/idle-accuracy.md states.

    Busy days are counted in the last ``look_back_days``; rhythms and schedules look at all that is stored.
    ``min_coverage`` is the share of the running hours that must have all three metrics. Raises
    ``ValueError`` for a window or a share that can be none.
    """

    look_back_days: int = 28
    min_coverage: float = 0.8
    busy: BusyRule = BUSY

    def __post_init__(self) -> None:
        if self.look_back_days < 1 or not 0 < self.min_coverage <= 1:
            raise ValueError(f"got {self.look_back_days} days and a coverage of {self.min_coverage}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Classification:
    """What one instance is, how sure that is, and everything that it rests on.

    ``grade`` is None for everything but idle. ``busy_days`` and ``coverage`` (0 to 1) are of the last
    ``look_back_days`` days of running; ``wake_events`` are all that are stored, oldest first.
    Where the network was not asked (``is_network_asked``) all of them are by CPU alone.
    ``guards`` are reasons that lowered the grade. ``probability`` is how often VMs with as many busy days
    stayed unused, before any guard; None where the public trace does not say.
    """

    kind: IdleClass
    grade: Grade | None
    busy_days: int
    look_back_days: int
    coverage: float
    days_since_busy: int | None
    wake_events: Sequence[WakeEvent]
    guards: tuple[Guard, ...]
    probability: Probability | None
    reason: str
    notes: tuple[str, ...] = ()
    rhythm: Rhythm | None = None
    schedule: Schedule | None = None
    rightsizing: Rightsizing | None = None
    is_network_asked: bool = True
    lacks_network: bool = False
    """Whether that it was not asked is all that a verdict lacks."""

    @property
    def is_idle(self) -> bool:
        """Whether idle at any grade."""
        return self.kind is IdleClass.IDLE
