"""What fanning out costs: 1,000 calls to 400 (account, Region) pairs that each take 80 ms to answer.

    .venv/bin/python bench/fanout.py [--asyncio PYTHON] [--calls 1000] [--workers 16 32 64] [--only-tls]

Ways, each in a process of its own, one after the other, over plain HTTP and over TLS:

``ours``       threads, the connector's own door: a client a Region and service, one TLS context
``ours, stock TLS``  the same without the shared context, as botocore does it
``pairs``      threads, the usual recipe: a session's client for each account, Region and service
``processes``  two processes of ``ours``, each with half of the calls and workers
``aiobotocore``, ``raw asyncio``  by ``fanout_async.py`` in another environment (PYTHON has aiobotocore)

Cold is the first round (clients and connections are made), warm the second. CPU and memory (the highest)
are the client's alone. Several rounds on a shared machine differ: trust the ratios, which are printed.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice, product
from pathlib import Path
from typing import Any

import botocore.session
from botocore.config import Config
from botocore.credentials import Credentials

from plainbill.aws_connector import tls
from plainbill.aws_connector.credentials import Identity
from plainbill.aws_connector.door import Door
from plainbill.aws_connector.reads import Read

HERE = Path(__file__).parent
READS = (Read("ec2", "DescribeInstances", "instances"), Read("rds", "DescribeDBInstances", "databases"))
ACCOUNTS, REGIONS = 20, 20
KEYS = {"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": "no-secret"}
Ask = Callable[[int, str, Read], object]


@dataclass(frozen=True)
class Round:
    """What one round cost: seconds, seconds of CPU, and the most memory so far in MB."""

    wall: float
    cpu: float
    memory: float


def places() -> Iterator[tuple[int, str, Read]]:
    """Yield what to ask, for ever: every account in every Region, one service after the other."""
    while True:
        for read, region, account in product(READS, range(REGIONS), range(ACCOUNTS)):
            yield account, f"region-{region}", read


def ours() -> Ask:
    door = Door(READS, "us-east-1")
    identities = [
        Identity(f"{number:012}", Credentials(f"AKIA{number}", "no-secret"), "") for number in range(ACCOUNTS)
    ]

    def ask(account: int, region: str, read: Read) -> object:
        page = {"MaxResults": 100} if read.service == "ec2" else {}
        return door.ask(identities[account], region, read.service, read.operation, page)

    return ask


def ours_stock_tls() -> Ask:
    vars(tls)["_pool_settings"] = lambda _client: None  # as where botocore is not as expected
    return ours()


def pairs() -> Ask:
    session, clients = botocore.session.Session(), dict[tuple[int, str, str], Any]()
    config = Config(max_pool_connections=32, retries={"mode": "standard"})

    def ask(account: int, region: str, read: Read) -> object:
        key = account, region, read.service
        if key not in clients:
            clients[key] = session.create_client(read.service, region, config=config)
        client = clients[key]
        return (
            client.describe_instances(MaxResults=100)
            if read.service == "ec2"
            else client.describe_db_instances()
        )

    return ask


WAYS: dict[str, Callable[[], Ask]] = {"ours": ours, "ours, stock TLS": ours_stock_tls, "pairs": pairs}


def measured(run: Callable[[], object]) -> Round:
    wall, cpu = time.perf_counter(), time.process_time()
    run()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Round(time.perf_counter() - wall, time.process_time() - cpu, memory)


def child(way: str, calls: int, workers: int) -> None:
    """Do both rounds and print them."""
    ask = WAYS[way]()
    wanted = list(islice(places(), calls))
    with ThreadPoolExecutor(workers) as threads:
        rounds = [measured(lambda: list(threads.map(lambda one: ask(*one), wanted))) for _ in range(2)]
    print(json.dumps([vars(one) for one in rounds]))


@contextmanager
def endpoint(latency: float, *, is_tls: bool) -> Iterator[dict[str, str]]:
    """Start the endpoint and yield the environment of its clients."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, str(HERE / "delayed_endpoint.py"), folder, f"--latency-ms={latency}"]
        with subprocess.Popen([*command, *["--tls"] * is_tls], stdout=subprocess.PIPE, text=True) as server:
            assert server.stdout
            url = server.stdout.readline().strip()
            trust = {"AWS_CA_BUNDLE": f"{folder}/bundle.pem"} if is_tls else {}
            try:
                yield {**os.environ, **KEYS, **trust, "AWS_ENDPOINT_URL": url}
            finally:
                server.terminate()


def rounds_of(command: list[str], environment: dict[str, str], times: int = 1) -> list[Round]:
    """Run a client, or several at the same time, and return what the rounds cost in all."""
    started = [
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) for _ in range(times)
    ]
    answers = [json.loads(one.communicate()[0]) for one in started]
    return [
        Round(
            max(one["wall"] for one in same),
            sum(one["cpu"] for one in same),
            sum(one["memory"] for one in same),
        )
        for same in zip(*answers, strict=True)
    ]


def ways(given: argparse.Namespace, workers: int) -> Iterator[tuple[str, list[str], int]]:
    def command(way: str, share: int = 1) -> list[str]:
        parts = ["--calls", str(given.calls // share), "--workers", str(workers // share)]
        return [sys.executable, __file__, "--child", way, *parts]

    for way in WAYS:
        yield way, command(way), 1
    yield "processes", command("ours", share=2), 2
    if given.asyncio:
        for way in ("aiobotocore", "raw asyncio"):
            file = str(HERE / "fanout_async.py")
            yield way, [given.asyncio, file, way, str(given.calls), str(workers)], 1


def main(given: argparse.Namespace) -> None:
    print(f"{given.calls} calls, {ACCOUNTS * REGIONS} pairs, {given.latency_ms:.0f} ms")
    for is_tls, workers in product((True,) if given.only_tls else (False, True), given.workers):
        bound = given.calls * given.latency_ms / 1000 / workers
        print(f"\n{'TLS' if is_tls else 'plain HTTP'}, {workers} at once (no faster than {bound:.1f} s)")
        print(f"{'':18}{'cold s':>8}{'CPU':>7}{'x':>6}{'warm s':>9}{'CPU':>7}{'x':>6}{'MB':>7}")
        base: list[Round] = []
        with endpoint(given.latency_ms, is_tls=is_tls) as environment:
            for way, command, times in ways(given, workers):
                cold, warm = rounds_of(command, environment, times)
                base = base or [cold, warm]
                print(
                    f"{way:18}{cold.wall:8.1f}{cold.cpu:7.1f}{cold.cpu / base[0].cpu:6.1f}"
                    f"{warm.wall:9.1f}{warm.cpu:7.1f}{warm.cpu / base[1].cpu:6.1f}{warm.memory:7.0f}",
                    flush=True,
                )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--child", choices=WAYS)
    parser.add_argument("--calls", type=int, default=1000)
    parser.add_argument("--workers", type=int, nargs="+", default=[32])
    parser.add_argument("--latency-ms", type=float, default=80)
    parser.add_argument("--only-tls", action="store_true")
    parser.add_argument("--asyncio", metavar="PYTHON", help="an interpreter that has aiobotocore")
    arguments = parser.parse_args()
    if arguments.child:
        child(arguments.child, arguments.calls, arguments.workers[0])
    else:
        main(arguments)
