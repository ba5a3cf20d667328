"""p50 and p99 of every page and every file of data for fifty clients at a time, while a refresh runs.

    make bench BENCH=bench/crowd.py

The demo company is refreshed once; the dashboard is a process of its own. Each address of its description is
asked by fifty clients over connections that are kept: first alone, then while ``plainbill refresh`` runs
again and again beside it, from the demo's endpoint, into the same folder. All clients ask the same address,
as people do who look at the same page; new addresses, which are computed, are ``bench/findings.py``'s.
The clients are one thread on the same machine: what an answer waits for them counts as the server's.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench.refresh import refresh
from bench.serving import DASHBOARD, free_port, running
from plainbill.cli.demo import endpoint, isolate

CLIENTS = 50
ASKED = 8  # by each client of each address
NEEDED = {"/api/what-if": "?check=ec2_instance_idle", "/search": "?q=web", "/api/search": "?q=web"}
NOT_ASKED = {"/api/refresh/events"}  # ends when the refresh does

Times = tuple[float, float]  # p50 and p99 in milliseconds


def main() -> None:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="plainbill-bench-")))
        env = dict(os.environ)
        isolate(env, folder)
        env.update(stack.enter_context(endpoint()))
        refresh(env)
        port = free_port()
        serve = [sys.executable, "-c", DASHBOARD, env["PLAINBILL_HOME"], str(port)]
        stack.enter_context(running(serve, port))
        asked = addresses(port)
        alone = asyncio.run(measured(port, asked))
        with refreshing(env) as ended:
            beside = asyncio.run(measured(port, asked))
            while not ended:
                time.sleep(1)
        print(
            f"{CLIENTS} clients, {CLIENTS * ASKED:,} requests an address; {len(ended)} refreshes ended beside"
        )
        print(f"{'':44}{'alone: p50':>12}{'p99 ms':>9}{'refresh: p50':>15}{'p99 ms':>9}{'p99 x':>8}")
        for path in sorted(asked, key=lambda one: -beside[one][1]):
            (p50, p99), (busy50, busy99) = alone[path], beside[path]
            print(f"{path[:44]:44}{p50:12.1f}{p99:9.1f}{busy50:15.1f}{busy99:9.1f}{busy99 / p99:8.1f}")


def addresses(port: int) -> list[str]:
    """Every address of the description that answers to GET, with what it needs."""
    first = json.loads(fetch(port, "/api/findings"))["findings"][0]["finding_id"]
    described = json.loads(fetch(port, "/openapi.json"))["paths"]
    paths = [path for path, methods in described.items() if "get" in methods and path not in NOT_ASKED]
    return [path.replace("{finding_id}", first) + NEEDED.get(path, "") for path in paths]


def fetch(port: int, path: str) -> bytes:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}") as answer:
        return bytes(answer.read())


@contextmanager
def refreshing(env: Mapping[str, str]) -> Iterator[list[float]]:
    """Refresh again and again; the list holds the seconds of those that ended."""
    ended: list[float] = []
    enough = threading.Event()

    def on_and_on() -> None:
        while not enough.is_set():
            started = time.monotonic()
            refresh(env)
            ended.append(time.monotonic() - started)

    thread = threading.Thread(target=on_and_on)
    thread.start()
    try:
        yield ended
    finally:
        enough.set()
        thread.join()


async def measured(port: int, asked: list[str]) -> dict[str, Times]:
    return {path: await crowd(port, path) for path in asked}


async def crowd(port: int, path: str) -> Times:
    times: list[float] = []
    await asyncio.gather(*(client(port, path, times) for _ in range(CLIENTS)))
    times.sort()
    return times[len(times) // 2] * 1e3, times[len(times) * 99 // 100] * 1e3


async def client(port: int, path: str, times: list[float]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 24)
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept-Encoding: br\r\n\r\n".encode("ascii")
    for _ in range(ASKED):
        started = time.perf_counter()
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        assert head[9:12] == b"200", (path, head)
        await read_body(reader, head)
        times.append(time.perf_counter() - started)
    writer.close()
    await writer.wait_closed()


async def read_body(reader: asyncio.StreamReader, head: bytes) -> None:
    if b"transfer-encoding: chunked" in head:
        while length := int(await reader.readuntil(b"\r\n"), 16):
            await reader.readexactly(length + 2)
        await reader.readexactly(2)
    else:
        await reader.readexactly(int(head.partition(b"content-length:")[2].partition(b"\r\n")[0]))


if __name__ == "__main__":
    main()
