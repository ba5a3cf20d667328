"""Steps of a series that are not what they were expected to be: robust, causal, silent about gaps.

What is said of days and weeks here holds of the steps and seasons of any series, such as hours and days.
Each day is held against the level of the week before it (its median), which is given the rhythm of the
series. Alarm is what is further off than ``deviations`` robust deviations of the errors made so far *and*
more than a floor in money *and* more than a share of what was expected; errors count in proportion to the
level that they were made at. Small but lasting changes are told from noise by their days: ``row`` known
days in a row that are off to the same side alarm at ``row_deviations``, and so do days that go on with an
event. Days in alarm are not learned from, nor are those that may become a row until they have not; after
a week of alarms the new level is accepted, so that one shift is one event. A slow ramp never leaves the
level of the week before: it is found by the change over four weeks. A day that is not known alarms nobody.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from plainbill.analyzer.anomaly.baseline import Baseline
from plainbill.analyzer.bill_rhythm import FEE_VARIES
from plainbill.analyzer.daily_series import Floats


class Ground(StrEnum):
    """Why an event is one: a step too far off, steps in a row to the same side, a change over four weeks."""

    STEP = "one day"
    ROW = "days in a row"
    CHANGE = "four weeks"


class Shape(StrEnum):
    """What an event looks like: some steps up or down, a new level up or down, or a slow rise."""

    SPIKE = "spike"
    DROP = "drop"
    SHIFT_UP = "shift up"
    SHIFT_DOWN = "shift down"
    RAMP = "ramp"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How far off is too far; ``floor`` is in the money of the series, per step."""

    deviations: float = 4.0
    row_deviations: float = 2.0
    row: int = 3
    floor: float = 10.0
    share: float = 0.15
    ramp_deviations: float = 3.0
    ramp_share: float = 0.15


@dataclass(slots=True)
class Event:
    """Steps ``[start, end)`` of one direction; ``expected`` and ``actual`` are sums over the known ones.

    ``limit`` is what a step had to be off to alarm on this ``ground`` when it began. ``is_accepted`` says
    that they went on for so long that they are the new level.
    """

    start: int
    end: int
    direction: int
    ground: Ground = Ground.STEP
    limit: float = 0.0
    expected: float = 0.0
    actual: float = 0.0
    steps: int = 0
    is_accepted: bool = False

    @property
    def is_ramp(self) -> bool:
        """Whether it is a slow change, not steps that were off."""
        return self.ground is Ground.CHANGE

    @property
    def shape(self) -> Shape:
        """What it looks like, as far as it is known."""
        if self.is_ramp:
            return Shape.RAMP
        if self.is_accepted:
            return Shape.SHIFT_UP if self.direction > 0 else Shape.SHIFT_DOWN
        return Shape.SPIKE if self.direction > 0 else Shape.DROP


@dataclass(frozen=True, slots=True)
class _Off:
    """A step and how far it is off what was expected; ``level`` is that without fees."""

    step: int
    error: float
    expected: float
    level: float

    @property
    def direction(self) -> int:
        return 1 if self.error > 0 else -1


@dataclass(slots=True)
class _Seen:
    """What the detector remembers of the steps so far."""

    season: int
    errors: list[float] = field(default_factory=list)  # of the steps that were learned from
    levels: list[float] = field(default_factory=list)  # at which they were made
    row: list[_Off] = field(default_factory=list)  # steps that may become an event
    events: list[Event] = field(default_factory=list)
    shifted_at: int | None = None  # the first step of the last new level
    quiet_until: int = 0  # no ramp before: a shift lies within its four weeks


_KNOWN_ERRORS = 3  # seasons of errors before the first step that is judged
_LEARNED_ERRORS = 8  # seasons whose errors say how far off is usual
_SETTLES = 9  # seasons after which the rhythm is that of the new level
_RAMP_OVER = 4  # seasons
_RAMP_HISTORY = 12  # earlier changes over four seasons, a season apart
_APART = 2 / 7  # of a season lie between the alarms of one event at the most
_TINY = 1e-9
_EVEN = 0.01  # of what is expected: the least deviation, for series without noise
_TAILS = 0.85  # errors beyond this quantile are the tail, and
_TAIL = 1.44  # so many deviations of normal noise lie within it
_MOST_SCALED = 2.0  # errors at other levels are made so much larger or smaller at most


def detect(baseline: Baseline, values: Floats, rule: Rule, first: int = 0) -> list[Event]:
    """Return the events of a series, those that had ended before the index ``first`` left out.

    ``values`` are what ``baseline`` was made for.
    """
    seen = _Seen(baseline.season)
    for step in range(len(values)):
        if np.isnan(values[step]):
            continue
        expected = baseline.expected(step)
        if expected is None:
            baseline.learn(step)
            continue
        _judge(baseline, values, step, expected, rule, seen)
    return [event for event in seen.events if event.end > first]


def _judge(baseline: Baseline, values: Floats, step: int, expected: float, rule: Rule, seen: _Seen) -> None:
    error = float(values[step]) - expected
    if seen.shifted_at is not None and seen.season <= step - seen.shifted_at < _SETTLES * seen.season:
        error = min(error, _since_last_season(baseline, values, step), key=abs)
    off = _Off(step, error, expected, expected - baseline.fee(step))
    limits = _limits(baseline, off, rule, seen)
    if abs(error) > limits[0]:
        _learn_row(baseline, values, rule, seen)
        _extend(baseline, values, off, Ground.STEP, limits[0], seen)
    elif abs(error) > limits[1]:
        _may_be_row(baseline, values, off, limits[1], rule, seen)
    else:
        _learn_row(baseline, values, rule, seen)
        _learn(baseline, values, off, rule, seen)


