"""Threads that take the heaviest job first, and of which none is lost to waiting for AWS."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from heapq import heappop, heappush
from itertools import count
from threading import Condition, Lock, Thread
from types import TracebackType
from typing import Any, Self, TypeVar

from plainbill.aws_connector import stepping

T = TypeVar("T")
Place = tuple[str | None, str | None]
"""An account and a Region."""

ASIDE_IN_A_PLACE = 3
"""So many may wait for AWS in one account and Region before nobody else is sent there."""
ASIDE_IN_AN_ACCOUNT = 12
"""The same for all of an account, which may be throttled in each of its Regions."""
MOST_ASIDE = 96
"""So many threads beyond the workers there may be for those who wait."""


@dataclass(order=True, slots=True)
class _Job:
    """One job; the smallest ``rank`` is the heaviest, and of equals the one that came first."""

    rank: tuple[float, int]
    place: Place = field(compare=False)
    run: Callable[[], Any] = field(compare=False)
    future: Future[Any] = field(compare=False)

    @property
    def limits(self) -> tuple[tuple[Place, int], tuple[Place, int]]:
        """How many may wait where this job works."""
        account_id, _ = self.place
        return (self.place, ASIDE_IN_A_PLACE), ((account_id, "*"), ASIDE_IN_AN_ACCOUNT)


class Hands:
    """At most ``workers`` jobs work at a time; those that wait in ``aside.wait`` are not counted.

    A job whose account or Region has enough others waiting is left for later, and lighter ones of other
    places go first: a throttled account takes the time of nobody else. Unless it ``lends``, who waits is
    counted all the same: of one worker each job is over before the next begins.
    """

    def __init__(self, workers: int, *, lends: bool = True) -> None:
        self._workers, self._lends = workers, lends
        self._lock = Lock()
        self._work, self._room = Condition(self._lock), Condition(self._lock)
        self._jobs: list[_Job] = []
        self._parked: dict[Place, tuple[int, list[_Job]]] = {}
        self._aside: Counter[Place] = Counter()
        self._threads: list[Thread] = []
        self._working = self._returning = self._idle = 0
        self._called = 0  # threads that were told to look for work and have not looked yet
        self._closed = False
        self._numbers = count()

    def submit(self, run: Callable[[], T], place: Place, weight: float) -> Future[T]:
        """Let ``run`` be done, sooner the heavier it is; it is dropped where these hands are closed."""
        future: Future[T] = Future()
        with self._lock:
            is_closed = self._closed
            if not is_closed:
                heappush(self._jobs, _Job((-weight, next(self._numbers)), place, run, future))
                self._call_somebody()
        if is_closed:
            _drop(future)
        return future

    def close(self) -> None:
        """Drop what has not begun and wait for what has."""
        with self._lock:
            self._closed = True
            left = [*self._jobs, *(job for _, several in self._parked.values() for job in several)]
            self._jobs, self._parked = [], {}
            self._work.notify_all()
        for job in left:
            _drop(job.future)
        for thread in self._threads:
            thread.join()

    def _call_somebody(self) -> None:
        """Let a thread look for work, if there is room for one; the lock is held."""
        if self._closed or self._working + self._returning + self._called >= self._workers:
            return
        if self._idle:
            self._idle -= 1
            self._called += 1
            self._work.notify()
        elif len(self._threads) < self._workers + MOST_ASIDE:
            self._called += 1
            thread = Thread(target=self._live, name="plainbill-read")
            thread.start()
            self._threads.append(
                thread
            )  # only now: a signal may come in between, and none can be joined before

    def _live(self) -> None:
        with self._lock:
            self._called -= 1
        while job := self._next():
            if job.future.set_running_or_notify_cancel():
                aside = partial(self._stand_aside, job) if self._lends else nullcontext
                with stepping(aside), _Delivery(job.future) as delivery:
                    delivery.result = job.run()
                del delivery
            self._leave()
            del job  # or its answer lives until the next job comes

    def _next(self) -> _Job | None:
        with self._lock:
            while not self._closed:
                if self._working + self._returning < self._workers and (job := self._pick()):
                    self._working += 1
                    return job
                self._idle += 1
                self._work.wait()
                self._called -= 1
        return None

    def _leave(self) -> None:
        with self._lock:
            self._working -= 1
            if self._returning:
                self._room.notify()

    def _pick(self) -> _Job | None:
        """Take the heaviest job of a place where not too many wait."""
        open_again = (jobs for key, (most, jobs) in self._parked.items() if jobs and self._aside[key] < most)
        heaps = [heap for heap in (self._jobs, *open_again) if heap]
        while heaps:
            heap = min(heaps, key=lambda one: one[0])
            job = heappop(heap)
            full = next(((key, most) for key, most in job.limits if self._aside[key] >= most), None)
            if full is None:
                return job
            heappush(self._parked.setdefault(full[0], (full[1], []))[1], job)
            heaps = [one for one in heaps if one]
        return None

    @contextmanager
    def _stand_aside(self, job: _Job) -> Iterator[None]:
        keys = [key for key, _ in job.limits]
        with self._lock:
            self._working -= 1
            self._aside.update(keys)
            if self._returning:
                self._room.notify()
            self._call_somebody()
        try:
            yield
        finally:
            with self._lock:
                self._aside.subtract(keys)
                for key in keys:
                    if not self._aside[key]:
                        del self._aside[key]
                self._returning += 1
                while self._working >= self._workers:
                    self._room.wait()
                self._returning -= 1
                self._working += 1
                self._call_somebody()


def _drop(future: Future[Any]) -> None:
    """Cancel what was not begun, and tell who waits for it: ``cancel`` alone does not end ``wait``."""
    if future.cancel():
        future.set_running_or_notify_cancel()


class _Delivery:
    """Gives a job's result or failure to whoever waits for it."""

    def __init__(self, future: Future[Any]) -> None:
        self._future = future
        self.result: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if error is None:
            self._future.set_result(self.result)
        else:
            self._future.set_exception(error)
        return True
