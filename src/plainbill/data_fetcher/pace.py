"""CloudWatch's quota of datapoints, kept to from the start: retries alone lose answers of a large fleet."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock

from plainbill.aws_connector import Scope

POINTS_A_SECOND = 300_000  # AWS takes 396,000 in each account and Region: three whole requests, not four
_BURST = 1.0  # second's worth that may be asked for at once


class Pace:
    """Says when to ask, for each account and Region apart; safe to use from any thread.

    ``clock`` and ``sleep`` are in seconds; ``a_second`` is how many of what is counted a second allows.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        a_second: float = POINTS_A_SECOND,
    ) -> None:
        self._clock, self._sleep, self._a_second = clock, sleep, a_second
        self._lock = Lock()
        self._paid_until: dict[Scope, float] = {}

    def wait(self, scope: Scope, points: int) -> None:
        """Return when ``points`` datapoints may be asked for; hours without any count as well, as for AWS."""
        with self._lock:
            now = self._clock()
            paid_until = max(now, self._paid_until.get(scope, now)) + points / self._a_second
            self._paid_until[scope] = paid_until
        if (early := paid_until - _BURST - now) > 0:
            self._sleep(early)
