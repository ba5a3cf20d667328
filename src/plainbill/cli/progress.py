"""Progress of a refresh on a terminal: one bar for each source, on stderr."""

from __future__ import annotations

from collections import defaultdict
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from plainbill.model.progress import Progress

_ENDS = frozenset({"done", "gap"})


class ProgressBars:
    """Draws what it is told; silent where stderr is not a terminal."""

    def __init__(self) -> None:
        console = Console(stderr=True)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        self._bars = Bars(*columns, console=console, disable=not console.is_terminal)
        self._tasks: dict[str, TaskID] = {}
        self._steps: defaultdict[str, dict[tuple[str | None, str | None], bool]] = defaultdict(dict)

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()

    def __call__(self, step: Progress) -> None:
        """Show that a step has changed its state."""
        if step.source not in self._tasks:
            self._tasks[step.source] = self._bars.add_task(step.source.replace("_", " "), total=None)
        steps = self._steps[step.source]
        steps[step.account_id, step.region] = step.state in _ENDS
        self._bars.update(self._tasks[step.source], total=len(steps), completed=sum(steps.values()))
