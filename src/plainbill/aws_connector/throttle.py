"""AWS's token buckets, kept to from the start: retries alone lose answers of a large fleet."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Lock

from plainbill.aws_connector.aside import wait
from plainbill.aws_connector.rates import Rate, Toll

Place = tuple[str | None, str]
"""An account, None while it is not known, and a Region."""

SLOWEST = 1 / 16
"""The share of its rate that a bucket keeps however often AWS refuses."""
RECOVERY = 60.0
"""Seconds in which a bucket's rate grows by the whole of what AWS publishes."""
_ONE_REFUSAL = 1.0  # seconds: requests that were under way together are refused together
_SWEEP = 1024


@dataclass(slots=True)
class _Bucket:
    """How much is in it (less than nothing: promised already), and how fast it fills."""

    rate: Rate
    level: float
    a_second: float
    seen: float
    slowed: float = float("-inf")

    def refill(self, now: float) -> None:
        """Fill it up to ``now``; a rate that was lowered grows back."""
        passed, self.seen = now - self.seen, now
        self.level = min(self.rate.burst, self.level + passed * self.a_second)
        published = self.rate.a_second
        self.a_second = min(published, self.a_second + published * passed / RECOVERY)

    def is_untouched(self) -> bool:
        """Tell whether it is as a new one."""
        return self.level >= self.rate.burst and self.a_second >= self.rate.a_second


class Throttle:
    """Says when to ask, for each account, Region and operation apart; safe to use from any thread.

    ``clock`` and ``sleep`` are in seconds, of which ``haste`` pass in one. Those that come to an empty bucket
    are let through in the order in which they came. Where AWS refuses all the same (another tool asks too),
    that bucket alone becomes slower, never below ``SLOWEST`` of its rate, and as fast as before within a
    minute.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = wait,
        haste: float = 1.0,
    ) -> None:
        self._clock: Callable[[], float] = lambda: clock() * haste
        self._sleep: Callable[[float], None] = lambda seconds: sleep(seconds / haste)
        self._lock = Lock()
        self._buckets: dict[tuple[Place, str], _Bucket] = {}
        self._sweep_at = _SWEEP

    def take(self, place: Place, tolls: Sequence[Toll], at_least: float = 0.0) -> None:
        """Return when a request that takes ``tolls`` may be sent, after ``at_least`` seconds."""
        with self._lock:
            now = self._clock()
            seconds = max([at_least, *(self._promise(place, toll, now) for toll in tolls)])
        if seconds > 0:
            self._sleep(seconds)

    def refused(self, place: Place, tolls: Sequence[Toll]) -> None:
        """Learn that AWS refused a request of these tolls: empty their buckets and halve their rates."""
        with self._lock:
            now = self._clock()
            for toll in tolls:
                bucket = self._bucket(place, toll, now)
                bucket.level = min(bucket.level, 0.0)
                if now - bucket.slowed >= _ONE_REFUSAL:
                    bucket.slowed = now
                    bucket.a_second = max(toll.rate.a_second * SLOWEST, bucket.a_second / 2)

    def _promise(self, place: Place, toll: Toll, now: float) -> float:
        """Take what a request costs and return in how many seconds it will be there."""
        bucket = self._bucket(place, toll, now)
        bucket.level -= toll.cost
        return max(0.0, -bucket.level / bucket.a_second)

    def _bucket(self, place: Place, toll: Toll, now: float) -> _Bucket:
        key = place, toll.bucket
        if (bucket := self._buckets.get(key)) is None:
            if len(self._buckets) >= self._sweep_at:
                self._sweep(now)
            bucket = self._buckets[key] = _Bucket(toll.rate, toll.rate.burst, toll.rate.a_second, now)
        bucket.refill(now)
        return bucket

    def _sweep(self, now: float) -> None:
        """Forget the buckets that are full: there are as many as accounts x Regions x operations."""
        for bucket in self._buckets.values():
            bucket.refill(now)
        self._buckets = {key: one for key, one in self._buckets.items() if not one.is_untouched()}
        self._sweep_at = max(_SWEEP, 2 * len(self._buckets))