def _limits(baseline: Baseline, off: _Off, rule: Rule, seen: _Seen) -> tuple[float, float]:
    """Return how far off a step alarms by itself, and in a row.

    Infinity while too little is known, and for what is under the floor or the share, whatever the noise is.
    """
    least = max(rule.floor, rule.share * abs(off.expected))
    if len(seen.errors) < _KNOWN_ERRORS * seen.season or abs(off.error) <= least:
        return np.inf, np.inf
    noise = max(_noise(off.level, seen), _EVEN * abs(off.expected))
    fee = FEE_VARIES * abs(baseline.fee(off.step))
    return max(least, rule.deviations * noise + fee), max(least, rule.row_deviations * noise + fee)


def _noise(level: float, seen: _Seen) -> float:
    """Return the robust deviation of the last errors, as they would be at a level."""
    last = slice(-_LEARNED_ERRORS * seen.season, None)
    levels = np.maximum(np.abs(seen.levels[last]), _TINY)
    scaled = np.clip(abs(level) / levels, 1 / _MOST_SCALED, _MOST_SCALED)
    return _deviation(np.array(seen.errors[last]) * scaled)


def _learn(baseline: Baseline, values: Floats, off: _Off, rule: Rule, seen: _Seen) -> None:
    baseline.learn(off.step)
    seen.errors.append(off.error)
    seen.levels.append(off.level)
    if off.step >= seen.quiet_until:
        _look_for_ramp(baseline, values, off.step, rule, seen)


def _learn_row(baseline: Baseline, values: Floats, rule: Rule, seen: _Seen) -> None:
    """Take the steps that might have become an event for usual ones."""
    row, seen.row = seen.row, []
    for off in row:
        _learn(baseline, values, off, rule, seen)


def _may_be_row(baseline: Baseline, values: Floats, off: _Off, limit: float, rule: Rule, seen: _Seen) -> None:
    if seen.row and seen.row[-1].direction != off.direction:
        _learn_row(baseline, values, rule, seen)
    seen.row.append(off)
    if len(seen.row) >= rule.row or _going_on(off, seen) is not None:
        for each in seen.row:
            _extend(baseline, values, each, Ground.ROW, limit, seen)
        seen.row = []


def _since_last_season(baseline: Baseline, values: Floats, step: int) -> float:
    """Return the change since the same step of the last season, without fees; after a shift that is usual.

    What has been added may have another rhythm than what was there: a server runs on weekends too.
    """
    before = step - baseline.season
    change = float(values[step]) - baseline.fee(step) - (float(values[before]) - baseline.fee(before))
    return np.inf if np.isnan(change) else change


def _deviation(errors: Floats) -> float:
    """Return the robust deviation of errors, or what their tail has where it is heavier."""
    sizes = np.sort(np.abs(errors))
    return max(float(sizes[len(sizes) // 2]) * 1.4826, float(sizes[int(len(sizes) * _TAILS)]) / _TAIL)


def _going_on(off: _Off, seen: _Seen) -> Event | None:
    """Return the event that a step goes on with, if any."""
    last = seen.events[-1] if seen.events else None
    if last is None or last.is_ramp or last.direction != off.direction:
        return None
    return last if off.step - last.end < _APART * seen.season else None


def _extend(baseline: Baseline, values: Floats, off: _Off, ground: Ground, limit: float, seen: _Seen) -> None:
    step, last = off.step, _going_on(off, seen)
    if last is None:
        last = Event(step, step, off.direction, ground, limit)
        seen.events.append(last)
    last.end, last.steps = step + 1, last.steps + 1
    last.expected += off.expected
    last.actual += float(values[step])
    if last.steps >= seen.season and not last.is_accepted:
        last.is_accepted = True
        seen.quiet_until = step + (_RAMP_OVER + 1) * seen.season
        seen.shifted_at = last.start
        baseline.accept(last.start, last.end)


def _look_for_ramp(baseline: Baseline, values: Floats, step: int, rule: Rule, seen: _Seen) -> None:
    over = _RAMP_OVER * seen.season
    level, now = baseline.level(step - over), baseline.level(step)
    if level is None or now is None or now - level <= max(rule.floor, rule.ramp_share * abs(level)):
        return
    before = np.array(list(_changes(baseline, step)))
    if len(before) < _RAMP_HISTORY // 2:
        return
    noise = max(_deviation(before), _EVEN * abs(level))
    if now - level > rule.ramp_deviations * noise:
        steps = slice(step - over, step + 1)
        known = ~np.isnan(values[steps])
        limit = max(rule.floor, rule.ramp_share * abs(level), rule.ramp_deviations * noise)
        event = Event(step - over, step + 1, 1, Ground.CHANGE, limit, steps=int(known.sum()))
        event.expected = float(baseline.usual(level, steps)[known].sum())
        event.actual = float(values[steps][known].sum())
        seen.events.append(event)
        seen.quiet_until = step + over


def _changes(baseline: Baseline, step: int) -> Iterator[float]:
    """Yield the changes over four seasons that ended before this one began, a season apart."""
    season, over = baseline.season, _RAMP_OVER * baseline.season
    for end in range(step - over, step - over - _RAMP_HISTORY * season, -season):
        now, before = baseline.level(end), baseline.level(end - over)
        if now is None or before is None:
            return
        yield now - before
