"""Many reads at once: each failure becomes a Gap, the rest goes on."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field, replace
from functools import partial
from threading import Lock
from types import TracebackType
from typing import Generic, Self, TypeVar

from plainbill.aws_connector import WORKERS
from plainbill.aws_connector.errors import CredentialsExpired, gap_of
from plainbill.data_fetcher.hands import Hands
from plainbill.errors import AwsError
from plainbill.model.inventory import Gap
from plainbill.model.progress import Progress, ProgressState

T = TypeVar("T")
FIRST = 1e12
"""A weight above all counts of things: of what the longest part of the work waits for."""


@dataclass(frozen=True, slots=True)
class Reading(Generic[T]):
    """What one unit of work brought: a value, how many things it holds, and what is missing from it.

    ``value`` is None when nothing of what came can be used.
    """

    value: T | None
    items: int
    gaps: Sequence[Gap] = ()


@dataclass(frozen=True, slots=True)
class Unit(Generic[T]):
    """One unit of work. Units of the same (source, account, Region) are one step of the progress.

    ``weight`` is how many things are expected to be left to read there: the heaviest begins first, so that
    the end need not wait for one that began late; among equals the order is the caller's. ``about`` are the
    accounts whose things are read, where others than ``account_id`` are among them.
    """

    source: str
    account_id: str | None
    region: str | None
    read: Callable[[], Reading[T]]
    weight: float = 0.0
    about: tuple[str, ...] = ()

    @property
    def step(self) -> tuple[str, str | None, str | None]:
        """The step this unit is a part of."""
        return self.source, self.account_id, self.region


@dataclass(slots=True)
class _Step:
    """How far one step has come."""

    units_left: int
    items: int = 0
    gaps: list[Gap] = field(default_factory=list)


class Crew:
    """A bounded number of units at work; a context manager.

    A unit that waits for AWS (``hands``) lets another work meanwhile, rather one of another place, where the
    crew ``lends``.

    Only ``AwsError`` is caught, for one unit at a time. After the credentials have expired no further
    unit asks AWS: each becomes a gap that says so; where only one account is asked with them, each of that
    account. ``report`` is called by one thread at a time.
    """

    def __init__(
        self, report: Callable[[Progress], None], workers: int = WORKERS, *, lends: bool = True
    ) -> None:
        self.gaps: list[Gap] = []
        self._report = report
        self._steps: dict[tuple[str, str | None, str | None], _Step] = {}
        self._expired: CredentialsExpired | None = None
        self._expired_alone: dict[str | None, CredentialsExpired] = {}
        self._lock = Lock()
        self._hands = Hands(workers, lends=lends)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._hands.close()

    def start(self, units: Iterable[Unit[T]]) -> list[Future[T | None]]:
        """Put units to work and return at once."""
        waiting = list(units)
        for unit in waiting:
            self._expect(unit)
        return [self._submit(unit) for unit in waiting]

    def stream(self, units: Iterable[Unit[T]], at_once: int) -> Generator[T]:
        """Yield what units bring as they complete, in any order, and draw further ones only then.

        Never are more than ``at_once`` drawn of which the caller has not had the result, so memory is
        bounded by that many of them; nothing is drawn before the first result is asked for. Units of one
        step must follow each other. Whoever stops early leaves only what is under way, whose results are
        dropped.
        """
        under_way: set[Future[T | None]] = set()
        drawn = self._drawn(units)
        try:
            while True:
                while len(under_way) < at_once and (unit := next(drawn, None)):
                    under_way.add(self._submit(unit))
                if not under_way:
                    return
                done = next(iter(wait(under_way, return_when=FIRST_COMPLETED).done))
                under_way.remove(done)
                answer = done.result()
                del done  # or its answer is held for as long as the caller looks at it, and the next one too
                if answer is not None:
                    yield answer
                del answer
        finally:
            for future in under_way:
                future.cancel()

    def _submit(self, unit: Unit[T]) -> Future[T | None]:
        return self._hands.submit(partial(self._work, unit), (unit.account_id, unit.region), unit.weight)

    def _drawn(self, units: Iterable[Unit[T]]) -> Iterator[Unit[T]]:
        """Yield units; a step stays open until one of another step is drawn, or no more."""
        last: Unit[T] | None = None
        for unit in units:
            self._expect(unit)
            if last is None or last.step != unit.step:
                self._expect(unit)
                if last is not None:
                    self._ended(last, 0, ())
            last = unit
            yield unit
        if last is not None:
            self._ended(last, 0, ())

    def _expect(self, unit: Unit[T]) -> None:
        with self._lock:
            step = self._steps.setdefault(unit.step, _Step(units_left=0))
            step.units_left += 1
            if step.units_left == 1:
                self._tell(unit, "waiting")

    @staticmethod
    def results(started: Iterable[Future[T | None]]) -> list[T]:
        """Wait for units and return what they brought, in the order they were started."""
        answers = [future.result() for future in started]
        return [answer for answer in answers if answer is not None]

    def _work(self, unit: Unit[T]) -> T | None:
        with self._lock:
            self._tell(unit, "running", self._steps[unit.step].items or None)
        try:
            reading = self._read(unit)
        except AwsError as error:
            gap = replace(gap_of(error, unit.source), account_id=unit.account_id, region=unit.region)
            self._ended(unit, 0, [replace(gap, account_id=one) for one in unit.about] or [gap])
            return None
        self._ended(unit, reading.items, reading.gaps)
        return reading.value

    def _read(self, unit: Unit[T]) -> Reading[T]:
        if expired := self._expired or self._expired_alone.get(unit.account_id):
            raise expired
        try:
            return unit.read()
        except CredentialsExpired as error:
            if error.asked.stands_alone:
                self._expired_alone[unit.account_id] = error
            else:
                self._expired = error
            raise

    def _ended(self, unit: Unit[T], items: int, gaps: Sequence[Gap]) -> None:
        with self._lock:
            step = self._steps[unit.step]
            step.units_left -= 1
            step.items += items
            step.gaps.extend(gaps)
            self.gaps.extend(gaps)
            if step.units_left == 0:
                if step.gaps:
                    self._tell(unit, "gap", step.items or None, step.gaps[0].reason)
                else:
                    self._tell(unit, "done", step.items)

    def _tell(
        self, unit: Unit[T], state: ProgressState, items: int | None = None, note: str | None = None
    ) -> None:
        source, account_id, region = unit.step
        self._report(
            Progress(source=source, account_id=account_id, region=region, state=state, items=items, note=note)
        )
