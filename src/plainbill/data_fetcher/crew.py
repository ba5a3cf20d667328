"""Many reads at once: each failure becomes a Gap, the rest goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from threading import Lock
from types import TracebackType
from typing import Generic, Self, TypeVar

from plainbill.aws_connector.errors import CredentialsExpired, gap_of
from plainbill.errors import AwsError
from plainbill.model.inventory import Gap
from plainbill.model.progress import Progress, ProgressState

T = TypeVar("T")
WORKERS = 16


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
    """One unit of work. Units of the same (source, account, Region) are one step of the progress."""

    source: str
    account_id: str | None
    region: str | None
    read: Callable[[], Reading[T]]

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
    """A bounded number of threads; a context manager.

    Only ``AwsError`` is caught, for one unit at a time. After the credentials have expired no further
    unit asks AWS: each becomes a gap that says so. ``report`` is called by one thread at a time.
    """

    def __init__(self, report: Callable[[Progress], None], workers: int = WORKERS) -> None:
        self.gaps: list[Gap] = []
        self._report = report
        self._steps: dict[tuple[str, str | None, str | None], _Step] = {}
        self._expired: CredentialsExpired | None = None
        self._lock = Lock()
        self._pool = ThreadPoolExecutor(workers, "plainbill-read")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(cancel_futures=True)

    def start(self, units: Iterable[Unit[T]]) -> list[Future[T | None]]:
        """Put units to work and return at once."""
        waiting = list(units)
        with self._lock:
            for unit in waiting:
                step = self._steps.setdefault(unit.step, _Step(units_left=0))
                step.units_left += 1
                if step.units_left == 1:
                    self._tell(unit, "waiting")
        return [self._pool.submit(self._work, unit) for unit in waiting]

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
            self._ended(unit, 0, [gap])
            return None
        self._ended(unit, reading.items, reading.gaps)
        return reading.value

    def _read(self, unit: Unit[T]) -> Reading[T]:
        if self._expired:
            raise self._expired
        try:
            return unit.read()
        except CredentialsExpired as error:
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
