"""The pages and answers of findings with 50,000 of them, beside a static file of the same size, in one run.

    make bench BENCH=bench/findings.py
    PYTHONPATH=.:tests .venv/bin/python bench/findings.py --findings 50000

What is waste in the demo company, many times over, in 500 accounts and 17 Regions, and its findings in the
state; the hourly load is left out, for nothing is measured of judging here. The dashboard is a process of its
own, asked over HTTP by 1 and by 50 clients that keep their connections. "new" addresses were never asked
before, so each answer is made; "again" is one address asked again and again; "static" is a file of as many
bytes, sent by the same web server. The goal is for one client and new addresses.
"""

from __future__ import annotations

import argparse
import asyncio
import http.client
import itertools
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import brotli

from bench.scale.estate import Copies, demo_snapshot, other_kinds
from bench.serving import DASHBOARD, STATIC, cpu_seconds, free_port, running
from plainbill.analyzer.lifecycle import advance
from plainbill.analyzer.reading import arns
from plainbill.analyzer.registry import all_checks
from plainbill.app.views.judged import judge
from plainbill.model.resources import Ec2Instance, Resource
from plainbill.storage import Home, Snapshot, SnapshotStore, State

GOAL = 0.050  # seconds, p99 of the page of findings for one client
ACCOUNTS, CLIENTS = 500, (1, 50)
REGIONS = (
    "us-east-1", "us-east-2", "us-west-1", "us-west-2", "eu-central-1", "eu-west-1", "eu-west-2", "eu-west-3",
    "eu-north-1", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-southeast-1",
    "ap-southeast-2", "ca-central-1", "sa-east-1",
)  # fmt: skip
Address = Callable[[int], str]


@dataclass(frozen=True)
class Question:
    """Addresses of one kind: ``at(n)`` is the n-th, and no two are the same."""

    name: str
    at: Address
    requests: int = 200


def anyhow(path: str, *names: str) -> Address:
    """Addresses that mean the same: fields left empty, in every order."""
    orders = list(itertools.permutations(names))
    return lambda number: f"{path}?{'&'.join(f'{name}=' for name in orders[number])}"


FIELDS = ("account", "region", "service", "check", "action", "q")
QUESTIONS = (
    Question("page, first", anyhow("/findings", *FIELDS)),
    Question("page, sorted by resource", lambda n: f"/findings?sort=-name&page={1 + n}"),
    Question("page, of an account", lambda n: f"/findings?account={account(n)}"),
    Question("page, searched", lambda n: f"/findings?q=ebs+{n}"),
    Question("page, deep", lambda n: f"/findings?page={1500 - n}"),
    Question("JSON, first", anyhow("/api/findings", *FIELDS)),
    Question("JSON, sorted by Region", lambda n: f"/api/findings?sort=region&page={1 + n}"),
    Question("JSON, 500 of them", lambda n: f"/api/findings?size=500&page={1 + n}", 60),
    Question("coverage, page", anyhow("/coverage", *FIELDS[:4]), 10),
    Question("coverage, one account", lambda n: f"/coverage?account={account(n)}", 60),
    Question("coverage, JSON of an account", lambda n: f"/api/coverage?account={account(n)}", 60),
    Question("CSV of everything", anyhow("/api/findings.csv", *FIELDS), 4),
    Question("CSV of an account", lambda n: f"/api/findings.csv?account={account(n)}", 60),
)


def account(number: int) -> str:
    return f"{100_000_000_000 + number:012}"


