"""How long a refresh of a large fleet takes, what it holds in memory, and what it asks and costs.

    make bench BENCH=bench/refresh_scale.py
    .venv/bin/python bench/refresh_scale.py --sizes 1000 10000 100000 --days 14
    .venv/bin/python bench/refresh_scale.py --sizes 10000 --profile

Against the demo endpoint's estate of that many instances in 20 accounts x 10 Regions, without latency unless
it is asked for, on the machine's own cores (the endpoint, in a process of its own, has to share them; its CPU
is told apart). Each size is two refreshes of one home: all that a first one reads, and the next day's. The
checks are those of EC2 instances: describing, metrics in two phases, storing, verdicts. The quota floor is
the time that AWS's published rates, or those we chose where it publishes none, take at the least for what was
asked: the most of requests (or datapoints) a second over the buckets of each account and Region.
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
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from threading import Lock
from typing import Any, TypeVar

from plainbill import pipeline
from plainbill.analyzer.registry import all_checks
from plainbill.aws_connector import Connector
from plainbill.aws_connector.rates import Toll
from plainbill.aws_connector.throttle import Place, Throttle
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
    parser.add_argument("--latency-ms", type=float, default=0, help="of each answer, besides computing it")
    parser.add_argument("--throttle", action="store_true", help="let the endpoint refuse as AWS does")
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
    with tempfile.TemporaryDirectory() as folder, _endpoint(size, args) as (environment, server):
        variables = {**os.environ, **environment, "PLAINBILL_METRIC_DAYS": str(args.days)}
        now = utc_now()
        for number in range(1 if args.only_first else 2):
            at = now - timedelta(days=args.days_between * (1 - number))
            command = [sys.executable, __file__, "--home", folder, "--at", at.isoformat()]
            command += ["--profile"] if args.profile else []
            before, served = getrusage(RUSAGE_CHILDREN), _cpu_of(server)
            started = time.perf_counter()
            done = subprocess.run(command, env=variables, stdout=subprocess.PIPE, text=True, check=True)
            wall, after = time.perf_counter() - started, getrusage(RUSAGE_CHILDREN)
            cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            *profile, told = done.stdout.strip().splitlines()
            beside = f"the endpoint's own {_cpu_of(server) - served:.1f} s CPU, load {os.getloadavg()[0]:.1f}"
            print(
                f"{size:,} instances, {('first', 'second')[number]}: {wall:.1f} s, {cpu:.1f} s CPU "
                f"({beside}), {told}"
            )
            print("\n".join(profile), end="\n" if profile else "", flush=True)


@contextmanager
def _endpoint(size: int, args: argparse.Namespace) -> Iterator[tuple[dict[str, str], int]]:
    command = [sys.executable, "-m", "plainbill.demo.server", "--port", "0", "--instances", str(size)]
    command += ["--accounts", str(args.accounts), "--regions", str(args.regions)]
    command += ["--latency-ms", str(args.latency_ms), *(["--throttle"] if args.throttle else [])]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        assert server.stdin
        try:
            environment: dict[str, str] = json.loads(server.stdout.readline())["environment"]
            yield environment, server.pid
        finally:
            server.stdin.close()
            server.wait()


def _cpu_of(process: int) -> float:
    """Return the seconds of CPU that a process, which has not ended, took so far."""
    _, _, fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")
    return sum(map(int, fields.split()[11:13])) / os.sysconf("SC_CLK_TCK")


def _one(folder: Path, now: datetime, *, profile: bool) -> int:
    """Refresh once in this process; print what it took."""
    spent: dict[str, Spent] = defaultdict(Spent)
    for name in STEPS:
        setattr(pipeline, name, _timed(getattr(pipeline, name), spent[name]))
    taken = _watched(Throttle)
    profiler = cProfile.Profile(time.process_time)
    if profile:
        profiler.enable()
    run, store = _timed(_refresh, spent["refresh"])(folder, now)
    if profile:
        profiler.disable()
        pstats.Stats(profiler).sort_stats("tottime").print_stats(25)
    print(f"{_told(run, store, spent)}; {_floor(taken, spent['refresh'].wall)}")
    return 0


def _refresh(folder: Path, now: datetime) -> tuple[Run, SnapshotStore]:
    settings, home = load_settings(), Home(folder)
    store, state = SnapshotStore(home.snapshots), State(home.state_db)
    checks = [check for check in all_checks() if check.resource is Ec2Instance and check.id.endswith(ENDINGS)]
    secret = settings.external_id.get_secret_value() if settings.external_id else None
    with Connector.open(all_reads(), role_arns=settings.role_arns, external_id=secret) as connector:
        return pipeline.refresh(connector, store, state, settings, now, lambda _: None, checks), store


ENDINGS = ("_idle", "_oversized", "_schedulable")


Taken = dict[tuple[Place, str], list[float]]
"""By place and bucket: what all requests took of it, and how much a second AWS allows."""


def _watched(throttle: type[Throttle]) -> Taken:
    """Note from now on what each request takes of AWS's token buckets."""
    taken: Taken = defaultdict(lambda: [0.0, 1.0])
    lock, take = Lock(), throttle.take

    def noting(self: Throttle, place: Place, tolls: Sequence[Toll], at_least: float = 0.0) -> None:
        with lock:
            for toll in tolls:
                one = taken[place, toll.bucket]
                one[0] += toll.cost
                one[1] = PUBLISHED.get(toll.bucket, toll.rate.a_second)
        take(self, place, tolls, at_least)

    throttle.take = noting  # type: ignore[method-assign]  # of this process only
    return taken


