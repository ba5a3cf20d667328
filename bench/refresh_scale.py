"""How long a refresh of a large fleet takes, what it holds in memory, and what it asks and costs.

    make bench BENCH=bench/refresh_scale.py
    .venv/bin/python bench/refresh_scale.py --sizes 1000 10000 100000 --days 14
    .venv/bin/python bench/refresh_scale.py --sizes 10000 --profile

Against the demo endpoint's estate of that many instances in 20 accounts x 10 Regions, without latency, on the
machine's own cores (the endpoint, in a process of its own, has to share them; its CPU is told apart). Each
size is two refreshes of one home: all that a first one reads, and the next day's. The checks are those of EC2
instances: describing, metrics in two phases, storing, verdicts.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import os
import pstats
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import wraps
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from typing import Any, TypeVar

from plainbill import pipeline
from plainbill.analyzer.registry import all_checks
from plainbill.aws_connector import Connector
from plainbill.data_fetcher import all_reads
from plainbill.model.period import utc_now
from plainbill.model.resources import Ec2Instance
from plainbill.model.run import Run
from plainbill.settings import load_settings
from plainbill.storage import Home, SnapshotStore, State
from plainbill.storage import without_network as unasked

T = TypeVar("T")
STEPS = ("collect", "ask_for_prices", "move_on")
"""Functions of the pipeline that are timed; what is left of a refresh is storing."""


def main() -> int:
    """Print a line a size and refresh."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 10_000], help="instances")
    parser.add_argument("--accounts", type=int, default=20)
    parser.add_argument("--regions", type=int, default=10)
    parser.add_argument("--days", type=int, default=60, help="of metrics")
    parser.add_argument("--days-between", type=int, default=1, help="from the first to the second refresh")
    parser.add_argument("--profile", action="store_true", help="say where the time goes, slower")
    parser.add_argument("--only-first", action="store_true", help="leave out the second refresh")
    parser.add_argument("--home", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--at", type=datetime.fromisoformat, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.home:
        return _one(args.home, args.at, profile=args.profile)
    for size in args.sizes:
        _sized(size, args)
    return 0


def _sized(size: int, args: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory() as folder, _endpoint(size, args) as environment:
        variables = {**os.environ, **environment, "PLAINBILL_METRIC_DAYS": str(args.days)}
        now = utc_now()
        for number in range(1 if args.only_first else 2):
            at = now - timedelta(days=args.days_between * (1 - number))
            command = [sys.executable, __file__, "--home", folder, "--at", at.isoformat()]
            command += ["--profile"] if args.profile else []
            before = getrusage(RUSAGE_CHILDREN)
            started = time.perf_counter()
            done = subprocess.run(command, env=variables, stdout=subprocess.PIPE, text=True, check=True)
            wall, after = time.perf_counter() - started, getrusage(RUSAGE_CHILDREN)
            cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            *profile, told = done.stdout.strip().splitlines()
            print(f"{size:,} instances, {('first', 'second')[number]}: {wall:.1f} s, {cpu:.1f} s CPU, {told}")
            print("\n".join(profile), end="\n" if profile else "", flush=True)


@contextmanager
def _endpoint(size: int, args: argparse.Namespace) -> Iterator[dict[str, str]]:
    command = [sys.executable, "-m", "plainbill.demo.server", "--port", "0", "--instances", str(size)]
    command += ["--accounts", str(args.accounts), "--regions", str(args.regions)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        assert server.stdin
        try:
            environment: dict[str, str] = json.loads(server.stdout.readline())["environment"]
            yield environment
        finally:
            server.stdin.close()
            server.wait()


def _one(folder: Path, now: datetime, *, profile: bool) -> int:
    """Refresh once in this process; print what it took."""
    seconds: dict[str, float] = defaultdict(float)
    for name in STEPS:
        setattr(pipeline, name, _timed(name, getattr(pipeline, name), seconds))
    profiler = cProfile.Profile()
    if profile:
        profiler.enable()
    started = time.perf_counter()
    run, store = _refresh(folder, now)
    seconds["refresh"] = time.perf_counter() - started
    if profile:
        profiler.disable()
        pstats.Stats(profiler).sort_stats("tottime").print_stats(25)
    peak = getrusage(RUSAGE_SELF).ru_maxrss / 1024
    print(_told(run, store, seconds, peak))
    return 0


def _refresh(folder: Path, now: datetime) -> tuple[Run, SnapshotStore]:
    settings, home = load_settings(), Home(folder)
    store, state = SnapshotStore(home.snapshots), State(home.state_db)
    checks = [check for check in all_checks() if check.resource is Ec2Instance and check.id.endswith(ENDINGS)]
    secret = settings.external_id.get_secret_value() if settings.external_id else None
    with Connector.open(all_reads(), role_arns=settings.role_arns, external_id=secret) as connector:
        return pipeline.refresh(connector, store, state, settings, now, lambda _: None, checks), store


ENDINGS = ("_idle", "_oversized", "_schedulable")


def _timed(name: str, work: Callable[..., T], seconds: dict[str, float]) -> Callable[..., T]:
    @wraps(work)
    def timed(*args: Any, **more: Any) -> T:
        started = time.perf_counter()
        try:
            return work(*args, **more)
        finally:
            seconds[name] += time.perf_counter() - started

    return timed


def _told(run: Run, store: SnapshotStore, seconds: dict[str, float], peak: float) -> str:
    snapshot = store.latest()
    assert snapshot is not None
    load = snapshot.utilization()
    calls = {cost.operation: cost for cost in run.operations}
    metrics = calls["GetMetricData"]
    reading = seconds["collect"] - seconds["ask_for_prices"]
    storing = seconds["refresh"] - seconds["collect"] - seconds["move_on"]
    size = sum(file.size for file in snapshot.manifest.files.values()) / 1e6
    return (
        f"peak {peak:,.0f} MB; reading {reading:.1f} s, prices {seconds['ask_for_prices']:.1f} s, storing "
        f"{storing:.1f} s, verdicts {seconds['remember_findings']:.1f} s; {run.state}, {len(run.gaps)} gaps; "
        f"{metrics.calls} GetMetricData (${metrics.low:.4f} to ${metrics.high:.4f}), "
        f"{calls['DescribeInstances'].calls} DescribeInstances, {run.calls} calls in all; network asked of "
        f"{len(load) - len(unasked(load)):,} of {len(load):,} that run; snapshot {size:,.0f} MB"
    )


if __name__ == "__main__":
    sys.exit(main())
