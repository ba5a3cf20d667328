"""Requests a second, p50 and p99 of the two data endpoints against a static file server, in one run.

    make bench BENCH=bench/serving.py

The demo company is refreshed once. The dashboard and the static server are processes of their own; the
static file holds the very bytes that the dashboard sends. The client is wrk where it is on the PATH, else
sockets of ours; the static server is nginx where it is on the PATH, else the smallest ASGI application
under the same uvicorn. Rounds alternate between the targets and the best of each counts. Requests a
second depend on what else the machine does; CPU time a request of the server's process hardly does.
"""

from __future__ import annotations

import asyncio
import http.client
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.refresh import refresh
from plainbill.cli.demo import endpoint, isolate

CONNECTIONS, REQUESTS, ROUNDS = 16, 4000, 3
HEADERS = "Host: 127.0.0.1\r\nAccept-Encoding: br\r\n"
DASHBOARD = """
import sys, uvicorn
from pathlib import Path
from plainbill.app import create_app
from plainbill.app.server import server_config
from plainbill.settings import Settings
from plainbill.storage import Home
settings = Settings(home=Path(sys.argv[1]), port=int(sys.argv[2]), refresh_hours=0)
uvicorn.Server(server_config(create_app(Home(settings.home), settings, None), settings)).run()
"""
STATIC = """
import sys, uvicorn
from pathlib import Path
body = Path(sys.argv[1], "file").read_bytes()
headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
async def app(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
quiet = {"log_level": "warning", "access_log": False, "server_header": False}
uvicorn.run(app, port=int(sys.argv[2]), lifespan="off", **quiet)
"""
NGINX = """
daemon off; worker_processes 1; pid nginx.pid; error_log stderr; events {{}}
http {{ access_log off; keepalive_requests 1000000; client_body_temp_path tmp; default_type application/json;
  server {{ listen 127.0.0.1:{port}; root {folder}; }} }}
"""


@dataclass(frozen=True)
class Target:
    name: str
    port: int
    path: str
    pid: int
    headers: str = HEADERS


@dataclass(frozen=True)
class Measured:
    per_second: float
    p50: float  # milliseconds
    p99: float
    cpu: float  # microseconds of the server's CPU a request


def main() -> None:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="plainbill-bench-")))
        environment = dict(os.environ)
        isolate(environment, folder)
        with endpoint() as demo:
            refresh({**environment, **demo})
        ours = free_port()
        pid = stack.enter_context(
            running([sys.executable, "-c", DASHBOARD, environment["PLAINBILL_HOME"], str(ours)], ours)
        )
        body = fetch(ours, "/api/cost-by-service")
        static_name, static = stack.enter_context(static_server(folder, body))
        targets = [
            Target("/api/cost-by-service", ours, "/api/cost-by-service", pid),
            Target("/api/idle-instances", ours, "/api/idle-instances", pid),
            Target(
                "/api/cost-by-service, 304",
                ours,
                "/api/cost-by-service",
                pid,
                HEADERS + "If-None-Match: *\r\n",
            ),
            static,
        ]
        tool = "wrk" if shutil.which("wrk") else "sockets of ours (asyncio), in this process"
        print(f"client: {tool}; {CONNECTIONS} connections, keep-alive; static server: {static_name}")
        print(f"body: {len(body):,} bytes in brotli, the same for the static server")
        rounds = [{target.name: measure(target) for target in targets} for _ in range(ROUNDS)]
        report(targets, {target.name: best([each[target.name] for each in rounds]) for target in targets})


def report(targets: list[Target], measured: Mapping[str, Measured]) -> None:
    limit = measured[targets[-1].name]
    for target in targets:
        each = measured[target.name]
        rate, cpu = each.per_second / limit.per_second, each.cpu / limit.cpu
        print(
            f"{target.name:26} {each.per_second:7,.0f} requests/s,"
            f" p50 {each.p50:5.2f} ms, p99 {each.p99:5.2f} ms, {each.cpu:4.0f} us CPU;"
            f" to the static server: rate x {rate:.2f}, CPU x {cpu:.2f}"
        )


