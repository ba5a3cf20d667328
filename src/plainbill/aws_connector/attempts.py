"""Which failures may pass, how often is tried, and how long is waited in between.

As botocore's standard mode does it, with two differences. It lets all calls of a client share one allowance
of retries, throttled or not, so one throttled account would use up what the others need: here throttled calls
wait for their own account's bucket (``throttle``), and only failures of the place itself have an allowance.
And it sleeps in the calling thread: here others work meanwhile (``aside``).
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from threading import Lock
from typing import Any

from plainbill.aws_connector.errors import AwsCallError, ServerFailure, Throttled, Unreachable

MOST = 6
MOST_OF_COST_EXPLORER = 3  # each attempt may be billed
_MAY_PASS = (ServerFailure, Throttled, Unreachable)
_TIMED_OUT = frozenset({"RequestTimeout", "RequestTimeoutException"})
_LONGEST = 20.0  # seconds
_FIRST_THROTTLED, _FIRST = 1.0, 0.05
_AFTER_HEADER, _MOST_AFTER = "x-amz-retry-after", 5.0


class Patience:
    """How many failures of a service in a Region are tried again before it counts as down.

    Each retry uses one up and each answer gives one back, so that a service that is down costs a refresh no
    more than so many waits; safe to use from any thread.
    """

    def __init__(self, most: int = 40) -> None:
        self._most = most
        self._lock = Lock()
        self._used: dict[tuple[str, str], int] = {}

    def answered(self, service: str, region: str) -> None:
        """Learn that an answer came."""
        if (used := self._used.get((service, region))) is not None:
            with self._lock:
                self._used[service, region] = max(0, used - 1)

    def allows(self, service: str, region: str) -> bool:
        """Use one retry up, if there is one left."""
        with self._lock:
            used = self._used.get((service, region), 0)
            if used < self._most:
                self._used[service, region] = used + 1
            return used < self._most


def most_attempts(service: str) -> int:
    """Return how often a call of a service is tried in all."""
    return MOST_OF_COST_EXPLORER if service == "ce" else MOST


def may_pass(failure: AwsCallError) -> bool:
    """Tell whether the same call can succeed a moment later."""
    return isinstance(failure, _MAY_PASS) or failure.code in _TIMED_OUT


def pause(failure: AwsCallError, attempt: int, headers: Mapping[str, Any]) -> float:
    """Return the seconds to wait after the ``attempt``-th (from 1) attempt failed.

    They are random, so that many differ. ``headers`` are those of the answer: AWS may name its own time.
    """
    first = _FIRST_THROTTLED if isinstance(failure, Throttled) else _FIRST
    usual = min(_LONGEST, first * 2.0 ** (attempt - 1))
    named = str(headers.get(_AFTER_HEADER, ""))
    if named.isdecimal():
        return max(usual, min(int(named) / 1000, usual + _MOST_AFTER))
    return usual * random.uniform(0.5, 1.0)  # noqa: S311 - it spreads retries, and guards nothing
