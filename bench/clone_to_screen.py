"""From `git clone` to a filled first screen: what a newcomer waits for `make demo`, with every cache empty.

    make bench BENCH=bench/clone_to_screen.py

Clones what is committed into a throw-away folder, with an empty home and so no cache of pip, uv or npm, runs
`make demo` there and asks for `/` until it holds the figures. Then once more in the same clone. Downloads are
part of the first run, so it says as much about the network as about us; the second run is ours alone.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 300  # seconds
FILLED = b'id="sentence"'  # the sentence over the figures is there only when the figures are
NOT_A_NEWCOMERS = (
    *("XDG_CACHE_HOME", "PIP_CACHE_DIR", "UV_CACHE_DIR", "npm_config_cache"),
    *("PLAINBILL_HOME", "VIRTUAL_ENV", "PYTHONDONTWRITEBYTECODE"),
)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def demo_running(clone: Path, home: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """`make demo` as its own process group, ended with the block."""
    environment = {name: value for name, value in os.environ.items() if name not in NOT_A_NEWCOMERS}
    command = ["make", "demo", f"PORT={port}"]
    process = subprocess.Popen(
        command,
        cwd=clone,
        env={**environment, "HOME": str(home)},
        start_new_session=True,
        stdin=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=30)


def page(port: int) -> bytes:
    """What `/` answers now; empty while nobody listens."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as answer:
            return bytes(answer.read())
    except (urllib.error.URLError, ConnectionError):
        return b""


def wait(process: subprocess.Popen[bytes], port: int, wanted: bytes, since: float) -> float:
    """Seconds from `since` until `/` holds `wanted`; raises TimeoutError, or RuntimeError if it ended."""
    while time.monotonic() - since < PATIENCE:
        if process.poll() is not None:
            raise RuntimeError(f"make demo ended with exit code {process.returncode}")
        if wanted in page(port):
            return time.monotonic() - since
        time.sleep(0.05)
    raise TimeoutError(f"no {wanted!r} on the first screen within {PATIENCE} s")


def first_screen(clone: Path, home: Path, since: float) -> tuple[float, float]:
    """Seconds from `since` until anything is answered, and until the figures are."""
    port = free_port()
    with demo_running(clone, home, port) as process:
        return wait(process, port, b"<html", since), wait(process, port, FILLED, since)


def main() -> int:
    """Print both runs."""
    with tempfile.TemporaryDirectory(prefix="plainbill-bench-") as folder:
        clone, home = Path(folder, "clone"), Path(folder, "home")
        home.mkdir()
        start = time.monotonic()
        subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True)
        cold = first_screen(clone, home, start)
        warm = first_screen(clone, home, time.monotonic())
    for title, (answered, filled) in (("clone, set-up and start", cold), ("start again", warm)):
        print(f"{title:26} page answers after {answered:5.1f} s, filled after {filled:5.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