def best(rounds: list[Measured]) -> Measured:
    return Measured(
        max(each.per_second for each in rounds),
        min(each.p50 for each in rounds),
        min(each.p99 for each in rounds),
        min(each.cpu for each in rounds),
    )


def measure(target: Target) -> Measured:
    before = cpu_seconds(target.pid)
    count, per_second, p50, p99 = (
        with_wrk(target) if shutil.which("wrk") else asyncio.run(with_sockets(target))
    )
    return Measured(per_second, p50, p99, (cpu_seconds(target.pid) - before) / count * 1e6)


def with_wrk(target: Target) -> tuple[int, float, float, float]:
    lines = [line for line in target.headers.split("\r\n") if line]
    command = [
        "wrk",
        "-t1",
        f"-c{CONNECTIONS}",
        "-d4s",
        "--latency",
        f"http://127.0.0.1:{target.port}{target.path}",
    ]
    done = subprocess.run(
        command + [word for line in lines for word in ("-H", line)],
        capture_output=True,
        text=True,
        check=True,
    )
    units = {"us": 0.001, "ms": 1.0, "s": 1000.0}
    p50, p99 = (
        float(number) * units[unit]
        for number, unit in re.findall(r"(?:50|99)%\s+([\d.]+)(us|ms|s)", done.stdout)
    )
    count = re.search(r"(\d+) requests in", done.stdout)
    rate = re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)
    assert count, done.stdout
    assert rate, done.stdout
    return int(count[1]), float(rate[1]), p50, p99


async def with_sockets(target: Target) -> tuple[int, float, float, float]:
    request = f"GET {target.path} HTTP/1.1\r\n{target.headers}\r\n".encode("ascii")
    times: list[float] = []
    started = time.perf_counter()
    await asyncio.gather(
        *(connection(target.port, request, REQUESTS // CONNECTIONS, times) for _ in range(CONNECTIONS))
    )
    took = time.perf_counter() - started
    times.sort()
    return len(times), len(times) / took, times[len(times) // 2] * 1e3, times[len(times) * 99 // 100] * 1e3


async def connection(port: int, request: bytes, count: int, times: list[float]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for _ in range(count):
        started = time.perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
        await reader.readexactly(int(length[1]) if length else 0)
        assert head[9:12] in {b"200", b"304"}, head
        times.append(time.perf_counter() - started)
    writer.close()
    await writer.wait_closed()


@contextmanager
def static_server(folder: Path, body: bytes) -> Iterator[tuple[str, Target]]:
    port, root = free_port(), folder / "static"
    root.mkdir()
    (root / "file").write_bytes(body)
    if shutil.which("nginx"):
        (root / "nginx.conf").write_text(NGINX.format(port=port, folder=root))
        name, command = "nginx", ["nginx", "-p", str(root), "-c", "nginx.conf", "-g", "master_process off;"]
    else:
        name, command = "raw ASGI bytes under uvicorn", [sys.executable, "-c", STATIC, str(root), str(port)]
    with running(command, port) as pid:
        yield name, Target("static file", port, "/file", pid)


@contextmanager
def running(command: list[str], port: int) -> Iterator[int]:
    process = subprocess.Popen(command)
    try:
        wait_for(port, process)
        yield process.pid
    finally:
        process.terminate()
        process.wait(timeout=20)


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        assert process.poll() is None, "the server ended at its start"
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError(f"nothing listens on port {port}")


def fetch(port: int, path: str) -> bytes:
    """The body as it travels, in brotli."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", path, headers={"Accept-Encoding": "br"})
    answer = connection.getresponse()
    assert (answer.status, answer.headers["content-encoding"]) == (200, "br")
    body = answer.read()
    connection.close()
    return body


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


def cpu_seconds(pid: int) -> float:
    """User and system time of a process so far (proc(5), fields 14 and 15)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