PUBLISHED = {"datapoints": 396_000.0, "recent datapoints": 180_000.0}
"""What AWS allows a second where Plainbill keeps to less."""


def _floor(taken: Taken, wall: float) -> str:
    """Say in how many seconds AWS's quotas let all of it be asked at the soonest, and by which of them."""
    (place, bucket), (cost, rate) = max(taken.items(), key=lambda one: one[1][0] / one[1][1])
    floor = cost / rate
    return (
        f"quota floor {floor:.2f} s = {cost:,.0f} / {rate:,.0f} a second of {bucket} in {place[1]} of "
        f"{place[0]}; wall : floor {wall / floor:.1f}"
    )


@dataclass
class Spent:
    """Seconds of the wall's clock and of CPU, of all threads, and the peak of memory (MB) at the end."""

    wall: float = 0.0
    cpu: float = 0.0
    peak: float = 0.0

    def without(self, *others: Spent) -> str:
        """Say what is left when what was spent on parts of it is taken off."""
        wall = self.wall - sum(other.wall for other in others)
        cpu = self.cpu - sum(other.cpu for other in others)
        return f"{wall:.1f} s ({cpu:.1f} s CPU, peak so far {self.peak:,.0f} MB)"


def _timed(work: Callable[..., T], spent: Spent) -> Callable[..., T]:
    @wraps(work)
    def timed(*args: Any, **more: Any) -> T:
        wall, cpu = time.perf_counter(), time.process_time()
        try:
            return work(*args, **more)
        finally:
            spent.wall += time.perf_counter() - wall
            spent.cpu += time.process_time() - cpu
            spent.peak = getrusage(RUSAGE_SELF).ru_maxrss / 1024

    return timed


def _told(run: Run, store: SnapshotStore, spent: dict[str, Spent]) -> str:
    snapshot = store.latest()
    assert snapshot is not None
    load = snapshot.utilization()
    calls = {cost.operation: cost for cost in run.operations}
    metrics = calls["GetMetricData"]
    whole, collecting, prices, judging = (spent[name] for name in ("refresh", *STEPS))
    size = sum(file.size for file in snapshot.manifest.files.values()) / 1e6
    return (
        f"peak {whole.peak:,.0f} MB; reading {collecting.without(prices)}, prices {prices.without()}, "
        f"storing {whole.without(collecting, judging)}, verdicts {judging.without()}; "
        f"{run.state}, {len(run.gaps)} gaps; "
        f"{metrics.calls} GetMetricData (${metrics.low:.4f} to ${metrics.high:.4f}), "
        f"{calls['DescribeInstances'].calls} DescribeInstances, {run.calls} calls in all; network asked of "
        f"{len(load) - len(unasked(load)):,} of {len(load):,} that run; snapshot {size:,.0f} MB"
    )


if __name__ == "__main__":
    sys.exit(main())
