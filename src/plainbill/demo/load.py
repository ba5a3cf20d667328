"""CloudWatch's numbers for one metric, by formula: 5-minute samples and every statistic of them.

An hour holds 12 samples: its mean plus an amount times one of three patterns that sum to zero. Means
and amounts are whole units (1/1024 of a percent, or one byte), so an hour's Average is the mean of its
samples, its Maximum the highest and its Sum their sum, to the last bit, without computing the samples.
"""

from __future__ import annotations

import math
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from plainbill.demo.habits import WEEK, Level

HOUR, SAMPLE = 3600, 300
SAMPLES = HOUR // SAMPLE
_DAY_SLOTS = 24 * SAMPLES
MONDAY = 72
"""Hours from the epoch (a Thursday) to its hour of the week, counted from Monday 00:00."""
PATTERNS = (
    (11, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1),
    (11, 5, -2, -3, -1, 0, -2, -3, -1, -1, -2, -1),
    (11, 7, 2, -4, -3, -2, -1, -2, -3, -2, -2, -1),
)
TOP = 11
LOWS = tuple(min(pattern) for pattern in PATTERNS)
STEEPEST = 4
_PERCENTILE = re.compile(r"p\d{1,3}(\.\d{1,10})?")
_Hour = tuple[int, int, int, int]
"""Mean and amount in units, the pattern, and where in it the hour begins."""


@cache
def noise_table() -> tuple[int, ...]:
    """Return the numbers that make one hour differ from another, 20 bits each."""
    source = random.Random(20240229)
    return tuple(source.getrandbits(20) for _ in range(4096))


@dataclass(frozen=True, slots=True)
class Metric:
    """A CloudWatch metric of an instance: ``scale`` units of the formula are one of ``unit``."""

    name: str
    unit: str
    scale: int
    part: int  # which of a Level's three numbers it follows: 0 for CPU, 2 for traffic
    factor: float  # of that number


METRICS = {
    metric.name: metric
    for metric in (
        Metric("CPUUtilization", "Percent", 1024, 0, 1.0),
        Metric("NetworkIn", "Bytes", 1, 2, 1.0),
        Metric("NetworkOut", "Bytes", 1, 2, 1.7),
        Metric("NetworkPacketsIn", "Count", 1, 2, 1 / 900),
        Metric("NetworkPacketsOut", "Count", 1, 2, 1 / 800),
        Metric("EBSReadBytes", "Bytes", 1, 2, 0.4),
        Metric("EBSWriteBytes", "Bytes", 1, 2, 0.9),
    )
}


@dataclass(frozen=True, slots=True)
class Aggregate:
    """Samples taken together, in the metric's unit."""

    count: int
    sum: float
    maximum: float
    minimum: float

    def of(self, statistic: str) -> float:
        """Return one of CloudWatch's statistics."""
        if statistic == "Average":
            return self.sum / self.count
        if statistic == "SampleCount":
            return float(self.count)
        return {"Sum": self.sum, "Maximum": self.maximum, "Minimum": self.minimum}[statistic]