@dataclass(frozen=True)
class Measured:
    times: list[float]
    wire: int
    plain: int

    def at(self, share: float) -> float:
        """The time, in milliseconds, that this share of the requests did not pass (nearest rank)."""
        ordered = sorted(self.times)
        return ordered[max(0, -(-len(ordered) * int(share * 100) // 100) - 1)] * 1e3


def main() -> int:
    """Print the table; 1 where the goal is missed."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("--findings", type=int, default=50_000)
    parser.add_argument("--home", type=Path, help="a folder that keeps the estate for the next time")
    wanted = parser.parse_args()
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="plainbill-bench-")))
        home = wanted.home or scratch / "home"
        if SnapshotStore(Home(home).snapshots).latest() is None:
            remember(home, wasteful(demo_snapshot(scratch), home, wanted.findings))
        port = free_port()
        pid = stack.enter_context(running([sys.executable, "-c", DASHBOARD, str(home), str(port)], port))
        print(f"the first answer after the start: {asked(port, '/findings').times[0]:.2f} s")
        print(f"{'':30} clients          p50 ms   p99 ms  wire KB  plain KB p50 to static")
        missed = [tell(question, port, scratch) for question in QUESTIONS]
        status = Path(f"/proc/{pid}/status").read_text()
        peak = int(status.partition("VmHWM:")[2].split()[0]) // 1024
        print(f"the dashboard: peak {peak:,} MiB, {cpu_seconds(pid):.0f} s of CPU")
    return int(any(missed))


def tell(question: Question, port: int, scratch: Path) -> bool:
    """Measure one question in every way; say whether it is a page of findings that misses the goal."""
    first = asked(port, question.at(0))
    missed = False
    with static_file(scratch, first.wire) as static:
        for turn, clients in enumerate(CLIENTS):
            start = 1 + turn * question.requests
            unasked = [question.at(n) for n in range(start, start + question.requests)]
            new = asyncio.run(measured(port, unasked, clients))
            again = asyncio.run(measured(port, [question.at(0)] * question.requests, clients))
            limit = asyncio.run(measured(static, ["/"] * question.requests, clients))
            for kind, one in (("new", new), ("again", again), ("static", limit)):
                print(
                    f"{question.name:30} {clients:7} {kind:6} {one.at(0.5):8.1f} {one.at(0.99):8.1f} "
                    f"{one.wire / 1000:8.1f} {first.plain / 1000:9.1f} {one.at(0.5) / limit.at(0.5):13.1f}"
                )
            missed |= clients == 1 and question.name.startswith("page") and new.at(0.99) > GOAL * 1e3
    return missed


def asked(port: int, path: str) -> Measured:
    """Ask once; with the size of the answer unpacked."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    started = time.perf_counter()
    connection.request("GET", path, headers={"Accept-Encoding": "br"})
    answer = connection.getresponse()
    body = answer.read()
    took = time.perf_counter() - started
    assert answer.status == 200, (path, body[:500])
    connection.close()
    is_packed = answer.headers["content-encoding"] == "br"
    return Measured([took], len(body), len(brotli.decompress(body)) if is_packed else len(body))


async def measured(port: int, paths: list[str], clients: int) -> Measured:
    """Ask for all paths, each client for its share, one after another."""
    left, times, sizes = iter(paths), [], []

    async def client() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**26)
        for path in left:
            started = time.perf_counter()
            writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: br\r\n\r\n".encode())
            sizes.append(await answer(reader))
            times.append(time.perf_counter() - started)
        writer.close()
        await writer.wait_closed()

    await asyncio.gather(*(client() for _ in range(clients)))
    return Measured(times, sum(sizes) // len(sizes), 0)


async def answer(reader: asyncio.StreamReader) -> int:
    """Read one answer, whole or in chunks; return the bytes of its body."""
    head = await reader.readuntil(b"\r\n\r\n")
    assert head[9:12] == b"200", head
    length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
    if length:
        return len(await reader.readexactly(int(length[1])))
    size = 0
    while chunk := int(await reader.readline(), 16):
        size += len(await reader.readexactly(chunk))
        await reader.readexactly(2)
    await reader.readexactly(2)
    return size


@contextmanager
def static_file(scratch: Path, size: int) -> Iterator[int]:
    """Serve a file of so many bytes; yield the port."""
    (scratch / "file").write_bytes(os.urandom(size))
    port = free_port()
    with running([sys.executable, "-c", STATIC, str(scratch), str(port)], port):
        yield port


def wasteful(seed: Snapshot, home: Path, findings: int) -> Snapshot:
    """Write copies of what is waste in the demo company until there are so many findings of it."""
    store, checks = SnapshotStore(Home(home).snapshots), all_checks()
    waste = {one.resource.arn: one.resource for one in judge(seed, checks).report.findings}
    made = Copies(seed, places=[(account(n), region) for n in range(ACCOUNTS) for region in REGIONS])
    made.accounts.update({account(n): f"account {n}" for n in range(ACCOUNTS)})
    add_copy(made, list(waste.values()), 0)
    each = len(judge(store.write(replace(made.collected(), run_id="one")), checks).report.findings)
    for copy in range(1, -(-findings // each)):
        add_copy(made, list(waste.values()), copy)
    return store.write(made.collected())


def add_copy(made: Copies, waste: Sequence[Resource], copy: int) -> None:
    """Add the resources to accounts and Regions that no other copy has both of."""
    old_accounts = list(made.seed.manifest.accounts)
    old_regions = sorted({region for _, region in made.seed.manifest.places})
    groups = ACCOUNTS // len(old_accounts)
    turn, first = copy // groups * len(old_regions), copy % groups * len(old_accounts)
    names = {old: account(first + n) for n, old in enumerate(old_accounts)}
    names |= {old: REGIONS[(turn + n) % len(REGIONS)] for n, old in enumerate(old_regions)}
    made.add_instances([one for one in waste if isinstance(one, Ec2Instance)], names, copy)
    for kind in other_kinds():
        made.add_others([one for one in waste if type(one) is kind], names, copy)
    made.load.clear()


def remember(home: Path, snapshot: Snapshot) -> None:
    """Judge it and keep its findings in the state, as the end of a refresh does."""
    judged = judge(snapshot, all_checks())
    path, context = Home(home).state_db, judged.context
    state, took = State(path), []
    for now in (context.now, context.now + timedelta(days=1)):
        moved = partial(advance, report=judged.report, present=arns(context), now=now)
        started = time.perf_counter()
        state.advance_findings(moved)
        took.append(time.perf_counter() - started)
    wal = path.with_name(f"{path.name}-wal").stat().st_size / 2**20
    print(
        f"{len(judged.report.findings):,} findings kept in the state in {took[0]:.2f} s, moved on by the "
        f"next reading in {took[1]:.2f} s, one transaction each; {path.stat().st_size / 2**20:.0f} MiB, "
        f"its log {wal:.0f} MiB"
    )
    state.close()


if __name__ == "__main__":
    sys.exit(main())
