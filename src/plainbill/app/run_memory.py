"""What the state remembers of refreshes, read again only when it may have changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from plainbill.app.once import Once
from plainbill.model.period import midnight, month_start
from plainbill.model.run import Run, RunState
from plainbill.model.spending import RUNS_LOOKED_AT
from plainbill.storage import State
from plainbill.storage.expected import cost_requests_made


@dataclass(frozen=True, slots=True)
class Remembered:
    """Runs, newest first; what this month's cost, lowest and highest; the day's Cost Explorer calls."""

    runs: Sequence[Run]
    month_spend: tuple[Decimal, Decimal]
    requests_today: int


class _Moment(NamedTuple):
    """Equal for moments between which nothing was committed: by whoever, on a day, in or out of a refresh."""

    version: int
    day: date
    is_refreshing: bool


class RunMemory:
    """Answers from memory, so that a crowd of readers does not queue for the one connection of the state."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._remembered = Once(2, self._read)

    def __call__(self, version: int, now: datetime, *, is_refreshing: bool) -> Remembered:
        """Return what is remembered; ``version`` is the state's."""
        moment = _Moment(version, now.date(), is_refreshing)
        remembered = self._remembered(moment)
        # A run that nobody works on has died, and nothing is committed when a process dies.
        is_open = any(run.state is RunState.RUNNING for run in remembered.runs)
        return self._read(moment) if is_open and not is_refreshing else remembered

    def _read(self, moment: _Moment) -> Remembered:
        return Remembered(
            runs=self._state.runs(RUNS_LOOKED_AT),
            month_spend=self._state.api_spend(midnight(month_start(moment.day))),
            requests_today=cost_requests_made(self._state, midnight(moment.day)),
        )