class Curve:
    """One metric of one resource over all time.

    ``means`` and ``gaps`` (how far the peak is above) are whole units for each hour of a week of UTC,
    ``scale`` units are one of what CloudWatch tells. An exact curve has those very means in every hour and
    no peaks; any other one varies by its seed.
    """

    def __init__(
        self, means: Sequence[int], gaps: Sequence[int], scale: int, seed: int, *, is_exact: bool = False
    ) -> None:
        self._means, self._gaps, self._scale, self._seed = means, gaps, scale, seed
        self._is_exact = is_exact
        self._days: dict[int, Sequence[_Hour]] = {}
        self._wholes: dict[int, Aggregate] = {}
        self._blocks: dict[tuple[int, str], Sequence[float]] = {}

    @classmethod
    def of_instance(cls, metric: Metric, level: Level, seed: int, offset: int, vigour: float = 1.0) -> Curve:
        """Make the curve of an EC2 metric; ``offset`` is local time minus UTC in hours."""
        week = [level(*divmod((hour + offset) % WEEK, 24)) for hour in range(WEEK)]
        per_sample = 1_000_000 / SAMPLES if metric.part else 1  # MB an hour -> bytes a sample
        factor = metric.factor * metric.scale * per_sample * vigour
        means = [int(part[metric.part] * factor) for part in week]
        peaks = [int((part[1] if not metric.part else part[2] * 1.8) * factor) for part in week]
        gaps = [high - mean for high, mean in zip(peaks, means, strict=True)]
        return cls(means, gaps, metric.scale, seed)

    def _day(self, day: int) -> Sequence[_Hour]:
        """Return the 24 hours of one day since the epoch; computed once."""
        found = self._days.get(day)
        if found is None:
            found = self._days[day] = self._exactly(day) if self._is_exact else self._computed(day)
        return found

    def _exactly(self, day: int) -> list[_Hour]:
        return [(self._means[(hour + MONDAY) % WEEK], 0, 0, 0) for hour in range(day * 24, day * 24 + 24)]

    def _computed(self, day: int) -> list[_Hour]:
        """Compute a day in one plain loop: this is where the endpoint's time goes."""
        noises, seed, means, gaps = noise_table(), self._seed, self._means, self._gaps
        hours: list[_Hour] = []
        for hour in range(day * 24, day * 24 + 24):
            noise = noises[(hour * 31 + seed) & 4095]
            slot = (hour + MONDAY) % WEEK
            mean = means[slot] * (208 + (noise & 63)) >> 8
            amount = (gaps[slot] * (160 + (noise >> 6 & 63)) >> 8) // TOP
            if amount * STEEPEST > mean:
                hours.append((mean, min(amount, mean), 0, (noise >> 14) % SAMPLES))
            else:
                hours.append((mean, amount, 1 + (noise >> 12 & 1), (noise >> 14) % SAMPLES))
        return hours

    def sample(self, slot: int) -> float:
        """Return the sample of one 5-minute slot since the epoch."""
        mean, amount, pattern, turn = self._day(slot // _DAY_SLOTS)[slot // SAMPLES % 24]
        return (mean + amount * PATTERNS[pattern][(slot + turn) % SAMPLES]) / self._scale

    def hour(self, hour: int) -> Aggregate:
        """Return the 12 samples of one hour since the epoch, taken together."""
        mean, amount, pattern, _ = self._day(hour // 24)[hour % 24]
        scale = self._scale
        high, low = mean + amount * TOP, mean + amount * LOWS[pattern]
        return Aggregate(SAMPLES, SAMPLES * mean / scale, high / scale, low / scale)

    def day(self, day: int) -> Aggregate:
        """Return the 288 samples of one day since the epoch, taken together."""
        if day not in self._wholes:
            self._wholes[day] = together([self.hour(hour) for hour in range(day * 24, day * 24 + 24)])
        return self._wholes[day]

    def between(self, start: int, end: int) -> Aggregate | None:
        """Take the samples of ``[start, end)`` (epoch seconds) together; None where there is none."""
        first, stop = -(-start // SAMPLE), -(-end // SAMPLE)
        parts: list[Aggregate] = []
        while first < stop:
            if first % _DAY_SLOTS == 0 and first + _DAY_SLOTS <= stop:
                parts.append(self.day(first // _DAY_SLOTS))
                first += _DAY_SLOTS
            elif first % SAMPLES == 0 and first + SAMPLES <= stop:
                parts.append(self.hour(first // SAMPLES))
                first += SAMPLES
            else:
                value = self.sample(first)
                parts.append(Aggregate(1, value, value, value))
                first += 1
        return together(parts) if parts else None

    def samples(self, start: int, end: int) -> list[float]:
        """Return every 5-minute sample of ``[start, end)`` (epoch seconds)."""
        return [self.sample(slot) for slot in range(-(-start // SAMPLE), -(-end // SAMPLE))]

    def _of_hour(self, hour: int) -> list[float]:
        return self.samples(hour * HOUR, hour * HOUR + HOUR)

    def hours(self, first: int, end: int, statistic: str) -> list[float]:
        """Return a statistic of every hour of ``[first, end)`` (hours since the epoch), days remembered."""
        values: list[float] = []
        for day in range(first // 24, -(-end // 24)):
            values += self._blocks.get((day, statistic)) or self._block(day, statistic)
        start = first - first % 24
        return values[first - start : end - start]

    def _block(self, day: int, statistic: str) -> Sequence[float]:
        scale, hours = self._scale, self._day(day)
        if statistic == "Average":
            block = [mean / scale for mean, _, _, _ in hours]
        elif statistic == "Maximum":
            block = [(mean + amount * TOP) / scale for mean, amount, _, _ in hours]
        elif statistic == "Sum":
            block = [SAMPLES * mean / scale for mean, _, _, _ in hours]
        elif is_percentile(statistic):
            block = [percentile(self._of_hour(hour), statistic) for hour in range(day * 24, day * 24 + 24)]
        else:
            block = [self.hour(hour).of(statistic) for hour in range(day * 24, day * 24 + 24)]
        self._blocks[day, statistic] = block
        return block


def together(parts: Sequence[Aggregate]) -> Aggregate:
    """Take aggregates together; at least one."""
    return Aggregate(
        sum(part.count for part in parts),
        sum(part.sum for part in parts),
        max(part.maximum for part in parts),
        min(part.minimum for part in parts),
    )


def is_percentile(statistic: str) -> bool:
    """Say whether a statistic is a percentile as CloudWatch writes it (``p99.5``)."""
    return _PERCENTILE.fullmatch(statistic) is not None and 0 < float(statistic[1:]) <= 100


def percentile(samples: Sequence[float], statistic: str) -> float:
    """Return the sample that so many percent of the samples are not above (nearest rank); at least one."""
    ordered = sorted(samples)
    return ordered[max(0, math.ceil(len(ordered) * float(statistic[1:]) / 100) - 1)]
