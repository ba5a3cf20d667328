"""Would a refresh end sooner if units began by the seconds they took last time, and not by how much there is?

    make bench BENCH=bench/schedule.py
    .venv/bin/python bench/schedule.py [--latency-ms 80] [--workers 32]

Two refreshes of the demo company, all checks, each answer so late, with the seconds of every unit of work
written down. Then the second's seconds are laid out on that many workers by plain list scheduling, a
computation without any clock: in the order of what was expected (as now), of the first refresh's seconds, of
the second's own (which nobody can know before), and as they come. No order can end sooner than the longest
unit, or all of them spread evenly. What a unit waits for (Regions before instances before metrics) is left
out, so the gain of a better order is, if anything, too large.
"""

from __future__ import annotations

import argparse
import heapq
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from time import perf_counter
from typing import Any

from aws import connected
from factories import NOW
from plainbill.analyzer.registry import all_checks
from plainbill.data_fetcher.crew import Crew, Unit
from plainbill.demo.call import Options
from plainbill.demo.server import DemoEndpoint
from plainbill.pipeline import refresh
from plainbill.settings import Settings
from plainbill.storage import Home, SnapshotStore, State

Timed = tuple[Unit[Any], float]
"""A unit and the seconds it took."""


def main(arguments: Sequence[str]) -> int:
    """Print how long each order takes, beside what no order can beat."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("--latency-ms", type=float, default=80)
    parser.add_argument("--workers", type=int, default=32)
    given = parser.parse_args(arguments)
    options = Options(latency=given.latency_ms / 1000, jitter=given.latency_ms / 4000)
    with tempfile.TemporaryDirectory() as folder, DemoEndpoint(now=NOW, options=options) as aws:
        first = timed(aws, Path(folder), NOW - timedelta(days=1))
        second = timed(aws, Path(folder), NOW)
    before = {unit.step: 0.0 for unit, _ in first}
    for unit, seconds in first:
        before[unit.step] = max(before[unit.step], seconds)
    took = [seconds for _, seconds in second]
    least = max(*took, sum(took) / given.workers)
    orders: dict[str, Callable[[Timed], float]] = {
        "what is expected (as now)": lambda one: -one[0].weight,
        "the last refresh's seconds": lambda one: -before.get(one[0].step, float("inf")),
        "this refresh's own seconds": lambda one: -one[1],
        "as they come": lambda _: 0.0,
    }
    print(f"{len(second):,} units, {sum(took):.0f} s of work, the longest {max(took):.1f} s")
    for name, order in orders.items():
        end = makespan([seconds for _, seconds in sorted(second, key=order)], given.workers)
        print(f"{name:30} {end:6.2f} s  {end / least:5.2f} of what no order can beat")
    return 0


def makespan(seconds: Sequence[float], workers: int) -> float:
    """Return when the last unit ends: each begins, in order, on the worker that is free first."""
    free = [0.0] * workers
    for one in seconds:
        heapq.heapreplace(free, free[0] + one)
    return max(free)


def timed(aws: DemoEndpoint, folder: Path, now: datetime) -> list[Timed]:
    """Refresh once; return the units in the order in which they were handed over."""
    home = Home(folder)
    store, state = SnapshotStore(home.snapshots), State(home.state_db)
    with watched() as found, connected(aws.environment) as connector:
        refresh(connector, store, state, Settings(aws_opinions=False), now, lambda _: None, all_checks())
    state.close()
    return [found[number] for number in sorted(found)]


@contextmanager
def watched() -> Iterator[dict[int, Timed]]:
    """Write down how long each unit of the crew with many hands takes."""
    found: dict[int, Timed] = {}
    start, stream, numbers = Crew.start, Crew.stream, count()

    def timing(unit: Unit[Any]) -> Unit[Any]:
        if unit.source.startswith("cost_explorer"):  # one after another, whatever their order
            return unit
        number = next(numbers)

        def read() -> Any:
            started = perf_counter()
            try:
                return unit.read()
            finally:
                found[number] = unit, perf_counter() - started

        return replace(unit, read=read)

    Crew.start = lambda crew, units: start(crew, map(timing, units))  # type: ignore[assignment,method-assign]
    Crew.stream = lambda crew, units, at_once: stream(crew, map(timing, units), at_once)  # type: ignore[assignment,method-assign]
    try:
        yield found
    finally:
        Crew.start, Crew.stream = start, stream  # type: ignore[method-assign]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
